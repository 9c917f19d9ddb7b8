/*
 * What a document and the appliance disagree about: every row of the matrix with
 * its default and each of its options, and what is here afterwards.
 *
 * A row of this file is a whole import onto the store of support_document.h: two
 * networks (prod 120, mgmt 10), SAN fabric-a, profile web at slot 3.
 */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_document.h"

static struct err e;

#define DOCUMENT(kind, inside) "<applianceConfig xmlns='" XML_NAMESPACE \
	"' schemaVersion='1.0' kind='" kind "'>\n" inside "</applianceConfig>"
#define PROFILES(inside) \
	DOCUMENT("profile", "<profiles>" inside "</profiles>")
#define LOGICAL(inside) DOCUMENT("logical", inside)
#define NEWER(inside) "<applianceConfig xmlns='" XML_NAMESPACE \
	"' schemaVersion='1.7' kind='logical'>\n" NETS inside \
	"</applianceConfig>"
#define OTHER "0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01"

#define TWO "<profile name='two'><vnic name='n'><mac source='static' " \
	"value='02:00:00:00:00:01'/></vnic><vnic name='m'><mac " \
	"source='static' value='02:00:00:00:00:77'/></vnic></profile>"
#define NEW_NET "<networks><ethernet name='new' vlan='7'/></networks>"
#define ON_NEW "<profiles><profile name='two'><vnic name='n'><vlans><vlan " \
	"network='new'/></vlans></vnic></profile></profiles>"
#define PROD "<networks><ethernet name='prod' vlan='121'/></networks>"
#define ON_PROD "<profiles><profile name='two'><vnic name='n'><vlans><vlan " \
	"network='prod'/></vlans></vnic></profile></profiles>"
#define PROD2 "<networks><ethernet name='prod2' vlan='120'/></networks>" \
	"<profiles><profile name='two'><vnic name='n'><vlans><vlan " \
	"network='prod2'/></vlans></vnic></profile></profiles>"
#define SITE "<pools><pool name='site' type='mac'><block " \
	"from='02:AA:00:00:00:80' to='02:AA:00:00:01:FF'/></pool></pools>"
#define LAB "<pools><pool name='lab' type='mac'><block " \
	"from='02:BB:00:00:00:00' to='02:BB:00:00:00:FF'/></pool></pools>"
#define ON_SITE "<profiles><profile name='two'><vnic name='n'><mac " \
	"source='pool' pool='site'/></vnic></profile></profiles>"
#define ON_LAB "<profiles><profile name='two'><vnic name='n'><mac " \
	"source='pool' pool='lab'/></vnic></profile></profiles>"
#define NETS "<networks><ethernet name='prod' vlan='120'/><ethernet " \
	"name='mgmt' vlan='10'/><san name='fabric-a'/></networks>"
#define SEALED "<integrity><documentDigest>x</documentDigest>" \
	"<contentDigest>y</contentDigest></integrity>"
#define ORIGIN(generation) "<origin applianceUuid='SELF' name='rack' software='1' " \
	"generation='" generation "' identityEpoch='1' " \
	"exportedAt='2026-01-01T00:00:00Z'/>"

/* What is done before. */
enum { NOTHING, IDLE = 1, RESTS = 2, POOL_LAB = 4, LAB_USED = 8, LONE = 16, LENT = 32 };

