/* test_field.c -- the tables walked in both directions. */
#include "tests/test.h"

#include <stdio.h>

#include "base/digest.h"
#include "profiles/field.h"

#define NET_A "aaaaaaaa-0000-4000-8000-000000000001"
#define NET_B "aaaaaaaa-0000-4000-8000-000000000002"
#define SAN_A "bbbbbbbb-0000-4000-8000-000000000001"
#define POOL_M "cccccccc-0000-4000-8000-000000000001"

static const struct {
	enum object_type type;
	const char *name, *id;
} known[] = {
	{ OBJ_NETWORK, "prod", NET_A }, { OBJ_NETWORK, "mgmt", NET_B },
	{ OBJ_SAN, "fabric-a", SAN_A }, { OBJ_POOL, "macs", POOL_M },
	{ OBJ_CLASS, "gold", "cccccccc-0000-4000-8000-000000000001" },
};

static bool
id_of(void *cookie, enum object_type type, const char *ref, char id[ID_TEXT])
{
	(void)cookie;
	for (int i = 0; i < N_ROWS(known); i++)
		if (known[i].type == type && (strcmp(known[i].name, ref) == 0 ||
		    strcmp(known[i].id, ref) == 0)) {
			memcpy(id, known[i].id, ID_TEXT);
			return true;
		}
	return false;
}

static bool
name_of(void *cookie, enum object_type type, const char *id,
    char name[NAME_TEXT])
{
	(void)cookie;
	for (int i = 0; i < N_ROWS(known); i++)
		if (known[i].type == type && strcmp(known[i].id, id) == 0) {
			(void)snprintf(name, NAME_TEXT, "%s", known[i].name);
			return true;
		}
	return false;
}

static const struct field_names names = { id_of, name_of, NULL };

/* Room for any of them, beginning as a vNIC, vHBA or vDAS does. */
union any {
	struct network network;
	struct san san;
	struct pool pool;
	struct profile profile;
	struct slot slot;
	struct port port;
	struct qos_class qos_class;
	struct device device;
};

static const struct {
	const char *name;
	const struct field_table *table;
	enum device_kind kind;
} tables[] = {
	{ "network", &field_network, 0 }, { "san", &field_san, 0 },
	{ "pool", &field_pool, 0 }, { "profile", &field_profile, 0 },
	{ "slot", &field_slot, 0 }, { "port", &field_port, 0 },
	{ "bay", &field_bay, 0 },
	{ "qosClass", &field_qos_class, 0 },
	{ "vnic", &field_vnic, DEVICE_VNIC }, { "vhba", &field_vhba, DEVICE_VHBA },
	{ "vdas", &field_vdas, DEVICE_VDAS },
	{ "exclusive", &field_exclusive, DEVICE_EXCLUSIVE },
};

static const struct field_table *
table_of(const char *name, union any *object)
{
	memset(object, 0, sizeof(*object));
	for (int i = 0; i < N_ROWS(tables); i++)
		if (strcmp(tables[i].name, name) == 0) {
			if (tables[i].table->size == sizeof(struct device))
				object->device.kind = tables[i].kind;
			if (tables[i].table == &field_vnic)
				object->device.mtu = 1500;
			if (tables[i].table == &field_network)
				object->network.mtu_max = 9000;
			return tables[i].table;
		}
	ck_abort_msg("no table %s", name);
}

static json_t *
parse(const char *text)
{
	struct err e;
	json_t *j;

	ck_ok(json_read(text, strlen(text), 65536, &j, &e), e);
	return j;
}

static int
read_text(struct arena *a, const struct field_table *t, const char *text,
    bool making, void *object, struct err *e)
{
	json_t *j = parse(text);
	int rc = field_from_json(a, t, &names, j, "", making, object, e);

	json_decref(j);
	return rc;
}

/* ---- refusals: what, code, rule, place ---- */

