/* test_view.c -- a view is built from records, checked, indexed and shared. */
#include "appliance/engine/view.h"
#include "tests/test.h"

static void
give(struct view *v, enum record_kind kind, const struct fabric_record *r)
{
	struct fabric_record copy = *r;

	copy.kind = kind;
	view_take(v, &copy);
}

/* Two slots, one bay, reported backwards. */
static struct view *
small(void)
{
	struct view *v = view_copy(NULL);
	fn_id fn = fn_make(1, 1, FN_VF, 3);

	view_begin(v, SCOPE_ALL, 0);
	give(v, REC_SWITCH, &(struct fabric_record){ .u.sw = { .model = 4,
	    .slots = 2, .bays = 1, .bridges = 32 } });
	give(v, REC_FN, &(struct fabric_record){ .u.fn = { .id = fn,
	    .state = FNS_BOUND } });
	give(v, REC_BRIDGE, &(struct fabric_record){ .u.bridge = { .slot = 2,
	    .bridge = 7, .n = 1, .state = BRIDGE_BOUND, .fn = { fn } } });
	give(v, REC_PORT, &(struct fabric_record){ .u.port = { .bay = 1,
	    .port = 1 } });
	give(v, REC_BAY, &(struct fabric_record){ .u.bay = { .number = 1,
	    .occupied = 1, .vendor = 0x8086, .device = 0x10fb } });
	give(v, REC_SLOT, &(struct fabric_record){ .u.slot = { .number = 2 } });
	give(v, REC_SLOT, &(struct fabric_record){ .u.slot = { .number = 1 } });
	return v;
}

START_TEST(everything_is_found_again)
{
	struct view *v = small();
	struct err e;
	fn_id fn = fn_make(1, 1, FN_VF, 3);

	ck_ok(view_end(v, &e), e);
	ck_assert_uint_eq(view_slot(v, 1)->number, 1);
	ck_assert_uint_eq(view_slot(v, 2)->number, 2);
	ck_assert(view_slot(v, 3) == NULL);
	ck_assert(view_bay(v, 1) != NULL);
	ck_assert(view_port(v, 1, 1) != NULL);
	ck_assert(view_port(v, 1, 2) == NULL);
	ck_assert(view_fn(v, fn) != NULL);
	ck_assert_uint_eq(view_where(v, fn)->bridge, 7);
	ck_assert(view_bridge(v, 2, 7) != NULL);
	ck_assert(view_bridge(v, 2, 8) == NULL);
	ck_assert(view_disk(v, 1, 0) == NULL);
	ck_assert(view_capability(v, 1) == NULL);	/* no files loaded */
	ck_assert_int_eq(view_class(v, 1), CLASS_OTHER);
	view_free(v);
}
END_TEST

/* What hardware reports wrongly is refused. */
static void
twice(struct view *v)
{
	give(v, REC_SLOT, &(struct fabric_record){ .u.slot = { .number = 2 } });
}

static void
too_few(struct view *v)
{
	v->n_slots = 1;
}

static void
wrong_number(struct view *v)
{
	v->slots[0].number = 9;
}

static void
too_many_bays(struct view *v)
{
	v->sw.bays = 3;
}

static void (*const lies[])(struct view *) = {
	twice, too_few, wrong_number, too_many_bays
};

START_TEST(a_lie_is_refused)
{
	struct view *v = small();
	struct err e;

	lies[_i](v);
	ck_fails(view_end(v, &e), e, ERR_DEVICE);
	view_free(v);
}
END_TEST

START_TEST(a_scope_replaces_only_what_it_covers)
{
	struct view *v = small();
	struct err e;

	ck_ok(view_end(v, &e), e);
	view_begin(v, SCOPE_SLOT, 2);
	ck_assert_uint_eq(v->n_slots, 1);
	ck_assert_uint_eq(v->n_bridges, 0);
	ck_assert_uint_eq(v->n_fns, 1);
	view_begin(v, SCOPE_BAY, 1);
	ck_assert_uint_eq(v->n_bays + v->n_ports + v->n_fns, 0);
	view_free(v);
}
END_TEST

