/*
 * feed.h -- what the appliance tells: follows /events, remembers how far.
 *
 * Only records with a number are passed on; they are the appliance's append-only
 * record, so that none is missed and none invented.  The number of the last one
 * is kept on disk after whoever listens has taken it: after a crash some come
 * again, under the same keys.  When the appliance no longer has what follows
 * (reset: too far behind, or another database), one record of event "reset" says
 * so, and the feed goes on at the end.
 *
 * Keys rise: the count of resets, then the number.
 */
#ifndef TOOLS_RELAY_FEED_H
#define TOOLS_RELAY_FEED_H

#include <stdbool.h>
#include <stdint.h>

#include "base/json.h"
#include "tools/relay/setup.h"
#include "tools/relay/web.h"

struct feed;

struct feed_record {
	uint64_t key;
	int64_t seq;			/* 0 for a reset */
	const char *event;		/* "change" or "reset" */
	const json_t *data;		/* as the appliance told it */
	const char *appliance, *name;	/* id and name */
};

/* `told` returns -1 when it could not keep the record; it comes again. */
int feed_open(struct web *, const struct setup *,
    int (*told)(void *, const struct feed_record *, struct err *),
    void *cookie, struct feed **, struct err *) ERR_MUST_CHECK;
void feed_close(struct feed *);

void feed_turn(struct feed *, int64_t now_ms);
/* When it wants to be called again. */
int64_t feed_due(const struct feed *);

/* For others who ask the appliance: "Authorization: Bearer …", or NULL while
 * nobody is signed in. */
const char *feed_authorization(const struct feed *);
/* The appliance did not take it: sign in again. */
void feed_signed_out(struct feed *);
const char *feed_appliance(const struct feed *);	/* its name, "" unknown */

bool feed_follows(const struct feed *);
int64_t feed_seq(const struct feed *);
const char *feed_error(const struct feed *);	/* "" none */

#endif
