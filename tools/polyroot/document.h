/*
 * document.h -- whole configurations as files: export, import, diff, apply.
 *
 *	polyroot export [--kind logical|system|full] [--profile NAME] [-o FILE]
 *	polyroot import FILE [--mode merge|replace|clone] [--scope all] …
 *	polyroot diff FILE [--scope all]
 *	polyroot apply -f FILE [--scope all]
 *
 * import, diff and apply take too: --select A,B --identities keep|new
 * --map FILE --choose CONFLICT=OPTION[=VALUE] --confirm CODE,CODE
 * --origin NAME --dry-run --no-wait.  `apply` makes it as the file says (mode
 * replace), `diff` only says what that would be.  FILE "-" is standard input.
 *
 * They are the API's own calls one after the other: what is asked of the operator
 * stands in the answer, and an import that is blocked is kept there, to choose
 * and go on by `polyroot import change`.
 */
#ifndef TOOLS_POLYROOT_DOCUMENT_H
#define TOOLS_POLYROOT_DOCUMENT_H

#include "tools/polyroot/outcome.h"

/* True for one of the four, with what may stand behind it ("import make" is a
 * route's own verb). */
bool document_is(int argc, char **argv);
/* argv[0] is the verb; the exit status. */
int document_run(struct client *, int argc, char **argv,
    const struct options *);

#endif
