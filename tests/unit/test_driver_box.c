/*
 * test_driver_box.c -- the contract of driver.h, for every driver and every way to
 * reach the hardware: slots, modules, disks, events, errors; and
 * what fabric.c does alone.
 *
 * A rule is a function that gets a world; the loop index is rule * WAY_N + way.
 */
#include "switchmgr/driver.h"
#include "tests/test.h"
#include "tests/unit/support_faulty.h"
#include "tests/unit/support_world.h"

/* ---- slots, modules, disks ---- */

static void
controls_are_read_back(struct world *w)
{
	struct seen s = { .want_slot = 2, .want_bay = 1, .want_port = 2 };

	ck_ok(fabric_slot_ctl(w->f, next_tag(w), 2, CTL_DISABLE, &w->e), w->e);
	ck_ok(fabric_slot_ctl(w->f, next_tag(w), 2, CTL_LOCATE_ON, &w->e), w->e);
	ck_ok(fabric_module_ctl(w->f, next_tag(w), 1, 2, CTL_DISABLE, 0, &w->e),
	    w->e);
	ck_ok(fabric_module_ctl(w->f, next_tag(w), 1, 2, CTL_FORWARDING, 2,
	    &w->e), w->e);
	ck_ok(fabric_module_ctl(w->f, next_tag(w), 1, 0, CTL_LOCATE_ON, 0, &w->e),
	    w->e);
	look(w, &s);
	ck_assert_uint_eq(s.slot.enabled, 0);
	ck_assert_uint_eq(s.slot.link, 0);
	ck_assert_uint_eq(s.slot.locate, 1);
	ck_assert_uint_eq(s.port.enabled, 0);
	ck_assert_uint_eq(s.port.forwarding, 2);
	ck_assert_uint_eq(s.bay.locate, 1);
	ck_ok(fabric_slot_ctl(w->f, next_tag(w), 2, CTL_ENABLE, &w->e), w->e);
	ck_ok(fabric_slot_ctl(w->f, next_tag(w), 2, CTL_LOCATE_OFF, &w->e), w->e);
	look(w, &s);
	ck_assert_uint_eq(s.slot.enabled, 1);
	ck_assert_uint_eq(s.slot.locate, 0);
}

static void
a_disabled_slot_takes_nothing(struct world *w)
{
	fn_id fn = NIC(0);

	ck_ok(fabric_slot_ctl(w->f, next_tag(w), 2, CTL_DISABLE, &w->e), w->e);
	ck_fails(fabric_bind(w->f, next_tag(w), 2, 0, 1, &fn, &w->e), w->e,
	    ERR_DEVICE);
	ck_assert_ptr_nonnull(strstr(w->e.msg, "disabled"));
	ck_assert_uint_eq(bridge_at(w, 2, 0).n, 0);
}

static void
a_module_without_power_has_no_functions(struct world *w)
{
	struct personality p = nic(0);
	struct seen s = { .want_bay = 1 };

	prepare(w, NIC(0), &p);
	bind_one(w, 1, 0, NIC(0));
	ck_ok(fabric_module_ctl(w->f, next_tag(w), 1, 0, CTL_DISABLE, 0, &w->e),
	    w->e);
	look(w, &s);
	ck_assert_uint_eq(s.bay.power, 0);
	ck_assert_uint_eq(s.n[REC_FN], 128 + 17);
	ck_fails(fabric_prepare(w->f, next_tag(w), NIC(0), &p, &w->e), w->e,
	    ERR_DEVICE);
	ck_ok(fabric_module_ctl(w->f, next_tag(w), 1, 0, CTL_ENABLE, 0, &w->e),
	    w->e);
	ck_assert(has_persona(w, NIC(0), &p));
}