static const struct row {
	const char *key;
	unsigned before;
	const char *text;
	const char *scope;		/* mode replace; NULL merge */
	const char *option, *value;	/* NULL: the default */
	char severity;			/* of the conflict */
	/* "type name path=value" after the commit, "!=" is not; NULL: blocked */
	const char *now;
	const char *also;		/* another choice, "Row option" */
} rows[] = {
#define DIFFERS "ProfileDiffers", NOTHING, \
	PROFILES("<profile name='web'><description>x</description></profile>")
	{ DIFFERS, NULL, NULL, NULL, 0, "profile web description=x", NULL },
	{ DIFFERS, NULL, "update", NULL, 0, "profile web description=x", NULL },
	{ DIFFERS, NULL, "refuse", NULL, 'B', NULL, NULL },
	{ DIFFERS, NULL, "skip", NULL, 0, "profile web description!=x", NULL },

#define TAKEN "ProfileNameTaken", NOTHING, PROFILES("<profile id='" OTHER \
	"' name='web'><description>x</description></profile>")
	{ TAKEN, NULL, NULL, NULL, 'B', NULL, NULL },
	{ TAKEN, NULL, "refuse", NULL, 'B', NULL, NULL },
	{ TAKEN, NULL, "skip", NULL, 'W', "profile web description!=x", NULL },
	{ TAKEN, NULL, "rename", "{name}-dr", 0,
	    "profile web-dr id=" OTHER, NULL },
	{ TAKEN, NULL, "replace", NULL, 'C', "profile web id=" OTHER, NULL },

#define LESS "LeaseDiffers", LENT, LOGICAL("<leases><lease id='" OTHER \
	"' name='night' profile='web' start='2040-01-01T10:00' " \
	"end='2040-01-01T11:00' priority='7'/></leases>")
	{ LESS, NULL, NULL, NULL, 0, "lease night priority=7", NULL },
	{ LESS, NULL, "update", NULL, 0, "lease night priority=7", NULL },
	{ LESS, NULL, "skip", NULL, 0, "lease night priority=0", NULL },
	{ LESS, NULL, "refuse", NULL, 'B', NULL, NULL },
#define LEFT "LeaseNotInDocument", LENT, LOGICAL("<leases/>"), "leases"
	{ LEFT, NULL, NULL, 'W', "lease night name=-", NULL },
	{ LEFT, "remove", NULL, 'W', "lease night name=-", NULL },
	{ LEFT, "keep", NULL, 0, "lease night name=night", NULL },
	{ LEFT, "refuse", NULL, 'B', NULL, NULL },

#define GONE "ProfileNotInDocument", IDLE, PROFILES(""), "profiles"
#define KEEP_WEB "AssignedNotInDocument keep"
	{ GONE, NULL, NULL, 'W', "profile idle name=-", KEEP_WEB },
	{ GONE, "remove", NULL, 'W', "profile idle name=-", KEEP_WEB },
	{ GONE, "keep", NULL, 0, "profile idle name=idle", KEEP_WEB },
	{ GONE, "refuse", NULL, 'B', NULL, KEEP_WEB },

#define AT_SLOT "AssignedNotInDocument", NOTHING, PROFILES(""), "profiles"
	{ AT_SLOT, NULL, NULL, 'C', "profile web name=-", NULL },
	{ AT_SLOT, "remove", NULL, 'C', "profile web name=-", NULL },
	{ AT_SLOT, "keep", NULL, 0, "profile web slot=3", NULL },
	{ AT_SLOT, "refuse", NULL, 'B', NULL, NULL },

#define FREED "ProfileUnassigned", NOTHING, \
	PROFILES("<profile name='web'><assignment/></profile>"), "profiles"
	{ FREED, NULL, NULL, 'C', "profile web slot=null", NULL },
	{ FREED, "unassign", NULL, 'C', "profile web slot=null", NULL },
	{ FREED, "keep", NULL, 0, "profile web slot=3", NULL },
	{ FREED, "refuse", NULL, 'B', NULL, NULL },

#define OWNED "IdentityTaken", NOTHING, PROFILES(TWO), NULL
	{ OWNED, NULL, NULL, 'B', NULL, NULL },
	{ OWNED, "refuse", NULL, 'B', NULL, NULL },
	{ OWNED, "newForConflicting", NULL, 'W',
	    "vnic two/n mac!=02:00:00:00:00:01", NULL },
	{ OWNED, "newForConflicting", NULL, 'W',
	    "vnic two/m mac=02:00:00:00:00:77", NULL },
	{ OWNED, "newForProfile", NULL, 'W',
	    "vnic two/m mac!=02:00:00:00:00:77", NULL },
	{ OWNED, "newForProfile", NULL, 'W',
	    "vnic web/net1 mac=02:00:00:00:00:01", NULL },
	{ OWNED, "takeover", NULL, 'C', "vnic two/n mac=02:00:00:00:00:01",
	    NULL },
	{ OWNED, "takeover", NULL, 'C',
	    "vnic web/net1 mac!=02:00:00:00:00:01", NULL },

