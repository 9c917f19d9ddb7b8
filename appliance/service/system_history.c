/* system_history.c -- the ledger of a document of kind full, in and out. */
#include <stdlib.h>
#include <string.h>

#include "appliance/service/system.h"
#include "appliance/service/takeover.h"
#include "base/clock.h"

enum { HISTORY_ROWS = 200000 };	/* newest; the rest is only counted */

static const char *const states[] = { "reserved", "assigned", "quarantined",
    "retired" };
static const char *const types[] = { "mac", "wwpn", "wwnn", "uuid" };

/* ---- out ---- */

static void
put_time(struct xml_records *r, const char *name, int64_t ms)
{
	char text[TIME_TEXT];

	if (ms > 0)
		xml_attr_add(r, name, time_text(ms, text));
}

static void
put_text(struct xml_records *r, const char *name, const char *text)
{
	if (*text != '\0')
		xml_attr_add(r, name, text);
}

static void
put_row(struct xml_records *r, const struct ledger_row *row)
{
	json_t *o = takeover_identity_json(&row->id);

	xml_open(r, "identity", 0);
	xml_attr_add(r, "type", types[row->id.role]);
	xml_attr_add(r, "value", json_string_value(json_object_get(o,
	    "value")));
	json_decref(o);
	xml_attr_add(r, "state", states[row->id.state]);
	put_time(r, "since", row->id.since_ms);
	put_time(r, "released", row->released_ms);
	put_time(r, "until", row->id.until_ms);
	xml_attr_add(r, "epoch", arena_printf(r->arena, "%lld",
	    (long long)row->id.epoch));
	put_text(r, "profile", row->id.profile);
	put_text(r, "profileName", row->id.profile_name);
	put_text(r, "device", row->id.device);
	put_text(r, "deviceName", row->id.device_name);
	xml_close(r);
}

int
system_ledger(struct call *c, struct xml_records *r, struct err *e)
{
	struct ledger_row *rows;
	struct appliance self;
	size_t n;

	if (store_appliance(c->store, &self, e) < 0 || ledger_rows(c->store,
	    c->arena, HISTORY_ROWS, &rows, &n, e) < 0)
		return -1;
	xml_open(r, "ledger", 0);
	xml_attr_add(r, "epoch", arena_printf(r->arena, "%lld",
	    (long long)self.identity_epoch));
	if (n == HISTORY_ROWS)
		xml_attr_add(r, "more", "1");
	for (size_t i = 0; i < n; i++)
		put_row(r, &rows[i]);
	xml_close(r);
	return 0;
}

/* ---- in ---- */

static const char *
value_of(const struct xml_records *r, uint32_t i, const char *name)
{
	const char *value = xml_value(r, i, name);

	return value != NULL ? value : "";
}

static bool
word_of(const char *const words[], size_t n, const char *text, size_t *out)
{
	for (*out = 0; *out < n; (*out)++)
		if (strcmp(words[*out], text) == 0)
			return true;
	return false;
}

static int64_t
time_of(const struct xml_records *r, uint32_t i, const char *name)
{
	int64_t ms = time_parse(value_of(r, i, name));

	return ms > 0 ? ms : 0;
}

static void
copy(char *to, size_t size, const char *text)
{
	size_t n = strnlen(text, size - 1);

	memcpy(to, text, n);
	to[n] = '\0';
}

/* False for a row that says nothing that can be kept. */
static bool
read_row(const struct xml_records *r, uint32_t i, struct ledger_row *row)
{
	struct identity *id = &row->id;
	const char *value = value_of(r, i, "value");
	size_t type, state;

	*row = (struct ledger_row){ .released_ms = time_of(r, i, "released") };
	if (!word_of(types, 4, value_of(r, i, "type"), &type) ||
	    !word_of(states, 4, value_of(r, i, "state"), &state))
		return false;
	id->role = (enum id_role)type;
	id->state = (enum id_state)state;
	id->space = type == ROLE_MAC ? SPACE_MAC : type == ROLE_UUID ?
	    SPACE_UUID : SPACE_WWN;
	id->since_ms = time_of(r, i, "since");
	id->until_ms = time_of(r, i, "until");
	id->epoch = strtoll(value_of(r, i, "epoch"), NULL, 10);
	copy(id->profile, sizeof(id->profile), value_of(r, i, "profile"));
	copy(id->profile_name, sizeof(id->profile_name), value_of(r, i,
	    "profileName"));
	copy(id->device, sizeof(id->device), value_of(r, i, "device"));
	copy(id->device_name, sizeof(id->device_name), value_of(r, i,
	    "deviceName"));
	if (id->space == SPACE_UUID)
		return uuid_valid(value) && uuid_parse(value, &id->high,
		    &id->value);
	return id->epoch > 0 && (id->space == SPACE_MAC ?
	    mac_parse(value, &id->value) : wwn_parse(value, &id->value));
}

/* Oldest first, as they came to be. */
int
system_history(struct call *c, const struct xml_records *r, struct err *e)
{
	uint32_t ledger = xml_first(r, 0, "ledger");
	uint32_t *list = NULL;
	size_t n = 0, cap = 0;

	if (ledger == 0)
		return 0;
	for (uint32_t i = xml_first(r, ledger, "identity"); i != 0;
	    i = xml_next(r, i, "identity"))
		ARENA_PUSH(c->arena, list, n, cap) = i;
	while (n > 0) {
		struct ledger_row row;

		if (read_row(r, list[--n], &row) && ledger_row_add(c->store,
		    &row, c->request->wall_ms, e) < 0)
			return -1;
	}
	return 0;
}
