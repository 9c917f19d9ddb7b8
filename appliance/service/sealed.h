/*
 * sealed.h -- what was opened with a passphrase, until it is applied.
 *
 * A document of kind system or full is opened once, when it is sent; its import is
 * planned and applied later.  What was opened waits here, in memory only, beside
 * the import's id: never in the database, never in an answer (docs/adr/0018).
 * After a restart it is gone, and the document has to be sent again.  A ring that
 * forgets the oldest; what is forgotten is wiped.  Any thread.
 */
#ifndef SERVICE_SEALED_H
#define SERVICE_SEALED_H

#include "base/arena.h"
#include "profiles/model.h"

struct sealed;

enum { SEALED_KEPT = 20, SEALED_BYTES = 1 << 20 };

struct sealed *sealed_new(void);
void sealed_free(struct sealed *);
/* A copy of a text of at most SEALED_BYTES. */
void sealed_put(struct sealed *, const char *id, const char *text);
/* A copy in the arena; NULL when it is not known (any more). */
const char *sealed_get(struct sealed *, struct arena *, const char *id);

#endif
