/*
 * throttle.c -- see throttle.h.
 */
#include "appliance/http/throttle.h"

#include <stddef.h>
#include <string.h>

/* FNV-1a; an attacker who finds collisions delays himself. */
static uint64_t
key_of(const char *user, const char *address)
{
	uint64_t h = 14695981039346656037u;

	for (; *user != '\0'; user++)
		h = (h ^ (unsigned char)*user) * 1099511628211u;
	h = (h ^ 0xff) * 1099511628211u;
	for (; *address != '\0'; address++)
		h = (h ^ (unsigned char)*address) * 1099511628211u;
	return h == 0 ? 1 : h;
}

static const struct throttle_row *
find(const struct throttle *t, uint64_t key)
{
	for (size_t i = 0; i < THROTTLE_ROWS; i++)
		if (t->rows[i].key == key)
			return &t->rows[i];
	return NULL;
}

static struct throttle_row *
find_or_take(struct throttle *t, uint64_t key)
{
	struct throttle_row *oldest = &t->rows[0];

	for (size_t i = 0; i < THROTTLE_ROWS; i++) {
		struct throttle_row *r = &t->rows[i];

		if (r->key == key)
			return r;
		if (r->key == 0 ? oldest->key != 0 :
		    oldest->key != 0 && r->last_ms < oldest->last_ms)
			oldest = r;
	}
	memset(oldest, 0, sizeof(*oldest));
	oldest->key = key;
	return oldest;
}

static int64_t
wait_of(const struct throttle_row *r, int64_t now_ms)
{
	return r != NULL && r->until_ms > now_ms ? r->until_ms - now_ms : 0;
}

int64_t
throttle_wait(const struct throttle *t, const char *user, const char *address,
    int64_t now_ms)
{
	int64_t a = wait_of(find(t, key_of(user, address)), now_ms);
	int64_t b = wait_of(find(t, key_of("", address)), now_ms);

	return a > b ? a : b;
}

static void
count(struct throttle_row *r, unsigned free_tries, int64_t now_ms)
{
	unsigned over;

	if (now_ms - r->last_ms > THROTTLE_FORGET_MS)
		r->failures = 0;
	r->failures++;
	r->last_ms = now_ms;
	if (r->failures < free_tries)
		return;
	over = r->failures - free_tries;
	r->until_ms = now_ms + (over > 5 ? THROTTLE_MAX_MS :
	    (int64_t)1000 << over);
}

void
throttle_failed(struct throttle *t, const char *user, const char *address,
    int64_t now_ms)
{
	count(find_or_take(t, key_of(user, address)), THROTTLE_FREE, now_ms);
	count(find_or_take(t, key_of("", address)), THROTTLE_FREE_ADDRESS,
	    now_ms);
}

void
throttle_passed(struct throttle *t, const char *user, const char *address)
{
	const struct throttle_row *r = find(t, key_of(user, address));

	if (r != NULL)
		memset(&t->rows[r - t->rows], 0, sizeof(*r));
}
