/*
 * takeover.h -- addresses that came from another appliance, as rows.
 *
 * Who restores a document of another appliance and keeps its addresses takes them
 * over: from then on they are of a higher identity epoch (store_epoch_raise()),
 * and the other one shall let go of them.  A takeover keeps the notice that tells
 * it so.  A split is the sight of a document that says somebody else has what we
 * have; it lasts until one of both lets go.  Rows of takeovers are never deleted.
 *
 * The gate says since which start of the switch we may bind by ourselves, when the
 * setting appliance.start is `ask`.
 */
#ifndef PROFILES_TAKEOVER_H
#define PROFILES_TAKEOVER_H

#include "profiles/store.h"

struct takeover {
	char id[ID_TEXT];
	int64_t at_ms;			/* wall clock */
	char actor[NAME_TEXT];
	int64_t job;
	int64_t epoch;			/* of what was taken over */
	char origin[ID_TEXT], origin_name[NAME_TEXT];	/* the other one */
	const char *notice;		/* JSON */
};

int takeover_add(struct store *, const struct takeover *, struct err *)
    ERR_MUST_CHECK;
int takeover_load(struct store *, struct arena *, const char *id,
    struct takeover **, struct err *) ERR_MUST_CHECK;
/* Newest first. */
int takeover_list(struct store *, struct arena *, struct takeover **,
    size_t *n, struct err *) ERR_MUST_CHECK;
/* When something was last taken over from that appliance; 0 never. */
int takeover_last(struct store *, const char *origin, int64_t *at_ms,
    struct err *) ERR_MUST_CHECK;

struct split {
	char origin[ID_TEXT], name[NAME_TEXT];	/* who has them too */
	int64_t seen_ms, epoch;		/* epoch: of the document */
	uint32_t count;			/* addresses that both have */
	char example[UUID_TEXT];	/* one of them */
};
/* One for each other appliance; the newest sight replaces. */
int split_put(struct store *, const struct split *, struct err *)
    ERR_MUST_CHECK;
int split_list(struct store *, struct arena *, struct split **, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* Fine when there is none. */
int split_drop(struct store *, const char *origin, struct err *)
    ERR_MUST_CHECK;

/* The start of the switch (fabric_switch.boots) that was let through; -1 none. */
int gate_load(struct store *, int64_t *boots, struct err *) ERR_MUST_CHECK;
int gate_put(struct store *, int64_t boots, struct err *) ERR_MUST_CHECK;

#endif
