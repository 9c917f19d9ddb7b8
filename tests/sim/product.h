/*
 * product.h -- every operation, at every one of its steps, with every fault.
 *
 * Three tables span the product: operations, what goes wrong, and how long (once,
 * or until it is lifted).  The steps are counted, not listed: an operation is
 * done once without a fault, and what reached the switch is its steps.  A point
 * is one cell: the fault arrives with the nth step.
 *
 * A point holds when
 *
 *   - the job ends in time: `applied` or `rolledBack`; `rollbackFailed` only while
 *     what went wrong stays, and then :retry ends in one of the two after it was
 *     lifted;
 *   - the emulator saw no violation;
 *   - no command reached a slot or function that is not the operation's, unless
 *     the fault took something from everybody;
 *   - in the end every server sees what it saw before (rolledBack) or what it sees
 *     without a fault (applied), each binding is bound, and nothing is wrong.
 */
#ifndef TESTS_SIM_PRODUCT_H
#define TESTS_SIM_PRODUCT_H

#include "tests/sim/world.h"

enum { PRODUCT_STEPS = 160, PRODUCT_SLOTS = 3, PRODUCT_OTHER = 3 };

/* The profile db is at slot 1; other, which nothing is done to, at slot 3. */
struct product_op {
	const char *name;
	void (*furnish)(struct world *);	/* beyond that; may be NULL */
	const char *method, *path, *body;	/* body "<": world_export() of before
						 * furnish() */
	bool all;			/* it is about everybody */
};
extern const struct product_op product_ops[];
extern const size_t product_n_ops;

/* What goes wrong. */
struct product_wrong {
	const char *name;
	const char *verb;		/* "": of the verb of that step: `mode` */
	const char *mode;		/* as `fault VERB` wants it */
	const char *line, *back;	/* or a hand, and the one that lifts it */
	const char *lasting;		/* instead, when it stays; NULL: cannot */
	bool all;			/* it takes something from everybody */
};
extern const struct product_wrong product_wrongs[];
extern const size_t product_n_wrongs;

/* An operation, ready to be done: its world rests. */
struct product_stage {
	const struct product_op *op;
	struct world w;
	char *document;			/* or NULL */
	char *before[PRODUCT_SLOTS], *after[PRODUCT_SLOTS];
	const char *verb[PRODUCT_STEPS];	/* of each step */
	unsigned n_steps;
};
void product_stage(struct product_stage *, const struct product_op *,
    uint64_t seed);
void product_strike(struct product_stage *);

enum product_end { PRODUCT_APPLIED, PRODUCT_ROLLED_BACK, PRODUCT_RETRIED,
	PRODUCT_N_ENDS };

struct product_point {
	const struct product_wrong *wrong;
	unsigned step;			/* from 1 */
	bool lasting;
};

/* In a process of its own.  False when the point does not hold; then the process
 * has said why. */
bool product_do(struct product_stage *, const struct product_point *,
    enum product_end *);

#endif