#define REST "IdentityQuarantined", RESTS, PROFILES(TWO), NULL
	{ REST, NULL, NULL, 'C', "vnic two/n mac=02:00:00:00:00:01", NULL },
	{ REST, "accept", NULL, 'C', "vnic two/n mac=02:00:00:00:00:01", NULL },
	{ REST, "new", NULL, 'W', "vnic two/n mac!=02:00:00:00:00:01", NULL },

#define VLAN "NetworkDiffers", NOTHING, LOGICAL(PROD ON_PROD)
	{ VLAN, NULL, NULL, NULL, 'B', NULL, NULL },
	{ VLAN, NULL, "refuse", NULL, 'B', NULL, NULL },
	{ VLAN, NULL, "keepLocal", NULL, 'W', "network prod vlan=120", NULL },
	{ VLAN, NULL, "useImported", NULL, 'C', "network prod vlan=121", NULL },
	{ VLAN, NULL, "mapTo", "mgmt", 0, "vnic two/n native=mgmt", NULL },
	{ VLAN, "networks", NULL, NULL, 'C', "network prod vlan=121",
	    "ObjectNotInDocument keep" },
	{ "NetworkDiffers", NOTHING, DOCUMENT("profile", PROD ON_PROD), NULL,
	    NULL, NULL, 'B', NULL, NULL },

#define SAME_VLAN "VlanElsewhere", NOTHING, LOGICAL(PROD2), NULL
	{ SAME_VLAN, NULL, NULL, 'W', "network prod2 vlan=120", NULL },
	{ SAME_VLAN, "keepBoth", NULL, 'W', "network prod2 vlan=120", NULL },
	{ SAME_VLAN, "mapTo", "prod", 0, "vnic two/n native=prod", NULL },
	{ SAME_VLAN, "mapTo", "prod", 0, "network prod2 name=-", NULL },

#define ABSENT "NetworkMissing", NOTHING, \
	DOCUMENT("profile", NEW_NET ON_NEW), NULL
	{ ABSENT, NULL, NULL, 'B', NULL, NULL },
	{ ABSENT, "refuse", NULL, 'B', NULL, NULL },
	{ ABSENT, "create", NULL, 0, "network new vlan=7", NULL },
	{ ABSENT, "mapTo", "mgmt", 0, "vnic two/n native=mgmt", NULL },
	{ "NetworkMissing", NOTHING, LOGICAL(NEW_NET ON_NEW), NULL, NULL,
	    NULL, 0, "network new vlan=7", NULL },
	{ "NetworkMissing", NOTHING, LOGICAL(ON_NEW), NULL, NULL, NULL, 'B',
	    NULL, NULL },
	{ "NetworkMissing", NOTHING, LOGICAL(ON_NEW), NULL, "mapTo", "prod",
	    0, "vnic two/n native=prod", NULL },

#define SURPLUS "ObjectNotInDocument", LONE, LOGICAL(NETS), "networks"
	{ SURPLUS, NULL, NULL, 'W', "network lone name=-", NULL },
	{ SURPLUS, "remove", NULL, 'W', "network lone name=-", NULL },
	{ SURPLUS, "keep", NULL, 0, "network lone name=lone", NULL },
	{ SURPLUS, "refuse", NULL, 'B', NULL, NULL },