static const struct {
	const char *table, *json;
	bool making;
	enum err_code code;
	const char *rule, *field;
} refused[] = {
	{ "network", "[]", false, ERR_MALFORMED, "", "" },
	{ "network", "{\"vlan\":1}", true, ERR_MALFORMED, "", "/name" },
	{ "network", "{\"name\":\"a\"}", true, ERR_MALFORMED, "", "/vlan" },
	{ "network", "{\"moon\":\"a\"}", false, ERR_MALFORMED, "", "/moon" },
	{ "network", "{\"vlan\":0}", false, ERR_RULES, "VlanRange", "/vlan" },
	{ "network", "{\"vlan\":4095}", false, ERR_RULES, "VlanRange", "/vlan" },
	{ "network", "{\"vlan\":-1}", false, ERR_RULES, "VlanRange", "/vlan" },
	{ "network", "{\"vlan\":\"1\"}", false, ERR_MALFORMED, "", "/vlan" },
	{ "network", "{\"vlan\":1.5}", false, ERR_MALFORMED, "", "/vlan" },
	{ "network", "{\"vlan\":null}", false, ERR_MALFORMED, "", "/vlan" },
	{ "network", "{\"name\":\"12\"}", false, ERR_RULES, "NameSyntax", "/name" },
	{ "network", "{\"name\":\"a b\"}", false, ERR_RULES, "NameSyntax", "/name" },
	{ "network", "{\"name\":\"\"}", false, ERR_RULES, "NameSyntax", "/name" },
	{ "network", "{\"name\":7}", false, ERR_MALFORMED, "", "/name" },
	{ "network", "{\"mtuMax\":9217}", false, ERR_RULES, "MtuRange", "/mtuMax" },
	{ "network", "{\"isolation\":\"no\"}", false, ERR_MALFORMED, "", "/isolation" },
	{ "network", "{\"description\":\"a\\nb\"}", false, ERR_MALFORMED, "", "/description" },
	{ "network", "{\"id\":\"" NET_A "\"}", false, ERR_MALFORMED, "", "/id" },
	{ "network", "{\"revision\":9}", false, ERR_MALFORMED, "", "/revision" },
	{ "san", "{\"vsan\":4094}", false, ERR_RULES, "ValueRange", "/vsan" },
	{ "san", "{\"fabric\":\"C\"}", false, ERR_MALFORMED, "", "/fabric" },
	{ "pool", "{\"quarantine\":\"24h\"}", false, ERR_MALFORMED, "", "/quarantine" },
	{ "pool", "{\"quarantine\":\"P400D\"}", false, ERR_RULES, "ValueRange", "/quarantine" },
	{ "pool", "{\"exclusions\":[{\"from\":\"02:00:00:00:00:09\",\"to\":\"02:00:00:00:00:01\"}]}", false, ERR_RULES, "PoolOverlap", "/exclusions/0" },
	{ "pool", "{\"exclusions\":[{\"from\":\"2000020000000000\",\"to\":\"2000020000000001\"}]}", false, ERR_RULES, "MacSyntax", "/exclusions/0" },
	{ "pool", "{\"blocks\":{}}", false, ERR_MALFORMED, "", "/blocks" },
	{ "pool", "{\"blocks\":[{\"from\":\"02:00:00:00:00:00\"}]}", false, ERR_MALFORMED, "", "/blocks/0/to" },
	{ "pool", "{\"blocks\":[{\"from\":\"zz\",\"to\":\"zz\"}]}", false, ERR_RULES, "MacSyntax", "/blocks/0/from" },
	{ "pool", "{\"blocks\":[{\"from\":\"02:00:00:00:00:09\",\"to\":\"02:00:00:00:00:01\"}]}", false, ERR_RULES, "PoolOverlap", "/blocks/0" },
	{ "pool", "{\"blocks\":[{\"from\":\"020000000000\",\"to\":\"020000100000\"}]}", false, ERR_RULES, "PoolOverlap", "/blocks/0" },
	{ "pool", "{\"type\":\"wwpn\",\"blocks\":[{\"from\":\"020000000000\",\"to\":\"020000000001\"}]}", false, ERR_RULES, "WwnSyntax", "/blocks/0" },
	{ "pool", "{\"blocks\":[{\"from\":\"020000000000\",\"to\":\"020000000001\"},{\"from\":\"020000000000\",\"to\":\"020000000002\"}]}", false, ERR_RULES, "PoolOverlap", "/blocks/1" },
	{ "profile", "{\"slot\":3}", false, ERR_MALFORMED, "", "/slot" },
	{ "profile", "{\"serverSerial\":\"x\"}", false, ERR_MALFORMED, "", "/serverSerial" },
	{ "profile", "{\"wwnn\":\"60:00:00:00:00:00:00:01\"}", false, ERR_RULES, "WwnSyntax", "/wwnn" },
	{ "profile", "{\"bootOrder\":[1]}", false, ERR_MALFORMED, "", "/bootOrder/0" },
	{ "profile", "{\"bootOrder\":[\"a\",\"a\"]}", false, ERR_RULES, "BootOrderDangling", "/bootOrder/1" },
	{ "slot", "{\"adminState\":\"off\"}", false, ERR_MALFORMED, "", "/adminState" },
	{ "slot", "{\"isSpare\":1}", false, ERR_MALFORMED, "", "/isSpare" },
	{ "network", "{\"description\":\"\\ufffe\"}", false, ERR_MALFORMED, "", "/description" },
	{ "slot", "{\"labels\":{\"a\":\"b\\uffff\"}}", false, ERR_MALFORMED, "", "/labels/a" },
	{ "network", "{\"labels\":[]}", false, ERR_MALFORMED, "", "/labels" },
	{ "network", "{\"labels\":{\"a b\":\"x\"}}", false, ERR_RULES, "NameSyntax", "/labels" },
	{ "slot", "{\"labels\":{\"a\":7}}", false, ERR_MALFORMED, "", "/labels/a" },
	{ "port", "{\"description\":7}", false, ERR_MALFORMED, "", "/description" },
	{ "qosClass", "{\"pcp\":8}", false, ERR_RULES, "PcpRange", "/pcp" },
	{ "profile", "{\"drift\":\"ignore\"}", false, ERR_MALFORMED, "", "/drift" },
	{ "profile", "{\"failover\":{\"hold\":\"5\"}}", false, ERR_MALFORMED, "", "/failover/hold" },
	{ "profile", "{\"extensions\":\"<x/>\"}", false, ERR_MALFORMED, "", "/extensions" },
	{ "vnic", "{\"qos\":{\"class\":\"nope\"}}", false, ERR_RULES, "MissingDependency", "/qos/class" },
	{ "vnic", "{\"qos\":{\"classPcp\":3}}", false, ERR_MALFORMED, "", "/qos/classPcp" },
	{ "network", "{\"allowedPorts\":[\"io1\"]}", false, ERR_RULES, "NetworkNotAllowedHere", "/allowedPorts/0" },
	{ "network", "{\"allowedPorts\":[\"io1/1\",\"io1/1\"]}", false, ERR_RULES, "NetworkNotAllowedHere", "/allowedPorts/1" },
	{ "port", "{\"reservePct\":51}", false, ERR_RULES, "QosOversubscribed", "/reservePct" },
	{ "port", "{\"oversubscribe\":\"no\"}", false, ERR_MALFORMED, "", "/oversubscribe" },
	{ "port", "{\"name\":\"io1/2\"}", false, ERR_MALFORMED, "", "/name" },
	{ "slot", "{\"number\":4}", false, ERR_MALFORMED, "", "/number" },
	{ "vnic", "{\"mac\":\"02:00\"}", false, ERR_RULES, "MacSyntax", "/mac" },
	{ "vnic", "{\"mac\":\"03:00:00:00:00:01\"}", false, ERR_RULES, "MacMulticast", "/mac" },
	{ "vnic", "{\"mac\":\"00:00:00:00:00:00\"}", false, ERR_RULES, "MacMulticast", "/mac" },
	{ "vnic", "{\"mac\":\"ff-ff-ff-ff-ff-ff\"}", false, ERR_RULES, "MacMulticast", "/mac" },
	{ "vnic", "{\"mac\":5}", false, ERR_MALFORMED, "", "/mac" },
	{ "vnic", "{\"macSource\":\"static\"}", false, ERR_RULES, "MacSyntax", "/mac" },
	{ "vnic", "{\"macPool\":\"nope\"}", false, ERR_RULES, "MissingDependency", "/macPool" },
	{ "vnic", "{\"networks\":\"prod\"}", false, ERR_MALFORMED, "", "/networks" },
	{ "vnic", "{\"networks\":[\"nope\"]}", false, ERR_RULES, "MissingDependency", "/networks" },
	{ "vnic", "{\"networks\":[\"prod\",\"prod\"]}", false, ERR_RULES, "VlanMode", "/networks" },
	{ "vnic", "{\"networks\":[\"prod\"],\"native\":\"mgmt\"}", false, ERR_RULES, "VlanMode", "/native" },
	{ "vnic", "{\"networks\":[\"prod\",\"mgmt\"],\"vlanMode\":\"access\"}", false, ERR_RULES, "VlanMode", "/vlanMode" },
	{ "vnic", "{\"qos\":{\"limit\":5}}", false, ERR_MALFORMED, "", "/qos/limit" },
	{ "vnic", "{\"qos.limitMbps\":5}", false, ERR_MALFORMED, "", "/qos/limitMbps" },
	{ "slot", "{\"label\":\"a\\u0085b\"}", false, ERR_MALFORMED, "", "/label" },
	{ "vnic", "{\"qos\":5}", false, ERR_MALFORMED, "", "/qos" },
	{ "vnic", "{\"qos\":{\"pcp\":8}}", false, ERR_RULES, "PcpRange", "/qos/pcp" },
	{ "vnic", "{\"qos\":{\"limitMbps\":-5}}", false, ERR_RULES, "QosLimitRange", "/qos/limitMbps" },
	{ "vnic", "{\"mtu\":100}", false, ERR_RULES, "MtuRange", "/mtu" },
	{ "vnic", "{\"placement\":{\"module\":\"io0\"}}", false, ERR_MALFORMED, "", "/placement/module" },
	{ "vnic", "{\"placement\":{\"requireClass\":\"raid\"}}", false, ERR_MALFORMED, "", "/placement/requireClass" },
	{ "vnic", "{\"placedOn\":\"io1.1.vf0\"}", false, ERR_MALFORMED, "", "/placedOn" },
	{ "vnic", "{\"san\":\"fabric-a\"}", false, ERR_MALFORMED, "", "/san" },
	{ "vhba", "{\"name\":\"a\"}", true, ERR_MALFORMED, "", "/san" },
	{ "vhba", "{\"wwpn\":\"02:00:00:00:00:01\"}", false, ERR_RULES, "WwnSyntax", "/wwpn" },
	{ "vhba", "{\"wwpn\":\"20:00:03:00:00:00:00:01\"}", false, ERR_RULES, "WwnEmbeddedMulticast", "/wwpn" },
	{ "vhba", "{\"bootTargets\":[{\"wwpn\":\"50:06:01:60:3B:A0:12:34\"}]}", false, ERR_MALFORMED, "", "/bootTargets/0/priority" },
	{ "vhba", "{\"bootTargets\":[{\"wwpn\":\"x\",\"priority\":1}]}", false, ERR_RULES, "BootTargetSyntax", "/bootTargets/0/wwpn" },
	{ "vhba", "{\"bootTargets\":[{\"wwpn\":\"50:06:01:60:3B:A0:12:34\",\"priority\":5}]}", false, ERR_RULES, "BootTargetSyntax", "/bootTargets/0/priority" },
	{ "vhba", "{\"bootTargets\":[{\"wwpn\":\"50:06:01:60:3B:A0:12:34\",\"priority\":1,\"lun\":65536}]}", false, ERR_RULES, "BootTargetSyntax", "/bootTargets/0/lun" },
	{ "vhba", "{\"bootTargets\":[{},{},{},{},{}]}", false, ERR_RULES, "BootTargetCount", "/bootTargets" },
	{ "vhba", "{\"bootTargets\":[{\"wwpn\":\"50:06:01:60:3B:A0:12:34\",\"priority\":1},{\"wwpn\":\"50:06:01:60:3B:A0:12:35\",\"priority\":1}]}", false, ERR_RULES, "BootTargetCount", "/bootTargets/1" },
	{ "vdas", "{\"name\":\"a\"}", true, ERR_MALFORMED, "", "/virtualDisks" },
	{ "vdas", "{\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID2\",\"capacityMiB\":1}]}", false, ERR_MALFORMED, "", "/virtualDisks/0/raid" },
	{ "vdas", "{\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\",\"capacityMiB\":0}]}", false, ERR_RULES, "RaidCapacity", "/virtualDisks/0/capacityMiB" },
	{ "vdas", "{\"virtualDisks\":[{\"name\":\"d\",\"raid\":\"RAID1\",\"capacityMiB\":9,\"bay\":\"io5\"}]}", false, ERR_MALFORMED, "", "/virtualDisks/0/bay" },
};

