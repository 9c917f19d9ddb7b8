/*
 * upload.h -- the configuration goes somewhere else, by the clock.
 *
 * When it is due: GET /config (kind logical, as XML), then PUT to the address,
 * where {name} is the appliance's name and {at} the time, 20260301T020000Z.  A
 * file:///… address is written whole or not at all, mode 0600, its directory is
 * not made.  A failure is tried again, later and later; when it succeeded last
 * is kept on disk.
 *
 * Due is, with `every`, so long after the last success; with `at`, when that time
 * of the day (UTC) has passed since the last success.  Never yet: at once.
 */
#ifndef TOOLS_RELAY_UPLOAD_H
#define TOOLS_RELAY_UPLOAD_H

#include "tools/relay/feed.h"

struct upload;

int upload_open(struct web *, struct feed *, const struct setup *,
    const struct setup_upload *, struct upload **, struct err *) ERR_MUST_CHECK;
void upload_close(struct upload *);
void upload_turn(struct upload *, int64_t now_ms, int64_t wall_ms);
int64_t upload_due(const struct upload *, int64_t now_ms, int64_t wall_ms);
/* {"name","lastAt","error"} */
json_t *upload_status(const struct upload *);

/* Wall time at which the next one is due; last_ms 0 = never. */
int64_t upload_next(const struct setup_upload *, int64_t last_ms);
/* The address with {name} and {at} filled in; false when it does not fit. */
bool upload_url(const char *pattern, const char *name, int64_t wall_ms,
    char *out, size_t size);

#endif
