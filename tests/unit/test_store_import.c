/* Documents that are kept: out as they came in, no longer than they may, and no
 * more of them than there is room for. */
#include <stdio.h>

#include "profiles/journal.h"
#include "profiles/store_import.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_store.h"

static struct scratch box;
static struct err e;
static struct xml_records records;

static const char text[] = "<applianceConfig xmlns='" XML_NAMESPACE "' "
    "schemaVersion='1.0' kind='logical'><networks><ethernet name='a' "
    "vlan='7'/></networks></applianceConfig>";

static void
set_up(void)
{
	xml_read_init();
	scratch_new(&box);
	ck_ok(xml_read(box.arena, text, strlen(text), &records, &e), e);
}

static void
tear_down(void)
{
	scratch_free(&box);
}

static void
id_of(int n, char id[ID_TEXT])
{
	snprintf(id, ID_TEXT, "00000000-0000-4000-8000-%012d", n);
}

/* Number n, at that time. */
static void
add(int n, int64_t at_ms)
{
	struct import_doc d = { .options = "{}", .body = "{\"a\":1}",
		.created_ms = at_ms,
		.expires_ms = at_ms + IMPORT_DAYS * INT64_C(86400000) };
	struct stored_plan plan = { .changes = "[]", .body = "{}",
		.created_ms = at_ms, .expires_ms = INT64_MAX };

	id_of(n, d.id);
	id_of(1000 + n, d.plan);
	id_of(1000 + n, plan.id);
	snprintf(d.name, sizeof(d.name), "import %d", n);
	snprintf(d.actor, sizeof(d.actor), "admin");
	ck_ok(store_begin(box.store, &e), e);
	ck_ok(plan_put(box.store, &plan, &e), e);
	ck_ok(import_add(box.store, &d, &records, at_ms, &e), e);
	ck_ok(store_commit(box.store, &e), e);
}

static bool
is_kept(int n, int64_t at_ms)
{
	struct import_doc *d;
	char id[ID_TEXT];

	id_of(n, id);
	return import_load(box.store, box.arena, id, at_ms, &d, &e) == 0;
}

START_TEST(it_comes_out_as_it_went_in)
{
	struct xml_records got;
	struct import_doc *d;
	char id[ID_TEXT];

	add(1, 1000);
	id_of(1, id);
	ck_ok(import_load(box.store, box.arena, id, 1000, &d, &e), e);
	ck_assert_str_eq(d->name, "import 1");
	ck_assert_str_eq(d->actor, "admin");
	ck_assert_str_eq(d->options, "{}");
	ck_assert_str_eq(d->body, "{\"a\":1}");
	ck_ok(import_records(box.store, box.arena, id, &got, &e), e);
	ck_assert_uint_eq(got.n, records.n);
	ck_assert_str_eq(got.content_digest, records.content_digest);
	ck_assert_str_eq(got.document_digest, records.document_digest);
	ck_assert_str_eq(xml_value(&got, 2, "name"), "a");
}
END_TEST

START_TEST(the_oldest_goes_with_its_plan)
{
	struct stored_plan *plan;
	struct import_doc *list;
	char id[ID_TEXT];
	size_t n;

	/* The clock stands still, and once it goes back. */
	for (int i = 1; i <= IMPORT_KEEP + 2; i++)
		add(i, i == 5 ? 500 : 1000);
	ck_assert(!is_kept(1, 1000));
	ck_assert(!is_kept(2, 1000));
	ck_assert(is_kept(3, 1000));
	ck_assert(is_kept(5, 500));
	ck_assert(is_kept(IMPORT_KEEP + 2, 1000));
	ck_ok(import_list(box.store, box.arena, 1000, &list, &n, &e), e);
	ck_assert_uint_eq(n, IMPORT_KEEP);
	ck_assert_str_eq(list[0].name, "import 22");
	id_of(1001, id);
	ck_fails(plan_load(box.store, box.arena, id, &plan, &e), e,
	    ERR_NOT_FOUND);
	id_of(1003, id);
	ck_ok(plan_load(box.store, box.arena, id, &plan, &e), e);
}
END_TEST

START_TEST(its_time_ends)
{
	int64_t end = 1000 + IMPORT_DAYS * INT64_C(86400000);
	struct import_doc *list;
	size_t n;

	add(1, 1000);
	ck_assert(is_kept(1, end - 1));
	ck_assert(!is_kept(1, end));
	ck_ok(import_list(box.store, box.arena, end, &list, &n, &e), e);
	ck_assert_uint_eq(n, 0);
	add(2, end);
	ck_assert_int_eq(scratch_count(&box, "SELECT count(*) FROM import_doc"),
	    1);
}
END_TEST

START_TEST(another_plan_takes_the_place_of_the_one_before)
{
	struct stored_plan *plan;
	struct import_doc *d;
	char id[ID_TEXT];

	add(1, 1000);
	id_of(1, id);
	ck_ok(import_load(box.store, box.arena, id, 1000, &d, &e), e);
	id_of(2000, d->plan);
	d->options = "{\"mode\":\"clone\"}";
	ck_ok(store_begin(box.store, &e), e);
	ck_ok(import_update(box.store, d, &e), e);
	ck_ok(store_commit(box.store, &e), e);
	ck_ok(import_load(box.store, box.arena, id, 1000, &d, &e), e);
	ck_assert_str_eq(d->options, "{\"mode\":\"clone\"}");
	id_of(1001, id);
	ck_fails(plan_load(box.store, box.arena, id, &plan, &e), e,
	    ERR_NOT_FOUND);
}
END_TEST

START_TEST(another_release_cannot_read_it)
{
	struct xml_records got;
	char id[ID_TEXT];

	add(1, 1000);
	ck_assert_int_eq(scratch_sql(&box,
	    "UPDATE import_doc SET form = form + 1"), 0);
	id_of(1, id);
	ck_fails(import_records(box.store, box.arena, id, &got, &e), e,
	    ERR_UNSUPPORTED);
	ck_assert(is_kept(1, 1000));
}
END_TEST

/* What somebody wrote into the file by hand is noticed, not believed. */
START_TEST(nonsense_is_noticed)
{
	struct xml_records got;
	char id[ID_TEXT];

	add(1, 1000);
	ck_assert_int_eq(scratch_sql(&box,
	    "UPDATE import_doc SET records = x'00112233'"), 0);
	id_of(1, id);
	ck_assert_int_lt(import_records(box.store, box.arena, id, &got, &e),
	    0);
}
END_TEST

SUITE("store_import")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, it_comes_out_as_it_went_in);
	tcase_add_test(tc, the_oldest_goes_with_its_plan);
	tcase_add_test(tc, its_time_ends);
	tcase_add_test(tc, another_plan_takes_the_place_of_the_one_before);
	tcase_add_test(tc, another_release_cannot_read_it);
	tcase_add_test(tc, nonsense_is_noticed);
}
