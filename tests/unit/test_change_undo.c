/* test_change_undo.c -- change sets turned round, told, and failing. */
#include "tests/test.h"

#include <stdio.h>

#include "base/fault.h"
#include "tests/unit/support_furnish.h"

static struct scratch box;
static struct err e;

static void
setup(void)
{
	scratch_new(&box);
}

static void
teardown(void)
{
	scratch_free(&box);
}

static struct change_set *
changes(void)
{
	static uint64_t seed = 1;

	return scratch_changes(&box, seed++);
}

static void
commit(struct change_set *cs)
{
	ck_ok(scratch_commit(&box, cs, &e), e);
}

static void
swap_u32(uint32_t *a, uint32_t *b)
{
	uint32_t t = *a;

	*a = *b;
	*b = t;
}

/* ---- undo ---- */

/* Each row changes the furnished world; its inverse must lead back. */
static void
undo_remove(struct change_set *cs)
{
	ck_ok(change_remove(cs, OBJ_PROFILE, "a", &e), e);
}

static void
undo_make(struct change_set *cs)
{
	(void)furnish_profile(cs, "c", 5);
	furnish_network(cs, "third", 3);
}

static void
undo_edit(struct change_set *cs)
{
	struct network *n;
	struct profile *p;

	ck_ok(change_profile(cs, "a", &p, &e), e);
	furnish_fill(cs, &field_vnic, "{\"name\":\"renamed\",\"networks\":[\"prod\"],"
	    "\"qos\":{\"limitMbps\":100},\"mac\":\"021018000001\"}",
	    &p->devices[0]);
	profile_remove_device(p, &p->devices[1]);
	p->slot = 0;
	p->devices[0].placed = p->devices[1].placed = 0;
	ck_ok(change_network(cs, "mgmt", &n, &e), e);
	n->vlan = 11;
	scratch_name(n->head.name, "management");
}

static void
undo_move(struct change_set *cs)
{
	struct profile *a, *b;

	ck_ok(change_profile(cs, "a", &a, &e), e);
	ck_ok(change_profile(cs, "b", &b, &e), e);
	swap_u32(&a->slot, &b->slot);
}

static void
undo_pool(struct change_set *cs)
{
	struct pool *p = change_make_pool(cs);

	scratch_name(p->head.name, "mine");
	furnish_fill(cs, &field_pool, "{\"type\":\"mac\",\"default\":true}", p);
	ck_ok(change_pool(cs, "wwpns", &p, &e), e);
	p->quarantine_s = 60;
	p->order = POOL_RANDOM;
}

static void
undo_all(struct change_set *cs)
{
	undo_remove(cs);
	ck_ok(change_remove(cs, OBJ_PROFILE, "b", &e), e);
	ck_ok(change_remove(cs, OBJ_NETWORK, "prod", &e), e);
	ck_ok(change_remove(cs, OBJ_NETWORK, "mgmt", &e), e);
	ck_ok(change_remove(cs, OBJ_SAN, "fabric-a", &e), e);
	ck_ok(change_remove(cs, OBJ_POOL, "uuids", &e), e);
}

static void (*const undos[])(struct change_set *) = { undo_remove, undo_make,
    undo_edit, undo_move, undo_pool, undo_all };

START_TEST(the_inverse_leads_back)
{
	char *before, *during, *after;
	const char *inverse;
	int64_t revisions, live;
	struct change_set *cs;
	json_t *read;

	furnish_world(&box);
	before = furnish_picture(&box);
	live = furnish_addresses(&box);
	cs = changes();
	undos[_i](cs);
	ck_ok(change_resolve(cs, &e), e);
	inverse = change_text(cs, true);
	commit(cs);
	during = furnish_picture(&box);
	ck_assert_str_ne(before, during);
	revisions = scratch_count(&box, "SELECT sum(revision) FROM (SELECT "
	    "max(revision) AS revision FROM revision GROUP BY profile)");

	ck_ok(json_read(inverse, strlen(inverse), 1 << 20, &read, &e), e);
	cs = changes();
	ck_ok(change_from_json(cs, read, &e), e);
	commit(cs);
	after = furnish_picture(&box);
	ck_assert_str_eq(before, after);
	ck_assert_int_eq(furnish_addresses(&box), live);
	if (_i != 4 && _i != 1)		/* those touch or end no profile */
		ck_assert_int_gt(scratch_count(&box, "SELECT sum(revision)"
		    " FROM (SELECT max(revision) AS revision FROM revision"
		    " GROUP BY profile)"), revisions);
	/* Twice is once. */
	cs = changes();
	ck_ok(change_from_json(cs, read, &e), e);
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 0);
	json_decref(read);
	free(before);
	free(during);
	free(after);
}
END_TEST