START_TEST(it_is_refused_where_it_is)
{
	struct arena *a = arena_new();
	union any object, before;
	const struct field_table *t = table_of(refused[_i].table, &object);
	struct err e;

	memcpy(&before, &object, sizeof(object));
	ck_breaks(read_text(a, t, refused[_i].json, refused[_i].making,
	    &object, &e), e, refused[_i].code, refused[_i].rule);
	ck_assert_str_eq(e.field, refused[_i].field);
	/* Nothing half-read. */
	ck_assert_mem_eq(&before, &object, sizeof(object));
	arena_free(a);
}
END_TEST

/* ---- round trips: what a client writes, and what it reads ---- */

static const struct {
	const char *table, *in, *has;
} taken[] = {
	{ "network", "{\"name\":\"n\",\"vlan\":120,\"isolation\":\"isolated\"}",
	    "{\"name\":\"n\",\"vlan\":120,\"isolation\":\"isolated\",\"revision\":0}" },
	{ "san", "{\"name\":\"s\",\"fabric\":\"B\",\"vsan\":101}",
	    "{\"fabric\":\"B\",\"vsan\":101}" },
	{ "san", "{\"name\":\"s\",\"vsan\":null}", "{\"fabric\":\"A\",\"vsan\":null}" },
	{ "pool", "{\"name\":\"p\",\"type\":\"mac\",\"order\":\"random\",\"quarantine\":\"P1DT30M5S\",\"default\":true,"
	    "\"blocks\":[{\"from\":\"0200.0000.0000\",\"to\":\"02-00-00-00-00-ff\"}]}",
	    "{\"order\":\"random\",\"quarantine\":\"PT24H30M5S\",\"default\":true,"
	    "\"blocks\":[{\"from\":\"02:00:00:00:00:00\",\"to\":\"02:00:00:00:00:FF\"}]}" },
	{ "pool", "{\"name\":\"p\",\"type\":\"wwnn\",\"quarantine\":\"PT0S\",\"blocks\":[{\"from\":\"2001020000000000\",\"to\":\"2001020000000001\"}]}",
	    "{\"quarantine\":\"PT0S\",\"blocks\":[{\"from\":\"20:01:02:00:00:00:00:00\",\"to\":\"20:01:02:00:00:00:00:01\"}]}" },
	{ "pool", "{\"name\":\"p\",\"type\":\"mac\",\"blocks\":[{\"from\":\"020000000000\",\"to\":\"0200000000ff\"}],"
	    "\"exclusions\":[{\"from\":\"0200.0000.0008\",\"to\":\"0200.0000.0009\"}]}",
	    "{\"exclusions\":[{\"from\":\"02:00:00:00:00:08\",\"to\":\"02:00:00:00:00:09\"}]}" },
	{ "pool", "{\"name\":\"p\",\"type\":\"mac\",\"quarantine\":\"P1W\"}", "{\"quarantine\":\"PT168H\",\"blocks\":[]}" },
	{ "profile", "{\"name\":\"p\",\"affinity\":\"slot-and-server\",\"bootOrder\":[\"b\",\"a\"],\"wwnn\":\"2001020000000009\"}",
	    "{\"affinity\":\"slot-and-server\",\"bootOrder\":[\"b\",\"a\"],\"wwnn\":\"20:01:02:00:00:00:00:09\",\"slot\":null}" },
	{ "slot", "{\"label\":\"rack 4\",\"isSpare\":true,\"adminState\":\"maintenance\",\"number\":0}",
	    "{\"label\":\"rack 4\",\"isSpare\":true,\"adminState\":\"maintenance\"}" },
	{ "vnic", "{\"name\":\"n\",\"networks\":[\"prod\"]}",
	    "{\"kind\":\"vnic\",\"mac\":\"pool\",\"macSource\":\"pool\",\"macPool\":null,\"networks\":[\"prod\"],\"native\":\"prod\",\"vlanMode\":\"access\"}" },
	{ "vnic", "{\"name\":\"n\",\"networks\":[\"prod\",\"mgmt\"],\"native\":\"mgmt\"}",
	    "{\"networks\":[\"prod\",\"mgmt\"],\"native\":\"mgmt\",\"vlanMode\":\"trunk\"}" },
	{ "vnic", "{\"name\":\"n\",\"networks\":[\"prod\"],\"vlanMode\":\"trunk\",\"native\":null}",
	    "{\"networks\":[\"prod\"],\"native\":null,\"vlanMode\":\"trunk\"}" },
	{ "vnic", "{\"name\":\"n\",\"mac\":\"0210.1800.001a\",\"qos\":{\"limitMbps\":500,\"guaranteeMbps\":100,\"pcp\":3},\"trust\":true}",
	    "{\"mac\":\"02:10:18:00:00:1A\",\"macSource\":\"static\",\"qos\":{\"class\":null,\"classLimitMbps\":null,\"classGuaranteeMbps\":null,\"classPcp\":null,\"limitMbps\":500,\"guaranteeMbps\":100,\"admissionMbps\":0,\"pcp\":3},\"trust\":true}" },
	{ "vnic", "{\"name\":\"n\",\"mac\":\"021018000001\",\"macSource\":\"pool\",\"macPool\":\"macs\"}",
	    "{\"mac\":\"02:10:18:00:00:01\",\"macSource\":\"pool\",\"macPool\":\"macs\"}" },
	{ "vnic", "{\"name\":\"n\",\"placement\":{\"requireClass\":\"ethernet\",\"module\":\"io1\",\"port\":2}}",
	    "{\"placement\":{\"requireClass\":\"ethernet\",\"module\":\"io1\",\"port\":2,\"antiAffinity\":null,\"sharing\":\"any\"}}" },
	{ "vnic", "{\"name\":\"n\",\"placement\":null}",
	    "{\"placement\":{\"requireClass\":\"ethernet\",\"module\":null,\"port\":null,\"antiAffinity\":null,\"sharing\":\"any\"}}" },
	{ "vhba", "{\"name\":\"h\",\"san\":\"fabric-a\",\"bootTargets\":[{\"wwpn\":\"500601603ba01234\",\"lun\":\"0001000000000000\",\"priority\":2},{\"wwpn\":\"500601603ba01235\",\"priority\":1,\"lun\":7}]}",
	    "{\"wwpn\":\"pool\",\"san\":\"fabric-a\",\"bootTargets\":[{\"wwpn\":\"50:06:01:60:3B:A0:12:34\",\"lun\":\"0001000000000000\",\"priority\":2},{\"wwpn\":\"50:06:01:60:3B:A0:12:35\",\"lun\":7,\"priority\":1}]}" },
	{ "network", "{\"name\":\"a\",\"vlan\":1,\"labels\":{\"zone\":\"b\",\"rack\":\"4, U12\"}}",
	    "{\"labels\":{\"rack\":\"4, U12\",\"zone\":\"b\"}}" },
	{ "slot", "{\"description\":\"d\",\"labels\":{\"A\":\"\",\"a\":\"\"}}",
	    "{\"description\":\"d\",\"labels\":{\"A\":\"\",\"a\":\"\"}}" },
	{ "qosClass", "{\"name\":\"gold\",\"guaranteeMbps\":2000,\"limitMbps\":10000,\"pcp\":3,\"weight\":7}",
	    "{\"guaranteeMbps\":2000,\"limitMbps\":10000,\"pcp\":3,\"weight\":7}" },
	{ "profile", "{\"name\":\"p\",\"drift\":\"alert\",\"failover\":{\"trigger\":\"auto\",\"hold\":\"PT90S\",\"cooldown\":\"P1D\"}}",
	    "{\"drift\":\"alert\",\"failover\":{\"trigger\":\"auto\",\"hold\":\"PT1M30S\",\"cooldown\":\"PT24H\"}}" },
	{ "vnic", "{\"name\":\"n\",\"nicKind\":\"iscsi\",\"queues\":8,\"linkPolicy\":\"alwaysUp\",\"intendedUse\":\"backup\",\"labels\":{\"k\":\"v\"},\"description\":\"d\"}",
	    "{\"nicKind\":\"iscsi\",\"queues\":8,\"linkPolicy\":\"alwaysUp\",\"intendedUse\":\"backup\",\"labels\":{\"k\":\"v\"},\"description\":\"d\"}" },
	{ "vnic", "{\"name\":\"n\",\"qos\":{\"class\":\"gold\",\"pcp\":1}}",
	    "{\"qos\":{\"class\":\"gold\",\"limitMbps\":0,\"guaranteeMbps\":0,\"classLimitMbps\":null,\"classGuaranteeMbps\":null,\"classPcp\":null,\"admissionMbps\":0,\"pcp\":1}}" },
	{ "vhba", "{\"name\":\"h\",\"san\":\"fabric-a\",\"protocol\":\"fcoe\",\"queueDepth\":64}",
	    "{\"protocol\":\"fcoe\",\"queueDepth\":64}" },
	{ "vdas", "{\"name\":\"d\",\"virtualDisks\":[{\"name\":\"boot\",\"raid\":\"RAID10\",\"capacityMiB\":1024}]}",
	    "{\"virtualDisks\":[{\"name\":\"boot\",\"raid\":\"RAID10\",\"capacityMiB\":1024,\"number\":0,\"access\":\"exclusive\",\"boot\":false,\"guid\":null,\"stripKiB\":null,\"readPolicy\":null,\"writePolicy\":null,\"drives\":null}]}" },
};

