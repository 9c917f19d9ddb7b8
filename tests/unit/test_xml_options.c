/* What an operator may say about an import, as text, as JSON, and what is no
 * option. */
#include <stdio.h>

#include "profiles/xml_conflict.h"
#include "profiles/xml_options.h"
#include "tests/test.h"

static struct arena *arena;
static struct err e;

static void
set_up(void)
{
	arena = arena_new();
}

static void
tear_down(void)
{
	arena_free(arena);
}

static const struct {
	const char *text;
	unsigned bits;			/* 0: refused */
	const char *label, *value;
	const char *again;		/* NULL: the same text */
} scopes[] = {
	{ "all", XML_SCOPE_ALL, NULL, NULL, NULL },
	{ "profiles", XML_SCOPE_PROFILES, NULL, NULL, NULL },
	{ "pools,profiles", XML_SCOPE_POOLS | XML_SCOPE_PROFILES, NULL, NULL,
	    "profiles,pools" },
	{ "profiles:label=tier", XML_SCOPE_PROFILES, "tier", NULL, NULL },
	{ "profiles:label=tier=1", XML_SCOPE_PROFILES, "tier", "1", NULL },
	{ "profiles:label=tier=", XML_SCOPE_PROFILES, "tier", "", NULL },
	{ "networks,profiles:label=a=b=c", XML_SCOPE_NETWORKS |
	    XML_SCOPE_PROFILES, "a", "b=c", "profiles:label=a=b=c,networks" },
	{ "", 0, NULL, NULL, NULL },
	{ "everything", 0, NULL, NULL, NULL },
	{ "profiles,", XML_SCOPE_PROFILES, NULL, NULL, "profiles" },
	{ "profiles,,pools", 0, NULL, NULL, NULL },
	{ "profiles:label=", 0, NULL, NULL, NULL },
	{ "profiles:label==1", 0, NULL, NULL, NULL },
};

START_TEST(a_scope)
{
	struct xml_import_options o = { .mode = XML_REPLACE };

	if (scopes[_i].bits == 0) {
		ck_assert_int_lt(xml_scope_parse(arena, scopes[_i].text, &o,
		    &e), 0);
		ck_assert_int_eq(e.code, ERR_MALFORMED);
		ck_assert_str_eq(e.field, "scope");
		return;
	}
	ck_ok(xml_scope_parse(arena, scopes[_i].text, &o, &e), e);
	ck_assert_uint_eq(o.scope, scopes[_i].bits);
	ck_assert_int_eq(o.label == NULL, scopes[_i].label == NULL);
	if (o.label != NULL)
		ck_assert_str_eq(o.label, scopes[_i].label);
	ck_assert_int_eq(o.label_value == NULL, scopes[_i].value == NULL);
	if (o.label_value != NULL)
		ck_assert_str_eq(o.label_value, scopes[_i].value);
	ck_assert_str_eq(xml_scope_text(arena, &o), scopes[_i].again != NULL ?
	    scopes[_i].again : scopes[_i].text);
}
END_TEST

static int
from_text(const char *text, struct xml_import_options *o)
{
	json_t *j;
	int rc;

	ck_ok(json_read(text, strlen(text), 1 << 20, &j, &e), e);
	rc = xml_options_from_json(arena, j, "", o, &e);
	json_decref(j);
	return rc;
}

static const char whole[] =
    "{\"mode\":\"clone\",\"scope\":\"profiles\",\"select\":[\"a\",\"b-1\"],"
    "\"identities\":\"new\",\"map\":{\"slots\":{\"3\":\"1\"},\"networks\":"
    "{\"prod\":\"prod-dr\",\"lab\":\"\"}},\"choices\":[{\"conflict\":\"c3\","
    "\"option\":\"rename\",\"value\":\"{name}-dr\"},{\"conflict\":"
    "\"NetworkDiffers\",\"option\":\"keepLocal\"}]}";

START_TEST(options_go_out_as_they_came_in)
{
	struct xml_import_options o = { .mode = XML_MERGE };
	json_t *j;
	char *text;

	ck_ok(from_text(whole, &o), e);
	j = xml_options_to_json(&o);
	text = json_text(j);
	ck_assert_str_eq(text, whole);
	ck_assert_str_eq(xml_map_to(&o, XML_MAP_NETWORK, "PROD"), "prod-dr");
	ck_assert_str_eq(xml_map_to(&o, XML_MAP_NETWORK, "lab"), "");
	ck_assert_ptr_null(xml_map_to(&o, XML_MAP_SAN, "prod"));
	free(text);
	json_decref(j);
}
END_TEST

