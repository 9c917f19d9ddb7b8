/* support_counter.c -- see support_counter.h. */
#include "tests/unit/support_counter.h"

static struct counter *
count(struct fabric *f, struct err *e)
{
	struct counter *c = (struct counter *)f;

	if (c->away)
		err_set(e, ERR_UNAVAILABLE, "the switch is away");
	return c;
}

static int
changed(struct fabric *f, struct err *e)
{
	struct counter *c = count(f, e);

	c->changes++;
	return c->away ? -1 : FABRIC_DONE;
}

static int
c_prepare(struct fabric *f, struct fabric_tag t, fn_id id,
    const struct personality *p, struct err *e)
{
	(void)t;
	(void)id;
	(void)p;
	return changed(f, e);
}

static int
c_bind(struct fabric *f, struct fabric_tag t, unsigned slot, unsigned bridge,
    unsigned n, const fn_id *fns, struct err *e)
{
	(void)t;
	(void)slot;
	(void)bridge;
	(void)n;
	(void)fns;
	return changed(f, e) < 0 ? -1 : FABRIC_PENDING;
}

static int
c_unbind(struct fabric *f, struct fabric_tag t, unsigned slot, unsigned bridge,
    enum fabric_release how, struct err *e)
{
	(void)t;
	(void)slot;
	(void)bridge;
	(void)how;
	return changed(f, e);
}

static int
c_scrub(struct fabric *f, struct fabric_tag t, fn_id id, struct err *e)
{
	(void)t;
	(void)id;
	return changed(f, e);
}

static int
c_slot_ctl(struct fabric *f, struct fabric_tag t, unsigned slot,
    enum fabric_ctl ctl, struct err *e)
{
	(void)t;
	(void)slot;
	(void)ctl;
	return changed(f, e);
}

static int
c_module_ctl(struct fabric *f, struct fabric_tag t, unsigned bay, unsigned port,
    enum fabric_ctl ctl, unsigned value, struct err *e)
{
	(void)t;
	(void)bay;
	(void)port;
	(void)ctl;
	(void)value;
	return changed(f, e);
}

static int
c_reset(struct fabric *f, struct fabric_tag t, enum fabric_scope s, uint32_t n,
    struct err *e)
{
	(void)t;
	(void)s;
	(void)n;
	return changed(f, e);
}

static int
c_disk_make(struct fabric *f, struct fabric_tag t, unsigned bay, unsigned n,
    unsigned raid, uint32_t mib, struct err *e)
{
	(void)t;
	(void)bay;
	(void)n;
	(void)raid;
	(void)mib;
	return changed(f, e);
}

static int
c_disk_destroy(struct fabric *f, struct fabric_tag t, unsigned bay, unsigned n,
    struct err *e)
{
	(void)t;
	(void)bay;
	(void)n;
	return changed(f, e);
}

static int
c_caps(struct fabric *f, struct fabric_switch *sw, struct err *e)
{
	struct counter *c = count(f, e);

	if (c->away)
		return -1;
	*sw = (struct fabric_switch){ .slots = 1, .bays = 1, .bridges = 1,
		.parallel = 1, .term = c->term };
	return 0;
}

static int
c_observe(struct fabric *f, enum fabric_scope s, uint32_t n, fabric_sink *sink,
    void *cookie, struct err *e)
{
	struct counter *c = count(f, e);
	struct fabric_record r = { .kind = REC_SWITCH };

	(void)s;
	(void)n;
	c->looks++;
	if (c_caps(f, &r.u.sw, e) < 0)
		return -1;
	sink(cookie, &r);
	for (unsigned i = 0; i < c->n_fns; i++) {
		r = (struct fabric_record){ .kind = REC_FN };
		r.u.fn.id = COUNTER_FN + i;
		r.u.fn.persona.disks[FABRIC_DISKS - 1] = 1;	/* full size */
		sink(cookie, &r);
	}
	return 0;
}

static int
c_next_event(struct fabric *f, struct fabric_event *ev, struct err *e)
{
	struct counter *c = count(f, e);

	if (c->away)
		return -1;
	if (c->events == 0)
		return 0;
	c->events--;
	*ev = (struct fabric_event){ .kind = FEV_SLOT, .slot = 1 };
	return 1;
}

static int
c_health(struct fabric *f, struct err *e)
{
	return count(f, e)->away ? -1 : 0;
}

static void
c_close(struct fabric *f)
{
	(void)f;
}

static const struct fabric_driver counter_driver = {
	.name = "counter", .summary = "counts", .close = c_close,
	.prepare = c_prepare, .bind = c_bind, .unbind = c_unbind,
	.scrub = c_scrub, .slot_ctl = c_slot_ctl, .module_ctl = c_module_ctl,
	.reset = c_reset, .disk_make = c_disk_make,
	.disk_destroy = c_disk_destroy, .observe = c_observe,
	.next_event = c_next_event, .caps = c_caps, .health = c_health,
};

struct counter
counter_new(void)
{
	return (struct counter){ .fabric = { &counter_driver } };
}
