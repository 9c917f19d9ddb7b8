/* read_identity.c -- the ledger's pages, and whether it agrees with the profiles;
 * see read.h. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/read.h"
#include "appliance/service/render.h"
#include "appliance/service/render_identity.h"
#include "appliance/service/request.h"

enum { CHECK_ITEMS = 1024 };

/* ---- by profile, by digits ---- */

static int
put_history(struct call *c, json_t *items, const struct identity *key,
    struct err *e)
{
	struct identity *list;
	size_t n;

	if (key->value == 0)
		return 0;
	if (ledger_history_of(c->store, c->arena, key, &list, &n, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		json_put(items, NULL, render_identity(&list[i]));
	return 0;
}

/* What a profile has now, each with those who had it before. */
static int
by_profile(struct call *c, const char *ref, json_t *items, struct err *e)
{
	struct identity node = { .space = SPACE_WWN };
	struct identity uuid = { .space = SPACE_UUID };
	struct profile *p;

	if (profile_load(c->store, c->arena, ref, &p, e) < 0)
		return -1;
	node.value = p->wwnn;
	(void)uuid_parse(p->system_uuid, &uuid.high, &uuid.value);
	if (put_history(c, items, &uuid, e) < 0 ||
	    put_history(c, items, &node, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n_devices; i++) {
		const struct device *d = &p->devices[i];
		struct identity key = { .value = d->address, .space =
		    d->kind == DEVICE_VNIC ? SPACE_MAC : SPACE_WWN };

		if (put_history(c, items, &key, e) < 0)
			return -1;
	}
	return 0;
}

static bool
fits(const struct ledger_query *ask, const struct identity *id)
{
	return (ask->pool[0] == '\0' || strcmp(ask->pool, id->pool) == 0) &&
	    (ask->state < 0 || ask->state == (int)id->state) &&
	    (ask->profile[0] == '\0' ||
	    strcasecmp(ask->profile, id->profile_name) == 0 ||
	    strcmp(ask->profile, id->profile) == 0);
}

static int
by_digits(struct call *c, const struct ledger_query *ask, const char *q,
    json_t *items, struct err *e)
{
	struct identity *list;
	char digits[33];
	size_t n;

	if (!find_digits(q, digits) || strlen(digits) < 3)
		return err_rule(e, ERR_MALFORMED, NULL, "q",
		    "q holds at least 3 digits of an address");
	if (ledger_find(c->store, c->arena, digits, 0, ask->limit, &list, &n,
	    e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		if (fits(ask, &list[i]))
			json_put(items, NULL, render_identity(&list[i]));
	return 0;
}

/* ---- pages ---- */

static int
by_page(struct call *c, const struct ledger_query *ask, json_t *items,
    char next[24], struct err *e)
{
	struct identity *list;
	int64_t row;
	size_t n;

	if (ledger_list(c->store, c->arena, ask, &list, &n, &row, e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++)
		json_put(items, NULL, render_identity(&list[i]));
	if (row != 0)
		(void)snprintf(next, 24, "%" PRId64, row);
	return 0;
}

static int
read_state(struct call *c, int *state, struct err *e)
{
	const char *word = request_query(c->request, "state");

	*state = -1;
	if (word == NULL)
		return 0;
	for (int i = ID_RESERVED; i <= ID_RETIRED; i++)
		if (strcmp(word, render_identity_state((enum id_state)i)) == 0)
			*state = i;
	if (*state >= 0)
		return 0;
	return err_rule(e, ERR_MALFORMED, NULL, "state",
	    "state is reserved, assigned, quarantined or retired");
}

/* A pool by name or id; one that was removed has its id only. */
static int
read_pool_id(struct call *c, const char **id, struct err *e)
{
	const char *ref = request_query(c->request, "pool");
	struct pool *p;

	*id = "";
	if (ref == NULL)
		return 0;
	if (pool_load(c->store, c->arena, ref, &p, e) == 0)
		*id = p->head.id;
	else if (e->code == ERR_NOT_FOUND && uuid_valid(ref))
		*id = ref;
	else
		return -1;
	return 0;
}

static int
read_query(struct call *c, struct ledger_query *ask, struct err *e)
{
	const char *after = request_query(c->request, "after");
	const char *profile = request_query(c->request, "profile");

	ask->profile = profile != NULL ? profile : "";
	if (after != NULL &&
	    !request_number(after, INT64_MAX / 16, &ask->before))
		return err_rule(e, ERR_MALFORMED, NULL, "after",
		    "after is the \"next\" of the page before");
	if (read_state(c, &ask->state, e) < 0 ||
	    read_pool_id(c, &ask->pool, e) < 0)
		return -1;
	return request_limit(c->request, &ask->limit, e);
}

int
read_identities(struct call *c, struct err *e)
{
	const char *q = request_query(c->request, "q");
	struct ledger_query ask = { 0 };
	char next[24] = "";
	json_t *items;
	int rc;

	if (read_query(c, &ask, e) < 0)
		return -1;
	items = json_array();
	if (q != NULL)
		rc = by_digits(c, &ask, q, items, e);
	else if (ask.profile[0] != '\0' && ask.pool[0] == '\0' && ask.state < 0)
		rc = by_profile(c, ask.profile, items, e);
	else
		rc = by_page(c, &ask, items, next, e);
	if (rc < 0) {
		json_decref(items);
		return -1;
	}
	answer_json(c->answer, 200, render_list(items, next[0] != '\0' ? next :
	    NULL));
	return 0;
}

/* ---- the check ---- */

int
read_identities_check(struct call *c, struct err *e)
{
	json_t *items;
	struct leak *list;
	size_t n;

	if (ledger_check(c->store, c->arena, CHECK_ITEMS, &list, &n, e) < 0)
		return -1;
	items = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *o = render_identity(&list[i].id);

		json_put(o, "code", json_str("IdentityLeak"));
		json_put(o, "problem", json_str(list[i].owned ?
		    "ownedUnassigned" : "assignedUnowned"));
		if (list[i].owned)
			json_put(o, "state", json_null());
		json_put(items, NULL, o);
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
}
