/*
 * system.h -- the appliance's own in a document: settings, users, trust keys.
 *
 * They stand in the sealed part, as JSON:
 *
 *	{"settings":{…},"users":[{"name","role","hash","disabled"}],
 *	 "trustKeys":[{…}]}
 *
 * They are no part of a change set (docs/adr/0014): an import plans them beside
 * it, with conflicts of their own (UsersDiffer, SettingsDiffer, TrustKeysDiffer),
 * and writes them in the same savepoint.  The last administrator is never removed
 * (LastAdmin).  Exporting and importing them is an administrator's.
 */
#ifndef SERVICE_SYSTEM_H
#define SERVICE_SYSTEM_H

#include "appliance/service/edit.h"
#include "profiles/xml_import.h"

struct planning;

/* All of it, as text in the arena: a secret. */
int system_text(struct store *, struct arena *, const char **, struct err *)
    ERR_MUST_CHECK;

/* Of an import: `opened` is such a text.  Notes conflicts and rules, and leaves
 * edit->system.  ERR_FORBIDDEN for less than an administrator. */
int system_import(struct edit *, const char *opened, struct xml_conflicts *,
    struct err *) ERR_MUST_CHECK;
/* True when it changes something. */
bool system_changes(const struct planning *);
/* Rows for the plan's diff: names, and no values. */
void system_diff(const struct planning *, json_t *diff);
/* After the change set is written. */
int system_commit(struct planning *, struct err *) ERR_MUST_CHECK;

/* All rows of the ledger, as the element `ledger` of a document. */
int system_ledger(struct call *, struct xml_records *, struct err *)
    ERR_MUST_CHECK;
/* Rows of the ledger of a document, into ours; after the change set. */
int system_history(struct call *, const struct xml_records *, struct err *)
    ERR_MUST_CHECK;

#endif
