/*
 * fault_book.h -- what is wrong, for how long, and whether it comes and goes.
 *
 * The engine gathers facts with every look (engine_fault.c); the book gives
 * them a life:
 *
 *	soaking	 seen for less than its soak time: shown, but it counts for no
 *		 health, tells nobody and moves nothing
 *	active	 seen for longer
 *	flapping came back for the third time within FAULT_FLAP_MS each; calm
 *		 for that long, it is active again
 *	cleared	 gone; shown for FAULT_KEEP_MS
 *
 * A fault is one (code, object, part): part tells apart what is wrong with one
 * object several times, like two devices of a slot.  What people were told (an
 * event) or have acknowledged is a row (profiles/fault_told.h), so that a
 * restart tells nothing twice; what is wrong is never one.
 *
 * Pure: facts, rows and the time are handed in.  The book owns its memory.
 */
#ifndef ENGINE_FAULT_BOOK_H
#define ENGINE_FAULT_BOOK_H

#include "profiles/fault_told.h"

enum {
	FAULT_FLAP_MS = 300000,
	FAULT_FLAPS = 3,	/* so many raises make it flapping */
	FAULT_KEEP_MS = 3600000,
	FAULT_RECALL_MS = 30000,	/* told of before a start: so long to show */
	FAULT_BOOK_MAX = 2048,
};

/* What a code means; severities are the usual ones, a fact has its own. */
struct fault_kind {
	const char *code, *severity;
	int64_t soak_ms;
	const char *what;
};
extern const struct fault_kind fault_kinds[];
extern const size_t n_fault_kinds;
/* NULL when there is none. */
const struct fault_kind *fault_kind_find(const char *code);

enum fault_state { FAULT_SOAKING, FAULT_ACTIVE, FAULT_FLAPPING, FAULT_CLEARED };
const char *fault_state_word(enum fault_state);

struct fault {
	const char *code, *severity;
	char object_type[16], object[NAME_TEXT], part[NAME_TEXT];
	uint32_t slot;			/* 0 none */
	char text[200], remedy[200];
	uint32_t count;			/* raises, or what the fact says */
	/* The book's: */
	char id[FAULT_ID];		/* "SlotLinkDown-1a2b3c4d" */
	enum fault_state state;
	int64_t since_ms;		/* wall clock of this raise */
	int64_t cleared_ms;		/* 0 while it is there */
	char acked_by[NAME_TEXT];	/* "" nobody */
	int64_t acked_ms;
};

enum fault_news { FAULT_NO_NEWS, FAULT_RAISED, FAULT_GONE };

struct fault_entry {
	struct fault fault;
	uint32_t raises;		/* within the flap time of each other */
	bool there, told;		/* in this turn's facts; has a row */
	bool recalled;			/* from a row, not seen since the start */
	enum fault_news news;		/* to be told */
};

struct fault_book {
	struct fault_entry *entries;	/* by id */
	size_t n, cap;
};

/* Frees what it holds. */
void fault_book_clear(struct fault_book *);
/* One look: `facts` with id, state and times unset; `rows` as stored. */
void fault_book_turn(struct fault_book *, const struct fault *facts, size_t n,
    const struct fault_told *rows, size_t n_rows, int64_t wall_ms);

/* The worst of what is active or flapping: 0 ok, 1 warning, 2 critical. */
int fault_severity_health(const char *severity);

#endif
