/* answer.c -- see route.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/rules.h"

enum { ANSWER_MAX = 64 << 20 };

void
answer_header(struct answer *a, const char *name, const char *value)
{
	size_t used = strlen(a->headers);

	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return;		/* a value must not forge a header */
	if (used + strlen(name) + strlen(value) + 5 > sizeof(a->headers))
		return;
	snprintf(a->headers + used, sizeof(a->headers) - used, "%s: %s\r\n",
	    name, value);
}

void
answer_json(struct answer *a, int status, json_t *json)
{
	char *text = json_text(json);

	buf_free(&a->body);
	a->body = buf_new(ANSWER_MAX);
	buf_str(&a->body, text);
	free(text);
	json_decref(json);
	a->status = status;
	a->content_type = "application/json";
}

/*
 * Where it lies and what to do, when no rule says it: the name of a header, or
 * the path of the request (NULL).  err.def's words say what a code means.
 */
static const struct advice {
	const char *where, *remedy;
} advice[ERR_N_CODES] = {
	[ERR_MALFORMED] = { NULL, "Mend the request and send it again." },
	[ERR_UNAUTHORIZED] = { "Authorization", "Sign in with POST "
	    "/api/v1/sessions and send its token as a bearer token." },
	[ERR_FORBIDDEN] = { NULL, "Ask somebody whose role may do this." },
	[ERR_NOT_FOUND] = { NULL, "List what there is; it may have another "
	    "name, or be gone." },
	[ERR_METHOD] = { NULL, "Use a method that the header Allow names." },
	[ERR_NOT_ACCEPTABLE] = { "Accept", "Accept a format that the detail "
	    "names." },
	[ERR_CONFLICT] = { NULL, "Look at how it stands, then try again." },
	[ERR_STALE] = { "If-Match", "Read the object again and send the ETag "
	    "that it has now." },
	[ERR_TOO_LARGE] = { "Content-Length", "Send less, or in several "
	    "requests." },
	[ERR_MEDIA_TYPE] = { "Content-Type", "Send a type that the detail "
	    "names, in UTF-8." },
	[ERR_RULES] = { NULL, "Change the value and send it again." },
	[ERR_PRECONDITION] = { "If-Match", "Read the object and send its ETag "
	    "as If-Match." },
	[ERR_BUSY] = { NULL, "Wait as Retry-After says, then try again." },
	[ERR_INTERNAL] = { NULL, "Report it with the requestId; the log has "
	    "the evidence." },
	[ERR_UNSUPPORTED] = { NULL, "Do without it on this hardware." },
	[ERR_DEVICE] = { NULL, "Look at the faults, then try again." },
	[ERR_UNAVAILABLE] = { NULL, "Nothing was done: try again soon, with "
	    "the same Idempotency-Key." },
	[ERR_TIMEOUT] = { NULL, "Look whether it was done, then try again." },
};

static json_t *
problem(const struct answer *a, const struct err *e)
{
	const char *code = e->rule[0] != '\0' ? e->rule : err_slug(e->code);
	json_t *o = json_object();
	char type[64];

	snprintf(type, sizeof(type), "/help/errors/%s", code);
	json_put(o, "type", json_str(type));
	json_put(o, "title", json_str(err_words(e->code)));
	json_put(o, "status", json_int(err_http(e->code)));
	json_put(o, "code", json_str(code));
	json_put(o, "detail", json_str(e->msg));
	if (a->instance != NULL)
		json_put(o, "instance", json_str(a->instance));
	if (a->request_id != NULL)
		json_put(o, "requestId", json_str(a->request_id));
	return o;
}

static const char *
where_of(const struct answer *a, const struct err *e)
{
	if (e->field[0] != '\0')
		return e->field;
	if (advice[e->code].where != NULL)
		return advice[e->code].where;
	return a->instance != NULL ? a->instance : "";
}

/* One error, with the words of its rule when it has any. */
static json_t *
one_error(const struct answer *a, const struct err *e)
{
	const struct rule *rule = rules_find(e->rule);
	const char *remedy = advice[e->code].remedy;
	char severity[2] = { rule != NULL ? rule->severity : 'B', '\0' };
	json_t *o = json_object();

	json_put(o, "code", json_str(e->rule[0] != '\0' ? e->rule :
	    err_slug(e->code)));
	json_put(o, "severity", json_str(severity));
	json_put(o, "pointer", json_str(where_of(a, e)));
	json_put(o, "detail", json_str(e->msg));
	json_put(o, "remedy", json_str(rule != NULL ? rule->remedy :
	    remedy != NULL ? remedy : err_words(e->code)));
	return o;
}

void
answer_violations(struct answer *a, const struct err *e,
    const struct violations *v, json_t *extra)
{
	json_t *o = problem(a, e), *errors;

	if (v != NULL && v->n > 0) {
		errors = rules_to_json(v, '\0');
	} else {
		errors = json_array();
		json_put(errors, NULL, one_error(a, e));
	}
	json_put(o, "errors", errors);
	if (extra != NULL) {
		json_object_update_missing(o, extra);
		json_decref(extra);
	}
	answer_json(a, err_http(e->code), o);
	a->content_type = "application/problem+json";
}

void
answer_problem(struct answer *a, const struct err *e)
{
	answer_violations(a, e, NULL, NULL);
}
