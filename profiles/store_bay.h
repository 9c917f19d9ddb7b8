/*
 * store_bay.h -- what is wanted of bays.  Part of store.h.
 */
#ifndef PROFILES_STORE_BAY_H
#define PROFILES_STORE_BAY_H

#include "profiles/model.h"

struct store;

/* Defaults when nobody said anything about it. */
int bay_load(struct store *, struct arena *, unsigned number, struct bay **,
    struct err *) ERR_MUST_CHECK;
/* The card that was accepted there, "" none. */
int bay_accepted(struct store *, unsigned number, char card[MODULE_TEXT],
    struct err *) ERR_MUST_CHECK;
/* Those that somebody said something about, by number. */
int bay_list(struct store *, struct arena *, struct bay **, size_t *n,
    struct err *) ERR_MUST_CHECK;
int bay_store(struct store *, const struct bay *, struct err *) ERR_MUST_CHECK;

#endif
