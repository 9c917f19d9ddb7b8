/* lease.c -- see lease.h. */
#include "profiles/lease.h"

#include <stdio.h>
#include <string.h>

#include "profiles/model.h"

void
lease_defaults(struct lease *l)
{
	(void)snprintf(l->zone, sizeof(l->zone), "UTC");
}

bool
lease_next(const struct lease *l, const struct zone *z, int64_t after_ms,
    struct occurrence *o)
{
	int64_t grace = (int64_t)l->grace_s * 1000;

	if (l->ends_ms != 0 && l->ends_ms + grace > after_ms) {
		*o = (struct occurrence){ .start_ms = l->served_ms,
			.end_ms = l->ends_ms };
		o->start = zone_local(z, o->start_ms / 1000) / 60;
		o->end = zone_local(z, o->end_ms / 1000) / 60;
		return true;
	}
	after_ms -= grace;
	do {
		if (!schedule_next(&l->schedule, z, after_ms, o))
			return false;
		after_ms = o->end_ms;
	} while (o->start_ms <= l->served_ms || o->end_ms <= l->since_ms);
	return true;
}

bool
lease_same_times(const struct lease *a, const struct lease *b)
{
	return a->schedule.start == b->schedule.start &&
	    a->schedule.end == b->schedule.end &&
	    a->schedule.days == b->schedule.days &&
	    a->schedule.until == b->schedule.until &&
	    strcmp(a->zone, b->zone) == 0;
}

struct device *
lease_device(const struct profile *p, const char *lease)
{
	for (size_t i = 0; i < p->n_devices; i++)
		if (strcmp(p->devices[i].lease, lease) == 0)
			return &p->devices[i];
	return NULL;
}
