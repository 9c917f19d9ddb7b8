/* qos.c -- see qos.h. */
#include "appliance/engine/qos.h"

uint32_t
qos_speed(const struct fabric_port *p)
{
	return p->link != 0 && p->mbps != 0 ? p->mbps : p->cap_mbps;
}

uint32_t
qos_budget(const struct fabric_port *p, uint32_t reserve_pct)
{
	return (uint32_t)((uint64_t)qos_speed(p) * (100 - reserve_pct) / 100);
}

/* The limit that a function without one gets, `extra` above its guarantee. */
static uint32_t
limit_with(const struct qos_share *s, uint32_t extra, struct qos_limits l)
{
	uint32_t step = l.step > 0 ? l.step : 1;
	uint64_t base = s->guarantee_mbps > l.min ? s->guarantee_mbps : l.min;
	uint64_t limit = (base + step - 1) / step * step + extra / step * step;

	return (uint32_t)(limit > l.max ? l.max : limit);
}

static uint32_t
limit_of(const struct qos_share *s, uint32_t extra,
    const struct qos_limits *missing)
{
	return s->limit_mbps != 0 || missing == NULL ? s->limit_mbps :
	    limit_with(s, extra, *missing);
}

/* `missing` NULL: a function without a limit may take all. */
static bool
holds_for(const struct qos_share *s, size_t n, size_t k, uint32_t budget,
    uint32_t extra, const struct qos_limits *missing)
{
	uint64_t others = 0;

	for (size_t i = 0; i < n; i++) {
		uint32_t limit = limit_of(&s[i], extra, missing);

		if (i == k)
			continue;
		if (limit == 0)
			return false;
		others += limit;
	}
	return others + s[k].guarantee_mbps <= budget;
}

static bool
holds(const struct qos_share *s, size_t n, uint32_t budget, uint32_t extra,
    const struct qos_limits *missing)
{
	for (size_t k = 0; k < n; k++)
		if (s[k].guarantee_mbps > 0 &&
		    !holds_for(s, n, k, budget, extra, missing))
			return false;
	return true;
}

bool
qos_holds(const struct qos_share *s, size_t n, uint32_t budget)
{
	return holds(s, n, budget, 0, NULL);
}

/* Who is alone with a guarantee needs no limit itself. */
static bool
needs_limit(const struct qos_share *s, size_t n, size_t k)
{
	for (size_t i = 0; i < n; i++)
		if (i != k && s[i].guarantee_mbps > 0)
			return true;
	return false;
}

bool
qos_admit(struct qos_share *s, size_t n, uint32_t budget, struct qos_limits l)
{
	uint32_t low = 0, high = budget;

	if (qos_holds(s, n, budget))
		return true;
	if (l.max == 0 || !holds(s, n, budget, 0, &l))
		return false;
	/* More for each is less for the others: the most that still holds. */
	while (low < high) {
		uint32_t mid = low + (high - low + 1) / 2;

		if (holds(s, n, budget, mid, &l))
			low = mid;
		else
			high = mid - 1;
	}
	for (size_t i = 0; i < n; i++)
		if (s[i].limit_mbps == 0 && needs_limit(s, n, i))
			s[i].limit_mbps = limit_with(&s[i], low, l);
	return true;
}
