/*
 * snapshots.h -- whole configurations to go back to (profiles/snapshot.h).
 *
 * Taken by hand, by schedule, after an upgrade of the store, and before what
 * changes much: an import, a restore, a plan that does something at more than one
 * slot, unless it is about a single profile.  None is taken when the newest one
 * has the same contentDigest.
 *
 * The writer does not render documents: everybody would wait for it.  Inside the
 * savepoint, snapshots_before() finds that one is wanted; when the request brought
 * none (request->draft), the answer says wants_draft and nothing is done; the
 * caller makes one on a read handle (snapshots_draft) and sends the request again.
 * A draft of another generation is as good as none.  Who cannot make one
 * (request->drafts is false), or had no luck several times, gets it rendered here.
 *
 * :restore makes an import (mode replace, scope all) of the document, with its
 * plan; nothing changes before that is applied.
 */
#ifndef SERVICE_SNAPSHOTS_H
#define SERVICE_SNAPSHOTS_H

#include "appliance/service/planning.h"
#include "profiles/snapshot.h"

struct xml_worker;

/* The document of one generation; lives as long as its arena. */
struct snapshot_draft {
	int64_t generation;
	char digest[DIGEST_TEXT];
	const char *xml;
};

/* GET /snapshots, /snapshots/{id}, /snapshots/{id}:diff; POST, PATCH, DELETE */
int snapshots_list(struct call *, struct err *) ERR_MUST_CHECK;
int snapshots_read(struct call *, struct err *) ERR_MUST_CHECK;
int snapshots_diff(struct call *, struct err *) ERR_MUST_CHECK;
int snapshots_make(struct call *, struct err *) ERR_MUST_CHECK;
int snapshots_change(struct call *, struct err *) ERR_MUST_CHECK;
int snapshots_remove(struct call *, struct err *) ERR_MUST_CHECK;
/* POST /snapshots/{id}:restore */
int snapshots_restore(struct call *, struct err *) ERR_MUST_CHECK;

/* What is committed now, in kind logical. */
int snapshots_draft(struct call *, struct arena *, struct snapshot_draft **,
    struct err *) ERR_MUST_CHECK;
/* Of what is committed in this savepoint's store; *out is the one that stands for
 * it by now, new or not.  -1 with answer->wants_draft: see above. */
int snapshots_take(struct call *, const char *reason, struct snapshot *out,
    bool *made, struct err *) ERR_MUST_CHECK;
/* The same before a plan is written, if it is one that wants that. */
int snapshots_before(struct planning *, struct err *) ERR_MUST_CHECK;

/* Hands it to the writer, who takes it if nothing changed since; `draft` NULL is
 * made there.  Copied.  Nothing without a writer. */
void snapshots_submit(struct service *, const struct snapshot_draft *draft,
    const char *reason);

/* For :restore, before the writer: reads the document into request->document. */
int snapshots_prepare(struct xml_worker *, struct store *, struct request *,
    struct arena *room, struct err *) ERR_MUST_CHECK;

#endif
