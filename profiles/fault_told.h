/*
 * fault_told.h -- of which faults people were told, and who acknowledged them.
 *
 * What is wrong is computed (appliance/engine/fault_book.h); a row says only
 * that an event was written about it.  It goes with the event of its end.
 */
#ifndef PROFILES_FAULT_TOLD_H
#define PROFILES_FAULT_TOLD_H

#include "profiles/store.h"

enum { FAULT_ID = ID_TEXT };	/* bytes, with NUL */

struct fault_told {
	char id[FAULT_ID];		/* "SlotLinkDown-1a2b3c4d" */
	char code[32], severity[16];
	char object_type[16], object[NAME_TEXT];
	uint32_t slot;			/* 0 none */
	char text[200];
	int64_t at_ms;			/* wall clock of the raise */
	char acked_by[NAME_TEXT];	/* "" nobody */
	int64_t acked_ms;
};

/* All of them, by id. */
int fault_told_list(struct store *, struct arena *, struct fault_told **,
    size_t *n, struct err *) ERR_MUST_CHECK;
int fault_told_has(struct store *, const char *id, bool *has, struct err *)
    ERR_MUST_CHECK;
/* Makes or replaces the row of its id. */
int fault_told_put(struct store *, const struct fault_told *, struct err *)
    ERR_MUST_CHECK;
/* No row is no error. */
int fault_told_drop(struct store *, const char *id, struct err *)
    ERR_MUST_CHECK;

#endif
