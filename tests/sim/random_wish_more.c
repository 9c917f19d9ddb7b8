/* random_wish_more.c -- see random.h: ports, classes, and what profiles were. */
#include <inttypes.h>

#include "tests/sim/random.h"
#include "tests/test.h"

enum { CLASSES = 3 };

void
random_port_change(struct random_run *r, struct random_wish *x)
{
	static const char *const words[] = { "deny", "deny", "deny", "warn" };
	static const unsigned parts[] = { 0, 0, 10, 50 };

	random_put(x, "PATCH", "", "/ports/io1/%u",
	    1 + random_below(r, RANDOM_PORTS));
	switch (random_below(r, 3)) {
	case 0:
		random_body(x, "{\"forwardingMode\":\"%s\"}",
		    random_one_in(r, 2) ? "veb" : "vepa");
		break;
	case 1:
		random_body(x, "{\"oversubscribe\":\"%s\"}",
		    words[random_below(r, 4)]);
		break;
	default:
		random_body(x, "{\"reservePct\":%u}",
		    parts[random_below(r, 4)]);
		break;
	}
}

/* A few of them, so that they meet those who use them. */
void
random_class_make(struct random_run *r, struct random_wish *x)
{
	random_put(x, "POST", "", "/qosClasses");
	random_body(x, "{\"name\":\"c%u\",\"limitMbps\":%u,\"pcp\":%u}",
	    random_below(r, CLASSES), 1000 * random_below(r, 9),
	    random_below(r, 8));
}

void
random_class_change(struct random_run *r, struct random_wish *x)
{
	random_put(x, "PATCH", "", "/qosClasses/c%u", random_below(r, CLASSES));
	if (random_one_in(r, 2))
		random_body(x, "{\"pcp\":%u}", random_below(r, 8));
	else
		random_body(x, "{\"guaranteeMbps\":%u,\"limitMbps\":0}",
		    500 * random_below(r, 8));
}

/* Two profiles change places, asked for in one word. */
void
random_exchange(struct random_run *r, struct random_wish *x)
{
	const struct profile *a = NULL, *b = NULL;

	for (size_t i = 0; i < r->n_profiles; i++) {
		if (r->profiles[i].slot == 0 && !random_one_in(r, 12))
			continue;
		b = a;
		a = &r->profiles[i];
	}
	random_put(x, "POST", "{\"slot\":3}", "/profiles/%s:swap",
	    a != NULL ? a->head.name : "p0");
	if (b != NULL)
		random_body(x, "{\"with\":\"%s\"}", b->head.name);
}

/* Any of its past, or one that is not. */
void
random_revert(struct random_run *r, struct random_wish *x)
{
	const struct profile *p;

	random_put(x, "POST", "{\"revision\":1}", "/profiles/p0:revert");
	if (r->n_profiles == 0)
		return;
	p = &r->profiles[random_below(r, (unsigned)r->n_profiles)];
	random_put(x, "POST", "", "/profiles/%s:revert", p->head.name);
	random_body(x, "{\"revision\":%u}", 1 + random_below(r,
	    (unsigned)p->head.revision + 1));
}
