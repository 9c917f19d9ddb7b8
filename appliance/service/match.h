/*
 * match.h -- which module of a document is which module here.
 *
 * A document says what its appliance had; this box has what it has.  Each module
 * there gets at most one here, each here at most one there, in this order:
 *
 *	mapped	the operator said so; "" there says: nowhere
 *	exact	the same serial, wherever it is now
 *	model	the same class, model and number of ports, in the same bay
 *	class	the same class and number of ports; the same model and the same
 *		bay before others, then the lowest bay
 *
 * Earlier ways go before later ones over all modules, so that a card that moved
 * to another bay is not taken by a stranger.  A serial that is known and differs
 * does not forbid a later way: a spare card is what a restore is for.
 *
 * Pure: a table test walks it (tests/unit/test_match.c).
 */
#ifndef SERVICE_MATCH_H
#define SERVICE_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum match_how { MATCH_NONE, MATCH_MAPPED, MATCH_EXACT, MATCH_MODEL,
	MATCH_CLASS, MATCH_N };
/* "none", "mapped", "exact", "model", "class". */
const char *match_word(enum match_how);

struct match_module {
	uint32_t bay, ports;
	const char *class_word, *model, *serial;	/* "" unknown */
	/* There only: NULL, or what the operator's map says: "io3", "". */
	const char *to;
};

enum { MATCH_NOBODY = UINT32_MAX };

struct match {
	uint32_t here;			/* index, or MATCH_NOBODY */
	enum match_how how;
	bool astray;			/* mapped to what is not here, or to what
					 * an earlier one has */
};

/* Fills out[0 .. n_there - 1]. */
void match_modules(const struct match_module *there, size_t n_there,
    const struct match_module *here, size_t n_here, struct match *out);

#endif
