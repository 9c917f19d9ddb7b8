/*
 * test_driver.c -- the contract of driver.h, for every driver and every way to
 * reach the hardware: what is bound where, terms, what takes long,
 * and every failure visited.
 *
 * A rule is a function that gets a world; the loop index is rule * WAY_N + way.
 */
#include "switchmgr/driver.h"
#include "tests/test.h"
#include "tests/unit/support_faulty.h"
#include "tests/unit/support_world.h"

/* ---- looking, preparing, binding ---- */

static void
the_limits_are_told(struct world *w)
{
	struct fabric_switch sw;

	ck_ok(fabric_health(w->f, &w->e), w->e);
	ck_ok(fabric_caps(w->f, &sw, &w->e), w->e);
	ck_assert_uint_eq(sw.model, 7);
	ck_assert_uint_eq(sw.slots, 4);
	ck_assert_uint_eq(sw.bays, 4);
	ck_assert_uint_eq(sw.bridges, 8);
	ck_assert_uint_eq(sw.parallel, 4);
	ck_assert_uint_eq(sw.release_ms, 1000);
	ck_assert_uint_eq(sw.term, 0);
}

static void
observing_tells_everything(struct world *w)
{
	struct seen s = { .want_slot = 2, .want_bay = 1, .want_port = 2,
		.want_fn = NIC(62) };

	look(w, &s);
	ck_assert_uint_eq(s.n[REC_SWITCH], 1);
	ck_assert_uint_eq(s.n[REC_SLOT], 4);
	ck_assert_uint_eq(s.n[REC_BRIDGE], 0);
	ck_assert_uint_eq(s.n[REC_BAY], 4);
	ck_assert_uint_eq(s.n[REC_PORT], 5);
	ck_assert_uint_eq(s.n[REC_FN], 128 + 128 + 17);
	ck_assert_uint_eq(s.n[REC_DISK], 0);
	ck_assert_str_eq(s.slot.serial, "SRV-2");
	ck_assert_uint_eq(s.bay.vendor, 0x8086);
	ck_assert_uint_eq(s.bay.device, 0x10fb);
	ck_assert_str_eq(s.bay.serial, "N1");
	ck_assert_uint_eq(s.port.cap_mbps, 10000);
	ck_assert_uint_eq(s.port.address, UINT64_C(0x001b21000011));
	ck_assert_uint_eq(s.fn.device, 0x10ed);
	ck_assert_uint_eq(s.fn.blank, 1);
}

static void
a_scope_tells_its_part(struct world *w)
{
	struct seen s = { .want_slot = 3, .want_bay = 3, .want_fn = HBA(5) };

	bind_one(w, 3, 1, NIC(0));
	bind_one(w, 2, 1, NIC(1));
	memset(s.n, 0, sizeof(s.n));
	ck_ok(fabric_observe(w->f, SCOPE_SLOT, 3, see, &s, &w->e), w->e);
	ck_assert_uint_eq(s.n[REC_SWITCH], 1);
	ck_assert_uint_eq(s.n[REC_SLOT], 1);
	ck_assert_uint_eq(s.n[REC_BRIDGE], 1);
	ck_assert_uint_eq(s.n[REC_BAY] + s.n[REC_FN], 0);
	ck_assert_str_eq(s.slot.serial, "SRV-3");
	memset(s.n, 0, sizeof(s.n));
	ck_ok(fabric_observe(w->f, SCOPE_BAY, 3, see, &s, &w->e), w->e);
	ck_assert_uint_eq(s.n[REC_BAY], 1);
	ck_assert_uint_eq(s.n[REC_PORT], 1);
	ck_assert_uint_eq(s.n[REC_FN], 17);
	ck_assert_uint_eq(s.n[REC_SLOT], 0);
	memset(s.n, 0, sizeof(s.n));
	ck_ok(fabric_observe(w->f, SCOPE_FN, HBA(5), see, &s, &w->e), w->e);
	ck_assert_uint_eq(s.n[REC_FN], 1);
	ck_assert_uint_eq(s.n[REC_SWITCH], 0);
	ck_assert_uint_eq(s.fn.id, HBA(5));
}

