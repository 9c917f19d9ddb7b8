/*
 * store.h -- what should be and what was attempted, in SQLite.
 *
 * One handle belongs to one thread.  The writer's handle is the only one that
 * writes (appliance/engine/writer.h); readers open their own, read-only, and one
 * read transaction lasts one request.
 *
 * Rules: rows are STRICT and checked by the database as the last reader of
 * every rule; no deferred constraint, no RAISE(ROLLBACK), no triggers.  What is
 * observed is never a row.  A newer schema is refused.
 *
 * Errors: ERR_NOT_FOUND, ERR_CONFLICT (a unique index), ERR_UNAVAILABLE (SQLite
 * ended or cannot begin the transaction), ERR_INTERNAL.
 */
#ifndef PROFILES_STORE_H
#define PROFILES_STORE_H

#include "base/arena.h"
#include "base/json.h"
#include "base/random.h"
#include "profiles/model.h"

struct store;

/* Opens, creates and upgrades; holds a flock on PATH.lock until closed: a
 * second writer gets ERR_CONFLICT. */
int store_open_writer(const char *path, struct store **, struct err *)
    ERR_MUST_CHECK;
int store_open_reader(const char *path, struct store **, struct err *)
    ERR_MUST_CHECK;
void store_close(struct store *);
/* It was opened with an older schema, which is the newest by now. */
bool store_was_upgraded(const struct store *);

/* Writer: BEGIN IMMEDIATE … COMMIT, with a savepoint around each entry. */
int store_begin(struct store *, struct err *) ERR_MUST_CHECK;
int store_commit(struct store *, struct err *) ERR_MUST_CHECK;
void store_rollback(struct store *);
int store_save(struct store *, struct err *) ERR_MUST_CHECK;	/* savepoint */
int store_release(struct store *, struct err *) ERR_MUST_CHECK;
void store_undo(struct store *);	/* back to the savepoint, which ends */
/* False after SQLite itself ended the transaction (FULL, IOERR, NOMEM). */
bool store_in_transaction(const struct store *);

/* Reader: one consistent look for one request. */
int store_read_begin(struct store *, struct err *) ERR_MUST_CHECK;
void store_read_end(struct store *);
/* What a reader's transaction sees: two that are equal saw the same rows.
 * False when that cannot be said: with the writer's handle, whose rows may be
 * undone, and outside of a transaction. */
struct store_moment {
	uint64_t handle, version;
};
bool store_moment(struct store *, struct store_moment *);

/* ---- the appliance: exactly one row ---- */

struct appliance {
	char id[ID_TEXT], name[NAME_TEXT];
	int64_t generation;	/* committed changes */
	int64_t changed_ms;	/* wall clock of that generation's commit */
	int64_t newest_ms;	/* the latest that any commit had */
	uint64_t term;		/* the last one taken */
	int64_t identity_epoch;
	uint32_t mac_prefix;	/* 24 bits behind 02/12/…: this appliance's own */
};
int store_appliance(struct store *, struct appliance *, struct err *)
    ERR_MUST_CHECK;
/*
 * The identity epoch goes up when identities are taken over from another
 * appliance, and never down: PATH.epoch beside the database has it too, and at the
 * start of a writer the larger one wins.  What is smaller changes nothing.
 */
int store_epoch_raise(struct store *, int64_t epoch, struct err *)
    ERR_MUST_CHECK;
