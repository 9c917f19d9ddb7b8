/*
 * routes.h -- what the API can do, as the CLI sees it.
 *
 * Made at build time from the route and field tables of the service
 * ($(B)/gen/cli_routes.c, by appliance/routes_main.c), so that a new route is a
 * new verb without a line of code here.
 */
#ifndef TOOLS_POLYROOT_ROUTES_H
#define TOOLS_POLYROOT_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

enum cli_type {
	CLI_TEXT, CLI_INT, CLI_BOOL,
	CLI_LIST,			/* of texts: the flag may be repeated */
	CLI_OBJECTS,			/* of objects: --flag key=value,key=value */
	CLI_MAP,			/* one member: --flag key=value, repeated */
};

struct cli_field {
	const char *path;		/* "qos.limitMbps" */
	enum cli_type type;
	bool required;
	const char *doc;
};

struct cli_route {
	const char *name;		/* "profile assign" */
	const char *method, *path;	/* "/profiles/{p}:assign" */
	const char *query;		/* "limit,after" */
	const char *summary;
	bool changes, body, dry_run;
	const struct cli_field *fields;	/* NULL: any flag is a member */
	size_t n_fields;
};

extern const struct cli_route cli_routes[];
extern const size_t cli_n_routes;

#endif
