/* support_world.c -- see support_world.h. */
#include "tests/unit/support_world.h"

#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_scratch.h"

struct fabric_tag
next_tag(struct world *w)
{
	return (struct fabric_tag){ w->term, ++w->op };
}

struct personality
nic(unsigned n)
{
	struct personality p = {
		.kind = PERSONA_NIC, .n_vlans = 2, .native = 120,
		.flags = PERSONA_SPOOF_CHECK, .limit_mbps = 2000, .mtu = 1500,
		.mac = UINT64_C(0x021000000000) + n, .vlans = { 120, 200 },
	};

	return p;
}

struct personality
hba(unsigned n)
{
	struct personality p = { .kind = PERSONA_FC, .n_boot = 2,
		.wwpn = UINT64_C(0x2000000000000000) + n,
		.wwnn = UINT64_C(0x2001000000000000) + n };

	p.boot[0].wwpn = UINT64_C(0x5006016041e0abcd);
	p.boot[0].priority = 1;
	p.boot[1].wwpn = UINT64_C(0x5006016841e0abcd);
	p.boot[1].lun = 3;
	p.boot[1].priority = 2;
	return p;
}

/* ---- what is seen ---- */

void
see(void *cookie, const struct fabric_record *r)
{
	struct seen *s = cookie;

	s->n[r->kind]++;
	if (r->kind == REC_SWITCH)
		s->sw = r->u.sw;
	else if (r->kind == REC_SLOT && r->u.slot.number == s->want_slot)
		s->slot = r->u.slot;
	else if (r->kind == REC_BRIDGE && r->u.bridge.slot == s->want_slot &&
	    r->u.bridge.bridge == s->want_bridge)
		s->bridge = r->u.bridge;
	else if (r->kind == REC_BAY && r->u.bay.number == s->want_bay)
		s->bay = r->u.bay;
	else if (r->kind == REC_PORT && r->u.port.bay == s->want_bay &&
	    r->u.port.port == s->want_port)
		s->port = r->u.port;
	else if (r->kind == REC_FN && r->u.fn.id == s->want_fn)
		s->fn = r->u.fn;
	else if (r->kind == REC_DISK && r->u.disk.number == s->want_disk)
		s->disk = r->u.disk;
}

void
look(struct world *w, struct seen *s)
{
	memset(s->n, 0, sizeof(s->n));
	memset(&s->bridge, 0, sizeof(s->bridge));
	memset(&s->disk, 0, sizeof(s->disk));
	ck_ok(fabric_observe(w->f, SCOPE_ALL, 0, see, s, &w->e), w->e);
}

struct fabric_bridge
bridge_at(struct world *w, unsigned slot, unsigned bridge)
{
	struct seen s = { .want_slot = slot, .want_bridge = bridge };

	look(w, &s);
	return s.bridge;
}

struct fabric_fn
fn_now(struct world *w, fn_id fn)
{
	struct seen s = { .want_fn = fn };

	look(w, &s);
	ck_assert_uint_eq(s.fn.id, fn);
	return s.fn;
}

bool
has_persona(struct world *w, fn_id fn, const struct personality *p)
{
	struct fabric_fn seen = fn_now(w, fn);

	return personality_equal(&seen.persona, p);
}

/* ---- verbs that must succeed at once ---- */

void
prepare(struct world *w, fn_id fn, const struct personality *p)
{
	ck_ok(fabric_prepare(w->f, next_tag(w), fn, p, &w->e), w->e);
}

void
bind_one(struct world *w, unsigned slot, unsigned bridge, fn_id fn)
{
	int rc = fabric_bind(w->f, next_tag(w), slot, bridge, 1, &fn, &w->e);

	ck_ok(rc, w->e);
	ck_assert_int_eq(rc, FABRIC_DONE);
}

void
release(struct world *w, unsigned slot, unsigned bridge)
{
	ck_ok(fabric_unbind(w->f, next_tag(w), slot, bridge, RELEASE_SURPRISE,
	    &w->e), w->e);
}

void
forget_log(struct world *w)
{
	support_chassis_do(&w->box, "log clear");
}

int
change_something(struct world *w, unsigned verb, struct fabric_tag tag)
{
	struct personality p = nic(9);
	fn_id fn = NIC(9);

	switch (verb) {
	case 0: return fabric_prepare(w->f, tag, fn, &p, &w->e);
	case 1: return fabric_bind(w->f, tag, 1, 0, 1, &fn, &w->e);
	case 2: return fabric_unbind(w->f, tag, 1, 0, RELEASE_SURPRISE, &w->e);
	case 3: return fabric_scrub(w->f, tag, fn, &w->e);
	case 4: return fabric_slot_ctl(w->f, tag, 1, CTL_LOCATE_ON, &w->e);
	case 5: return fabric_module_ctl(w->f, tag, 1, 0, CTL_LOCATE_ON, 0,
		    &w->e);
	case 6: return fabric_module_ctl(w->f, tag, 1, 1, CTL_FORWARDING, 1,
		    &w->e);
	case 7: return fabric_reset(w->f, tag, SCOPE_FN, fn, &w->e);
	case 8: return fabric_reset(w->f, tag, SCOPE_SLOT, 1, &w->e);
	case 9: return fabric_reset(w->f, tag, SCOPE_BAY, 1, &w->e);
	case 10: return fabric_disk_make(w->f, tag, 3, 0, 1, 100, &w->e);
	case 11: return fabric_disk_destroy(w->f, tag, 3, 0, &w->e);
	default: ck_abort();
	}
}
void
rule_run(const struct rule *rules, int i)
{
	enum support_way way = (enum support_way)(i % WAY_N);
	struct world w = { .term = 1 };

	if (support_way_missing(way) != NULL) {
		fprintf(stderr, "%s, %s: skipped: %s\n", rules[i / WAY_N].name,
		    support_way_names[way], support_way_missing(way));
		return;
	}
	support_scratch_enter();
	support_chassis_new(&w.box);
	w.f = support_chassis_open(&w.box, way);
	rules[i / WAY_N].run(&w);
	support_chassis_close(&w.box, w.f);
	support_scratch_leave();
}