/* Every member of `has` stands in `all` with that value. */
static void
contains(const json_t *all, json_t *has)
{
	const char *key;
	json_t *value;

	json_object_foreach (has, key, value) {
		char *got;

		if (json_equal(json_object_get(all, key), value))
			continue;
		got = json_text(all);
		ck_abort_msg("%s differs in %s", key, got);
	}
}

START_TEST(a_value_comes_back)
{
	struct arena *a = arena_new();
	union any object, copy;
	const struct field_table *t = table_of(taken[_i].table, &object);
	json_t *has = parse(taken[_i].has), *out, *again;
	struct err e;

	ck_ok(read_text(a, t, taken[_i].in, true, &object, &e), e);
	out = field_to_json(t, &names, &object);
	contains(out, has);
	/* What was read may be sent back: the same again. */
	memcpy(&copy, &object, sizeof(object));
	ck_ok(field_from_json(a, t, &names, out, "", true, &copy, &e), e);
	ck_assert(field_equal(t, &object, &copy));
	json_decref(out);
	/* And so may the content that undo keeps. */
	out = field_to_content(t, &object);
	(void)table_of(taken[_i].table, &copy);
	ck_ok(field_from_content(a, t, out, "", &copy, &e), e);
	again = field_to_content(t, &copy);
	ck_assert(json_equal(out, again));
	ck_assert(field_equal(t, &object, &copy));
	json_decref(out);
	json_decref(again);
	json_decref(has);
	arena_free(a);
}
END_TEST

