/* support_faulty.c -- see support_faulty.h. */
#include "tests/unit/support_faulty.h"

#include <stdlib.h>

#include "base/arena.h"
#include "switchmgr/driver.h"

struct faulty {
	struct fabric fabric;
	struct fabric *inner;
	bool owns, after, fired;
	unsigned left;			/* calls until it fails; 0: never */
};

static struct faulty *
faulty_of(struct fabric *f)
{
	return (struct faulty *)f;
}

static int
lose(struct faulty *f, struct err *e)
{
	f->fired = true;
	return err_set(e, ERR_UNAVAILABLE, "made to fail %s",
	    f->after ? "after" : "before");
}

/* Is it this call's turn? */
static bool
due(struct faulty *f)
{
	return f->left > 0 && --f->left == 0;
}

/* `call` is evaluated unless it fails before. */
#define PASS(f, call, e) do { \
	struct faulty *faulty = faulty_of(f); \
	bool now = due(faulty); \
	int rc; \
	if (now && !faulty->after) \
		return lose(faulty, e); \
	rc = (call); \
	return now ? lose(faulty, e) : rc; \
} while (0)
#define INNER(f) (faulty_of(f)->inner)

static int
prepare(struct fabric *f, struct fabric_tag tag, fn_id fn,
    const struct personality *p, struct err *e)
{
	PASS(f, fabric_prepare(INNER(f), tag, fn, p, e), e);
}

static int
bind_fns(struct fabric *f, struct fabric_tag tag, unsigned slot,
    unsigned bridge, unsigned n, const fn_id *fns, struct err *e)
{
	PASS(f, fabric_bind(INNER(f), tag, slot, bridge, n, fns, e), e);
}

static int
unbind(struct fabric *f, struct fabric_tag tag, unsigned slot, unsigned bridge,
    enum fabric_release how, struct err *e)
{
	PASS(f, fabric_unbind(INNER(f), tag, slot, bridge, how, e), e);
}

static int
scrub(struct fabric *f, struct fabric_tag tag, fn_id fn, struct err *e)
{
	PASS(f, fabric_scrub(INNER(f), tag, fn, e), e);
}

static int
slot_ctl(struct fabric *f, struct fabric_tag tag, unsigned slot,
    enum fabric_ctl ctl, struct err *e)
{
	PASS(f, fabric_slot_ctl(INNER(f), tag, slot, ctl, e), e);
}

static int
module_ctl(struct fabric *f, struct fabric_tag tag, unsigned bay, unsigned port,
    enum fabric_ctl ctl, unsigned value, struct err *e)
{
	PASS(f, fabric_module_ctl(INNER(f), tag, bay, port, ctl, value, e), e);
}

static int
reset(struct fabric *f, struct fabric_tag tag, enum fabric_scope scope,
    uint32_t number, struct err *e)
{
	PASS(f, fabric_reset(INNER(f), tag, scope, number, e), e);
}

static int
disk_make(struct fabric *f, struct fabric_tag tag, unsigned bay, unsigned number,
    unsigned raid, uint32_t mib, struct err *e)
{
	PASS(f, fabric_disk_make(INNER(f), tag, bay, number, raid, mib, e), e);
}

static int
disk_destroy(struct fabric *f, struct fabric_tag tag, unsigned bay,
    unsigned number, struct err *e)
{
	PASS(f, fabric_disk_destroy(INNER(f), tag, bay, number, e), e);
}

static int
observe(struct fabric *f, enum fabric_scope scope, uint32_t number,
    fabric_sink *sink, void *cookie, struct err *e)
{
	PASS(f, fabric_observe(INNER(f), scope, number, sink, cookie, e), e);
}

static int
next_event(struct fabric *f, struct fabric_event *ev, struct err *e)
{
	PASS(f, fabric_next_event(INNER(f), ev, e), e);
}

static int
caps(struct fabric *f, struct fabric_switch *sw, struct err *e)
{
	PASS(f, fabric_caps(INNER(f), sw, e), e);
}

static int
health(struct fabric *f, struct err *e)
{
	PASS(f, fabric_health(INNER(f), e), e);
}

static void
close_faulty(struct fabric *f)
{
	struct faulty *faulty = faulty_of(f);

	if (faulty->owns)
		fabric_close(faulty->inner);
	free(faulty);
}

static struct fabric *
open_faulty(const char *target, struct err *e)
{
	struct fabric *inner = fabric_open(target, e), *f;

	if (inner == NULL)
		return NULL;
	f = support_faulty_new(inner);
	faulty_of(f)->owns = true;
	return f;
}

static const struct fabric_driver faulty_driver = {
	.name = "faulty",
	.summary = "another driver, whose nth call fails",
	.open = open_faulty,
	.close = close_faulty,
	.prepare = prepare,
	.bind = bind_fns,
	.unbind = unbind,
	.scrub = scrub,
	.slot_ctl = slot_ctl,
	.module_ctl = module_ctl,
	.reset = reset,
	.disk_make = disk_make,
	.disk_destroy = disk_destroy,
	.observe = observe,
	.next_event = next_event,
	.caps = caps,
	.health = health,
};

struct fabric *
support_faulty_new(struct fabric *inner)
{
	struct faulty *f = xcalloc(1, sizeof(*f));

	f->fabric.driver = &faulty_driver;
	f->inner = inner;
	return &f->fabric;
}

void
support_faulty_add(void)
{
	fabric_driver_add(&faulty_driver);
}

void
support_faulty_arm(struct fabric *f, unsigned n, bool after)
{
	struct faulty *faulty = faulty_of(f);

	faulty->left = n;
	faulty->after = after;
	faulty->fired = false;
}

bool
support_faulty_fired(const struct fabric *f)
{
	return ((const struct faulty *)f)->fired;
}
