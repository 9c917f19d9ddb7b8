/*
 * snapshot.h -- whole configurations as documents, kept to go back to.
 *
 * A snapshot is the document of kind logical of one generation, byte for byte.
 * They are numbered in the order in which they were taken.  Those that nobody
 * pinned are kept while they are among the SNAPSHOT_KEEP newest and take no more
 * than SNAPSHOT_BYTES together; the newest stays whatever its size.  Pinned ones
 * stay until somebody removes them; there are SNAPSHOT_PINS at most.
 *
 * Nothing here changes what is wanted, or renders anything: the text is handed
 * in, and given back as it was.
 *
 * Errors: ERR_NOT_FOUND, ERR_CONFLICT (one pin too many), the store's own.
 */
#ifndef PROFILES_SNAPSHOT_H
#define PROFILES_SNAPSHOT_H

#include "base/digest.h"
#include "profiles/store.h"

enum { SNAPSHOT_KEEP = 200, SNAPSHOT_PINS = 50, SNAPSHOT_BYTES = 512 << 20 };

struct snapshot {
	int64_t id, at_ms, generation;
	char digest[DIGEST_TEXT];	/* contentDigest */
	char reason[NAME_TEXT], actor[NAME_TEXT];
	bool pinned;
	int64_t bytes;			/* of the document */
};

/* Fills id, and removes those that are too many; `xml` is copied. */
int snapshot_add(struct store *, struct snapshot *, const char *xml,
    struct err *) ERR_MUST_CHECK;
int snapshot_load(struct store *, int64_t id, struct snapshot *, struct err *)
    ERR_MUST_CHECK;
/* Its document, in the arena. */
int snapshot_text(struct store *, struct arena *, int64_t id,
    const char **xml, struct err *) ERR_MUST_CHECK;
/* out->id is 0 when there is none. */
int snapshot_newest(struct store *, struct snapshot *out, struct err *)
    ERR_MUST_CHECK;
/* Newest first, before `before` (0 = from the newest). */
int snapshot_list(struct store *, struct arena *, int64_t before,
    size_t limit, struct snapshot **, size_t *n, struct err *) ERR_MUST_CHECK;
int snapshot_pin(struct store *, int64_t id, bool pinned, struct err *)
    ERR_MUST_CHECK;
int snapshot_drop(struct store *, int64_t id, struct err *) ERR_MUST_CHECK;

#endif