static void
what_is_prepared_is_read_back(struct world *w)
{
	struct personality p = nic(1), q = hba(2);
	struct fabric_fn fn;

	prepare(w, NIC(7), &p);
	prepare(w, HBA(0), &q);
	fn = fn_now(w, NIC(7));
	ck_assert(personality_equal(&fn.persona, &p));
	ck_assert_uint_eq(fn.blank, 0);
	ck_assert_uint_eq(fn.state, FNS_FREE);
	fn = fn_now(w, HBA(0));
	ck_assert(personality_equal(&fn.persona, &q));
	/* On a bound function too, and again the same. */
	bind_one(w, 1, 0, NIC(7));
	p.native = 200;
	prepare(w, NIC(7), &p);
	prepare(w, NIC(7), &p);
	fn = fn_now(w, NIC(7));
	ck_assert(personality_equal(&fn.persona, &p));
	ck_assert_uint_eq(fn.state, FNS_BOUND);
}

static void
a_bound_function_is_where_it_should_be(struct world *w)
{
	struct fabric_bridge b;

	bind_one(w, 3, 5, NIC(0));
	b = bridge_at(w, 3, 5);
	ck_assert_uint_eq(b.state, BRIDGE_BOUND);
	ck_assert_uint_eq(b.n, 1);
	ck_assert_uint_eq(b.fn[0], NIC(0));
	ck_assert_uint_eq(b.presence, 1);
	ck_assert_uint_eq(b.op, w->op);
	ck_assert_uint_eq(b.error, FERR_NONE);
	bind_one(w, 3, 5, NIC(0));		/* what is bound there */
	release(w, 3, 5);
	b = bridge_at(w, 3, 5);
	ck_assert_uint_eq(b.state, BRIDGE_EMPTY);
	ck_assert_uint_eq(b.n, 0);
	release(w, 3, 5);			/* what is not there */
}

static void
a_card_may_go_as_a_whole(struct world *w)
{
	fn_id fns[FABRIC_BRIDGE_FNS];
	struct fabric_bridge b;

	for (unsigned i = 0; i < FABRIC_BRIDGE_FNS; i++)
		fns[i] = NIC(i);
	ck_ok(fabric_bind(w->f, next_tag(w), 1, 7, FABRIC_BRIDGE_FNS, fns,
	    &w->e), w->e);
	b = bridge_at(w, 1, 7);
	ck_assert_uint_eq(b.n, FABRIC_BRIDGE_FNS);
	ck_assert_mem_eq(b.fn, fns, sizeof(fns));
}

/* Before the hardware is asked: it would obey. */
static void
one_function_one_bridge(struct world *w)
{
	fn_id two[2] = { NIC(1), NIC(0) };

	bind_one(w, 1, 0, NIC(0));
	forget_log(w);
	ck_fails(fabric_bind(w->f, next_tag(w), 2, 0, 1, two + 1, &w->e), w->e,
	    ERR_CONFLICT);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 1, 1, two + 1, &w->e), w->e,
	    ERR_CONFLICT);
	ck_fails(fabric_bind(w->f, next_tag(w), 2, 0, 2, two, &w->e), w->e,
	    ERR_CONFLICT);
	ck_assert_uint_eq(support_chassis_logged(&w->box), 0);
	ck_assert_uint_eq(support_chassis_violations(&w->box), 0);
	/* The bridge is taken: that the hardware says itself. */
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 1, two, &w->e), w->e,
	    ERR_DEVICE);
}

