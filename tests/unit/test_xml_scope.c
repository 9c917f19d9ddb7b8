/* How far an import goes: scopes, labels, selections, maps, sections that are
 * empty and sections that are not there. */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_document.h"

static struct err e;

#define DOCUMENT(inside) "<applianceConfig xmlns='" XML_NAMESPACE \
	"' schemaVersion='1.0' kind='logical'>\n" inside "</applianceConfig>"
#define LABEL(value) "<labels><label name='tier' value='" value "'/></labels>"

static bool
is_here(enum object_type type, const char *name)
{
	struct field_names names = change_names(document_changes());
	char id[ID_TEXT];

	return names.id_of(names.cookie, type, name, id);
}

static void
profile(const char *name, const char *tier)
{
	struct change_set *cs = document_changes();
	struct profile *p = change_make_profile(cs);

	scratch_name(p->head.name, name);
	if (tier != NULL) {
		p->head.labels.items = arena_alloc(cs->arena,
		    sizeof(struct label));
		p->head.labels.n = 1;
		snprintf(p->head.labels.items[0].name, NAME_TEXT, "tier");
		snprintf(p->head.labels.items[0].value, TEXT_TEXT, "%s", tier);
	}
	ck_ok(scratch_commit(&document_box, cs, &e), e);
}

static void
import(const char *scope, const char *text)
{
	struct change_set *cs;

	if (scope != NULL) {
		document_options.mode = XML_REPLACE;
		ck_ok(xml_scope_parse(document_box.arena, scope,
		    &document_options, &e), e);
	}
	cs = document_import(text);
	for (size_t i = 0; i < document_in.problems.n; i++)
		ck_assert_msg(document_in.problems.items[i].severity != 'B',
		    "%s", document_in.problems.items[i].detail);
	for (size_t i = 0; i < document_in.conflicts.n; i++)
		ck_assert_msg(document_in.conflicts.items[i].severity != 'B',
		    "%s %s", document_in.conflicts.items[i].row->key,
		    document_in.conflicts.items[i].detail);
	ck_ok(scratch_commit(&document_box, cs, &e), e);
}

/* Profiles with that label are what the document says; others are nobody's
 * business, here and there. */
START_TEST(a_label_narrows_the_scope)
{
	profile("gold", "1");
	profile("silver", "2");
	profile("iron", NULL);
	import(_i == 0 ? "profiles:label=tier=1" : "profiles:label=tier",
	    DOCUMENT("<profiles><profile name='new'>" LABEL("1") "</profile>"
	    "<profile name='none'/></profiles>"));
	ck_assert(!is_here(OBJ_PROFILE, "gold"));
	ck_assert_int_eq(is_here(OBJ_PROFILE, "silver"), _i == 0);
	ck_assert(is_here(OBJ_PROFILE, "iron"));
	ck_assert(is_here(OBJ_PROFILE, "web"));
	ck_assert(is_here(OBJ_PROFILE, "new"));
	ck_assert(!is_here(OBJ_PROFILE, "none"));
}
END_TEST

/* mode, document, and who is here afterwards of network lone, profile idle */
static const struct {
	const char *scope, *text;
	bool lone, idle;
} rows[] = {
	/* A section that is not there says nothing. */
	{ "all", DOCUMENT("<profiles><profile name='idle'/><profile "
	    "name='web'/></profiles>"), true, true },
	{ "all", DOCUMENT("<networks><ethernet name='prod'/><ethernet "
	    "name='mgmt'/><san name='fabric-a'/></networks>"), false, true },
	{ "profiles", DOCUMENT("<networks/><profiles><profile name='web'/>"
	    "</profiles>"), true, false },
	{ "networks", DOCUMENT("<networks><ethernet name='prod'/><ethernet "
	    "name='mgmt'/><san name='fabric-a'/></networks><profiles/>"),
	    false, true },
	{ NULL, DOCUMENT("<networks/><profiles/>"), true, true },
};

START_TEST(a_section_and_a_scope)
{
	struct change_set *cs = document_changes();
	struct network *n = change_make_network(cs);

	scratch_name(n->head.name, "lone");
	n->vlan = 55;
	ck_ok(scratch_commit(&document_box, cs, &e), e);
	profile("idle", NULL);
	import(rows[_i].scope, rows[_i].text);
	ck_assert_int_eq(is_here(OBJ_NETWORK, "lone"), rows[_i].lone);
	ck_assert_int_eq(is_here(OBJ_PROFILE, "idle"), rows[_i].idle);
	ck_assert(is_here(OBJ_POOL, "macs"));
}
END_TEST

#define TWO DOCUMENT("<networks><ethernet name='lab' vlan='300'/><ethernet " \
	"name='other' vlan='301'/></networks><pools><pool name='site' " \
	"type='mac'><block from='02:AA:00:00:00:00' to='02:AA:00:00:00:FF'/>" \
	"</pool></pools><profiles><profile name='a'><vnic name='n'><mac " \
	"source='pool' pool='site'/><vlans><vlan network='lab'/></vlans>" \
	"</vnic></profile><profile name='b'><vnic name='n'><vlans><vlan " \
	"network='other'/></vlans></vnic></profile></profiles>")