#define LAPS "PoolOverlap", POOL_LAB, LOGICAL(SITE), NULL
	{ LAPS, NULL, NULL, 'B', NULL, NULL },
	{ LAPS, "refuse", NULL, 'B', NULL, NULL },
	{ LAPS, "keepLocal", NULL, 'W', "pool site name=-", NULL },
	{ "PoolOverlap", POOL_LAB, LOGICAL(SITE ON_SITE), NULL, "keepLocal",
	    NULL, 'W', "vnic two/n macPool=lab", NULL },
	{ LAPS, "shrink", NULL, 'W',
	    "pool site blocks/0/from=02:AA:00:00:01:00", NULL },

#define BLOCKS "PoolDiffers", POOL_LAB | LAB_USED, LOGICAL(LAB ON_LAB), NULL
	{ BLOCKS, NULL, NULL, 'B', NULL, NULL },
	{ BLOCKS, "refuse", NULL, 'B', NULL, NULL },
	{ BLOCKS, "keepLocal", NULL, 'W',
	    "pool lab blocks/0/from=02:AA:00:00:00:00", NULL },
	{ BLOCKS, "useImported", NULL, 'C',
	    "pool lab blocks/0/from=02:BB:00:00:00:00", NULL },
	{ BLOCKS, "mapTo", "macs", 0, "vnic two/n macPool=macs", NULL },
	{ "PoolDiffers", POOL_LAB, LOGICAL(LAB), NULL, NULL, NULL, 0,
	    "pool lab blocks/0/from=02:BB:00:00:00:00", NULL },
	{ "PoolDiffers", POOL_LAB, LOGICAL(LAB), NULL, "replaceUnused", NULL,
	    0, "pool lab blocks/0/from=02:BB:00:00:00:00", NULL },

#define NO_POOL "PoolMissing", NOTHING, DOCUMENT("profile", ON_SITE), NULL
	{ NO_POOL, NULL, NULL, 'B', NULL, NULL },
	{ NO_POOL, "refuse", NULL, 'B', NULL, NULL },
	{ NO_POOL, "mapTo", "macs", 0, "vnic two/n macPool=macs", NULL },
	{ NO_POOL, "default", NULL, 'W', "vnic two/n macPool=macs", NULL },
	{ "PoolMissing", NOTHING, LOGICAL(SITE ON_SITE), NULL, NULL, NULL, 0,
	    "vnic two/n macPool=site", NULL },
	{ "PoolMissing", NOTHING, LOGICAL(SITE ON_SITE), NULL, "create", NULL,
	    0, "pool site name=site", NULL },

	{ "DocumentModified", NOTHING, LOGICAL(NETS SEALED), NULL, NULL, NULL,
	    'C', "network prod vlan=120", NULL },
	{ "DocumentModified", NOTHING, LOGICAL(NETS SEALED), NULL, "accept",
	    NULL, 'C', "network prod vlan=120", NULL },
	{ "NewerMinor", NOTHING, NEWER("<bogus/>"), NULL, NULL, NULL, 'B',
	    NULL, NULL },
	{ "NewerMinor", NOTHING, NEWER("<bogus/>"), NULL, "refuse", NULL, 'B',
	    NULL, NULL },
	{ "OlderThanCurrent", LONE, LOGICAL(ORIGIN("0") NETS), "networks",
	    NULL, NULL, 'C', "network lone name=-", NULL },
	{ "OlderThanCurrent", LONE, LOGICAL(ORIGIN("0") NETS), "networks",
	    "accept", NULL, 'C', "network lone name=-", NULL },
};
enum { N = sizeof(rows) / sizeof(rows[0]) };

/* ---- before ---- */

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
lend(struct change_set *cs)
{
	struct lease *l = change_make_lease(cs);
	struct profile *p;
	struct device *d;

	fill(cs, &field_lease, "{\"name\":\"night\",\"profile\":\"web\","
	    "\"start\":\"2040-01-01T10:00\",\"end\":\"2040-01-01T11:00\"}",
	    l);
	ck_ok(change_profile(cs, "web", &p, &e), e);
	d = change_make_device(cs, p, DEVICE_VNIC);
	fill(cs, &field_vnic, "{\"name\":\"lent\"}", d);
	memcpy(d->lease, l->head.id, sizeof(d->lease));
	memcpy(l->device, d->id, sizeof(l->device));
	d->idle = true;
}

