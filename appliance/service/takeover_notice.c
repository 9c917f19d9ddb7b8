/* takeover_notice.c -- notices of takeovers, shown and obeyed; see takeover.h. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "appliance/service/render.h"
#include "appliance/service/takeover.h"
#include "base/clock.h"
#include "profiles/setting.h"
#include "profiles/takeover.h"
#include "profiles/trust.h"

enum { NOTICE_ITEMS = 1 << 17 };

static const char *const type_words[] = { "mac", "wwpn", "wwnn", "uuid",
    NULL };

/* ---- as JSON ---- */

static char *
value_text(enum id_space space, uint64_t high, uint64_t value,
    char text[UUID_TEXT])
{
	if (space == SPACE_UUID)
		return uuid_text(high, value, text);
	return space == SPACE_MAC ? mac_text(value, text) :
	    wwn_text(value, text);
}

static enum id_space
space_of(enum pool_type type)
{
	return type == POOL_MAC ? SPACE_MAC : type == POOL_UUID ? SPACE_UUID :
	    SPACE_WWN;
}

json_t *
takeover_identity_json(const struct identity *id)
{
	json_t *o = json_object();
	char text[UUID_TEXT];

	json_put(o, "type", json_str(type_words[id->role]));
	json_put(o, "value", json_str(value_text(id->space, id->high,
	    id->value, text)));
	json_put(o, "profile", json_str(id->profile_name));
	json_put(o, "device", json_str(id->device_name));
	return o;
}

json_t *
takeover_block_json(const struct takeover_block *b)
{
	json_t *o = json_object();
	char text[UUID_TEXT];

	json_put(o, "type", json_str(type_words[b->type]));
	json_put(o, "from", json_str(value_text(space_of(b->type), 0, b->from,
	    text)));
	json_put(o, "to", json_str(value_text(space_of(b->type), 0, b->to,
	    text)));
	json_put(o, "pool", json_str(b->pool));
	return o;
}

const char *
takeover_lines(struct arena *a, const json_t *takeover)
{
	char *text = json_canonical(takeover);
	const char *lines = arena_printf(a, "polyroot-takeover-v1\n%s\n",
	    text);

	free(text);
	return lines;
}

/* ---- GET ---- */

static int
notice_json(const struct takeover *t, json_t **out, struct err *e)
{
	return json_read(t->notice, strlen(t->notice), SIZE_MAX, out, e);
}

int
takeovers_read(struct call *c, struct err *e)
{
	json_t *items = json_array(), *one;
	struct takeover *list;
	size_t n;

	if (takeover_list(c->store, c->arena, &list, &n, e) < 0)
		goto failed;
	for (size_t i = 0; i < n; i++) {
		if (notice_json(&list[i], &one, e) < 0)
			goto failed;
		json_put(items, NULL, json_incref(json_object_get(one,
		    "takeover")));
		json_decref(one);
	}
	answer_json(c->answer, 200, render_list(items, NULL));
	return 0;
failed:
	json_decref(items);
	return -1;
}

int
takeover_read(struct call *c, struct err *e)
{
	struct takeover *t;
	json_t *notice;

	if (takeover_load(c->store, c->arena, request_param(c->request, "id"),
	    &t, e) < 0 || notice_json(t, &notice, e) < 0)
		return -1;
	answer_json(c->answer, 200, notice);
	return 0;
}

/* ---- POST /takeovers:notice: reading ---- */

static int
no_notice(const struct edit *x, const char *where, const char *why,
    struct err *e)
{
	return err_rule(e, ERR_MALFORMED, NULL, arena_printf(x->call->arena,
	    "%s/takeover%s", x->at, where), "%s", why);
}

static int
read_type(const json_t *o, uint32_t *type)
{
	const char *word = json_string_value(json_object_get(o, "type"));

	for (*type = 0; type_words[*type] != NULL; (*type)++)
		if (word != NULL && strcmp(word, type_words[*type]) == 0)
			return 0;
	return -1;
}

static int
read_value(const json_t *o, const char *key, enum id_space space,
    uint64_t *high, uint64_t *value)
{
	const char *text = json_string_value(json_object_get(o, key));
	bool good;

	*high = 0;
	if (text == NULL)
		return -1;
	if (space == SPACE_UUID)
		good = uuid_valid(text) && uuid_parse(text, high, value);
	else
		good = space == SPACE_MAC ? mac_parse(text, value) :
		    wwn_parse(text, value);
	return good ? 0 : -1;
}

