/* Classes of service: what a vNIC does not say, its class says. */
#include <stdio.h>
#include <string.h>

#include "tests/test.h"
#include "tests/unit/support_furnish.h"

static struct scratch box;
static struct err e;

static struct change_set *
changes(void)
{
	static uint64_t seed = 1;

	return scratch_changes(&box, seed++);
}

/* Profiles a and b; net0 of a names the class. */
static void
set_up(void)
{
	struct change_set *cs;
	struct qos_class *c;
	struct profile *p;

	scratch_new(&box);
	furnish_world(&box);
	cs = changes();
	c = change_make_class(cs);
	scratch_name(c->head.name, "gold");
	c->limit_mbps = 4000;
	c->pcp = 3;
	ck_ok(change_profile(cs, "a", &p, &e), e);
	memcpy(p->devices[0].qos_class, c->head.id, ID_TEXT);
	ck_ok(scratch_commit(&box, cs, &e), e);
}

static void
tear_down(void)
{
	scratch_free(&box);
}

static const struct device *
net0(void)
{
	return &furnish_load(&box, "a")->devices[0];
}

START_TEST(its_word_holds_where_the_vnic_has_none)
{
	struct change_set *cs = changes();
	struct profile *p;

	ck_assert_uint_eq(net0()->limit_mbps, 4000);
	ck_assert_uint_eq(net0()->own.limit_mbps, 0);
	ck_assert_uint_eq(net0()->guarantee_mbps, 0);
	ck_assert_uint_eq(net0()->pcp, 3);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	p->devices[0].own.limit_mbps = 1000;
	p->devices[0].own.guarantee_mbps = 500;
	ck_ok(scratch_commit(&box, cs, &e), e);
	ck_assert_uint_eq(net0()->limit_mbps, 1000);
	ck_assert_uint_eq(net0()->guarantee_mbps, 500);
	ck_assert_uint_eq(net0()->pcp, 3);
}
END_TEST

/* And back again by the inverse, for every vNIC. */
START_TEST(its_change_is_that_of_its_vnics)
{
	struct change_set *cs = changes();
	struct qos_class *c;
	const char *inverse;
	json_t *list;

	ck_ok(change_class(cs, "GOLD", &c, &e), e);
	c->limit_mbps = 3000;
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 2);
	ck_assert_int_eq(cs->items[1].type, OBJ_PROFILE);
	inverse = change_text(cs, true);
	ck_ok(scratch_commit(&box, cs, &e), e);
	ck_assert_uint_eq(net0()->limit_mbps, 3000);
	ck_assert_int_eq(furnish_load(&box, "b")->head.revision, 1);
	cs = changes();
	ck_ok(json_read(inverse, strlen(inverse), 1 << 20, &list, &e), e);
	ck_ok(change_from_json(cs, list, &e), e);
	json_decref(list);
	ck_ok(scratch_commit(&box, cs, &e), e);
	ck_assert_uint_eq(net0()->limit_mbps, 4000);
}
END_TEST

START_TEST(what_touches_no_vnic_stays_its_own)
{
	struct change_set *cs = changes();
	struct qos_class *c;

	ck_ok(change_class(cs, "gold", &c, &e), e);
	c->weight = 9;
	scratch_name(c->head.name, "silver");
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 1);
	ck_ok(scratch_commit(&box, cs, &e), e);
	ck_assert_uint_eq(net0()->limit_mbps, 4000);
}
END_TEST

/* Sums are made by the store: they count what holds. */
START_TEST(a_sum_counts_what_holds)
{
	struct change_set *cs = changes();
	struct placement *list;
	struct qos_class *c;
	size_t n, i = 0;

	ck_ok(change_class(cs, "gold", &c, &e), e);
	c->guarantee_mbps = 700;
	ck_ok(scratch_commit(&box, cs, &e), e);
	ck_ok(placement_list(box.store, box.arena, &list, &n, &e), e);
	while (i < n && list[i].fn != net0()->placed)
		i++;
	ck_assert_uint_lt(i, n);
	ck_assert_uint_eq(list[i].guarantee_mbps, 700);
	ck_assert_uint_eq(list[i].limit_mbps, 4000);
}
END_TEST

START_TEST(it_goes_when_nothing_names_it)
{
	struct change_set *cs = changes();
	struct profile *p;
	int64_t n;

	ck_ok(object_used_by(box.store, OBJ_CLASS,
	    net0()->qos_class, &n, &e), e);
	ck_assert_int_eq(n, 1);
	ck_ok(change_profile(cs, "a", &p, &e), e);
	p->devices[0].qos_class[0] = '\0';
	ck_ok(change_remove(cs, OBJ_CLASS, "gold", &e), e);
	ck_ok(scratch_commit(&box, cs, &e), e);
	ck_assert_uint_eq(net0()->limit_mbps, 0);
	ck_assert_uint_eq(net0()->pcp, 0);
}
END_TEST

SUITE("class")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, its_word_holds_where_the_vnic_has_none);
	tcase_add_test(tc, its_change_is_that_of_its_vnics);
	tcase_add_test(tc, what_touches_no_vnic_stays_its_own);
	tcase_add_test(tc, a_sum_counts_what_holds);
	tcase_add_test(tc, it_goes_when_nothing_names_it);
}
