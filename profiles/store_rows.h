/*
 * store_rows.h -- what the files of the store tell each other (private).
 */
#ifndef PROFILES_STORE_ROWS_H
#define PROFILES_STORE_ROWS_H

#include "profiles/store.h"

/* The one row of the appliance and the four default pools, from the stream. */
int store_seed(struct store *, struct rng *, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;

/* The epoch of the file and the row are one again; see store_epoch_raise(). */
int store_epoch_begin(struct store *, struct err *) ERR_MUST_CHECK;

/* Takes away a name, and of a pool its being a default, until the row is
 * written again: names may change places inside a change set. */
int store_park(struct store *, enum object_type, const char *id, struct err *)
    ERR_MUST_CHECK;

/* Name to id and back without loading the object; 1 found, 0 not. */
int store_id_of(struct store *, enum object_type, const char *ref,
    char id[ID_TEXT], struct err *) ERR_MUST_CHECK;
int store_name_of(struct store *, enum object_type, const char *id,
    char name[NAME_TEXT], struct err *) ERR_MUST_CHECK;

#endif
