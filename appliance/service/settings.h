/*
 * settings.h -- GET and PATCH /settings: how this appliance shall behave.
 *
 * The values are profiles/setting.h's; whoever needs one asks settings_load().
 * Reading is everybody's, changing is an administrator's, and leaves an event.
 */
#ifndef SERVICE_SETTINGS_H
#define SERVICE_SETTINGS_H

#include "appliance/service/route.h"

struct settings;		/* profiles/setting.h */

int settings_read(struct call *, struct err *) ERR_MUST_CHECK;
int settings_patch(struct call *, struct err *) ERR_MUST_CHECK;

/* POST /appliance:resume: what waits since the switch was without power is bound;
 * see appliance.start. */
int settings_resume(struct call *, struct err *) ERR_MUST_CHECK;
/* Stores them, with what a change of one brings along. */
int settings_apply(struct call *, const struct settings *before,
    struct settings *, struct err *) ERR_MUST_CHECK;

/* The event of a WRITE row: the request, about an object. */
int settings_event(struct call *, const char *type, const char *id,
    const char *name, struct err *) ERR_MUST_CHECK;

#endif