/* ---- merging: RFC 7396 by rows ---- */

static const struct {
	const char *table, *first, *then, *has;
} merged[] = {
	{ "network", "{\"name\":\"n\",\"vlan\":1,\"description\":\"x\"}", "{\"vlan\":2}",
	    "{\"name\":\"n\",\"vlan\":2,\"description\":\"x\"}" },
	/* one network after a trunk is access again */
	{ "vnic", "{\"name\":\"n\",\"networks\":[\"prod\",\"mgmt\"]}", "{\"networks\":[\"mgmt\"]}",
	    "{\"networks\":[\"mgmt\"],\"native\":\"mgmt\",\"vlanMode\":\"access\"}" },
	/* what was native of a trunk stays so */
	{ "vnic", "{\"name\":\"n\",\"networks\":[\"prod\",\"mgmt\"],\"native\":\"mgmt\"}", "{\"networks\":[\"mgmt\",\"prod\"]}",
	    "{\"networks\":[\"mgmt\",\"prod\"],\"native\":\"mgmt\"}" },
	/* an access network does not stay native when a second one comes */
	{ "vnic", "{\"name\":\"n\",\"networks\":[\"prod\"]}", "{\"networks\":[\"prod\",\"mgmt\"]}",
	    "{\"native\":null,\"vlanMode\":\"trunk\"}" },
	{ "network", "{\"name\":\"n\",\"vlan\":1,\"labels\":{\"a\":\"1\",\"b\":\"2\"}}", "{\"labels\":{\"b\":null,\"c\":\"3\"}}",
	    "{\"labels\":{\"a\":\"1\",\"c\":\"3\"}}" },
	{ "vnic", "{\"name\":\"n\",\"qos\":{\"limitMbps\":5,\"pcp\":2}}", "{\"qos\":{\"pcp\":1}}",
	    "{\"qos\":{\"class\":null,\"classLimitMbps\":null,\"classGuaranteeMbps\":null,\"classPcp\":null,\"limitMbps\":5,\"guaranteeMbps\":0,\"admissionMbps\":0,\"pcp\":1}}" },
	{ "vnic", "{\"name\":\"n\",\"qos\":{\"limitMbps\":5}}", "{\"qos\":null}",
	    "{\"qos\":{\"class\":null,\"classLimitMbps\":null,\"classGuaranteeMbps\":null,\"classPcp\":null,\"limitMbps\":0,\"guaranteeMbps\":0,\"admissionMbps\":0,\"pcp\":0}}" },
	{ "vnic", "{\"name\":\"n\",\"mac\":\"021018000001\"}", "{\"mac\":\"pool\"}",
	    "{\"mac\":\"pool\",\"macSource\":\"pool\"}" },
	{ "vnic", "{\"name\":\"n\",\"mac\":\"021018000001\",\"macSource\":\"pool\"}", "{\"mac\":\"pool\"}",
	    "{\"mac\":\"02:10:18:00:00:01\",\"macSource\":\"pool\"}" },
	{ "vnic", "{\"name\":\"n\",\"mac\":\"021018000001\",\"macSource\":\"pool\"}", "{\"macPool\":\"macs\"}",
	    "{\"mac\":\"pool\",\"macPool\":\"macs\"}" },
	{ "vnic", "{\"name\":\"n\",\"mac\":\"021018000001\",\"macSource\":\"pool\"}", "{\"mac\":\"021018000002\"}",
	    "{\"mac\":\"02:10:18:00:00:02\",\"macSource\":\"static\",\"macPool\":null}" },
	/* a disk known by name keeps what was not said */
	{ "vdas", "{\"name\":\"d\",\"virtualDisks\":[{\"name\":\"a\",\"raid\":\"RAID1\",\"capacityMiB\":7}]}",
	    "{\"virtualDisks\":[{\"name\":\"b\",\"raid\":\"RAID0\",\"capacityMiB\":1},{\"name\":\"a\",\"capacityMiB\":8}]}",
	    "{\"virtualDisks\":[{\"name\":\"b\",\"raid\":\"RAID0\",\"capacityMiB\":1,\"number\":0,\"access\":\"exclusive\",\"boot\":false,\"guid\":null,\"stripKiB\":null,\"readPolicy\":null,\"writePolicy\":null,\"drives\":null},{\"name\":\"a\",\"raid\":\"RAID1\",\"capacityMiB\":8,\"number\":0,\"access\":\"exclusive\",\"boot\":false,\"guid\":null,\"stripKiB\":null,\"readPolicy\":null,\"writePolicy\":null,\"drives\":null}]}" },
};

