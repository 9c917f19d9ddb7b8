/*
 * backups.h -- the configuration as a file, by the clock, proven.
 *
 * Every so many hours (settings backup.everyHours and backup.atHour, UTC; 0 =
 * never) the document of kind logical is written into a directory, mode 0600,
 * read back, restored into a scratch store, exported from there and compared
 * (profiles/xml_check.h).  Only then it gets its name,
 * polyroot-APPLIANCE-20260301T020000Z.xml: what has such a name is good.  The
 * newest backup.keep of this appliance stay.  The same configuration becomes a
 * snapshot, reason "schedule".
 *
 *	BackupFailed	the last try did not end well; tried again, later and later
 *	BackupStale	no good one for more than two periods, or since the start
 *
 * The files are the record: when the last good one was is read from their names,
 * so that nothing is forgotten over a restart.
 *
 * Takes long and writes files: neither on the writer's thread nor on one of
 * HTTP's that answer others.
 */
#ifndef SERVICE_BACKUPS_H
#define SERVICE_BACKUPS_H

#include "appliance/service/route.h"
#include "profiles/setting.h"

struct backups;

struct backups *backups_new(void);
void backups_free(struct backups *);

/* Does what is due at request->wall_ms; when to call again at the latest, wall
 * clock. */
int64_t backups_turn(struct call *);

/* GET /backups: the files, newest first. */
int backups_read(struct call *, struct err *) ERR_MUST_CHECK;
/* POST /backups: one now, whatever the schedule says. */
int backups_make(struct call *, struct err *) ERR_MUST_CHECK;

/* Refuses settings that no backup can be made with (ERR_MALFORMED). */
int backups_check(const struct settings *, struct err *) ERR_MUST_CHECK;
/* When the one after `last_ms` is due; a schedule is set. */
int64_t backups_due(const struct settings *, int64_t last_ms);

#endif
