/* field_special.c -- the rows that need code; see field.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "profiles/field_rows.h"

static const void *
place(const struct field *f, const void *object)
{
	return (const char *)object + f->offset;
}

static uint32_t
u32_at(const struct field *f, const void *object)
{
	uint32_t v;

	memcpy(&v, place(f, object), sizeof(v));
	return v;
}

static uint64_t
u64_at(const struct field *f, const void *object)
{
	uint64_t v;

	memcpy(&v, place(f, object), sizeof(v));
	return v;
}

static const char *
class_word(const struct device *d)
{
	static const char *const words[DEVICE_N_KINDS] = {
		[DEVICE_VNIC] = "ethernet", [DEVICE_VHBA] = "fibre-channel",
		[DEVICE_VDAS] = "raid",
	};

	return words[d->kind];
}

static bool
address_text(const struct device *d, char text[FIELD_TEXT_MAX])
{
	if (d->address == 0)
		(void)snprintf(text, FIELD_TEXT_MAX, "pool");
	else if (d->kind == DEVICE_VNIC)
		(void)mac_text(d->address, text);
	else
		(void)wwn_text(d->address, text);
	return true;
}

/* A MAC or a WWN: no WWN of ours has its first two bytes zero. */
static bool
end_text(uint64_t value, char text[FIELD_TEXT_MAX])
{
	if (value >> 48 == 0)
		(void)mac_text(value, text);
	else
		(void)wwn_text(value, text);
	return true;
}

static bool
port_name(const struct field *f, const void *object,
    char text[FIELD_TEXT_MAX])
{
	struct port_ref at;

	memcpy(&at, place(f, object), sizeof(at));
	(void)port_text(at.bay, at.port, text);
	return at.bay != 0;
}

bool
field_special_text(const struct field *f, const void *object,
    char text[FIELD_TEXT_MAX])
{
	switch (f->special) {
	case SPECIAL_ADDRESS:
		return address_text(object, text);
	case SPECIAL_CLASS:
		(void)snprintf(text, FIELD_TEXT_MAX, "%s", class_word(object));
		return true;
	case SPECIAL_LUN:
		(void)snprintf(text, FIELD_TEXT_MAX, u64_at(f, object) > 65535 ?
		    "%016llX" : "%llu", (unsigned long long)u64_at(f, object));
		return true;
	case SPECIAL_RAID:
		(void)snprintf(text, FIELD_TEXT_MAX, "RAID%u",
		    u32_at(f, object));
		return true;
	case SPECIAL_NUMBER:
		(void)snprintf(text, FIELD_TEXT_MAX, "%u", u32_at(f, object));
		return u32_at(f, object) != UINT32_MAX;
	case SPECIAL_FN:
		(void)fn_text(u32_at(f, object), text);
		return u32_at(f, object) != 0;
	case SPECIAL_END:
		return end_text(u64_at(f, object), text);
	case SPECIAL_SYSTEM:
		(void)snprintf(text, FIELD_TEXT_MAX, "%s",
		    (const char *)place(f, object));
		return *text != '\0';
	case SPECIAL_PORT:
		return port_name(f, object, text);
	case SPECIAL_LOCAL:
	case SPECIAL_UNTIL:
		(void)schedule_time_text((int64_t)u64_at(f, object), text);
		return f->special == SPECIAL_LOCAL || u64_at(f, object) != 0;
	case SPECIAL_DAYS:
		return *schedule_days_text(u32_at(f, object), text) != '\0';
	case SPECIAL_ZONE:
		(void)snprintf(text, FIELD_TEXT_MAX, "%s",
		    (const char *)place(f, object));
		return true;
	case SPECIAL_NONE:
	case SPECIAL_NETWORKS:
	case SPECIAL_NATIVE:
		break;
	}
	return false;
}

/* ---- from text ---- */

static int
set_u32(const struct field *f, uint32_t v, void *object)
{
	memcpy((char *)object + f->offset, &v, sizeof(v));
	return 0;
}

static int
set_u64(const struct field *f, uint64_t v, void *object)
{
	memcpy((char *)object + f->offset, &v, sizeof(v));
	return 0;
}