/* Who has the physical function has the port, and nobody else a part of it. */
static void
a_port_is_whole_or_shared(struct world *w)
{
	fn_id both[2] = { fn_make(1, 1, FN_PF, 0), fn_make(1, 2, FN_PF, 0) };
	fn_id part = NIC(0);
	struct fabric_fn seen;

	bind_one(w, 1, 0, part);
	forget_log(w);
	ck_fails(fabric_bind(w->f, next_tag(w), 2, 0, 1, both, &w->e), w->e,
	    ERR_CONFLICT);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 1, 2, both, &w->e), w->e,
	    ERR_CONFLICT);
	ck_fails(fabric_scrub(w->f, next_tag(w), both[0], &w->e), w->e,
	    ERR_CONFLICT);
	ck_assert_uint_eq(support_chassis_logged(&w->box), 0);
	release(w, 1, 0);
	ck_ok(fabric_scrub(w->f, next_tag(w), part, &w->e), w->e);
	ck_assert_int_eq(fabric_bind(w->f, next_tag(w), 2, 4, 2, both, &w->e),
	    FABRIC_DONE);
	ck_assert_uint_eq(bridge_at(w, 2, 4).n, 2);
	ck_assert_uint_eq(bridge_at(w, 2, 4).fn[1], both[1]);
	ck_assert_uint_eq(bridge_at(w, 2, 4).seen, SEEN_YES);
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 1, &part, &w->e), w->e,
	    ERR_CONFLICT);
	seen = fn_now(w, both[1]);
	ck_assert_uint_eq(seen.blank, 0);
	ck_assert_uint_eq(seen.device, 0x10fb);
	release(w, 2, 4);
	for (unsigned i = 0; i < 2; i++)
		ck_ok(fabric_scrub(w->f, next_tag(w), both[i], &w->e), w->e);
	ck_assert_uint_eq(fn_now(w, both[1]).blank, 1);
	ck_assert_uint_eq(support_chassis_violations(&w->box), 0);
}

static void
what_a_server_is_prepared_for_is_told(struct world *w)
{
	struct seen s = { .want_slot = 3 };

	support_chassis_do(&w->box, "hotplug slot 3 off 5 77");
	look(w, &s);
	ck_assert_uint_eq(s.slot.hotplug, HOTPLUG_DEAF);
	ck_assert_uint_eq(s.slot.buses, 5);
	ck_assert_uint_eq(s.slot.mmio_mib, 77);
	bind_one(w, 3, 0, NIC(0));
	ck_assert_uint_eq(bridge_at(w, 3, 0).seen, SEEN_NO);
	support_chassis_do(&w->box, "rescan slot 3");
	ck_assert_uint_eq(bridge_at(w, 3, 0).seen, SEEN_YES);
	support_chassis_do(&w->box, "power slot 3 off");
	look(w, &s);
	ck_assert_uint_eq(s.slot.hotplug, HOTPLUG_UNKNOWN);
}

static void
somebody_elses_hand_is_seen(struct world *w)
{
	fn_id fn = NIC(3);
	struct personality p = nic(3);
	struct fabric_fn seen;

	prepare(w, fn, &p);
	(void)bridge_at(w, 1, 0);		/* fills what is cached */
	support_chassis_do(&w->box, "map io1.1.vf3 2 4");
	ck_fails(fabric_bind(w->f, next_tag(w), 1, 0, 1, &fn, &w->e), w->e,
	    ERR_CONFLICT);
	ck_assert_uint_eq(bridge_at(w, 2, 4).fn[0], fn);
	support_chassis_do(&w->box, "set io1.1.vf3 native 200");
	seen = fn_now(w, fn);
	ck_assert_uint_eq(seen.persona.native, 200);
	support_chassis_do(&w->box, "unmap 2 4");
	bind_one(w, 1, 0, fn);
}

/* ---- terms and operations ---- */

static void
an_older_term_is_refused(struct world *w)
{
	struct fabric_switch sw;

	w->term = 5;
	release(w, 1, 0);
	ck_ok(fabric_caps(w->f, &sw, &w->e), w->e);
	ck_assert_uint_eq(sw.term, 5);
	for (unsigned verb = 0; verb < N_CHANGES; verb++) {
		struct fabric_tag old = next_tag(w);

		ck_ok(fabric_caps(w->f, &sw, &w->e), w->e);
		old.term = 4;
		ck_fails(change_something(w, verb, old), w->e, ERR_STALE);
	}
	ck_ok(fabric_caps(w->f, &sw, &w->e), w->e);
	ck_assert_uint_eq(sw.term, 5);
	w->term = 6;
	ck_ok(change_something(w, 4, next_tag(w)), w->e);
	ck_ok(fabric_caps(w->f, &sw, &w->e), w->e);
	ck_assert_uint_eq(sw.term, 6);
}

