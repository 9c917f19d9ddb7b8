/*
 * rules.h -- what may not be wished, each rule a row with its words.
 *
 * A rule has a number (as in the rule book), a code that clients may rely on, a
 * severity (B blocks, C wants a confirmation, W is only said), what it demands,
 * and a remedy.  Rules look at a change set, the view and the capabilities;
 * only what the change set touches is checked.  All violations are collected,
 * never just the first.
 *
 * Some rows have no function: what they say is found where the value is read
 * (syntax) or at a door (plans, idempotency); their words are here all the same,
 * so that every problem shows a remedy.
 *
 * Violations and their texts live in the arena.
 */
#ifndef SERVICE_RULES_H
#define SERVICE_RULES_H

#include "appliance/service/route.h"
#include "profiles/store.h"

struct census;			/* census.h */

struct violation {
	const char *code;
	char severity;			/* 'B', 'C', 'W' */
	const char *pointer, *detail;
	const char *proposal;		/* a list of changes as JSON, or NULL */
};

struct violations {
	struct arena *arena;
	struct violation *items;
	size_t n, cap;
};

/* Which object an entry of a change list is about, and where it stands. */
struct rules_place {
	enum object_type type;
	const char *id, *device;	/* device "" = the object itself */
	const char *at;			/* JSON pointer of the entry's body */
};

struct rules {
	struct arena *arena;
	struct store *store;
	const struct view *view;
	struct change_set *set;
	const struct rules_place *places;
	size_t n_places;
	const uint32_t *spared;		/* slots that a spare takes over from */
	size_t n_spared;
	const uint32_t *fenced;		/* of them, those switched off first */
	size_t n_fenced;
	struct census *census;		/* NULL: nothing is assigned */
	struct module *strangers;	/* expected where others are; see */
	size_t n_strangers;		/* rules_strangers() */
	bool have_strangers;
	uint32_t *serviced;		/* bays, see rules_serviced() */
	size_t n_serviced;
	bool have_serviced;
	bool future;			/* a moment to come is tried */
	struct violations *out;
	const struct rule *rule;	/* the one that runs */
	int failed;			/* -1: the store failed, see err */
	struct err err;
};

struct rule {
	unsigned number;
	const char *code;
	char severity;
	const char *what, *remedy;
	void (*check)(struct rules *);	/* NULL: found elsewhere */
};

extern const struct rule rules[];
extern const size_t rules_n;

/* The row of a code; NULL when there is none. */
const struct rule *rules_find(const char *code);

/* Runs every row that has a function; -1 only when the store fails. */
int rules_run(struct rules *, struct err *) ERR_MUST_CHECK;

/* Adds one; severity 0 = the row's.  The same (code, pointer) is kept once. */
void rules_note(struct violations *, const char *code, char severity,
    const char *pointer, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));
/* Changes that make the wish whole, for the one noted last: the list that POST
 * /plans takes beside it. */
void rules_propose(struct violations *, const char *changes);
/* The same from an ERR_RULES error. */
void rules_note_err(struct violations *, const struct err *);
/* How many of a severity. */
size_t rules_count(const struct violations *, char severity);
/* [{"code","severity","pointer","detail","remedy","proposal"}]; only those of a
 * severity unless 0, a proposal only where there is one.  The caller owns it. */
json_t *rules_to_json(const struct violations *, char severity);
/* Fills *e with the first B item; returns -1. */
int rules_fail(const struct violations *, struct err *);

/* The change of an object in a set; NULL when it is not touched. */
const struct change *rules_change(const struct change_set *,
    enum object_type, const char *id);

/* True when a device is, or was, one of the set's profiles'. */
bool rules_owns(const struct change_set *, const char *device);

/* Disks that exist and that the change set leaves in no profile. */
struct rules_doomed {
	const struct change *change;
	const struct device *device;
	const struct disk *disk;
};
void rules_doomed(const struct rules *, struct rules_doomed **, size_t *n);

/* What the cable of a slot carries, Mb/s after the line code; 0 = not known. */
uint64_t rules_usable_mbps(const struct fabric_slot *);

/* "/qos/limitMbps" of an object, as a pointer into what was sent. */
const char *rules_at(const struct rules *, const struct change *,
    const struct device *, const char *member);

#endif