/* What was said once is said again only while it is true. */
START_TEST(a_text_follows_every_edit)
{
	struct change_set *cs;
	struct profile *p;
	struct slot *slot;
	json_t *inverse;
	char said[32];
	const char *text;

	furnish_world(&box);
	cs = changes();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	ck_ok(change_slot(cs, 3, &slot, &e), e);
	for (int i = 0; i < 4; i++) {
		(void)change_text(cs, false);
		if (i == 0)
			ck_ok(change_profile(cs, "a", &p, &e), e);
		else if (i == 1)
			ck_ok(change_profile_at(cs, 3, &p, &e), e);
		else if (i == 2)
			ck_ok(change_slot(cs, 3, &slot, &e), e);
		snprintf(said, sizeof(said), "said-%d", i);
		snprintf(p->head.description, sizeof(p->head.description), "%s",
		    i < 2 ? said : "");
		snprintf(slot->label, sizeof(slot->label), "%s",
		    i == 2 ? said : "");
		if (i == 3) {
			snprintf(p->head.description,
			    sizeof(p->head.description), "%s", said);
			ck_ok(change_resolve(cs, &e), e);
		}
		text = change_text(cs, false);
		ck_assert_msg(strstr(text, said) != NULL, "%d: %s", i, text);
	}
	text = change_text(cs, true);
	ck_ok(json_read(text, strlen(text), 1 << 20, &inverse, &e), e);
	ck_ok(change_from_json(cs, inverse, &e), e);
	ck_assert_ptr_null(strstr(change_text(cs, false), "said-"));
	json_decref(inverse);
	ck_ok(change_remove(cs, OBJ_PROFILE, "a", &e), e);
	ck_assert_ptr_nonnull(strstr(change_text(cs, false),
	    "\"content\":null"));
}
END_TEST

/* The revision that is written says what the journal says. */
START_TEST(a_revision_is_the_content)
{
	struct change_set *cs;
	struct revision *list;
	struct profile *p;
	const char *text;
	size_t n;

	furnish_world(&box);
	cs = changes();
	ck_ok(change_profile(cs, "a", &p, &e), e);
	snprintf(p->head.description, sizeof(p->head.description), "other");
	ck_ok(change_resolve(cs, &e), e);
	text = change_text(cs, false);
	commit(cs);
	ck_ok(revision_list(box.store, box.arena, p->head.id, &list, &n, &e),
	    e);
	ck_assert_ptr_nonnull(strstr(list[0].content, "\"other\""));
	ck_assert_ptr_nonnull(strstr(text, list[0].content));
}
END_TEST

START_TEST(a_stored_set_is_checked)
{
	static const char *const bad[] = { "{}", "[{}]",
	    "[{\"type\":\"network\"}]", "[{\"type\":\"moon\",\"id\":\"x\"}]",
	    "[{\"type\":\"network\",\"id\":\"x\",\"content\":7}]",
	    "[{\"type\":\"network\",\"id\":\"x\"}]",
	    "[{\"type\":\"network\",\"id\":\"x\",\"content\":{\"moon\":1}}]",
	    "[{\"type\":\"slot\",\"id\":\"0\",\"content\":[]}]" };
	struct change_set *cs = changes();
	json_t *j;

	ck_ok(json_read(bad[_i], strlen(bad[_i]), 999, &j, &e), e);
	ck_fails(change_from_json(cs, j, &e), e, ERR_MALFORMED);
	json_decref(j);
}
END_TEST

/* ---- the diff ---- */

static void
expect_diff(struct change_set *cs, const char *want)
{
	json_t *d, *w;
	char *text;

	ck_ok(change_resolve(cs, &e), e);
	d = change_diff(cs);
	ck_ok(json_read(want, strlen(want), 65536, &w, &e), e);
	text = json_text(d);
	ck_assert_msg(json_equal(d, w), "%s", text);
	free(text);
	json_decref(d);
	json_decref(w);
}