static void
prepare(unsigned before)
{
	struct change_set *cs = document_changes();
	struct profile *p;

	if (before & IDLE)
		fill(cs, &field_profile, "{\"name\":\"idle\"}",
		    change_make_profile(cs));
	if (before & LENT)
		lend(cs);
	if (before & LONE)
		fill(cs, &field_network, "{\"name\":\"lone\",\"vlan\":55}",
		    change_make_network(cs));
	if (before & POOL_LAB)
		fill(cs, &field_pool, "{\"name\":\"lab\",\"type\":\"mac\","
		    "\"blocks\":[{\"from\":\"02:AA:00:00:00:00\",\"to\":"
		    "\"02:AA:00:00:00:FF\"}]}", change_make_pool(cs));
	if (before & LAB_USED) {
		fill(cs, &field_profile, "{\"name\":\"user\"}",
		    p = change_make_profile(cs));
		fill(cs, &field_vnic, "{\"name\":\"n\",\"mac\":\"pool\","
		    "\"macPool\":\"lab\"}",
		    change_make_device(cs, p, DEVICE_VNIC));
	}
	if (before & RESTS) {
		ck_ok(change_profile(cs, "web", &p, &e), e);
		profile_remove_device(p, profile_device(p, "net1"));
	}
	ck_ok(scratch_commit(&document_box, cs, &e), e);
}

/* ---- after ---- */

static json_t *
object_json(const char *type, const char *name)
{
	struct change_set *cs = document_changes();
	struct field_names names = change_names(cs);
	char owner[NAME_TEXT] = "";
	const char *slash = strchr(name, '/');
	struct network *network;
	struct profile *profile;
	struct lease *lease;
	struct pool *pool;

	if (strcmp(type, "lease") == 0)
		return change_lease(cs, name, &lease, &e) < 0 ? NULL :
		    field_to_json(&field_lease, &names, lease);
	if (strcmp(type, "network") == 0)
		return change_network(cs, name, &network, &e) < 0 ? NULL :
		    field_to_json(&field_network, &names, network);
	if (strcmp(type, "pool") == 0)
		return change_pool(cs, name, &pool, &e) < 0 ? NULL :
		    field_to_json(&field_pool, &names, pool);
	snprintf(owner, sizeof(owner), "%.*s", slash != NULL ?
	    (int)(slash - name) : NAME_LEN, name);
	if (change_profile(cs, owner, &profile, &e) < 0)
		return NULL;
	return slash == NULL ? field_to_json(&field_profile, &names,
	    profile) : field_to_json(&field_vnic, &names,
	    profile_device(profile, slash + 1));
}

/* The value at a path, as text; "-" when the object is not there. */
static const char *
value_at(const char *type, const char *name, const char *path)
{
	json_t *root = object_json(type, name);
	const json_t *j = root;
	const char *text;

	for (; j != NULL && *path != '\0'; path += path[0] == '/') {
		size_t n = strcspn(path, "/");
		char *key = arena_printf(document_box.arena, "%.*s", (int)n,
		    path);

		j = json_is_array(j) ? json_array_get(j,
		    strtoul(key, NULL, 10)) : json_object_get(j, key);
		path += n;
	}
	text = root == NULL ? "-" : json_is_string(j) ?
	    arena_strdup(document_box.arena, json_string_value(j)) :
	    json_is_integer(j) ? arena_printf(document_box.arena, "%lld",
	    (long long)json_integer_value(j)) : "null";
	json_decref(root);
	return text;
}

static void
expect(const char *what)
{
	char type[16], name[64], path[64], value[64];
	const char *is, *op = strstr(what, "!=");
	bool differs = op != NULL;

	if (!differs)
		op = strchr(what, '=');
	ck_assert_int_eq(sscanf(what, "%15s %63s %63[^!=]", type, name, path),
	    3);
	snprintf(value, sizeof(value), "%s", op + (differs ? 2 : 1));
	is = value_at(type, name, path);
	ck_assert_msg((strcmp(is, value) == 0) != differs, "%s: %s", what, is);
}

