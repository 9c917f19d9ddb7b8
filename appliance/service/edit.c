/* edit.c -- what the handlers of edit.h share. */
#include "appliance/service/edit.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "appliance/service/request.h"

/* Takes the member at a pointer below `at` out of an object; false when the
 * pointer leads nowhere. */
static bool
cut(json_t *body, const char *at, const char *pointer)
{
	size_t skip = strlen(at);
	char key[64];
	size_t len;

	if (strncmp(pointer, at, skip) != 0 || pointer[skip] != '/')
		return false;
	pointer += skip + 1;
	len = strcspn(pointer, "/");
	if (len == 0 || len >= sizeof(key))
		return false;
	memcpy(key, pointer, len);
	key[len] = '\0';
	return json_object_del(body, key) == 0;
}

/*
 * The reader stops at the first bad value.  A value that only breaks a rule is
 * noted and taken out, and the rest is read, until nothing is left to note.
 */
int
edit_fields(struct edit *x, const struct field_table *table, bool making,
    void *object, struct err *e)
{
	struct field_names names = change_names(x->set);
	json_t *body = json_deep_copy(x->body);
	int rc;

	while ((rc = field_from_json(x->call->arena, table, &names, body,
	    x->at, making, object, e)) < 0) {
		if (e->code != ERR_RULES || !cut(body, x->at, e->field))
			break;
		rules_note_err(x->broken, e);
		making = false;
	}
	json_decref(body);
	return rc;
}

int
edit_match(struct edit *x, int64_t revision, struct err *e)
{
	const char *want = x->request->if_match;
	char etag[32];

	snprintf(etag, sizeof(etag), "\"%" PRId64 "\"", revision);
	if (want == NULL || request_etag_listed(want, etag, false))
		return 0;
	return err_set(e, ERR_STALE, "it has revision %s by now, not %.40s",
	    etag, want);
}

int
edit_only(struct edit *x, const char *const *keys, struct err *e)
{
	return json_only(x->body, x->at, keys, e);
}

void
edit_broken(struct edit *x, const char *code, const char *member,
    const char *fmt, ...)
{
	char detail[1024], pointer[96];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	snprintf(pointer, sizeof(pointer), "%s%s", x->at, member);
	rules_note(x->broken, code, '\0', pointer, "%s", detail);
}

int
edit_slot_number(struct edit *x, const char *text, uint32_t *number,
    struct err *e)
{
	const struct view *v = x->call->view;
	int64_t n;

	if (v->n_slots == 0)
		return err_set(e, ERR_UNAVAILABLE,
		    "the switch has not been seen yet");
	if (!request_number(text, (int64_t)v->n_slots, &n) || n < 1)
		return err_set(e, ERR_NOT_FOUND,
		    "there is no slot %.20s; they go from 1 to %zu", text,
		    v->n_slots);
	*number = (uint32_t)n;
	return 0;
}
