/*
 * setting.h -- how this appliance shall behave, as one struct of values.
 *
 * The table `field_settings` says of each value what it is called ("import.
 * requireSignature"), its type and range; its default stands in
 * settings_default().  A value that somebody set is a row; one that was never
 * set, or was set to null, has no row and is the default of the program that
 * reads it.  To add one: a member, a row, and a default if it is not 0.
 *
 * Settings are no part of a change set: undoing somebody's work must not bring
 * back an older policy, and plans are open to operators, settings are not
 * (docs/adr/0014).  They are written by the writer, with an event.
 */
#ifndef PROFILES_SETTING_H
#define PROFILES_SETTING_H

#include "profiles/field.h"
#include "profiles/store.h"

enum require_signature { SIGNATURE_NEVER, SIGNATURE_WARN, SIGNATURE_ALWAYS };
enum start_mode { START_AUTO, START_ASK };

struct settings {
	uint32_t require_signature;	/* of imported documents */
	bool sign_exports;
	uint32_t start;			/* after the switch lost its power */
	uint32_t backup_every_hours;	/* 0 never */
	uint32_t backup_at_hour;	/* of the day, UTC */
	uint32_t backup_keep;		/* files */
	char backup_directory[TEXT_TEXT];
	int64_t revision;		/* counts changes; the ETag */
};

extern const struct field_table field_settings;

struct settings settings_default(void);
int settings_load(struct store *, struct settings *, struct err *)
    ERR_MUST_CHECK;
/* What differs from the defaults becomes rows, the rest goes; revision + 1. */
int settings_store(struct store *, struct settings *, struct err *)
    ERR_MUST_CHECK;
/*
 * Reads the members of a JSON object as RFC 7396 says: absent = untouched, null =
 * the default.  Errors as in field_from_json().
 */
int settings_merge(struct arena *, const json_t *, struct settings *,
    struct err *) ERR_MUST_CHECK;

#endif