static int
read_identities(struct edit *x, const json_t *list, struct takeover_plan *t,
    struct err *e)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > NOTICE_ITEMS)
		return no_notice(x, "/identities", "must be a list", e);
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);
		struct identity id = { .row = 0 };
		uint32_t type;

		if (read_type(o, &type) < 0)
			return no_notice(x, "/identities",
			    "must say which type each is", e);
		id.space = space_of((enum pool_type)type);
		id.role = (enum id_role)type;
		if (read_value(o, "value", id.space, &id.high,
		    &id.value) < 0)
			return no_notice(x, "/identities",
			    "must say which address each is", e);
		ARENA_PUSH(x->call->arena, t->identities, t->n_identities,
		    t->cap_identities) = id;
	}
	return 0;
}

static int
read_blocks(struct edit *x, const json_t *list, struct takeover_plan *t,
    struct err *e)
{
	size_t n = json_array_size(list);

	if (!json_is_array(list) || n > NOTICE_ITEMS)
		return no_notice(x, "/blocks", "must be a list", e);
	for (size_t i = 0; i < n; i++) {
		const json_t *o = json_array_get(list, i);
		struct takeover_block b = { .pool = "" };
		uint64_t high;
		uint32_t type;

		if (read_type(o, &type) < 0 || type == POOL_UUID ||
		    read_value(o, "from", space_of((enum pool_type)type),
		    &high, &b.from) < 0 || read_value(o, "to",
		    space_of((enum pool_type)type), &high, &b.to) < 0 ||
		    b.to < b.from)
			return no_notice(x, "/blocks",
			    "must say type, from and to of each", e);
		b.type = (enum pool_type)type;
		ARENA_PUSH(x->call->arena, t->blocks, t->n_blocks,
		    t->cap_blocks) = b;
	}
	return 0;
}

static const char *
text_at(const json_t *o, const char *object, const char *key)
{
	const char *text;

	if (object != NULL)
		o = json_object_get(o, object);
	text = json_string_value(json_object_get(o, key));
	return text != NULL ? text : "";
}

static int
read_notice(struct edit *x, const json_t *o, struct takeover_plan *t,
    struct err *e)
{
	t->epoch = json_integer_value(json_object_get(o, "epoch"));
	snprintf(t->origin, sizeof(t->origin), "%s", text_at(o, "by", "id"));
	snprintf(t->name, sizeof(t->name), "%s", text_at(o, "by", "name"));
	if (!json_is_object(o) || t->epoch < 1 || !uuid_valid(t->origin))
		return no_notice(x, "", "is no notice of a takeover", e);
	if (read_identities(x, json_object_get(o, "identities"), t, e) < 0)
		return -1;
	return read_blocks(x, json_object_get(o, "blocks"), t, e);
}

/* ---- whom it is for, who says so ---- */

static int
check_signature(struct edit *x, const json_t *o, struct err *e)
{
	const json_t *sig = json_object_get(x->body, "signature");
	struct trust_verdict v = { .says = TRUST_UNSIGNED };
	struct settings s;
	char severity;

	if (json_is_object(sig) && trust_judge(x->call->store,
	    x->call->arena, TRUST_NOTICES, text_at(sig, NULL, "keyId"),
	    text_at(sig, NULL, "value"), takeover_lines(x->call->arena, o),
	    x->call->request->wall_ms, &v, e) < 0)
		return -1;
	if (settings_load(x->call->store, &s, e) < 0)
		return -1;
	severity = s.require_signature == SIGNATURE_ALWAYS ? 'B' : 'C';
	if (v.says == TRUST_BAD)
		rules_note(x->broken, "SignatureInvalid", 'B', x->at,
		    "it was changed after %s had signed it", v.name);
	else if (v.says != TRUST_KNOWN)
		rules_note(x->broken, "NoticeUnsigned", severity, x->at,
		    "no key that is trusted for notices signed it");
	return 0;
}

static int
check_receiver(struct edit *x, const json_t *o, struct err *e)
{
	struct appliance self;

	if (store_appliance(x->call->store, &self, e) < 0)
		return -1;
	if (strcasecmp(text_at(o, "from", "id"), self.id) != 0)
		rules_note(x->broken, "NoticeNotForUs", 0, x->at,
		    "it is for %.63s, and this is %s",
		    text_at(o, "from", "name"), self.name);
	return 0;
}

/* ---- letting go ---- */

static bool
in_blocks(const struct takeover_plan *t, const struct identity *id)
{
	for (size_t i = 0; i < t->n_blocks; i++)
		if (space_of(t->blocks[i].type) == id->space &&
		    id->value >= t->blocks[i].from &&
		    id->value <= t->blocks[i].to)
			return true;
	return false;
}

/* Its vHBAs all have one node name. */
static void
suspend(struct profile *p, const struct identity *id)
{
	for (size_t i = 0; i < p->n_devices; i++) {
		struct device *d = &p->devices[i];
		bool has = id->role == ROLE_WWNN ? d->kind == DEVICE_VHBA &&
		    p->wwnn == id->value : id->role != ROLE_UUID &&
		    d->address == id->value;

		if (has)
			d->suspended = true;
	}
}

