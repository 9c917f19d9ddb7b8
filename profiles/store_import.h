/*
 * store_import.h -- documents that were sent and are kept for a while.
 *
 * An import keeps what was read of its document, so that it can be planned again
 * with other options; the document itself is gone.  Kept for IMPORT_DAYS, and
 * IMPORT_KEEP at most: the oldest goes.  Nothing here is wanted, and nothing of
 * it is a part of a change set.
 *
 * The records are in the form of xml_wire.h.  A row that another build wrote in
 * another form is ERR_UNSUPPORTED: its document has to be sent again.
 */
#ifndef PROFILES_STORE_IMPORT_H
#define PROFILES_STORE_IMPORT_H

#include "profiles/store.h"
#include "profiles/xml.h"

enum { IMPORT_DAYS = 14, IMPORT_KEEP = 20 };

struct import_doc {
	char id[ID_TEXT], name[NAME_TEXT], actor[NAME_TEXT];
	int64_t created_ms, expires_ms;	/* wall clock */
	const char *options;		/* JSON, see xml_options.h */
	const char *body;		/* JSON: the rest of the answer */
	char plan[ID_TEXT];		/* of the last planning */
};

/* Adds it with its records; those that are too many or too old go. */
int import_add(struct store *, const struct import_doc *,
    const struct xml_records *, int64_t wall_ms, struct err *) ERR_MUST_CHECK;
/* Name, options, body and plan; a plan that it had is forgotten. */
int import_update(struct store *, const struct import_doc *, struct err *)
    ERR_MUST_CHECK;
/* ERR_NOT_FOUND, also when its time is over. */
int import_load(struct store *, struct arena *, const char *id,
    int64_t wall_ms, struct import_doc **, struct err *) ERR_MUST_CHECK;
int import_records(struct store *, struct arena *, const char *id,
    struct xml_records *, struct err *) ERR_MUST_CHECK;
/* Newest first. */
int import_list(struct store *, struct arena *, int64_t wall_ms,
    struct import_doc **, size_t *n, struct err *) ERR_MUST_CHECK;
int import_drop(struct store *, const char *id, struct err *) ERR_MUST_CHECK;

#endif
