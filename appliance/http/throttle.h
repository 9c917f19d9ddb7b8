/*
 * throttle.h -- who guesses passwords waits longer with every guess.
 *
 * Counted per account and address, and per address alone (with more patience),
 * in memory: the first few failures are free, then 1 s, 2 s, 4 s … up to a
 * minute.  Never a lock-out: a right password after the wait works, so nobody
 * can lock the last administrator out.  Forgotten after a quarter of an hour
 * without failure.  The table is bounded; the oldest row makes room.
 *
 * Not thread-safe: the one worker that checks passwords owns it.
 */
#ifndef APPLIANCE_HTTP_THROTTLE_H
#define APPLIANCE_HTTP_THROTTLE_H

#include <stdint.h>

enum {
	THROTTLE_ROWS = 512,
	THROTTLE_FREE = 3,		/* failures per account and address */
	THROTTLE_FREE_ADDRESS = 20,	/* failures per address */
	THROTTLE_MAX_MS = 60 * 1000,
	THROTTLE_FORGET_MS = 15 * 60 * 1000,
};

struct throttle_row {
	uint64_t key;			/* 0 = free */
	unsigned failures;
	int64_t last_ms, until_ms;
};

struct throttle {
	struct throttle_row rows[THROTTLE_ROWS];
};

/* Milliseconds to wait before the next try; 0 = go on. */
int64_t throttle_wait(const struct throttle *, const char *user,
    const char *address, int64_t now_ms);
void throttle_failed(struct throttle *, const char *user, const char *address,
    int64_t now_ms);
/* The account's row is forgotten, the address's stays. */
void throttle_passed(struct throttle *, const char *user, const char *address);

#endif