START_TEST(a_selection_brings_what_it_needs_and_nothing_else)
{
	const char *names[] = { "A" };

	document_options.select = names;
	document_options.n_select = 1;
	import(NULL, TWO);
	ck_assert(is_here(OBJ_PROFILE, "a"));
	ck_assert(is_here(OBJ_NETWORK, "lab"));
	ck_assert(is_here(OBJ_POOL, "site"));
	ck_assert(!is_here(OBJ_PROFILE, "b"));
	ck_assert(!is_here(OBJ_NETWORK, "other"));
}
END_TEST

START_TEST(a_selected_name_that_is_not_there_is_told)
{
	const char *names[] = { "a", "zz" };

	document_options.select = names;
	document_options.n_select = 2;
	document_import(TWO);
	ck_assert_uint_eq(xml_problem_count(&document_in.problems, 'B'), 1);
	ck_assert_str_eq(document_in.problems.items[0].code,
	    "DocumentMissing");
}
END_TEST

START_TEST(mapped_names_are_those_here)
{
	struct xml_map maps[] = {
		{ XML_MAP_NETWORK, "lab", "prod" }, { XML_MAP_POOL, "site",
		"macs" }, { XML_MAP_PROFILE, "a", "dr-a" }, { XML_MAP_PROFILE,
		"b", "" },
	};
	struct profile *p;

	document_options.maps = maps;
	document_options.n_maps = 4;
	import(NULL, TWO);
	ck_assert(!is_here(OBJ_NETWORK, "lab"));
	ck_assert(!is_here(OBJ_POOL, "site"));
	ck_assert(!is_here(OBJ_PROFILE, "a"));
	ck_assert(!is_here(OBJ_PROFILE, "b"));
	p = document_load("dr-a");
	ck_assert_str_eq(p->devices[0].vlans[0].name, "prod");
	/* Again it is that profile, not another of that name. */
	import(NULL, TWO);
	ck_assert_str_eq(document_load("dr-a")->head.id, p->head.id);
}
END_TEST

/* Devices that the document does not name go in mode replace only. */
START_TEST(devices_go_with_the_mode)
{
	const char *text = DOCUMENT("<profiles><profile name='web'><vnic "
	    "name='net0'/></profile></profiles>");
	size_t n = document_load("web")->n_devices;

	import(_i == 0 ? NULL : "profiles", text);
	ck_assert_uint_eq(document_load("web")->n_devices, _i == 0 ? n : 1);
	if (_i == 1) {
		ck_assert_uint_eq(document_load("web")->n_boot_order, 1);
		ck_assert_str_eq(document_load("web")->boot_order[0], "net0");
	}
}
END_TEST

/* Two profiles that change names are no conflict. */
START_TEST(names_may_change_places)
{
	char first[ID_TEXT], second[ID_TEXT];

	profile("one", NULL);
	profile("two", NULL);
	memcpy(first, document_load("one")->head.id, sizeof(first));
	memcpy(second, document_load("two")->head.id, sizeof(second));
	import(NULL, arena_printf(document_box.arena, DOCUMENT("<profiles>"
	    "<profile id='%s' name='two'/><profile id='%s' name='one'/>"
	    "</profiles>"), first, second));
	ck_assert_str_eq(document_load("two")->head.id, first);
	ck_assert_str_eq(document_load("one")->head.id, second);
}
END_TEST

/* Two devices that change addresses are none either. */
START_TEST(addresses_may_change_places)
{
	struct profile *p = document_load("web");
	char a[MAC_TEXT], b[MAC_TEXT];

	(void)mac_text(profile_device(p, "net0")->address, a);
	(void)mac_text(profile_device(p, "net1")->address, b);
	import(NULL, arena_printf(document_box.arena, DOCUMENT("<profiles>"
	    "<profile name='web'><vnic name='net0'><mac source='static' "
	    "value='%s'/></vnic><vnic name='net1'><mac source='static' "
	    "value='%s'/></vnic></profile></profiles>"), b, a));
	ck_assert_uint_eq(profile_device(document_load("web"), "net0")->address,
	    profile_device(p, "net1")->address);
}
END_TEST

SUITE("xml_scope")
{
	tcase_add_checked_fixture(tc, document_set_up, document_tear_down);
	tcase_add_loop_test(tc, a_label_narrows_the_scope, 0, 2);
	tcase_add_loop_test(tc, a_section_and_a_scope, 0,
	    sizeof(rows) / sizeof(rows[0]));
	tcase_add_test(tc,
	    a_selection_brings_what_it_needs_and_nothing_else);
	tcase_add_test(tc, a_selected_name_that_is_not_there_is_told);
	tcase_add_test(tc, mapped_names_are_those_here);
	tcase_add_loop_test(tc, devices_go_with_the_mode, 0, 2);
	tcase_add_test(tc, names_may_change_places);
	tcase_add_test(tc, addresses_may_change_places);
}