static void
a_pulled_module_is_noticed(struct world *w)
{
	struct personality p = nic(4);
	struct seen s = { .want_bay = 1, .want_slot = 1, .want_bridge = 0 };

	prepare(w, NIC(4), &p);
	bind_one(w, 1, 0, NIC(4));
	look(w, &s);
	support_chassis_do(&w->box, "pull bay 1");
	look(w, &s);
	ck_assert_uint_eq(s.bay.occupied, 0);
	ck_assert_uint_eq(s.n[REC_FN], 128 + 17);
	ck_assert_uint_eq(s.bridge.presence, 0);
	ck_assert_uint_eq(s.bridge.fn[0], NIC(4));
	ck_fails(fabric_prepare(w->f, next_tag(w), NIC(4), &p, &w->e), w->e,
	    ERR_DEVICE);
	release(w, 1, 0);
	/* Into the bay that was empty: it is found there, as it was. */
	support_chassis_do(&w->box, "insert bay 4 X520-SR2 N1");
	ck_assert(has_persona(w, fn_make(4, 1, FN_VF, 4), &p));
	bind_one(w, 1, 0, fn_make(4, 1, FN_VF, 4));
	/* Another one in the old bay has functions of the same names. */
	support_chassis_do(&w->box, "insert bay 1 X520-SR2 N2");
	ck_assert_uint_eq(fn_now(w, NIC(4)).blank, 1);
}

static void
another_card_in_the_bay_is_another_card(struct world *w)
{
	struct seen s = { .want_bay = 1, .want_fn = fn_make(1, 1, FN_VD, 15) };

	look(w, &s);
	support_chassis_do(&w->box, "pull bay 1");
	support_chassis_do(&w->box, "insert bay 1 9260-4i R2");
	look(w, &s);
	ck_assert_str_eq(s.bay.serial, "R2");
	ck_assert_uint_eq(s.n[REC_FN], 128 + 17 + 17);
	ck_assert_uint_eq(s.n[REC_PORT], 2 + 1 + 1);
	ck_assert_uint_eq(s.fn.id, s.want_fn);
}

static void
disks_come_and_go(struct world *w)
{
	struct personality p = { .kind = PERSONA_RAID, .n_disks = 1,
		.disks = { 5 } };
	struct seen s = { .want_disk = 5 };

	ck_ok(fabric_disk_make(w->f, next_tag(w), 3, 5, 1, 2048, &w->e), w->e);
	look(w, &s);
	ck_assert_uint_eq(s.n[REC_DISK], 1);
	ck_assert_uint_eq(s.disk.state, DISK_OPTIMAL);
	ck_assert_uint_eq(s.disk.mib, 2048);
	prepare(w, RAID(2), &p);
	look(w, &s);
	ck_assert_uint_eq(s.disk.shown, 1u << 2);
	ck_fails(fabric_disk_destroy(w->f, next_tag(w), 3, 5, &w->e), w->e,
	    ERR_DEVICE);
	ck_assert_ptr_nonnull(strstr(w->e.msg, "shown"));
	ck_ok(fabric_scrub(w->f, next_tag(w), RAID(2), &w->e), w->e);
	ck_ok(fabric_disk_destroy(w->f, next_tag(w), 3, 5, &w->e), w->e);
	look(w, &s);
	ck_assert_uint_eq(s.disk.state, DISK_ABSENT);
	ck_fails(fabric_disk_make(w->f, next_tag(w), 3, 5, 1, 200000000, &w->e),
	    w->e, ERR_DEVICE);
	ck_assert_ptr_nonnull(strstr(w->e.msg, "room"));
}

