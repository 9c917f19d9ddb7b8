/*
 * words.h -- from the words of a command line to a request.
 *
 *	polyroot profile assign esx-01 --slot 3
 *	\______________________________/
 *	 the route's name, then what stands in the braces of its path in order,
 *	 then flags
 *
 * A flag is a member of the body or a parameter of the query.  A body's member
 * "qos.limitMbps" is found by --qos-limit-mbps, --limit-mbps or --limit, a list
 * "networks" by --networks or, repeated, by --network.  Items that are objects
 * are written --boot-target wwpn=…,lun=0.  --json TEXT or --file FILE give the
 * body whole.
 *
 * Refused, ERR_MALFORMED: words and flags that the route does not know.
 */
#ifndef TOOLS_POLYROOT_WORDS_H
#define TOOLS_POLYROOT_WORDS_H

#include "base/buf.h"
#include "base/json.h"
#include "tools/polyroot/routes.h"

struct wish {
	const struct cli_route *route;
	struct buf path;		/* with query, encoded, after /api/v1 */
	json_t *body;			/* NULL: none, or raw */
	char *raw;			/* of --file, free()d */
	size_t raw_size;
	const char *if_match, *output;	/* loans from argv */
	bool dry_run, no_wait;
};

/* The route whose name fits most words; *used says how many. */
const struct cli_route *words_route(const struct cli_route *table, size_t n,
    int argc, char **argv, int *used);
/* The words behind the name. */
int words_wish(const struct cli_route *, int argc, char **argv, struct wish *,
    struct err *) ERR_MUST_CHECK;
void words_free(struct wish *);
/* Percent-encoded, for a path or a query. */
void words_encode(struct buf *, const char *);
/* The field that a flag means, or NULL. */
const struct cli_field *words_field(const struct cli_route *,
    const char *flag);

#endif