START_TEST(a_patch_touches_what_it_names)
{
	struct arena *a = arena_new();
	union any object;
	const struct field_table *t = table_of(merged[_i].table, &object);
	json_t *has = parse(merged[_i].has), *out;
	struct err e;

	ck_ok(read_text(a, t, merged[_i].first, true, &object, &e), e);
	ck_ok(read_text(a, t, merged[_i].then, false, &object, &e), e);
	out = field_to_json(t, &names, &object);
	contains(out, has);
	json_decref(out);
	json_decref(has);
	arena_free(a);
}
END_TEST

static const json_t *
shown(const json_t *object, const char *path)
{
	const char *dot = strchr(path, '.');
	char parent[32];

	if (dot == NULL)
		return json_object_get(object, path);
	snprintf(parent, sizeof(parent), "%.*s", (int)(dot - path), path);
	return json_object_get(json_object_get(object, parent), dot + 1);
}

static bool
names_row(const json_t *diff, const char *name)
{
	for (size_t i = 0; i < json_array_size(diff); i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(
		    diff, i), "name")), name) == 0)
			return true;
	return false;
}

/* Structs are compared first: no row may be lost to that. */
START_TEST(a_diff_names_what_json_shows_differently)
{
	struct arena *a = arena_new();
	union any x, y;
	const struct field_table *t = table_of(merged[_i].table, &x);
	json_t *before, *after, *diff;
	struct err e;

	ck_ok(read_text(a, t, merged[_i].first, true, &x, &e), e);
	y = x;
	ck_ok(read_text(a, t, merged[_i].then, false, &y, &e), e);
	before = field_to_json(t, &names, &x);
	after = field_to_json(t, &names, &y);
	diff = field_diff(t, &names, &x, &y);
	for (const struct field *f = t->fields; f->json || f->xml; f++)
		if (f->json != NULL &&
		    !(f->flags & (FIELD_PLACED | FIELD_READONLY)))
			ck_assert_msg(names_row(diff, f->json) ==
			    !json_equal(shown(before, f->json),
			    shown(after, f->json)), "%s", f->json);
	json_decref(before);
	json_decref(after);
	json_decref(diff);
	arena_free(a);
}
END_TEST

