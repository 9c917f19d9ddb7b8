/* route.c -- see route.h. */
#include "appliance/service/route.h"

#include <stdio.h>
#include <string.h>

/* One segment of a path. */
struct part {
	const char *at;
	size_t len;
};

/* Takes the next segment; false at the end.  A path begins with '/'. */
static bool
next_part(const char **path, struct part *part)
{
	if (**path != '/')
		return false;
	part->at = *path + 1;
	part->len = strcspn(part->at, "/");
	*path = part->at + part->len;
	return true;
}

/*
 * "{name}" takes a segment without a colon; "{name}:verb" and "word:verb" want
 * exactly that verb, so that an unknown verb is an unknown path.
 */
static bool
part_fits(struct part want, struct part have, struct part *name,
    struct part *value)
{
	const char *close;
	size_t tail;

	name->len = 0;
	if (want.len == 0 || want.at[0] != '{')
		return want.len == have.len &&
		    memcmp(want.at, have.at, want.len) == 0;
	close = memchr(want.at, '}', want.len);
	if (close == NULL)
		return false;
	tail = want.len - (size_t)(close + 1 - want.at);
	if (have.len <= tail ||
	    memcmp(have.at + have.len - tail, close + 1, tail) != 0)
		return false;
	*name = (struct part){ want.at + 1, (size_t)(close - want.at) - 1 };
	*value = (struct part){ have.at, have.len - tail };
	return memchr(value->at, ':', value->len) == NULL;
}

static char *
part_text(struct arena *a, struct part p)
{
	char *text = arena_alloc(a, p.len + 1);

	memcpy(text, p.at, p.len);
	return text;
}

/* True when the path fits; params are filled when `r` is not NULL. */
static bool
path_fits(const char *pattern, const char *path, struct request *r,
    struct arena *a)
{
	struct part want, have, name, value;
	size_t n = 0;

	while (next_part(&pattern, &want)) {
		if (!next_part(&path, &have) || have.len == 0 ||
		    !part_fits(want, have, &name, &value))
			return false;
		if (name.len == 0)
			continue;
		if (r != NULL && n < ROUTE_PARAMS) {
			r->params[n].name = part_text(a, name);
			r->params[n].value = part_text(a, value);
			r->n_params = n + 1;
		}
		n++;
	}
	return *path == '\0' && *pattern == '\0';
}

static void
add_allow(char allow[64], const char *method)
{
	size_t used = strlen(allow);

	if (strstr(allow, method) != NULL)
		return;
	if (used + strlen(method) + 3 > 64)
		return;
	snprintf(allow + used, 64 - used, "%s%s", used > 0 ? ", " : "",
	    method);
}

const struct route *
route_find(const char *method, const char *path, struct request *r,
    struct arena *a, char allow[64])
{
	allow[0] = '\0';
	if (strcmp(method, "HEAD") == 0)
		method = "GET";
	for (size_t i = 0; i < n_routes; i++) {
		if (!path_fits(routes[i].path, path, NULL, a))
			continue;
		if (strcmp(routes[i].method, method) == 0) {
			r->n_params = 0;
			path_fits(routes[i].path, path, r, a);
			return &routes[i];
		}
		add_allow(allow, routes[i].method);
	}
	return NULL;
}
