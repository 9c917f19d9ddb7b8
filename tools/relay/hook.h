/*
 * hook.h -- one receiver of webhooks: a queue, one delivery at a time, in order.
 *
 * A delivery is POSTed as JSON:
 *
 *	{"id":"APPLIANCE-1042","webhook":"ops","event":"change","seq":1042,
 *	 "appliance":{"id","name"},"queuedAt":"…","data":{… as /events tells}}
 *
 *	Polyroot-Delivery: APPLIANCE-1042
 *	Polyroot-Timestamp: 1767225600
 *	Polyroot-Signature: sha256=HEX
 *
 * The signature is HMAC-SHA256 under the secret over the timestamp, a full stop
 * and the body, byte for byte; a receiver refuses an old timestamp.  Any 2xx is
 * an acceptance; everything else is tried again, later and later, and what is
 * older than give-up-after is buried.  A receiver may get a delivery twice: then
 * it has the same id.  The next one waits until this one has ended.
 */
#ifndef TOOLS_RELAY_HOOK_H
#define TOOLS_RELAY_HOOK_H

#include "tools/relay/feed.h"

struct hook;

int hook_open(struct web *, const struct setup *, const struct setup_hook *,
    struct hook **, struct err *) ERR_MUST_CHECK;
void hook_close(struct hook *);

/* Keeps the record for delivery, if the receiver wants it. */
int hook_take(struct hook *, const struct feed_record *, int64_t wall_ms,
    struct err *) ERR_MUST_CHECK;
void hook_turn(struct hook *, int64_t now_ms, int64_t wall_ms);
int64_t hook_due(const struct hook *);
/* {"name","queued","delivered","dead","error"}; delivered since the start. */
json_t *hook_status(const struct hook *);

/* True when a list like "profile, job:*" names the type or the action. */
bool hook_wants(const char *list, const char *type, const char *action);
/* "sha256=…" */
enum { HOOK_SIGNATURE = 7 + 64 + 1 };
char *hook_sign(const char *secret, int64_t timestamp, const char *body,
    size_t n, char text[HOOK_SIGNATURE]);

#endif
