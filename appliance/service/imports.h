/*
 * imports.h -- documents in: kept, planned, planned again, applied.
 *
 * Reading a document takes long, so it is done before the writer sees the
 * request: imports_prepare() hands the bytes to polyroot-xml and puts the records
 * beside them; so is the planning (imports_plan.h).  POST /imports keeps the
 * records (profiles/store_import.h) and makes a plan of one change, POST /imports/{id}:run with the options as its
 * body; PATCH makes another with other options.  POST /plans/{id}:apply plans
 * again and commits like any other plan; nothing else writes what is wanted.
 *
 * A document with errors of its own (Document…) is refused with all of them and
 * not kept.  Conflicts and broken rules stand in the answer, and the plan cannot
 * be applied until none of them blocks.  A dry run answers the same and keeps
 * nothing, so its plan has no id.
 *
 * PUT /config is an import with mode replace and its application in one.
 */
#ifndef SERVICE_IMPORTS_H
#define SERVICE_IMPORTS_H

#include "appliance/service/edit.h"
#include "profiles/store_import.h"
#include "profiles/xml_import.h"

struct xml_worker;

enum { IMPORTS_BODY = XML_MAX_BYTES };

/* POST, GET /imports; GET, PATCH, DELETE /imports/{id}; PUT /config */
int imports_make(struct call *, struct err *) ERR_MUST_CHECK;
int imports_list(struct call *, struct err *) ERR_MUST_CHECK;
int imports_read(struct call *, struct err *) ERR_MUST_CHECK;
int imports_patch(struct call *, struct err *) ERR_MUST_CHECK;
int imports_remove(struct call *, struct err *) ERR_MUST_CHECK;
int imports_config(struct call *, struct err *) ERR_MUST_CHECK;
/* POST /imports/{id}:run; leaves edit->imported. */
edit_fn imports_run;

/* Keeps records as an import and answers 201 with its plan: what POST /imports
 * does once the document is read; a restore too. */
int imports_keep(struct call *, const struct xml_records *,
    struct xml_import_options *, struct err *) ERR_MUST_CHECK;

/* Accept names application/xml before JSON. */
bool imports_wants_xml(const struct request *);

/* Reads an XML body into request->document; other bodies stay.  The records are
 * in `room` and live as long as the request. */
int imports_prepare(struct xml_worker *, struct request *, struct arena *room,
    struct err *) ERR_MUST_CHECK;

/* ---- between the files of imports ---- */

/* What a document says about itself, and what was found: the answer without its
 * plan.  The caller owns it. */
json_t *imports_body(const struct xml_records *, const struct xml_imported *,
    const struct imports_match *);
/* The whole answer; `plan` (consumed) may be NULL. */
json_t *imports_answer(const struct import_doc *, const json_t *body,
    json_t *plan, bool kept);

#endif
