/*
 * imports_plan.h -- what an import comes to, found before the writer is asked.
 *
 * Planning a large document takes seconds, and nobody else could change anything
 * meanwhile.  So it is done on a read handle, on the thread for documents
 * (imports_ahead(), called by service_prepare()): the same handler runs as far as
 * planning goes.  The writer finds it in request->planned and only writes the rows.  What was planned is of the
 * generation that was read then, and says so.  That is enough: :apply plans
 * again, in the writer, and refuses when the outcome is another.
 *
 * A PATCH begins with the options of the row; when somebody else changed them
 * meanwhile, what was planned is worth nothing and the writer plans itself, as
 * it does for a request that brings nothing planned.
 */
#ifndef SERVICE_IMPORTS_PLAN_H
#define SERVICE_IMPORTS_PLAN_H

#include "appliance/service/imports.h"
#include "appliance/service/planning.h"

/* An import that is planned; its row need not be there yet. */
struct imports_task {
	struct import_doc *doc;
	/* What was read of its document; NULL: as the row has it. */
	const struct xml_records *records;
	struct xml_import_options *options;
	/* PATCH: those before, and their text; else NULL. */
	const struct xml_import_options *before;
	const char *before_text;
};

/* One planning.  In the arena of the call. */
struct imports_attempt {
	struct call *call;
	const struct imports_task *task;
	bool refused;			/* because of the document itself */
	json_t *options, *changes;
	struct planning planning;
};

/* What came of it: rows to write and an answer, or the refusal. */
struct imports_planned {
	struct import_doc doc;
	struct stored_plan plan;
	const char *answer;		/* JSON; NULL: refused, with these */
	struct violations broken;
	struct err err;
	const char *before_text;
};

void imports_attempt_begin(struct imports_attempt *, struct call *,
    const struct imports_task *);
void imports_attempt_end(struct imports_attempt *);
/* Plans, and puts what came of it into doc.  What is wrong with the document
 * itself stands in planning.broken. */
int imports_attempt_plan(struct imports_attempt *, struct err *)
    ERR_MUST_CHECK;

/* Never fails: a refusal is what came of it.  In the arena of the call, or in the
 * room of call->ahead. */
const struct imports_planned *imports_plan(struct call *,
    const struct imports_task *);
/* Its rows and its answer; `records` of a document that is new, else NULL.  A dry
 * run answers 200, and -1 so that nothing is kept.  With call->ahead it only
 * leaves there what was planned. */
int imports_plan_write(struct call *, const struct imports_planned *,
    const struct xml_records *, int status, struct err *) ERR_MUST_CHECK;

/* Runs the handler of the row on a read handle, as far as planning goes; then
 * request->planned, in the room. */
struct imports_ahead {
	struct arena *room;
	const struct imports_planned *planned;
};
void imports_ahead(struct call *, const struct route *, struct arena *room,
    struct request *);

/* A document that came now, as the row that it will be. */
void imports_new(struct call *, struct import_doc *);
/* Its row, and what was opened of it. */
int imports_add(struct call *, const struct import_doc *,
    const struct xml_records *, struct err *) ERR_MUST_CHECK;

#endif
