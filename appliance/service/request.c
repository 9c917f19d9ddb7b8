/* request.c -- see request.h and route.h. */
#include "appliance/service/request.h"

#include <string.h>

const char *
request_param(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->n_params; i++)
		if (strcmp(r->params[i].name, name) == 0)
			return r->params[i].value;
	return "";
}

const char *
request_query(const struct request *r, const char *name)
{
	for (size_t i = 0; i < r->n_query; i++)
		if (strcmp(r->query[i].name, name) == 0)
			return r->query[i].value;
	return NULL;
}

/* True when `word` stands in a list like "a,b,c". */
static bool
in_list(const char *list, const char *word)
{
	size_t n = strlen(word);

	for (const char *at = list; at != NULL && *at != '\0'; ) {
		size_t len = strcspn(at, ",");

		if (len == n && memcmp(at, word, n) == 0)
			return true;
		at += len;
		if (*at == ',')
			at++;
	}
	return false;
}

/* What rows of its kind know beside their own. */
static const char *
known_too(const struct route *route)
{
	if (route->kind == ROUTE_CHANGE)
		return "dryRun,confirm";
	return route->kind == ROUTE_WRITE &&
	    (route->flags & ROUTE_NO_DRY_RUN) == 0 ? "dryRun" : "";
}

static int
check_known(const struct route *route, const char *name, struct err *e)
{
	const char *own = route->query, *too = known_too(route);

	if (in_list(own, name) || in_list(too, name))
		return 0;
	return err_rule(e, ERR_MALFORMED, NULL, name,
	    "unknown parameter \"%.40s\"; known: %s%s%s", name, own,
	    own[0] != '\0' && too[0] != '\0' ? "," : "",
	    own[0] == '\0' && too[0] == '\0' ? "none" : too);
}

static int
check_flag(const struct request *r, const char *name, struct err *e)
{
	const char *value = request_query(r, name);

	if (value == NULL || strcmp(value, "true") == 0 ||
	    strcmp(value, "false") == 0)
		return 0;
	return err_rule(e, ERR_MALFORMED, NULL, name,
	    "%s is true or false, not \"%.40s\"", name, value);
}

int
request_check(const struct route *route, const struct request *r,
    struct err *e)
{
	for (size_t i = 0; i < r->n_query; i++) {
		const char *name = r->query[i].name;

		if (check_known(route, name, e) < 0)
			return -1;
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->query[k].name, name) == 0)
				return err_rule(e, ERR_MALFORMED, NULL, name,
				    "parameter \"%.40s\" is given twice", name);
	}
	return check_flag(r, "dryRun", e);
}

int
request_body(const struct route *route, const struct request *r, json_t **out,
    struct err *e)
{
	if (r->body_size == 0) {
		*out = json_object();
		return 0;
	}
	if (route->body_max == 0)
		return err_set(e, ERR_MALFORMED, "%s %s takes no body",
		    route->method, route->path);
	if (json_read(r->body, r->body_size, route->body_max, out, e) < 0)
		return -1;
	if (json_is_object(*out))
		return 0;
	json_decref(*out);
	return err_set(e, ERR_MALFORMED, "the body must be a JSON object");
}

bool
request_number(const char *text, int64_t max, int64_t *out)
{
	int64_t n = 0;

	if (*text == '\0' || strlen(text) > 18)
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		n = n * 10 + (*text - '0');
	}
	*out = n;
	return n <= max;
}

int
request_int(const struct request *r, const char *name, int64_t min,
    int64_t max, int64_t *out, struct err *e)
{
	const char *text = request_query(r, name);
	int64_t n;

	if (text == NULL)
		return 0;
	if (!request_number(text, max, &n) || n < min)
		return err_rule(e, ERR_MALFORMED, NULL, name,
		    "%s is a whole number from %lld to %lld", name,
		    (long long)min, (long long)max);
	*out = n;
	return 0;
}

int
request_nothing(const struct request *r, struct err *e)
{
	static const char *const keys[] = { NULL };
	json_t *body;
	int rc;

	if (r->body_size == 0)
		return 0;
	if (json_read(r->body, r->body_size, r->body_size, &body, e) < 0)
		return -1;
	rc = json_only(body, "", keys, e);
	json_decref(body);
	return rc;
}

int
request_limit(const struct request *r, size_t *limit, struct err *e)
{
	int64_t n = PAGE_DEFAULT;

	if (request_int(r, "limit", 1, PAGE_MAX, &n, e) < 0)
		return -1;
	*limit = (size_t)n;
	return 0;
}

bool
request_etag_listed(const char *list, const char *etag, bool weak)
{
	size_t n = strlen(etag);

	if (strcmp(list, "*") == 0)
		return true;
	while (*list != '\0') {
		list += strspn(list, ", \t");
		if (weak && strncmp(list, "W/", 2) == 0)
			list += 2;
		if (strncmp(list, etag, n) == 0 &&
		    strchr(", \t", list[n]) != NULL)
			return true;
		list += strcspn(list, ",");
	}
	return false;
}

bool
request_dry_run(const struct request *r)
{
	const char *value = request_query(r, "dryRun");

	return value != NULL && strcmp(value, "true") == 0;
}

bool
request_confirms(const struct request *r, const char *code)
{
	return in_list(request_query(r, "confirm"), code);
}