/* Asked again, it answers how it stands; the hardware obeyed once. */
static void
a_repeated_operation_is_obeyed_once(struct world *w)
{
	struct seen s = { 0 };

	for (unsigned verb = 0; verb < N_CHANGES; verb++) {
		struct fabric_tag tag = next_tag(w);
		uint32_t change;

		ck_ok(change_something(w, verb, tag), w->e);
		forget_log(w);
		look(w, &s);
		change = s.sw.change;
		ck_assert_int_eq(change_something(w, verb, tag), FABRIC_DONE);
		ck_assert_int_eq(change_something(w, verb, tag), FABRIC_DONE);
		look(w, &s);
		ck_assert_uint_eq(s.sw.change, change);
		ck_assert_uint_eq(support_chassis_logged(&w->box), 0);
	}
}

static void
what_takes_long_is_pending(struct world *w)
{
	struct fabric_tag tag = next_tag(w);
	fn_id fn = NIC(0);

	support_chassis_do(&w->box, "delay bind 300");
	ck_assert_int_eq(fabric_bind(w->f, tag, 1, 2, 1, &fn, &w->e),
	    FABRIC_PENDING);
	ck_assert_uint_eq(bridge_at(w, 1, 2).state, BRIDGE_BINDING);
	ck_assert_int_eq(fabric_bind(w->f, tag, 1, 2, 1, &fn, &w->e),
	    FABRIC_PENDING);
	/* It is behind that bridge already. */
	ck_fails(fabric_bind(w->f, next_tag(w), 2, 2, 1, &fn, &w->e), w->e,
	    ERR_CONFLICT);
	support_chassis_pass(&w->box, 400);
	ck_assert_int_eq(fabric_bind(w->f, tag, 1, 2, 1, &fn, &w->e),
	    FABRIC_DONE);
	ck_assert_uint_eq(bridge_at(w, 1, 2).op, tag.op);
	ck_assert_uint_eq(bridge_at(w, 1, 2).state, BRIDGE_BOUND);
}

static void
functions_and_disks_can_be_pending(struct world *w)
{
	struct fabric_tag a = next_tag(w), b = next_tag(w), c = next_tag(w);
	struct personality p = nic(0);

	support_chassis_do(&w->box, "delay prepare 300");
	support_chassis_do(&w->box, "delay disk_make 300");
	support_chassis_do(&w->box, "delay scrub 300");
	ck_assert_int_eq(fabric_prepare(w->f, a, NIC(0), &p, &w->e),
	    FABRIC_PENDING);
	ck_assert_uint_eq(fn_now(w, NIC(0)).state, FNS_PREPARING);
	ck_assert_int_eq(fabric_disk_make(w->f, b, 3, 4, 1, 512, &w->e),
	    FABRIC_PENDING);
	ck_assert_int_eq(fabric_disk_make(w->f, b, 3, 4, 1, 512, &w->e),
	    FABRIC_PENDING);
	ck_assert_int_eq(fabric_scrub(w->f, c, NIC(1), &w->e), FABRIC_PENDING);
	ck_assert_uint_eq(fn_now(w, NIC(1)).state, FNS_SCRUBBING);
	support_chassis_pass(&w->box, 400);
	ck_assert_int_eq(fabric_prepare(w->f, a, NIC(0), &p, &w->e),
	    FABRIC_DONE);
	ck_assert_int_eq(fabric_disk_make(w->f, b, 3, 4, 1, 512, &w->e),
	    FABRIC_DONE);
	ck_assert_int_eq(fabric_scrub(w->f, c, NIC(1), &w->e), FABRIC_DONE);
}

/* ---- release and scrub ---- */

static void
an_orderly_release_asks_the_server(struct world *w)
{
	struct fabric_tag tag = next_tag(w);

	bind_one(w, 1, 0, NIC(0));
	tag = next_tag(w);
	ck_assert_int_eq(fabric_unbind(w->f, tag, 1, 0, RELEASE_ORDERLY, &w->e),
	    FABRIC_PENDING);
	ck_assert_uint_eq(bridge_at(w, 1, 0).state, BRIDGE_RELEASING);
	support_chassis_pass(&w->box, 100);
	ck_assert_int_eq(fabric_unbind(w->f, tag, 1, 0, RELEASE_ORDERLY, &w->e),
	    FABRIC_DONE);
}