START_TEST(many_items_keep_their_order)
{
	struct view *v = view_copy(NULL), *copy;
	struct err e;

	for (unsigned i = 1000; i > 0; i--)
		give(v, REC_SLOT, &(struct fabric_record){ .u.slot = {
		    .number = (uint16_t)i, .change = i } });
	v->sw.slots = 1000;
	ck_ok(view_end(v, &e), e);
	copy = view_copy(v);
	ck_assert(view_equal(v, copy));
	for (unsigned i = 1; i <= 1000; i++)
		ck_assert_uint_eq(view_slot(copy, i)->number, i);
	copy->slots[500].change++;
	ck_assert(!view_equal(v, copy));
	view_free(copy);
	view_free(v);
}
END_TEST

/* Copies have the room that appending relies on, at every size. */
START_TEST(a_copy_grows_like_its_original)
{
	struct view *v = view_copy(NULL), *copy;

	for (unsigned i = 1; i <= 200; i++) {
		struct fabric_record r = { .kind = REC_FN, .u.fn = {
			.id = fn_make(1, 1, FN_VF, i) } };

		view_take(v, &r);
		copy = view_copy(v);
		for (unsigned k = 0; k < 70; k++) {
			r.u.fn.id = fn_make(2, 1, FN_VF, k);
			view_take(copy, &r);
		}
		ck_assert_uint_eq(copy->n_fns, i + 70);
		view_free(copy);
	}
	view_free(v);
}
END_TEST

static int n_told;

static void
told(void *cookie, const struct view *v)
{
	(void)cookie;
	(void)v;
	n_told++;
}

START_TEST(the_box_tells_of_news_and_keeps_what_is_held)
{
	struct view_box box;
	const struct view *held;
	struct view *v = small();

	view_box_init(&box);
	box.changed = told;
	held = view_hold(&box);
	ck_assert_int_eq(held->state, VIEW_STARTING);
	v->number = 1;
	v->state = VIEW_OK;
	view_publish(&box, v);
	ck_assert_int_eq(n_told, 1);
	v = view_copy(v);			/* same number: no news */
	view_publish(&box, v);
	ck_assert_int_eq(n_told, 1);
	ck_assert_uint_eq(held->n_slots, 0);	/* still what it was */
	view_drop(&box, held);
	view_box_close(&box);
}
END_TEST

/* What is left on a card: neither had by a server, nor blank and free. */
START_TEST(what_is_loose_is_listed)
{
	static const struct {
		uint8_t state, blank;
		bool loose;
	} fns[] = { { FNS_FREE, 1, false }, { FNS_FREE, 0, true },
		{ FNS_BOUND, 0, false }, { FNS_FAILED, 0, true },
		{ FNS_SCRUBBING, 1, true }, { FNS_PREPARING, 0, true } };
	struct view *v = small(), *copy;
	struct err e;
	size_t n = 0;

	for (unsigned i = 0; i < 200; i++)
		give(v, REC_FN, &(struct fabric_record){ .u.fn = {
		    .id = fn_make(1, 1, FN_VF, 10 + i),
		    .state = fns[i % N_ROWS(fns)].state,
		    .blank = fns[i % N_ROWS(fns)].blank } });
	ck_ok(view_end(v, &e), e);
	copy = view_copy(v);
	ck_ok(view_end(copy, &e), e);
	for (unsigned i = 0; i < 200; i++)
		if (fns[i % N_ROWS(fns)].loose)
			ck_assert_uint_eq(copy->loose[n++],
			    fn_make(1, 1, FN_VF, 10 + i));
	ck_assert_uint_eq(copy->n_loose, n);
	ck_assert_uint_eq(v->n_loose, n);
	ck_assert(!view_gone(v, 1));
	v->gone[0] |= 1U << 1;
	ck_assert(view_gone(v, 1) && !view_gone(copy, 1));
	view_free(copy);
	view_free(v);
}
END_TEST

SUITE("view")
{
	tcase_add_test(tc, everything_is_found_again);
	tcase_add_loop_test(tc, a_lie_is_refused, 0, N_ROWS(lies));
	tcase_add_test(tc, a_scope_replaces_only_what_it_covers);
	tcase_add_test(tc, what_is_loose_is_listed);
	tcase_add_test(tc, many_items_keep_their_order);
	tcase_add_test(tc, a_copy_grows_like_its_original);
	tcase_add_test(tc, the_box_tells_of_news_and_keeps_what_is_held);
}