/* ---- single values as text: what XML reads and writes ---- */

START_TEST(every_text_reads_back)
{
	struct arena *a = arena_new();
	union any object, copy;
	char text[FIELD_TEXT_MAX];
	int seen = 0;

	for (int i = 0; i < N_ROWS(taken); i++) {
		const struct field_table *t = table_of(taken[i].table, &object);
		struct err e;

		ck_ok(read_text(a, t, taken[i].in, true, &object, &e), e);
		for (const struct field *f = t->fields; f->json || f->xml; f++) {
			if (f->xml == NULL || (f->flags & FIELD_READONLY) ||
			    !field_get_text(f, &names, &object, text))
				continue;
			memcpy(&copy, &object, sizeof(object));
			ck_ok(field_set_text(f, &names, text, f->xml, &copy,
			    &e), e);
			ck_assert(field_equal(t, &object, &copy));
			seen++;
		}
	}
	ck_assert_int_gt(seen, 60);
	arena_free(a);
}
END_TEST

START_TEST(a_diff_names_what_differs)
{
	static const char want[] = "[{\"name\":\"vlan\",\"before\":1,\"after\":2},"
	    "{\"name\":\"isolation\",\"before\":\"shared\",\"after\":\"isolated\"}]";
	static const char add[] = "[{\"name\":\"name\",\"before\":null,"
	    "\"after\":\"n\"},{\"name\":\"vlan\",\"before\":null,\"after\":1}]";
	struct network x = { .vlan = 1, .head = { .name = "n", .revision = 1 } };
	struct network y = x;
	json_t *d, *w;

	y.vlan = 2;
	y.isolation = ISOLATION_ISOLATED;
	y.head.revision = 2;
	d = field_diff(&field_network, &names, &x, &y);
	w = parse(want);
	ck_assert(json_equal(d, w));
	json_decref(d);
	json_decref(w);
	x.mtu_max = 0;
	d = field_diff(&field_network, &names, NULL, &x);
	w = parse(add);
	ck_assert(json_equal(d, w));
	json_decref(d);
	json_decref(w);
	ck_assert(!field_equal(&field_network, &x, &y));
}
END_TEST

