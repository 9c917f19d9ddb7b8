/* support_document.c -- see support_document.h. */
#include "tests/unit/support_document.h"

#include "profiles/xml_read.h"
#include "profiles/xml_write.h"
#include "tests/test.h"

struct scratch document_box;
struct xml_imported document_in;
struct xml_records document_records;
struct xml_import_options document_options;

static struct err e;

struct change_set *
document_changes(void)
{
	static uint64_t seed = 1;

	return scratch_changes(&document_box, seed++);
}

static void
fill(struct change_set *cs, const struct field_table *t, const char *body,
    void *object)
{
	struct field_names names = change_names(cs);
	json_t *j;

	ck_ok(json_read(body, strlen(body), 65536, &j, &e), e);
	ck_ok(field_from_json(cs->arena, t, &names, j, "", true, object, &e),
	    e);
	json_decref(j);
}

static void
add_device(struct change_set *cs, struct profile *p, enum device_kind kind,
    const char *body)
{
	fill(cs, field_device(kind), body,
	    change_make_device(cs, p, kind));
}

/* Two networks, a SAN, profile "web" with one device of each kind. */
void
document_set_up(void)
{
	struct change_set *cs;
	struct profile *p;

	xml_read_init();
	document_options = (struct xml_import_options){ .mode = XML_MERGE };
	scratch_new(&document_box);
	cs = document_changes();
	fill(cs, &field_network, "{\"name\":\"prod\",\"vlan\":120,"
	    "\"allowedPorts\":[\"io1/1\",\"io2/1\"]}",
	    change_make_network(cs));
	fill(cs, &field_network, "{\"name\":\"mgmt\",\"vlan\":10,"
	    "\"description\":\"a  <b> & \\\"c\\\" '\"}",
	    change_make_network(cs));
	fill(cs, &field_san, "{\"name\":\"fabric-a\",\"vsan\":101}",
	    change_make_san(cs));
	p = change_make_profile(cs);
	fill(cs, &field_profile, "{\"name\":\"web\",\"description\":\" rack  4 "
	    "\\u00e4 \"}", p);
	p->slot = 3;
	add_device(cs, p, DEVICE_VNIC, "{\"name\":\"net0\",\"networks\":"
	    "[\"prod\",\"mgmt\"],\"native\":\"mgmt\",\"mtu\":9000,\"qos\":"
	    "{\"limitMbps\":2000,\"guaranteeMbps\":500,\"pcp\":3},"
	    "\"pxe\":true}");
	add_device(cs, p, DEVICE_VNIC, "{\"name\":\"net1\",\"networks\":"
	    "[\"prod\"],\"mac\":\"02:00:00:00:00:01\",\"spoofCheck\":false}");
	add_device(cs, p, DEVICE_VHBA, "{\"name\":\"hba0\",\"san\":"
	    "\"fabric-a\",\"bootTargets\":[{\"wwpn\":"
	    "\"50:06:01:60:3B:A0:12:34\",\"lun\":3,\"priority\":1},{\"wwpn\":"
	    "\"50:06:01:68:3B:A0:12:34\",\"lun\":\"0001000000000000\","
	    "\"priority\":2}]}");
	add_device(cs, p, DEVICE_VDAS, "{\"name\":\"das0\",\"placement\":"
	    "{\"module\":\"io5\",\"port\":1},\"virtualDisks\":[{\"name\":"
	    "\"boot\",\"raid\":\"RAID1\",\"capacityMiB\":1024}]}");
	add_device(cs, p, DEVICE_EXCLUSIVE, "{\"name\":\"tape\",\"extent\":"
	    "\"card\",\"placement\":{\"requireClass\":\"other\"}}");
	fill(cs, &field_profile, "{\"name\":\"web\",\"bootOrder\":[\"hba0\","
	    "\"net0\"]}", p);
	ck_ok(scratch_commit(&document_box, cs, &e), e);
}

void
document_tear_down(void)
{
	scratch_free(&document_box);
}

struct profile *
document_load(const char *ref)
{
	struct profile *p;

	ck_ok(profile_load(document_box.store, document_box.arena, ref, &p, &e), e);
	return p;
}

/* Of a profile; of all when the name is NULL. */
char *
document_export(const char *name)
{
	struct appliance appliance;
	struct xml_origin origin = { &appliance, "VIO-4001", "0.1.0",
	    scratch_wall_ms };
	struct xml_export export = { .origin = &origin, .kind = name != NULL ?
	    XML_KIND_PROFILE : XML_KIND_LOGICAL };
	struct buf b = buf_new(XML_MAX_BYTES);
	char *text;

	ck_ok(store_appliance(document_box.store, &appliance, &e), e);
	export.profile = name != NULL ? document_load(name) : NULL;
	ck_ok(xml_config_write(document_box.store, document_box.arena, &export,
	    &b, &e), e);
	text = arena_strdup(document_box.arena, b.data);
	buf_free(&b);
	return text;
}

struct change_set *
document_import(const char *text)
{
	struct change_set *cs = document_changes();

	ck_ok(xml_read(document_box.arena, text, strlen(text),
	    &document_records, &e), e);
	ck_ok(xml_import(cs, &document_records, &document_options,
	    &document_in, &e), e);
	return cs;
}

char *
document_edited(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);

	ck_assert_msg(at != NULL, "%s in %s", from, text);
	return arena_printf(document_box.arena, "%.*s%s%s", (int)(at - text), text, to,
	    at + strlen(from));
}