/* ---- one row ---- */

static void
set_options(const struct row *row)
{
	static struct xml_choice choices[2];
	const char *blank;

	document_options = (struct xml_import_options){ .mode = XML_MERGE,
		.choices = choices };
	if (row->scope != NULL) {
		document_options.mode = XML_REPLACE;
		ck_ok(xml_scope_parse(document_box.arena, row->scope,
		    &document_options, &e), e);
	}
	if (row->option != NULL)
		choices[document_options.n_choices++] = (struct xml_choice){
			row->key, row->option, row->value != NULL ?
			row->value : "" };
	if (row->also != NULL) {
		blank = strchr(row->also, ' ');
		choices[document_options.n_choices++] = (struct xml_choice){
			arena_printf(document_box.arena, "%.*s",
			(int)(blank - row->also), row->also), blank + 1, "" };
	}
}

/* As a conflict, or as a problem of the document. */
static bool
was_told(const struct row *row)
{
	for (size_t i = 0; i < document_in.conflicts.n; i++) {
		const struct xml_conflict *c =
		    &document_in.conflicts.items[i];

		if (strcmp(c->row->key, row->key) != 0)
			continue;
		ck_assert_int_eq(c->severity, row->severity);
		ck_assert_int_eq(c->chosen, row->option != NULL);
		ck_assert_str_ne(c->detail, "");
		return true;
	}
	for (size_t i = 0; i < document_in.problems.n; i++)
		if (strcmp(document_in.problems.items[i].code, row->key) == 0)
			return document_in.problems.items[i].severity ==
			    row->severity;
	return false;
}

static const char *
document_of(const struct row *row)
{
	struct appliance self;

	if (strstr(row->text, "SELF") == NULL)
		return row->text;
	ck_ok(store_appliance(document_box.store, &self, &e), e);
	return document_edited(row->text, "SELF", self.id);
}

START_TEST(a_row)
{
	const struct row *row = &rows[_i];
	struct change_set *cs;

	prepare(row->before);
	set_options(row);
	cs = document_import(document_of(row));
	for (size_t i = 0; i < document_in.problems.n; i++)
		ck_assert_msg(document_in.problems.items[i].severity != 'B',
		    "%s: %s", document_in.problems.items[i].code,
		    document_in.problems.items[i].detail);
	ck_assert_msg(was_told(row), "%s was not told", row->key);
	ck_assert_msg(xml_import_ok(&document_in) == (row->now != NULL),
	    "%s", row->key);
	if (row->now == NULL)
		return;
	ck_ok(scratch_commit(&document_box, cs, &e), e);
	expect(row->now);
}
END_TEST

/* The same document again changes nothing, whatever was chosen before. */
START_TEST(again_is_nothing)
{
	const struct row *row = &rows[_i];
	struct change_set *cs;

	if (row->now == NULL)
		return;
	prepare(row->before);
	set_options(row);
	cs = document_import(document_of(row));
	ck_ok(scratch_commit(&document_box, cs, &e), e);
	cs = document_import(document_of(row));
	if (!xml_import_ok(&document_in))
		return;		/* what was taken is taken */
	ck_ok(change_resolve(cs, &e), e);
	if (row->option == NULL || (strcmp(row->option, "replace") != 0 &&
	    strncmp(row->option, "new", 3) != 0 &&
	    strcmp(row->option, "rename") != 0))
		ck_assert_msg(cs->n == 0, "%s %s: %zu changes", row->key,
		    row->option != NULL ? row->option : "", cs->n);
}
END_TEST

/* ---- all of the table ---- */

/* Rows whose tests need more than a store. */
static const struct {
	const char *key, *where;
} elsewhere[] = {
	{ "Held", "tests/unit/test_jobs.c" },
	{ "StalePlan", "tests/unit/test_planning.c" },
};