START_TEST(a_diff_says_it_in_rows)
{
	struct change_set *cs = changes();
	struct profile *p;
	struct slot *slot;
	struct port *port;

	furnish_world(&box);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	p->slot = 7;
	profile_remove_device(p, &p->devices[2]);
	furnish_fill(cs, &field_vnic, "{\"mtu\":9000}", &p->devices[0]);
	(void)furnish_device(cs, p, DEVICE_VNIC, "{\"name\":\"net1\","
	    "\"networks\":[\"prod\"],\"mac\":\"021018000001\"}");
	ck_ok(change_slot(cs, 7, &slot, &e), e);
	slot->is_spare = true;
	ck_ok(change_port(cs, "io1/2", &port, &e), e);
	port->reserve_pct = 10;
	expect_diff(cs, "["
	    "{\"op\":\"remove\",\"type\":\"vdas\",\"name\":\"das0\",\"of\":\"a\",\"fields\":["
	    "{\"name\":\"name\",\"before\":\"das0\",\"after\":null},"
	    "{\"name\":\"order\",\"before\":2,\"after\":null},"
	    "{\"name\":\"virtualDisks\",\"before\":[{\"name\":\"boot\",\"raid\":\"RAID1\",\"capacityMiB\":1024,\"access\":\"exclusive\",\"boot\":false}],\"after\":null}]},"
	    "{\"op\":\"change\",\"type\":\"vnic\",\"name\":\"net0\",\"of\":\"a\",\"fields\":["
	    "{\"name\":\"mtu\",\"before\":1500,\"after\":9000}]},"
	    "{\"op\":\"add\",\"type\":\"vnic\",\"name\":\"net1\",\"of\":\"a\",\"fields\":["
	    "{\"name\":\"name\",\"before\":null,\"after\":\"net1\"},"
	    "{\"name\":\"order\",\"before\":null,\"after\":2},"
	    "{\"name\":\"mac\",\"before\":null,\"after\":\"02:10:18:00:00:01\"},"
	    "{\"name\":\"macSource\",\"before\":null,\"after\":\"static\"},"
	    "{\"name\":\"networks\",\"before\":null,\"after\":[\"prod\"]},"
	    "{\"name\":\"native\",\"before\":null,\"after\":\"prod\"},"
	    "{\"name\":\"mtu\",\"before\":null,\"after\":1500},"
	    "{\"name\":\"spoofCheck\",\"before\":null,\"after\":true}]},"
	    "{\"op\":\"change\",\"type\":\"assignment\",\"name\":\"a\",\"of\":null,\"fields\":["
	    "{\"name\":\"slot\",\"before\":3,\"after\":7}]},"
	    "{\"op\":\"change\",\"type\":\"slot\",\"name\":\"7\",\"of\":null,\"fields\":["
	    "{\"name\":\"isSpare\",\"before\":false,\"after\":true}]},"
	    "{\"op\":\"change\",\"type\":\"port\",\"name\":\"io1/2\",\"of\":null,\"fields\":["
	    "{\"name\":\"reservePct\",\"before\":0,\"after\":10}]}]");
}
END_TEST

/* ---- every failure of a commit ---- */

START_TEST(nothing_is_half_written)
{
	bool fired = true;
	unsigned n;

	furnish_world(&box);
	for (n = 1; fired; n++) {
		char *before = furnish_picture(&box), *after;
		int64_t rows = scratch_count(&box,
		    "SELECT count(*) + total(state) FROM identity");
		struct change_set *cs = changes();
		int rc;

		undo_make(cs);
		undo_edit(cs);
		ck_ok(change_remove(cs, OBJ_PROFILE, "b", &e), e);
		fault_arm(n);
		rc = scratch_commit(&box, cs, &e);
		fired = fault_fired();
		fault_arm(0);
		if (fired) {
			ck_assert_int_lt(rc, 0);
			after = furnish_picture(&box);
			ck_assert_str_eq(before, after);
			ck_assert_int_eq(scratch_count(&box, "SELECT count(*) +"
			    " total(state) FROM identity"), rows);
			ck_assert(!store_in_transaction(box.store));
			free(after);
		} else {
			ck_assert_int_eq(rc, 0);
		}
		free(before);
		ck_assert_uint_lt(n, 5000);
	}
	ck_assert_uint_gt(n, 60);
	ck_assert_int_eq(scratch_count(&box, "PRAGMA foreign_key_check"), -1);
}
END_TEST

SUITE("change_undo")
{
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_loop_test(tc, the_inverse_leads_back, 0, N_ROWS(undos));
	tcase_add_test(tc, a_text_follows_every_edit);
	tcase_add_test(tc, a_revision_is_the_content);
	tcase_add_loop_test(tc, a_stored_set_is_checked, 0, 8);
	tcase_add_test(tc, a_diff_says_it_in_rows);
	tcase_add_test(tc, nothing_is_half_written);
}