/* The tables are well-formed: each row has a name, words, items, a doc. */
START_TEST(a_table_is_complete)
{
	static const struct field_table *const all[] = { &field_network,
	    &field_san, &field_pool, &field_profile, &field_slot, &field_port,
	    &field_bay,
	    &field_vnic, &field_vhba, &field_vdas, &field_block, &field_vlan, &field_port_ref,
	    &field_boot_target, &field_disk, &field_qos_class, &field_label,
	    &field_appliance };
	const struct field_table *t = all[_i];

	ck_assert_str_ne(t->doc, "");
	for (const struct field *f = t->fields; f->json || f->xml; f++) {
		ck_assert_msg(f->doc != NULL && *f->doc != '\0', "%s.%s",
		    t->name, f->json ? f->json : f->xml);
		ck_assert_uint_le(f->offset + f->size, t->size);
		ck_assert(f->type != FIELD_WORD || f->words != NULL);
		ck_assert(f->type != FIELD_LIST || f->items != NULL);
		ck_assert((f->type == FIELD_SPECIAL) ==
		    (f->special != SPECIAL_NONE));
		ck_assert(f->type != FIELD_INT || f->max > 0);
		for (const struct field *g = t->fields; g != f; g++)
			ck_assert(f->json == NULL || g->json == NULL ||
			    strcmp(f->json, g->json) != 0);
	}
}
END_TEST

SUITE("field")
{
	tcase_add_loop_test(tc, it_is_refused_where_it_is, 0, N_ROWS(refused));
	tcase_add_loop_test(tc, a_value_comes_back, 0, N_ROWS(taken));
	tcase_add_loop_test(tc, a_patch_touches_what_it_names, 0,
	    N_ROWS(merged));
	tcase_add_loop_test(tc, a_diff_names_what_json_shows_differently, 0,
	    N_ROWS(merged));
	tcase_add_test(tc, every_text_reads_back);
	tcase_add_test(tc, a_diff_names_what_differs);
	tcase_add_loop_test(tc, a_table_is_complete, 0, 17);
}