static void
resets_reach_what_they_name(struct world *w)
{
	struct personality p = nic(0);

	prepare(w, NIC(0), &p);
	bind_one(w, 1, 0, NIC(0));
	ck_ok(fabric_reset(w->f, next_tag(w), SCOPE_FN, NIC(0), &w->e), w->e);
	ck_assert_uint_eq(fn_now(w, NIC(0)).persona.mac, p.mac);
	ck_ok(fabric_reset(w->f, next_tag(w), SCOPE_SLOT, 1, &w->e), w->e);
	ck_assert_uint_eq(bridge_at(w, 1, 0).presence, 1);
	ck_ok(fabric_reset(w->f, next_tag(w), SCOPE_BAY, 1, &w->e), w->e);
	ck_assert_uint_eq(fn_now(w, NIC(0)).blank, 1);
	ck_assert_uint_eq(bridge_at(w, 1, 0).presence, 0);
}

/* ---- events ---- */

/* How many of a kind come until the queue is empty. */
static unsigned
drain(struct world *w, enum fabric_event_kind kind)
{
	struct fabric_event ev;
	unsigned n = 0, all = 0;
	int rc;

	while ((rc = fabric_next_event(w->f, &ev, &w->e)) == 1) {
		ck_assert_uint_ne(ev.kind, FEV_NONE);
		ck_assert_uint_lt(++all, 1000);
		n += ev.kind == kind;
	}
	ck_ok(rc, w->e);
	return n;
}

static void
events_tell_what_changed(struct world *w)
{
	(void)drain(w, FEV_NONE);
	bind_one(w, 1, 0, NIC(0));
	ck_assert_uint_ge(drain(w, FEV_BRIDGE), 1);
	support_chassis_do(&w->box, "unplug slot 1");
	ck_assert_uint_ge(drain(w, FEV_SLOT), 1);
	support_chassis_do(&w->box, "pull bay 2");
	ck_assert_uint_ge(drain(w, FEV_BAY), 1);
	ck_assert_uint_eq(drain(w, FEV_RESYNC), 0);
}

static void
lost_events_are_told(struct world *w)
{
	(void)drain(w, FEV_NONE);
	support_chassis_do(&w->box, "fault event overflow 1");
	bind_one(w, 1, 0, NIC(0));
	ck_assert_uint_eq(drain(w, FEV_RESYNC), 1);
	ck_assert_uint_eq(drain(w, FEV_RESYNC), 0);
	for (unsigned i = 0; i < 70; i++)
		support_chassis_do(&w->box, "%s slot 2", i % 2 == 0 ? "unplug" :
		    "plug");
	ck_assert_uint_eq(drain(w, FEV_RESYNC), 1);
}

static void
a_power_cycle_is_a_new_world(struct world *w)
{
	struct personality p = nic(0);
	struct seen s = { .want_fn = NIC(0), .want_slot = 1 };
	uint32_t boots;

	prepare(w, NIC(0), &p);
	bind_one(w, 1, 0, NIC(0));
	look(w, &s);
	boots = s.sw.boots;
	(void)drain(w, FEV_NONE);
	support_chassis_do(&w->box, "reset");
	ck_fails(fabric_health(w->f, &w->e), w->e, ERR_UNAVAILABLE);
	ck_fails(fabric_observe(w->f, SCOPE_ALL, 0, see, &s, &w->e), w->e,
	    ERR_UNAVAILABLE);
	ck_fails(change_something(w, 4, next_tag(w)), w->e, ERR_UNAVAILABLE);
	support_chassis_pass(&w->box, 1000);
	look(w, &s);
	ck_assert_uint_ne(s.sw.boots, boots);
	ck_assert_uint_eq(s.bridge.n, 0);
	ck_assert_uint_eq(s.fn.blank, 1);
	ck_assert_uint_ge(drain(w, FEV_RESYNC), 1);
	bind_one(w, 1, 0, NIC(0));
}

/* ---- errors ---- */