/* Nobody answers: it stays bound, and the row says why; surprise takes it. */
static void
an_unanswered_release_fails(struct world *w)
{
	struct fabric_tag tag;
	struct fabric_bridge b;

	bind_one(w, 1, 0, NIC(0));
	support_chassis_do(&w->box, "power slot 1 off");
	tag = next_tag(w);
	ck_assert_int_eq(fabric_unbind(w->f, tag, 1, 0, RELEASE_ORDERLY, &w->e),
	    FABRIC_PENDING);
	support_chassis_pass(&w->box, 1200);
	b = bridge_at(w, 1, 0);
	ck_assert_uint_eq(b.state, BRIDGE_BOUND);
	ck_assert_uint_eq(b.op, tag.op);
	ck_assert_uint_eq(b.error, FERR_UNANSWERED);
	ck_fails(fabric_unbind(w->f, tag, 1, 0, RELEASE_ORDERLY, &w->e), w->e,
	    ERR_TIMEOUT);
	release(w, 1, 0);
	ck_assert_uint_eq(bridge_at(w, 1, 0).state, BRIDGE_EMPTY);
}

static void
surprise_goes_before_the_rest(struct world *w)
{
	bind_one(w, 1, 0, NIC(0));
	support_chassis_do(&w->box, "power slot 1 off");
	ck_assert_int_eq(fabric_unbind(w->f, next_tag(w), 1, 0, RELEASE_ORDERLY,
	    &w->e), FABRIC_PENDING);
	release(w, 1, 0);
	ck_assert_uint_eq(bridge_at(w, 1, 0).state, BRIDGE_EMPTY);
}

/* A card that comes back still is what it was, whatever was scrubbed meanwhile. */
static void
a_function_that_was_somebodys_is_not_prepared(struct world *w)
{
	struct fabric_tag tag = next_tag(w);
	struct personality p = nic(0);

	ck_assert_int_eq(fabric_prepare(w->f, tag, NIC(0), &p, &w->e),
	    FABRIC_DONE);
	/* The same wish again is the same answer. */
	ck_assert_int_eq(fabric_prepare(w->f, tag, NIC(0), &p, &w->e),
	    FABRIC_DONE);
	ck_fails(fabric_prepare(w->f, next_tag(w), NIC(0), &p, &w->e), w->e,
	    ERR_CONFLICT);
	ck_assert_int_eq(fabric_scrub(w->f, next_tag(w), NIC(0), &w->e),
	    FABRIC_DONE);
	ck_assert_int_eq(fabric_prepare(w->f, next_tag(w), NIC(0), &p, &w->e),
	    FABRIC_DONE);
}

static void
a_scrubbed_function_is_blank(struct world *w)
{
	struct personality p = nic(1);
	struct fabric_fn fn;

	prepare(w, NIC(0), &p);
	bind_one(w, 1, 0, NIC(0));
	forget_log(w);
	ck_fails(fabric_scrub(w->f, next_tag(w), NIC(0), &w->e), w->e,
	    ERR_CONFLICT);
	ck_assert_uint_eq(support_chassis_logged(&w->box), 0);
	release(w, 1, 0);
	ck_assert_int_eq(fabric_scrub(w->f, next_tag(w), NIC(0), &w->e),
	    FABRIC_DONE);
	fn = fn_now(w, NIC(0));
	ck_assert_uint_eq(fn.blank, 1);
	ck_assert_uint_eq(fn.persona.kind, PERSONA_NONE);
	ck_assert_uint_eq(fn.persona.mac, 0);
	bind_one(w, 2, 0, NIC(0));
	ck_assert_uint_eq(support_chassis_violations(&w->box), 0);
}

/* ---- every failure visited ---- */