static bool
is_elsewhere(const struct xml_matrix_row *m)
{
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		if (strcmp(elsewhere[i].key, m->key) == 0)
			return true;
	return m->by == XML_BY_SERVICE;
}

/* A row of that key with that option; NULL: with the default. */
static bool
is_tested(const char *key, const char *option)
{
	for (int i = 0; i < N; i++)
		if (strcmp(rows[i].key, key) == 0 && (option == NULL ?
		    rows[i].option == NULL : rows[i].option != NULL &&
		    strcmp(rows[i].option, option) == 0))
			return true;
	return false;
}

START_TEST(every_row_and_option_has_a_test)
{
	for (size_t i = 0; i < xml_matrix_n; i++) {
		const struct xml_matrix_row *m = &xml_matrix[i];

		if (is_elsewhere(m))
			continue;
		ck_assert_msg(is_tested(m->key, NULL), "%s", m->key);
		for (size_t k = 0; k < XML_MATRIX_OPTIONS &&
		    m->options[k].word != NULL; k++)
			ck_assert_msg(is_tested(m->key, m->options[k].word),
			    "%s %s", m->key, m->options[k].word);
	}
}
END_TEST

/* Of a newer minor version, and all of it is known. */
START_TEST(a_newer_document_that_says_nothing_new_is_taken)
{
	struct change_set *cs = document_import(NEWER("<extensions><x "
	    "xmlns='urn:x'/></extensions>"));

	ck_assert(xml_import_ok(&document_in));
	ck_assert_uint_eq(document_in.conflicts.n, 0);
	ck_ok(scratch_commit(&document_box, cs, &e), e);
}
END_TEST

START_TEST(a_row_is_whole)
{
	for (size_t i = 0; i < xml_matrix_n; i++) {
		const struct xml_matrix_row *m = &xml_matrix[i];

		ck_assert_ptr_eq(xml_matrix_find(m->key), m);
		ck_assert_str_ne(m->what, "");
		ck_assert_ptr_nonnull(xml_matrix_option(m, m->def));
		if (m->def2 != NULL) {
			ck_assert_ptr_nonnull(xml_matrix_option(m, m->def2));
			ck_assert_ptr_nonnull(m->when2);
		}
	}
}
END_TEST

/* The profile of a lease is the one that the map means. */
START_TEST(a_lease_follows_its_profile)
{
	static struct xml_map map[] = {
		{ XML_MAP_PROFILE, "site", "web" } };
	struct change_set *cs;
	struct lease *l;
	struct profile *p;

	document_options = (struct xml_import_options){ .mode = XML_MERGE,
		.maps = map, .n_maps = 1 };
	cs = document_import(LOGICAL("<leases><lease id='" OTHER "' "
	    "profile='site' start='2040-01-01T10:00' end='2040-01-01T11:00'>"
	    "<vnic name='lent'/></lease></leases>"));
	ck_assert(xml_import_ok(&document_in));
	ck_ok(scratch_commit(&document_box, cs, &e), e);
	ck_ok(lease_load(document_box.store, document_box.arena, OTHER, &l,
	    &e), e);
	ck_assert_str_eq(l->head.name, "lease-0f6b9f0c");
	ck_ok(profile_load(document_box.store, document_box.arena, "web", &p,
	    &e), e);
	ck_assert_str_eq(l->profile, p->head.id);
	ck_assert(profile_device(p, "lent")->idle);
}
END_TEST

SUITE("xml_matrix")
{
	tcase_add_checked_fixture(tc, document_set_up, document_tear_down);
	tcase_add_loop_test(tc, a_row, 0, N);
	tcase_add_loop_test(tc, again_is_nothing, 0, N);
	tcase_add_test(tc, every_row_and_option_has_a_test);
	tcase_add_test(tc, a_newer_document_that_says_nothing_new_is_taken);
	tcase_add_test(tc, a_lease_follows_its_profile);
	tcase_add_test(tc, a_row_is_whole);
}