/* What a device has already stays as it came about; another value is static. */
static int
set_address(const struct field *f, const char *text, const char *at,
    struct device *d, struct err *e)
{
	bool vnic = d->kind == DEVICE_VNIC;
	uint64_t v;

	if (strcmp(text, "pool") == 0) {
		if (d->source != SOURCE_POOL)
			d->address = 0;
		d->source = SOURCE_POOL;
		return 0;
	}
	if (vnic ? !mac_parse(text, &v) : !wwn_parse(text, &v))
		return field_refuse(f, at, vnic ?
		    "is no MAC; write 12 hexadecimal digits or \"pool\"" :
		    "is no WWN; write 16 hexadecimal digits or \"pool\"", e);
	if ((vnic ? field_check_mac(f->rule, at, v, e) :
	    field_check_wwn(f->rule, at, v, e)) < 0)
		return -1;
	if (v == d->address)
		return 0;
	d->address = v;
	d->source = SOURCE_STATIC;
	d->pool[0] = '\0';
	return 0;
}

static int
set_lun(const struct field *f, const char *text, const char *at, void *object,
    struct err *e)
{
	size_t digits = strspn(text, "0123456789ABCDEFabcdef");
	size_t decimal = strspn(text, "0123456789");
	uint64_t v;

	if (digits == 16 && text[16] == '\0')
		return set_u64(f, strtoull(text, NULL, 16), object);
	v = decimal > 0 && decimal < 6 && text[decimal] == '\0' ?
	    strtoull(text, NULL, 10) : UINT64_MAX;
	if (v > 65535)
		return field_refuse(f, at,
		    "must be from 0 to 65535, or 16 hexadecimal digits", e);
	return set_u64(f, v, object);
}

static int
set_raid(const struct field *f, const char *text, const char *at,
    void *object, struct err *e)
{
	static const uint32_t levels[] = { 0, 1, 5, 6, 10, 50, 60 };
	char word[16];

	for (size_t i = 0; i < sizeof(levels) / sizeof(levels[0]); i++) {
		(void)snprintf(word, sizeof(word), "RAID%u", levels[i]);
		if (strcasecmp(word, text) == 0)
			return set_u32(f, levels[i], object);
	}
	return err_rule(e, ERR_MALFORMED, NULL, at,
	    "%s must be one of RAID0 RAID1 RAID5 RAID6 RAID10 RAID50 RAID60",
	    at);
}

static int
set_number(const struct field *f, const char *text, const char *at,
    void *object, struct err *e)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 4 || text[n] != '\0' ||
	    strtoul(text, NULL, 10) > f->max)
		return field_refuse(f, at, "is no number of a disk", e);
	return set_u32(f, (uint32_t)strtoul(text, NULL, 10), object);
}

static int
set_fn(const struct field *f, const char *text, const char *at, void *object,
    struct err *e)
{
	fn_id fn;

	if (!fn_parse(text, &fn))
		return field_refuse(f, at, "is no function", e);
	return set_u32(f, fn, object);
}

static int
set_end(const struct field *f, const char *text, const char *at, void *object,
    struct err *e)
{
	uint64_t v;

	if (mac_parse(text, &v))
		return field_check_mac("MacSyntax", at, v, e) < 0 ? -1 :
		    set_u64(f, v, object);
	if (!wwn_parse(text, &v))
		return err_rule(e, ERR_RULES, "MacSyntax", at,
		    "%s is neither a MAC nor a WWN", at);
	return field_check_wwn("WwnSyntax", at, v, e) < 0 ? -1 :
	    set_u64(f, v, object);
}

static int
set_port(const struct field *f, const char *text, const char *at,
    void *object, struct err *e)
{
	struct port_ref ref;
	unsigned bay, port;

	if (!port_parse(text, &bay, &port))
		return field_refuse(f, at, "is no port; write it like io1/2",
		    e);
	ref = (struct port_ref){ bay, port };
	memcpy((char *)object + f->offset, &ref, sizeof(ref));
	return 0;
}

/* What it has already stays when it shall be from the pool. */
static int
set_system(const struct field *f, const char *text, const char *at, char *to,
    struct err *e)
{
	uint64_t high, low;