/* Parts of our pools that nobody gets any more. */
static int
close_range(struct edit *x, enum id_space space, uint64_t from, uint64_t to,
    struct err *e);

static int
let_go(struct edit *x, const struct takeover_plan *t,
    const struct identity *id, size_t *newer, struct err *e)
{
	struct identity *live;
	struct profile *p;

	if (ledger_live_of(x->call->store, x->call->arena, id, &live, e) < 0)
		return -1;
	/* Taken back since: this notice is of yesterday. */
	if (live != NULL && live->epoch >= t->epoch) {
		(*newer)++;
		return 0;
	}
	if (live != NULL && live->state == ID_ASSIGNED) {
		if (change_profile(x->set, live->profile, &p, e) < 0)
			return e->code == ERR_NOT_FOUND ? 0 : -1;
		suspend(p, id);
		return 0;
	}
	return in_blocks(t, id) || id->space == SPACE_UUID ? 0 :
	    close_range(x, id->space, id->value, id->value, e);
}

/* The parts of [from, to] that are in a block of the pool and not excluded yet. */
static void
exclude(struct edit *x, struct pool *p, const struct block *b, uint64_t from,
    uint64_t to)
{
	struct block *list;
	uint64_t at = from > b->from ? from : b->from;
	uint64_t end = to < b->to ? to : b->to;

	while (at <= end) {
		const struct block *known = pool_excluded(p, at);
		uint64_t stop = end;

		if (known != NULL) {
			at = known->to + 1;
			continue;
		}
		for (size_t i = 0; i < p->n_exclusions; i++)
			if (p->exclusions[i].from > at &&
			    p->exclusions[i].from <= stop)
				stop = p->exclusions[i].from - 1;
		list = arena_array(x->call->arena, p->n_exclusions + 1,
		    sizeof(*list));
		for (size_t i = 0; i < p->n_exclusions; i++)
			list[i] = p->exclusions[i];
		list[p->n_exclusions++] = (struct block){ at, stop };
		p->exclusions = list;
		at = stop + 1;
	}
}

static int
close_in(struct edit *x, const char *id, uint64_t from, uint64_t to,
    struct err *e)
{
	struct pool *p;

	if (change_pool(x->set, id, &p, e) < 0)
		return -1;
	for (size_t i = 0; i < p->n_blocks; i++)
		if (from <= p->blocks[i].to && to >= p->blocks[i].from)
			exclude(x, p, &p->blocks[i], from, to);
	return 0;
}

static int
close_range(struct edit *x, enum id_space space, uint64_t from, uint64_t to,
    struct err *e)
{
	enum { POOLS = 4096 };
	struct pool *list;
	size_t n;

	if (pool_list(x->call->store, x->call->arena, "", POOLS, &list, &n,
	    e) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		bool meets = false;

		for (size_t k = 0; k < list[i].n_blocks; k++)
			meets = meets || (from <= list[i].blocks[k].to &&
			    to >= list[i].blocks[k].from);
		if (meets && space_of((enum pool_type)list[i].type) == space &&
		    close_in(x, list[i].head.id, from, to, e) < 0)
			return -1;
	}
	return 0;
}

static int
let_all_go(struct edit *x, const struct takeover_plan *t, struct err *e)
{
	size_t newer = 0;

	for (size_t i = 0; i < t->n_identities; i++)
		if (let_go(x, t, &t->identities[i], &newer, e) < 0)
			return -1;
	for (size_t i = 0; i < t->n_blocks; i++)
		if (close_range(x, space_of(t->blocks[i].type),
		    t->blocks[i].from, t->blocks[i].to, e) < 0)
			return -1;
	if (newer > 0)
		rules_note(x->broken, "EpochBehind", 'B', x->at,
		    "%zu of its addresses are of a later epoch here: they were "
		    "taken back", newer);
	return 0;
}

int
takeover_notice(struct edit *x, struct err *e)
{
	static const char *const keys[] = { "takeover", "signature", NULL };
	struct takeover_plan *t = arena_alloc(x->call->arena, sizeof(*t));
	const json_t *o = json_object_get(x->body, "takeover");

	if (edit_only(x, keys, e) < 0 || read_notice(x, o, t, e) < 0 ||
	    check_signature(x, o, e) < 0 || check_receiver(x, o, e) < 0)
		return -1;
	x->kind = "takeover";
	snprintf(x->title, sizeof(x->title),
	    "Let go of what %s took over", t->name);
	x->takeover = t;
	return let_all_go(x, t, e);
}