/* What is not said stays as it was. */
START_TEST(a_part_leaves_the_rest)
{
	struct xml_import_options o = { .mode = XML_MERGE };

	ck_ok(from_text(whole, &o), e);
	ck_ok(from_text("{\"map\":{\"sans\":{\"a\":\"b\"}}}", &o), e);
	ck_assert_int_eq(o.mode, XML_CLONE);
	ck_assert_uint_eq(o.n_select, 2);
	ck_assert_uint_eq(o.n_choices, 2);
	ck_assert_uint_eq(o.n_maps, 1);
	ck_assert_str_eq(xml_map_to(&o, XML_MAP_SAN, "a"), "b");
}
END_TEST

static const char *const wrong[] = {
	"[]", "{\"mode\":\"wild\"}", "{\"mode\":7}", "{\"colour\":\"red\"}",
	"{\"identities\":\"some\"}", "{\"select\":\"a\"}",
	"{\"select\":[\"a b\"]}", "{\"select\":[7]}", "{\"map\":[]}",
	"{\"map\":{\"planets\":{}}}", "{\"map\":{\"slots\":[]}}",
	"{\"map\":{\"slots\":{\"1\":2}}}", "{\"choices\":{}}",
	"{\"choices\":[7]}", "{\"choices\":[{\"conflict\":\"c1\"}]}",
	"{\"choices\":[{\"conflict\":\"c1\",\"option\":\"x\",\"why\":1}]}",
	"{\"scope\":\"\"}",
};

START_TEST(what_is_no_option_is_refused)
{
	struct xml_import_options o = { .mode = XML_MERGE };

	ck_assert_int_lt(from_text(wrong[_i], &o), 0);
	ck_assert_int_eq(e.code, ERR_MALFORMED);
	ck_assert_str_ne(e.msg, "");
}
END_TEST

/* ---- choices ---- */

static const struct xml_conflict *
add(struct xml_conflicts *c, const char *name)
{
	struct xml_about about = { .row = "ProfileNameTaken",
		.type = "profile", .name = name };

	return xml_conflict_add(c, &about, "it is taken");
}

static void
begin(struct xml_conflicts *c, struct xml_import_options *o)
{
	struct xml_records *r = arena_alloc(arena, sizeof(*r));

	xml_begin(r, arena);
	(void)xml_open(r, XML_ROOT, 1);
	xml_conflicts_begin(c, arena, r, o);
}

START_TEST(a_choice_for_the_one_goes_before_one_for_the_row)
{
	struct xml_choice choices[] = {
		{ "", "rename", "x" }, { "ProfileNameTaken", "skip", "" },
		{ "ProfileNameTaken", "rename", "" },	/* without its value */
		{ "ProfileNameTaken", "fly", "" },
	};
	struct xml_import_options o = { .choices = choices, .n_choices = 4 };
	struct xml_conflicts c;
	const struct xml_conflict *x;

	begin(&c, &o);
	choices[0].conflict = arena_strdup(arena, add(&c, "a")->id);
	begin(&c, &o);
	x = add(&c, "a");
	ck_assert(xml_conflict_is(x, "rename"));
	ck_assert_str_eq(x->value, "x");
	ck_assert(x->chosen);
	x = add(&c, "b");
	ck_assert(xml_conflict_is(x, "skip"));
	ck_assert(c.used[0] && c.used[1] && !c.used[2] && !c.used[3]);
	ck_assert_uint_eq(xml_conflict_count(&c, 'W'), 1);
}
END_TEST

START_TEST(an_id_is_that_of_the_object)
{
	struct xml_import_options o = { .mode = XML_MERGE };
	struct xml_conflicts c;
	char a[16], b[16];

	begin(&c, &o);
	memcpy(a, add(&c, "a")->id, sizeof(a));
	memcpy(b, add(&c, "b")->id, sizeof(b));
	ck_assert_str_ne(a, b);
	begin(&c, &o);
	ck_assert_str_eq(add(&c, "b")->id, b);
	ck_assert_str_eq(add(&c, "a")->id, a);
}
END_TEST

SUITE("xml_options")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_scope, 0,
	    sizeof(scopes) / sizeof(scopes[0]));
	tcase_add_test(tc, options_go_out_as_they_came_in);
	tcase_add_test(tc, a_part_leaves_the_rest);
	tcase_add_loop_test(tc, what_is_no_option_is_refused, 0,
	    sizeof(wrong) / sizeof(wrong[0]));
	tcase_add_test(tc, a_choice_for_the_one_goes_before_one_for_the_row);
	tcase_add_test(tc, an_id_is_that_of_the_object);
}
