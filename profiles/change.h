/*
 * change.h -- a change set: objects put and removed, wished in one go.
 *
 * Everything that changes what is wanted becomes one of these: a REST call, an
 * import, a move, an undo.  It works on copies: the first touch of an object
 * loads it (`before`), the caller edits `after`.  Nothing is written until
 * change_commit(), and that writes all of it inside the caller's savepoint.
 *
 *	cs = change_new(arena, store, seed, wall_ms);
 *	p = change_profile(cs, "esx-01", &e);	  edit *p …
 *	change_resolve(cs, &e);			  addresses from pools
 *	(rules, placement, plan: appliance/service)
 *	change_commit(cs, &e);
 *
 * Deterministic in (calls, committed state, seed).  Later lookups see earlier
 * edits, so a later entry may name what an earlier one made.
 */
#ifndef PROFILES_CHANGE_H
#define PROFILES_CHANGE_H

#include "profiles/field.h"
#include "profiles/ledger.h"

struct change {
	enum object_type type;
	char id[ID_TEXT];		/* slots: the number; ports: "io1/2";
					 * bays: "io1";
					 * the appliance: "appliance" */
	const void *before;		/* struct of the type, NULL = new */
	void *after;			/* NULL = removed */
	const char *content;		/* change_content(), or NULL */
};

struct change_set {
	struct arena *arena;
	struct store *store;
	struct rng rng;
	int64_t wall_ms;
	struct change *items;		/* in order of first touch */
	size_t n, cap;
};

struct change_set *change_new(struct arena *, struct store *, uint64_t seed,
    int64_t wall_ms);

/* The editable copy by name or id; ERR_NOT_FOUND, also when removed here. */
int change_network(struct change_set *, const char *ref, struct network **,
    struct err *) ERR_MUST_CHECK;
int change_san(struct change_set *, const char *ref, struct san **,
    struct err *) ERR_MUST_CHECK;
int change_pool(struct change_set *, const char *ref, struct pool **,
    struct err *) ERR_MUST_CHECK;
int change_profile(struct change_set *, const char *ref, struct profile **,
    struct err *) ERR_MUST_CHECK;
int change_slot(struct change_set *, unsigned number, struct slot **,
    struct err *) ERR_MUST_CHECK;
int change_port(struct change_set *, const char *ref, struct port **,
    struct err *) ERR_MUST_CHECK;
int change_bay(struct change_set *, const char *ref, struct bay **,
    struct err *) ERR_MUST_CHECK;
int change_class(struct change_set *, const char *ref, struct qos_class **,
    struct err *) ERR_MUST_CHECK;
int change_lease(struct change_set *, const char *ref, struct lease **,
    struct err *) ERR_MUST_CHECK;
int change_appliance(struct change_set *, struct appliance_wanted **,
    struct err *) ERR_MUST_CHECK;
/* The copy of whatever profile sits at a slot; *out NULL when none. */
int change_profile_at(struct change_set *, unsigned slot, struct profile **out,
    struct err *) ERR_MUST_CHECK;

/* A new object with defaults and a fresh id; the name is set by the caller
 * before the next lookup. */
struct network *change_make_network(struct change_set *);
struct san *change_make_san(struct change_set *);
struct pool *change_make_pool(struct change_set *);
struct qos_class *change_make_class(struct change_set *);
struct profile *change_make_profile(struct change_set *);
struct lease *change_make_lease(struct change_set *);
/* A device with defaults, a fresh id and the next free order. */
struct device *change_make_device(struct change_set *, struct profile *,
    enum device_kind);

int change_remove(struct change_set *, enum object_type, const char *ref,
    struct err *) ERR_MUST_CHECK;

/* Names for the field tables, seeing this change set's edits. */
struct field_names change_names(struct change_set *);

/*
 * Fills what was left to us: addresses of devices, UUIDs, and the WWNN of
 * profiles with vHBAs from pools; names and VLANs beside references, vlan_mode;
 * what classes say.  A class that changes changes its vNICs: their profiles come
 * into the set.
 * Drops changes that change nothing.  ERR_RULES PoolExhausted.
 */
int change_resolve(struct change_set *, struct err *) ERR_MUST_CHECK;

/* Both sides say the same. */
bool change_is_noop(const struct change *);

/* Addresses given up and taken by the whole set: what before and after of its
 * profiles have that the other side has not; equal ones side by side. */
struct address {
	enum id_space space;
	enum id_role role;
	uint64_t high, value;		/* as in struct identity */
	const struct profile *profile;
	const struct device *device;	/* NULL: the profile's own */
};
void change_addresses(struct change_set *, struct address **given_up,
    size_t *n_given_up, struct address **taken, size_t *n_taken);

/* Writes all of it: releases, rows, ledger, revisions.  `job` and `actor` go
 * into the revisions. */
int change_commit(struct change_set *, int64_t job, const char *actor,
    struct err *) ERR_MUST_CHECK;

/* What `after` holds, as canonical JSON: complete, with ids, addresses and
 * placement; "null" when it is removed.  Made once, in the arena.  Handing out
 * or resolving `after` forgets it; who edits it in another way does so before
 * it is asked for. */
const char *change_content(struct change_set *, struct change *);
/* All of it as JSON: [{"type","id","content":{…}|null}]; `inverse`: what leads
 * back.  In the arena. */
const char *change_text(struct change_set *, bool inverse);
/* Puts such a list on top of the present state (undo, rollback). */
int change_from_json(struct change_set *, const json_t *, struct err *)
    ERR_MUST_CHECK;

/* What began stays begun, when people take it back: else it would begin again. */
void change_keep_begun(struct change_set *);

/* Field diff for people, as in the API's plan. */
json_t *change_diff(struct change_set *);

#endif