	if (strcmp(text, "pool") == 0) {
		if (*to == '\0')
			(void)snprintf(to, ID_TEXT, "pool");
		return 0;
	}
	if (!uuid_parse(text, &high, &low))
		return field_refuse(f, at, "is no UUID; write it in its form of"
		    " 36 characters, or \"pool\"", e);
	if (low >> 62 != 2)
		return field_refuse(f, at, "has not the variant of RFC 4122", e);
	(void)uuid_text(high, low, to);
	return 0;
}

static int
set_local(const struct field *f, const char *text, const char *at,
    void *object, struct err *e)
{
	int64_t local;

	if (f->special == SPECIAL_UNTIL ? !schedule_until_parse(text, &local) :
	    !schedule_time_parse(text, &local))
		return field_refuse(f, at, "is no local time; write it like "
		    "2026-11-21T22:00", e);
	return set_u64(f, (uint64_t)local, object);
}

/* UNTIL goes where it stands in the same schedule. */
static int
set_days(const struct field *f, const char *text, const char *at,
    void *object, struct err *e)
{
	struct schedule *s = (void *)((char *)object + f->offset -
	    offsetof(struct schedule, days));

	if (!schedule_days_parse(text, &s->days, &s->until))
		return field_refuse(f, at, "is no recurrence known here; write "
		    "FREQ=DAILY or FREQ=WEEKLY;BYDAY=MO,TU, and ;UNTIL=20261231",
		    e);
	return 0;
}

static int
set_zone(const struct field *f, const char *text, const char *at, char *to,
    struct err *e)
{
	if (!zone_name_valid(text))
		return field_refuse(f, at, "is no time zone; write it like "
		    "Europe/London", e);
	(void)snprintf(to, ZONE_TEXT, "%s", text);
	return 0;
}

int
field_special_set(const struct field *f, const char *text, const char *at,
    void *object, struct err *e)
{
	switch (f->special) {
	case SPECIAL_ADDRESS:
		return set_address(f, text, at, object, e);
	case SPECIAL_CLASS:
		if (strcmp(text, class_word(object)) == 0)
			return 0;
		return field_refuse(f, at, "follows from the kind of device",
		    e);
	case SPECIAL_LUN:
		return set_lun(f, text, at, object, e);
	case SPECIAL_RAID:
		return set_raid(f, text, at, object, e);
	case SPECIAL_NUMBER:
		return set_number(f, text, at, object, e);
	case SPECIAL_FN:
		return set_fn(f, text, at, object, e);
	case SPECIAL_END:
		return set_end(f, text, at, object, e);
	case SPECIAL_SYSTEM:
		return set_system(f, text, at, (char *)object + f->offset, e);
	case SPECIAL_PORT:
		return set_port(f, text, at, object, e);
	case SPECIAL_LOCAL:
	case SPECIAL_UNTIL:
		return set_local(f, text, at, object, e);
	case SPECIAL_DAYS:
		return set_days(f, text, at, object, e);
	case SPECIAL_ZONE:
		return set_zone(f, text, at, (char *)object + f->offset, e);
	case SPECIAL_NONE:
	case SPECIAL_NETWORKS:
	case SPECIAL_NATIVE:
		break;
	}
	return err_rule(e, ERR_MALFORMED, NULL, at, "%s is no single value",
	    at);
}

/* ---- JSON ---- */

static json_t *
networks_json(const struct field_names *names, const struct device *d)
{
	json_t *list = json_array();
	char name[NAME_TEXT];

	for (size_t i = 0; i < d->n_vlans; i++)
		if (names->name_of(names->cookie, OBJ_NETWORK,
		    d->vlans[i].network, name))
			json_put(list, NULL, json_str(name));
	return list;
}

static json_t *
native_json(const struct field_names *names, const struct device *d)
{
	char name[NAME_TEXT];

	for (size_t i = 0; i < d->n_vlans; i++)
		if (d->vlans[i].native && names->name_of(names->cookie,
		    OBJ_NETWORK, d->vlans[i].network, name))
			return json_str(name);
	return json_null();
}