int store_term_put(struct store *, uint64_t term, struct err *) ERR_MUST_CHECK;
/* generation + 1 at wall_ms; returns it. */
int64_t store_generation_next(struct store *, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;
/*
 * The clock is behind when a commit had a time that is still to come: somebody
 * set it, and what goes by it waits.  `accept`: this is the time all the same.
 */
enum { STORE_SLACK_MS = 2000 };		/* of clocks that are only nudged */
bool store_clock_behind(const struct appliance *, int64_t wall_ms);
int store_clock_accept(struct store *, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;
/* A number never given before: operation ids, job ids.  > 0. */
int64_t store_next_number(struct store *, struct err *) ERR_MUST_CHECK;

/* ---- wanted objects; `ref` is a name (any case) or an id ---- */

int network_load(struct store *, struct arena *, const char *ref,
    struct network **, struct err *) ERR_MUST_CHECK;
int san_load(struct store *, struct arena *, const char *ref, struct san **,
    struct err *) ERR_MUST_CHECK;
int pool_load(struct store *, struct arena *, const char *ref, struct pool **,
    struct err *) ERR_MUST_CHECK;
int pool_default(struct store *, struct arena *, enum pool_type,
    struct pool **, struct err *) ERR_MUST_CHECK;
int profile_load(struct store *, struct arena *, const char *ref,
    struct profile **, struct err *) ERR_MUST_CHECK;
/* The profile assigned to a slot; *out NULL when there is none. */
int profile_at_slot(struct store *, struct arena *, unsigned slot,
    struct profile **out, struct err *) ERR_MUST_CHECK;
/* Profiles at a slot that are bound to one server, by slot. */
struct profile_bond {
	uint32_t slot;
	char serial[17], name[NAME_TEXT];
};
int profile_bonds(struct store *, struct arena *, struct profile_bond **,
    size_t *n, struct err *) ERR_MUST_CHECK;
/* Slots of profiles with drift=adopt, rising. */
int profile_adopting(struct store *, struct arena *, uint32_t **slots,
    size_t *n, struct err *) ERR_MUST_CHECK;
int slot_load(struct store *, struct arena *, unsigned number, struct slot **,
    struct err *) ERR_MUST_CHECK;	/* defaults when never touched */

int class_load(struct store *, struct arena *, const char *ref,
    struct qos_class **, struct err *) ERR_MUST_CHECK;
int appliance_wanted_load(struct store *, struct arena *,
    struct appliance_wanted **, struct err *) ERR_MUST_CHECK;
int port_load(struct store *, struct arena *, unsigned bay, unsigned port,
    struct port **, struct err *) ERR_MUST_CHECK;	/* defaults likewise */

/* Lists in rising name (slots: number) order after `after`; at most `limit`, or
 * STORE_ALL. */
#define STORE_ALL ((size_t)INT64_MAX)
int network_list(struct store *, struct arena *, const char *after,
    size_t limit, struct network **, size_t *n, struct err *) ERR_MUST_CHECK;
int san_list(struct store *, struct arena *, const char *after, size_t limit,
    struct san **, size_t *n, struct err *) ERR_MUST_CHECK;
int pool_list(struct store *, struct arena *, const char *after, size_t limit,
    struct pool **, size_t *n, struct err *) ERR_MUST_CHECK;
int profile_list(struct store *, struct arena *, const char *after,
    size_t limit, struct profile **, size_t *n, struct err *) ERR_MUST_CHECK;
int class_list(struct store *, struct arena *, const char *after,
    size_t limit, struct qos_class **, size_t *n, struct err *) ERR_MUST_CHECK;
/* Ids of the profiles with a vNIC of a class. */
int class_users(struct store *, struct arena *, const char *id,
    const char ***profiles, size_t *n, struct err *) ERR_MUST_CHECK;
int slot_list(struct store *, struct arena *, struct slot **, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* Ports that somebody said something about. */
int port_list(struct store *, struct arena *, struct port **, size_t *n,
    struct err *) ERR_MUST_CHECK;

/* Writes the difference between before and after; either may be NULL (made,
 * removed).  Releases first: slots and placements are unique. */
int network_store(struct store *, const struct network *before,
    const struct network *after, struct err *) ERR_MUST_CHECK;
int san_store(struct store *, const struct san *before,
    const struct san *after, struct err *) ERR_MUST_CHECK;
int pool_store(struct store *, const struct pool *before,
    const struct pool *after, struct err *) ERR_MUST_CHECK;
int class_store(struct store *, const struct qos_class *before,
    const struct qos_class *after, struct err *) ERR_MUST_CHECK;
int appliance_wanted_store(struct store *, const struct appliance_wanted *,
    struct err *) ERR_MUST_CHECK;
int profile_store(struct store *, const struct profile *before,
    const struct profile *after, struct err *) ERR_MUST_CHECK;
int slot_store(struct store *, const struct slot *, struct err *)
    ERR_MUST_CHECK;
int port_store(struct store *, const struct port *, struct err *)
    ERR_MUST_CHECK;
/* Clears slot and placements of a profile, so that a swap fits (step one of a
 * change set; profile_store is step two). */
int profile_vacate(struct store *, const char *id, struct err *)
    ERR_MUST_CHECK;

/* The module that is expected in a bay: set when something is bound on it,
 * forgotten when nothing is any more.  What is lost is bound again on it only. */
struct module {
	uint32_t bay;
	uint16_t vendor, device;
	char serial[17];		/* "" unknown */
};
/* out->bay is 0 when none is expected. */
int module_load(struct store *, unsigned bay, struct module *out, struct err *)
    ERR_MUST_CHECK;
/* All that are expected, by bay. */
int module_list(struct store *, struct arena *, struct module **, size_t *n,
    struct err *) ERR_MUST_CHECK;
int module_store(struct store *, const struct module *, struct err *)
    ERR_MUST_CHECK;
int module_forget(struct store *, unsigned bay, struct err *) ERR_MUST_CHECK;

/* How many devices use a network or SAN. */
int object_used_by(struct store *, enum object_type, const char *id,
    int64_t *n, struct err *) ERR_MUST_CHECK;
/* Who has which function, and what he wants of its port; rising functions, of
 * assigned profiles only. */
struct placement {
	fn_id fn;
	uint32_t limit_mbps, guarantee_mbps;
	uint32_t mtu;			/* 0: no vNIC */
	uint32_t sharing, n_placed;	/* as of a device */
	const char *profile;		/* its id */
};
int placement_list(struct store *, struct arena *, struct placement **,
    size_t *n, struct err *) ERR_MUST_CHECK;
/* Disks that exist on a module, by bay and number; assigned or not. */
struct disk_place {
	uint32_t bay, number;
	const char *profile;		/* its id */
};
int disk_place_list(struct store *, struct arena *, struct disk_place **,
    size_t *n, struct err *) ERR_MUST_CHECK;

/* Whether a virtual disk has that id. */
int disk_known(struct store *, const char *id, bool *known, struct err *)
    ERR_MUST_CHECK;
/* Disks of profiles at slots that are known by a guid and have no place. */
struct disk_missing {
	uint32_t slot;
	char device[NAME_TEXT], disk[NAME_TEXT], guid[TEXT_TEXT];
};
int disk_missing_list(struct store *, struct arena *, struct disk_missing **,
    size_t *n, struct err *) ERR_MUST_CHECK;

/* ---- revisions: immutable content of a profile, canonical JSON ---- */

struct revision {
	int64_t revision, at_ms, job;
	char actor[NAME_TEXT];
	char digest[65];
	const char *content;
};
int revision_add(struct store *, const char *profile_id,
    const struct revision *, struct err *) ERR_MUST_CHECK;
/* Newest first. */
int revision_list(struct store *, struct arena *, const char *profile_id,
    struct revision **, size_t *n, struct err *) ERR_MUST_CHECK;
int revision_load(struct store *, struct arena *, const char *profile_id,
    int64_t number, struct revision **, struct err *) ERR_MUST_CHECK;

#include "profiles/store_bay.h"

#endif
