/* hand.c -- see hand.h. */
#include "appliance/engine/hand.h"

#include <stdio.h>
#include <string.h>

static const struct binding *
row_of(const struct binding *rows, size_t n, fn_id fn)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (rows[mid].fn == fn)
			return &rows[mid];
		if (rows[mid].fn < fn)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool
is_ours(const struct binding *row, const struct fabric_bridge *at)
{
	return row != NULL && row->slot == at->slot &&
	    row->bridge == at->bridge;
}

bool
hand_instead(const struct view *v, const struct want *w,
    const struct binding *rows, size_t n)
{
	const struct fabric_bridge *at = view_bridge(v, w->slot, w->bridge);
	uint32_t k;

	if (at == NULL || at->n == 0)
		return false;
	for (unsigned i = 0; i < at->n; i++)
		if (want_has(w, at->fn[i], &k) ||
		    is_ours(row_of(rows, n, at->fn[i]), at))
			return false;
	return true;
}

const struct fabric_bridge *
hand_beside(const struct view *v, const struct want *w,
    const struct binding *rows, size_t n)
{
	for (uint32_t k = 0; k <= w->n_more; k++) {
		fn_id fn = fn_beside(w->fn, k);
		const struct fabric_bridge *at = view_beside(v, fn, w->slot,
		    w->bridge);

		if (at != NULL && !is_ours(row_of(rows, n, fn), at))
			return at;
	}
	return NULL;
}

static bool
hangs(const struct fabric_fn *f)
{
	return f->state == FNS_PREPARING || f->state == FNS_SCRUBBING ||
	    f->state == FNS_FAILED;
}

static bool
lost_rates(const struct personality *seen, const struct personality *wanted)
{
	struct personality x = *wanted;

	x.limit_mbps = x.guarantee_mbps = 0;
	return personality_equal(seen, &x);
}

/* One function of it, whose row calls it bound there. */
static enum hand
hand_on(const struct view *v, const struct want *w, uint32_t k,
    const struct fabric_bridge *at)
{
	const struct fabric_fn *f = view_fn(v, fn_beside(w->fn, k));

	if (f == NULL || f->blank || hangs(f))
		return HAND_NONE;
	if (at == NULL)
		return HAND_UNMAPPED;
	if (at->state != BRIDGE_BOUND || !at->presence)
		return HAND_NONE;
	if (w->whole)
		return at->n == w->n_more + 1 && at->fn[k] == f->id ?
		    HAND_NONE : HAND_SET;
	return personality_equal(&f->persona, &w->persona) ||
	    lost_rates(&f->persona, &w->persona) ? HAND_NONE : HAND_SET;
}

static bool
says_bound(const struct binding *row, const struct want *w)
{
	return row != NULL && row->state == BINDING_BOUND &&
	    row->slot == w->slot && row->bridge == w->bridge;
}

enum hand
hand_at(const struct view *v, const struct want *w,
    const struct binding *rows, size_t n)
{
	enum hand hand = HAND_NONE;
	bool bound = true, beside = hand_beside(v, w, rows, n) != NULL;

	for (uint32_t k = 0; k <= w->n_more; k++) {
		fn_id fn = fn_beside(w->fn, k);
		const struct fabric_bridge *at = view_place(v, fn, w->slot,
		    w->bridge);
		const struct binding *row = row_of(rows, n, fn);

		if (beside && at != NULL && (at->slot != w->slot ||
		    at->bridge != w->bridge) && !is_ours(row, at))
			return HAND_ELSEWHERE;
		bound = bound && says_bound(row, w);
		if (bound && hand == HAND_NONE)
			hand = hand_on(v, w, k, at);
	}
	if (hand_instead(v, w, rows, n))
		return HAND_INSTEAD;
	return bound && hand != HAND_NONE ? hand : beside ? HAND_TWICE :
	    HAND_NONE;
}

/* ---- in words ---- */

static bool
other_numbers(const uint16_t *a, unsigned n, const uint16_t *b, unsigned m)
{
	return n != m || memcmp(a, b, n * sizeof(*a)) != 0;
}

static bool
other_boot(const struct personality *a, const struct personality *b)
{
	for (unsigned i = 0; i < a->n_boot && a->n_boot == b->n_boot; i++)
		if (a->boot[i].wwpn != b->boot[i].wwpn ||
		    a->boot[i].lun != b->boot[i].lun ||
		    a->boot[i].priority != b->boot[i].priority)
			return true;
	return a->n_boot != b->n_boot;
}

void
hand_words(const struct personality *s, const struct personality *w,
    char text[HAND_WORDS])
{
	const struct {
		bool is;
		const char *word;
	} all[] = {
		{ s->mac != w->mac, "MAC" },
		{ s->wwpn != w->wwpn, "WWPN" },
		{ s->wwnn != w->wwnn, "node name" },
		{ s->native != w->native || other_numbers(s->vlans, s->n_vlans,
		    w->vlans, w->n_vlans), "VLANs" },
		{ s->limit_mbps != w->limit_mbps ||
		    s->guarantee_mbps != w->guarantee_mbps, "rates" },
		{ s->pcp != w->pcp, "priority" },
		{ s->mtu != w->mtu, "MTU" },
		{ s->flags != w->flags, "security" },
		{ other_boot(s, w), "boot targets" },
		{ other_numbers(s->disks, s->n_disks, w->disks, w->n_disks),
		    "disks" },
	};
	size_t at = 0;

	text[0] = '\0';
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i].is && at < HAND_WORDS)
			at += (size_t)snprintf(text + at, HAND_WORDS - at,
			    "%s%s", at > 0 ? ", " : "", all[i].word);
}