json_t *
field_special_json(const struct field *f, const struct field_names *names,
    const void *object)
{
	char text[FIELD_TEXT_MAX];

	if (f->special == SPECIAL_NETWORKS)
		return networks_json(names, object);
	if (f->special == SPECIAL_NATIVE)
		return native_json(names, object);
	if (f->special == SPECIAL_NUMBER && u32_at(f, object) != UINT32_MAX)
		return json_int(u32_at(f, object));
	if (f->special == SPECIAL_LUN && u64_at(f, object) <= 65535)
		return json_int((int64_t)u64_at(f, object));
	return json_str(field_special_text(f, object, text) ? text : NULL);
}

static struct vlan_ref *
find_vlan(struct vlan_ref *list, size_t n, const char *network)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].network, network) == 0)
			return &list[i];
	return NULL;
}

static int
network_id(const struct field_names *names, const json_t *value,
    const char *at, char id[ID_TEXT], struct err *e)
{
	if (!json_is_string(value))
		return err_rule(e, ERR_MALFORMED, NULL, at,
		    "%s must be names of networks", at);
	if (!names->id_of(names->cookie, OBJ_NETWORK, json_string_value(value),
	    id))
		return err_rule(e, ERR_RULES, "MissingDependency", at,
		    "there is no network %.64s", json_string_value(value));
	return 0;
}

/* One network is access and untagged, more are a trunk, unless told. */
static int
read_networks(struct arena *a, const struct field *f,
    const struct field_names *names, const json_t *value, const char *at,
    bool restoring, struct device *d, struct err *e)
{
	size_t n = json_array_size(value);
	struct vlan_ref *list, *old;

	if (!json_is_array(value))
		return err_rule(e, ERR_MALFORMED, NULL, at, "%s must be a list",
		    at);
	if (n > f->max)
		return field_refuse(f, at, "has too many networks", e);
	list = arena_array(a, n, sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		struct vlan_ref v = { .native = false };

		if (network_id(names, json_array_get(value, i), at, v.network,
		    e) < 0)
			return -1;
		if (find_vlan(list, i, v.network) != NULL)
			return field_refuse(f, at, "names a network twice", e);
		old = find_vlan(d->vlans, d->n_vlans, v.network);
		v.native = !restoring && (n == 1 || (old != NULL && old->native
		    && d->vlan_mode == VLAN_TRUNK));
		list[i] = v;
	}
	d->vlans = list;
	d->n_vlans = n;
	if (!restoring)
		d->vlan_mode = n > 1 ? VLAN_TRUNK : VLAN_ACCESS;
	return 0;
}

static int
read_native(struct arena *a, const struct field *f,
    const struct field_names *names, const json_t *value, const char *at,
    struct device *d, struct err *e)
{
	struct vlan_ref *list;
	char id[ID_TEXT] = "";

	if (!json_is_null(value)) {
		if (network_id(names, value, at, id, e) < 0)
			return -1;
		if (find_vlan(d->vlans, d->n_vlans, id) == NULL)
			return field_refuse(f, at, "is not one of the networks",
			    e);
	}
	list = arena_copy(a, d->vlans, d->n_vlans * sizeof(*list));
	for (size_t i = 0; i < d->n_vlans; i++)
		list[i].native = strcmp(list[i].network, id) == 0;
	d->vlans = list;
	return 0;
}

int
field_special_read(struct arena *a, const struct field *f,
    const struct field_names *names, const json_t *value, const char *at,
    bool restoring, void *object, struct err *e)
{
	char digits[24];

	if (f->special == SPECIAL_NETWORKS)
		return read_networks(a, f, names, value, at, restoring, object,
		    e);
	if (f->special == SPECIAL_NATIVE)
		return read_native(a, f, names, value, at, object, e);
	if ((f->special == SPECIAL_NUMBER || f->special == SPECIAL_LUN) &&
	    json_is_integer(value)) {
		(void)snprintf(digits, sizeof(digits), "%lld",
		    (long long)json_integer_value(value));
		return field_special_set(f, digits, at, object, e);
	}
	if (!json_is_string(value))
		return err_rule(e, ERR_MALFORMED, NULL, at, "%s must be a text",
		    at);
	if (field_special_set(f, json_string_value(value), at, object, e) < 0)
		return -1;
	/* Where it is from stands in a row of its own. */
	if (restoring && f->special == SPECIAL_ADDRESS)
		((struct device *)object)->source = SOURCE_POOL;
	return 0;
}