static void
what_does_not_exist_is_refused(struct world *w)
{
	struct personality p = nic(0);
	fn_id none = fn_make(1, 1, FN_VF, 63), empty = fn_make(4, 1, FN_VF, 0);
	fn_id fn = NIC(0);
	struct seen s = { 0 };

	ck_fails(fabric_bind(w->f, next_tag(w), 5, 0, 1, &fn, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 8, 1, &fn, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 1, &none, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_unbind(w->f, next_tag(w), 1, 8, RELEASE_SURPRISE, &w->e),
	    w->e, ERR_DEVICE);
	ck_fails(fabric_prepare(w->f, next_tag(w), none, &p, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_prepare(w->f, next_tag(w), empty, &p, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_scrub(w->f, next_tag(w), empty, &w->e), w->e, ERR_DEVICE);
	ck_fails(fabric_slot_ctl(w->f, next_tag(w), 5, CTL_ENABLE, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_module_ctl(w->f, next_tag(w), 5, 0, CTL_ENABLE, 0, &w->e),
	    w->e, ERR_DEVICE);
	ck_fails(fabric_module_ctl(w->f, next_tag(w), 1, 3, CTL_ENABLE, 0, &w->e),
	    w->e, ERR_DEVICE);
	ck_fails(fabric_reset(w->f, next_tag(w), SCOPE_BAY, 4, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_disk_make(w->f, next_tag(w), 3, 64, 1, 1, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_disk_make(w->f, next_tag(w), 1, 0, 1, 1, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_observe(w->f, SCOPE_SLOT, 5, see, &s, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_observe(w->f, SCOPE_BAY, 5, see, &s, &w->e), w->e,
	    ERR_DEVICE);
	ck_fails(fabric_observe(w->f, SCOPE_FN, none, see, &s, &w->e), w->e,
	    ERR_DEVICE);
	support_chassis_do(&w->box, "unplug slot 1");
	ck_ok(fabric_health(w->f, &w->e), w->e);
}

/* Whatever the hardware answers, what is observed afterwards is the truth. */
static void
an_error_leaves_the_truth(struct world *w)
{
	fn_id fn = NIC(0);
	struct fabric_bridge b;

	support_chassis_do(&w->box, "fault bind error before");
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 1, &fn, &w->e), w->e,
	    ERR_DEVICE);
	b = bridge_at(w, 1, 0);
	ck_assert_uint_eq(b.n, 0);
	ck_assert_uint_eq(b.error, FERR_INTERNAL);
	ck_assert_uint_eq(b.op, w->op);
	support_chassis_do(&w->box, "fault bind error after");
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 1, &fn, &w->e), w->e,
	    ERR_DEVICE);
	ck_assert_uint_eq(bridge_at(w, 1, 0).n, 1);
	bind_one(w, 1, 0, fn);
	support_chassis_do(&w->box, "fault prepare error before");
	{
		struct personality p = nic(0);

		ck_fails(fabric_prepare(w->f, next_tag(w), fn, &p, &w->e), w->e,
		    ERR_DEVICE);
		ck_assert_uint_eq(fn_now(w, fn).persona.mac, 0);
		prepare(w, fn, &p);
	}
}

/* A verb that hangs is superseded by the next one. */
static void
a_hanging_verb_can_be_left(struct world *w)
{
	struct fabric_tag tag = next_tag(w);
	fn_id fn = NIC(0);

	support_chassis_do(&w->box, "fault bind timeout before");
	ck_assert_int_eq(fabric_bind(w->f, tag, 1, 0, 1, &fn, &w->e),
	    FABRIC_PENDING);
	support_chassis_pass(&w->box, 500);
	ck_assert_int_eq(fabric_bind(w->f, tag, 1, 0, 1, &fn, &w->e),
	    FABRIC_PENDING);
	release(w, 1, 0);
	bind_one(w, 1, 0, fn);
}

static void
no_more_verbs_than_the_switch_takes(struct world *w)
{
	fn_id fn;

	support_chassis_do(&w->box, "delay bind 300");
	for (unsigned i = 0; i < 4; i++) {
		fn = NIC(i);
		ck_assert_int_eq(fabric_bind(w->f, next_tag(w), 1, i, 1, &fn,
		    &w->e), FABRIC_PENDING);
	}
	fn = NIC(4);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 4, 1, &fn, &w->e), w->e,
	    ERR_BUSY);
	support_chassis_pass(&w->box, 400);
	ck_assert_int_eq(fabric_bind(w->f, next_tag(w), 1, 4, 1, &fn, &w->e),
	    FABRIC_PENDING);
}

/* What fabric.c refuses never gets as far as a driver; over the wire neither. */
static void
nonsense_is_refused_before_the_driver(struct world *w)
{
	struct personality p = nic(0);
	fn_id twice[2] = { NIC(0), NIC(0) }, bad = 1;
	struct fabric_tag none = { 1, 0 };

	forget_log(w);
	ck_fails(fabric_prepare(w->f, none, NIC(0), &p, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_prepare(w->f, next_tag(w), bad, &p, &w->e), w->e,
	    ERR_MALFORMED);
	p.n_vlans = FABRIC_VLANS + 1;
	ck_fails(fabric_prepare(w->f, next_tag(w), NIC(0), &p, &w->e), w->e,
	    ERR_MALFORMED);
	p = nic(0);
	p.vlans[1] = p.vlans[0];
	ck_fails(fabric_prepare(w->f, next_tag(w), NIC(0), &p, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_bind(w->f, next_tag(w), 0, 0, 1, twice, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 256, 1, twice, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 2, twice, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 0, twice, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 9, twice, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_unbind(w->f, next_tag(w), 1, 0, (enum fabric_release)2,
	    &w->e), w->e, ERR_MALFORMED);
	ck_fails(fabric_slot_ctl(w->f, next_tag(w), 1, CTL_FORWARDING, &w->e),
	    w->e, ERR_MALFORMED);
	ck_fails(fabric_slot_ctl(w->f, next_tag(w), 1, (enum fabric_ctl)0, &w->e),
	    w->e, ERR_MALFORMED);
	ck_fails(fabric_module_ctl(w->f, next_tag(w), 1, 1, CTL_LOCATE_ON, 0,
	    &w->e), w->e, ERR_MALFORMED);
	ck_fails(fabric_module_ctl(w->f, next_tag(w), 1, 1, CTL_FORWARDING, 3,
	    &w->e), w->e, ERR_MALFORMED);
	ck_fails(fabric_reset(w->f, next_tag(w), SCOPE_ALL, 0, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_disk_make(w->f, next_tag(w), 3, 0, 7, 1, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_disk_make(w->f, next_tag(w), 3, 0, 1, 0, &w->e), w->e,
	    ERR_MALFORMED);
	ck_fails(fabric_observe(w->f, (enum fabric_scope)9, 0, see, NULL, &w->e),
	    w->e, ERR_MALFORMED);
	ck_assert_uint_eq(support_chassis_logged(&w->box), 0);
}

/* ---- the table ---- */

static const struct rule rules[] = {
	RULE(controls_are_read_back),
	RULE(a_disabled_slot_takes_nothing),
	RULE(a_module_without_power_has_no_functions),
	RULE(a_pulled_module_is_noticed),
	RULE(another_card_in_the_bay_is_another_card),
	RULE(disks_come_and_go),
	RULE(resets_reach_what_they_name),
	RULE(events_tell_what_changed),
	RULE(lost_events_are_told),
	RULE(a_power_cycle_is_a_new_world),
	RULE(what_does_not_exist_is_refused),
	RULE(an_error_leaves_the_truth),
	RULE(a_hanging_verb_can_be_left),
	RULE(no_more_verbs_than_the_switch_takes),
	RULE(nonsense_is_refused_before_the_driver),
};

START_TEST(a_rule)
{
	rule_run(rules, _i);
}
END_TEST

/* ---- fabric.c alone ---- */

static void
close_bare(struct fabric *f)
{
	(void)f;
}

static const struct fabric_driver bare_driver = {
	.name = "bare", .summary = "can nothing", .close = close_bare,
};

/* A null member means "cannot". */
START_TEST(what_a_driver_lacks_is_unsupported)
{
	struct fabric bare = { &bare_driver };
	struct world w = { .f = &bare, .term = 1 };
	struct seen s = { 0 };
	struct fabric_event ev;

	for (unsigned verb = 0; verb < N_CHANGES; verb++)
		ck_fails(change_something(&w, verb, next_tag(&w)), w.e,
		    ERR_UNSUPPORTED);
	ck_fails(fabric_observe(w.f, SCOPE_ALL, 0, see, &s, &w.e), w.e,
	    ERR_UNSUPPORTED);
	ck_fails(fabric_next_event(w.f, &ev, &w.e), w.e, ERR_UNSUPPORTED);
	ck_fails(fabric_caps(w.f, &s.sw, &w.e), w.e, ERR_UNSUPPORTED);
	ck_fails(fabric_health(w.f, &w.e), w.e, ERR_UNSUPPORTED);
	fabric_close(w.f);
	fabric_close(NULL);
}
END_TEST

static const struct {
	const char *uri;
	enum err_code want;
} uris[] = {
	{ "", ERR_MALFORMED }, { "mriov", ERR_MALFORMED },
	{ "mriov:", ERR_MALFORMED }, { ":x", ERR_UNSUPPORTED },
	{ "mrio:unix=x", ERR_UNSUPPORTED }, { "mriov2:unix=x", ERR_UNSUPPORTED },
	{ "mriov:tcp=x", ERR_MALFORMED },
	{ "mriov:unix=no-such-socket", ERR_UNAVAILABLE },
};

START_TEST(a_uri)
{
	struct err e = { 0 };

	ck_assert_ptr_null(fabric_open(uris[_i].uri, &e));
	ck_assert_str_eq(err_slug(e.code), err_slug(uris[_i].want));
}
END_TEST

START_TEST(every_error_has_its_words)
{
	for (unsigned i = 0; i < FERR_N; i++)
		ck_assert_str_ne(fabric_error_words((enum fabric_error)i), "");
	ck_assert_str_eq(fabric_error_words(FERR_N), "unknown error");
}
END_TEST

/* The test-only row, with a driver around another. */
START_TEST(a_driver_of_a_test)
{
	struct err e;
	struct fabric *f;

	ck_assert_ptr_null(fabric_open("faulty:remote:no-such-socket", &e));
	support_faulty_add();
	f = fabric_open("faulty:remote:no-such-socket", &e);
	ck_assert_ptr_nonnull(f);
	support_faulty_arm(f, 1, false);
	ck_fails(fabric_health(f, &e), e, ERR_UNAVAILABLE);
	ck_assert(support_faulty_fired(f));
	fabric_close(f);
	fabric_driver_add(NULL);
	ck_assert_ptr_null(fabric_open("faulty:remote:no-such-socket", &e));
}
END_TEST

/* An absent far side is an answer, not a crash, and may come back. */
START_TEST(an_absent_switch_manager)
{
	struct err e;
	struct fabric *f = fabric_open("remote:no-such-socket", &e);

	ck_assert_ptr_nonnull(f);
	for (unsigned i = 0; i < 3; i++)
		ck_fails(fabric_health(f, &e), e, ERR_UNAVAILABLE);
	fabric_close(f);
}
END_TEST

SUITE("driver_box")
{
	tcase_add_loop_test(tc, a_rule, 0, N_ROWS(rules) * WAY_N);
	tcase_add_test(tc, what_a_driver_lacks_is_unsupported);
	tcase_add_loop_test(tc, a_uri, 0, N_ROWS(uris));
	tcase_add_test(tc, every_error_has_its_words);
	tcase_add_test(tc, an_absent_switch_manager);
	tcase_add_test(tc, a_driver_of_a_test);
}