static int
wait_done(struct world *w, unsigned slot, struct fabric_tag tag)
{
	int rc = fabric_unbind(w->f, tag, slot, 0, RELEASE_ORDERLY, &w->e);

	for (unsigned i = 0; rc == FABRIC_PENDING && i < 20; i++) {
		support_chassis_pass(&w->box, 100);
		rc = fabric_unbind(w->f, tag, slot, 0, RELEASE_ORDERLY, &w->e);
	}
	return rc;
}

/* From slot 1 to slot 2, with everything that belongs to it: looks first. */
static int
move(struct world *w)
{
	struct personality p = nic(1);
	fn_id fn = NIC(0);
	struct seen s = { .want_slot = 2 }, from = { .want_slot = 1 };

	if (fabric_observe(w->f, SCOPE_ALL, 0, see, &s, &w->e) < 0)
		return -1;
	if (s.bridge.n == 1 && s.bridge.state == BRIDGE_BOUND)
		return 0;
	if (fabric_observe(w->f, SCOPE_SLOT, 1, see, &from, &w->e) < 0)
		return -1;
	if (from.bridge.state == BRIDGE_RELEASING)
		support_chassis_pass(&w->box, 100);
	if (wait_done(w, 1, next_tag(w)) < 0 ||
	    fabric_scrub(w->f, next_tag(w), fn, &w->e) < 0 ||
	    fabric_prepare(w->f, next_tag(w), fn, &p, &w->e) < 0 ||
	    fabric_bind(w->f, next_tag(w), 2, 0, 1, &fn, &w->e) < 0)
		return -1;
	return 0;
}

static void
visit(struct world *w, bool after)
{
	struct fabric *inner = w->f;
	struct personality p = nic(1);
	bool fired = true;
	unsigned n;

	w->f = support_faulty_new(inner);
	for (n = 1; fired; n++) {
		release(w, 2, 0);
		ck_ok(fabric_scrub(w->f, next_tag(w), NIC(0), &w->e), w->e);
		prepare(w, NIC(0), &p);
		bind_one(w, 1, 0, NIC(0));
		support_faulty_arm(w->f, n, after);
		if (move(w) < 0)
			ck_assert_str_eq(err_slug(w->e.code), "unavailable");
		fired = support_faulty_fired(w->f);
		support_faulty_arm(w->f, 0, false);
		ck_ok(move(w), w->e);		/* gets there */
		ck_assert_uint_eq(bridge_at(w, 1, 0).n, 0);
		ck_assert_uint_eq(bridge_at(w, 2, 0).fn[0], NIC(0));
		ck_assert(has_persona(w, NIC(0), &p));
		ck_assert_uint_eq(support_chassis_violations(&w->box), 0);
	}
	ck_assert_uint_ge(n, 6);		/* observe and four verbs */
	fabric_close(w->f);
	w->f = inner;
}

static void
any_verb_may_fail_before(struct world *w)
{
	visit(w, false);
}

static void
any_verb_may_fail_after(struct world *w)
{
	visit(w, true);
}

/* ---- the table ---- */

static const struct rule rules[] = {
	RULE(the_limits_are_told),
	RULE(observing_tells_everything),
	RULE(a_scope_tells_its_part),
	RULE(what_is_prepared_is_read_back),
	RULE(a_bound_function_is_where_it_should_be),
	RULE(a_card_may_go_as_a_whole),
	RULE(one_function_one_bridge),
	RULE(a_port_is_whole_or_shared),
	RULE(what_a_server_is_prepared_for_is_told),
	RULE(somebody_elses_hand_is_seen),
	RULE(an_older_term_is_refused),
	RULE(a_repeated_operation_is_obeyed_once),
	RULE(what_takes_long_is_pending),
	RULE(functions_and_disks_can_be_pending),
	RULE(an_orderly_release_asks_the_server),
	RULE(an_unanswered_release_fails),
	RULE(surprise_goes_before_the_rest),
	RULE(a_function_that_was_somebodys_is_not_prepared),
	RULE(a_scrubbed_function_is_blank),
	RULE(any_verb_may_fail_before),
	RULE(any_verb_may_fail_after),
};

START_TEST(a_rule)
{
	rule_run(rules, _i);
}
END_TEST

SUITE("driver")
{
	tcase_add_loop_test(tc, a_rule, 0, N_ROWS(rules) * WAY_N);
}
