/* field.c -- see field.h: single values, and comparing. */
#include "profiles/field.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "profiles/field_rows.h"

const struct field_table *
field_device(enum device_kind kind)
{
	static const struct field_table *const tables[DEVICE_N_KINDS] = {
		[DEVICE_VNIC] = &field_vnic, [DEVICE_VHBA] = &field_vhba,
		[DEVICE_VDAS] = &field_vdas,
		[DEVICE_EXCLUSIVE] = &field_exclusive,
	};

	return tables[kind];
}

const struct field_table *
field_object(enum object_type type)
{
	static const struct field_table *const tables[OBJ_N_TYPES] = {
		[OBJ_NETWORK] = &field_network, [OBJ_SAN] = &field_san,
		[OBJ_POOL] = &field_pool, [OBJ_PROFILE] = &field_profile,
		[OBJ_SLOT] = &field_slot, [OBJ_PORT] = &field_port,
		[OBJ_CLASS] = &field_qos_class,
		[OBJ_APPLIANCE] = &field_appliance,
		[OBJ_BAY] = &field_bay, [OBJ_LEASE] = &field_lease,
	};

	return tables[type];
}

static const void *
place(const struct field *f, const void *object)
{
	return (const char *)object + f->offset;
}

static void *
place_in(const struct field *f, void *object)
{
	return (char *)object + f->offset;
}

static uint32_t
u32_at(const void *at)
{
	uint32_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

static uint64_t
u64_at(const void *at)
{
	uint64_t v;

	memcpy(&v, at, sizeof(v));
	return v;
}

int
field_refuse(const struct field *f, const char *at, const char *why,
    struct err *e)
{
	return err_rule(e, ERR_RULES, f->rule != NULL ? f->rule : "ValueRange",
	    at, "%s %s", at, why);
}

static int
malformed(const char *at, const char *why, struct err *e)
{
	return err_rule(e, ERR_MALFORMED, NULL, at, "%s %s", at, why);
}

/* ---- addresses ---- */

static int
broken(const char *rule, const char *at, const char *why, struct err *e)
{
	return err_rule(e, ERR_RULES, rule, at, "%s %s", at, why);
}

int
field_check_mac(const char *rule, const char *at, uint64_t mac, struct err *e)
{
	if (mac >> 48 != 0)
		return broken(rule, at, "has more than 48 bits", e);
	if (mac == 0 || (mac >> 40 & 1) != 0)
		return broken("MacMulticast", at,
		    "is zero, multicast or broadcast; a card needs a unicast"
		    " address", e);
	return 0;
}

int
field_check_wwn(const char *rule, const char *at, uint64_t wwn, struct err *e)
{
	unsigned naa = (unsigned)(wwn >> 60);

	if (!(naa == 1 && (wwn >> 48 & 0xfff) == 0) && naa != 2 && naa != 5)
		return broken(rule, at,
		    "must begin with 10:00, 2 or 5 (NAA 1, 2, 5)", e);
	if (naa != 5 && (wwn >> 40 & 1) != 0)
		return broken("WwnEmbeddedMulticast", at,
		    "holds a multicast MAC", e);
	return 0;
}

/* ---- durations: weeks to seconds, no months ---- */

static char *
duration_text(uint32_t s, char text[FIELD_TEXT_MAX])
{
	static const struct {
		uint32_t s;
		char letter;
	} units[] = { { 3600, 'H' }, { 60, 'M' }, { 1, 'S' } };
	size_t n;

	n = (size_t)snprintf(text, FIELD_TEXT_MAX, "PT%s", s == 0 ? "0S" : "");
	for (size_t i = 0; s > 0 && i < 3; s %= units[i].s, i++)
		if (s >= units[i].s)
			n += (size_t)snprintf(text + n, FIELD_TEXT_MAX - n,
			    "%u%c", s / units[i].s, units[i].letter);
	return text;
}

static bool
duration_parse(const char *s, uint64_t *out)
{
	static const char letters[] = "WDTHMS";
	static const uint64_t worth[] = { 604800, 86400, 0, 3600, 60, 1 };
	uint64_t sum = 0, n;
	size_t next = 0, digits;
	const char *l;

	if (*s++ != 'P' || *s == '\0')
		return false;
	for (; *s != '\0'; s++) {
		if (*s == 'T' && next <= 2 && s[1] != '\0') {
			next = 3;
			continue;
		}
		digits = strspn(s, "0123456789");
		if (digits == 0 || digits > 9)
			return false;
		n = strtoull(s, NULL, 10);
		s += digits;
		l = *s != '\0' ? strchr(letters + next, *s) : NULL;
		if (l == NULL || *l == 'T' || (l > letters + 2 && next < 3))
			return false;
		next = (size_t)(l - letters) + 1;
		sum += n * worth[l - letters];
	}
	*out = sum;
	return true;
}

/* ---- to text ---- */

static bool
name_text(const struct field *f, const struct field_names *names,
    const void *object, char text[FIELD_TEXT_MAX])
{
	char name[NAME_TEXT];

	if (!names->name_of(names->cookie, f->ref, place(f, object), name))
		return false;
	(void)snprintf(text, FIELD_TEXT_MAX, "%s", name);
	return true;
}

bool
field_get_text(const struct field *f, const struct field_names *names,
    const void *object, char text[FIELD_TEXT_MAX])
{
	const void *at = place(f, object);

	if (f->type == FIELD_SPECIAL)
		return field_special_text(f, object, text);
	if ((f->flags & FIELD_NULLABLE) && field_is_empty(f, object))
		return false;
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_NAME:
	case FIELD_UUID:
		(void)snprintf(text, FIELD_TEXT_MAX, "%s", (const char *)at);
		return true;
	case FIELD_INT:
		(void)snprintf(text, FIELD_TEXT_MAX, "%u", u32_at(at));
		return true;
	case FIELD_INT64:
		(void)snprintf(text, FIELD_TEXT_MAX, "%llu",
		    (unsigned long long)u64_at(at));
		return true;
	case FIELD_BOOL:
		(void)snprintf(text, FIELD_TEXT_MAX, "%s",
		    *(const bool *)at ? "true" : "false");
		return true;
	case FIELD_WORD:
		(void)snprintf(text, FIELD_TEXT_MAX, "%s",
		    f->words[u32_at(at)]);
		return true;
	case FIELD_MAC:
		return mac_text(u64_at(at), text) != NULL;
	case FIELD_WWN:
		return wwn_text(u64_at(at), text) != NULL;
	case FIELD_TIME:
		return time_text((int64_t)u64_at(at), text) != NULL;
	case FIELD_DURATION:
		return duration_text(u32_at(at), text) != NULL;
	case FIELD_REF:
		return name_text(f, names, object, text);
	case FIELD_MODULE:
		(void)snprintf(text, FIELD_TEXT_MAX, "io%u", u32_at(at));
		return true;
	case FIELD_LIST:
	case FIELD_FOREIGN:
	case FIELD_SPECIAL:
		break;
	}
	return false;
}

/* ---- from text ---- */

static int
set_string(const struct field *f, const char *text, const char *at, void *to,
    struct err *e)
{
	char why[64];

	for (const unsigned char *s = (const unsigned char *)text; *s; s++)
		if (*s < 0x20 || *s == 0x7f || (*s == 0xc2 && s[1] < 0xa0))
			return malformed(at, "holds a control character", e);
	/* No XML document can hold these two. */
	if (strstr(text, "\xef\xbf\xbe") != NULL ||
	    strstr(text, "\xef\xbf\xbf") != NULL)
		return malformed(at, "holds U+FFFE or U+FFFF, which are no "
		    "characters", e);
	if (strlen(text) >= f->size) {
		(void)snprintf(why, sizeof(why), "has more than %zu bytes",
		    f->size - 1);
		return malformed(at, why, e);
	}
	memset(to, 0, f->size);
	memcpy(to, text, strlen(text));
	return 0;
}

static int
set_name(const struct field *f, const char *text, const char *at, void *to,
    struct err *e)
{
	if (!name_valid(text))
		return field_refuse(f, at, "is no name: 1 to 63 of letters,"
		    " digits, dot, dash and underscore, first a letter or"
		    " digit, not digits only", e);
	return set_string(f, text, at, to, e);
}

static int
set_uuid(const char *text, const char *at, char *to, struct err *e)
{
	if (!uuid_valid(text))
		return malformed(at, "must be a UUID", e);
	for (size_t i = 0; i < ID_TEXT; i++)
		to[i] = (char)tolower((unsigned char)text[i]);
	return 0;
}

static int
set_number(const struct field *f, uint64_t n, const char *at, void *to,
    struct err *e)
{
	uint32_t n32 = (uint32_t)n;
	char why[80];

	if (n < f->min || n > f->max) {
		(void)snprintf(why, sizeof(why), "must be from %llu to %llu",
		    (unsigned long long)f->min, (unsigned long long)f->max);
		return field_refuse(f, at, why, e);
	}
	if (f->type == FIELD_INT64)
		memcpy(to, &n, sizeof(n));
	else
		memcpy(to, &n32, sizeof(n32));
	return 0;
}

static int
set_digits(const struct field *f, const char *text, const char *at, void *to,
    struct err *e)
{
	size_t n = strspn(text, "0123456789");

	if (n == 0 || n > 19 || text[n] != '\0')
		return malformed(at, "must be a whole number", e);
	return set_number(f, strtoull(text, NULL, 10), at, to, e);
}

static int
set_bool(const char *text, const char *at, bool *to, struct err *e)
{
	bool yes = strcmp(text, "true") == 0 || strcmp(text, "1") == 0;

	if (!yes && strcmp(text, "false") != 0 && strcmp(text, "0") != 0)
		return malformed(at, "must be true or false", e);
	*to = yes;
	return 0;
}

static int
set_word(const struct field *f, const char *text, const char *at, void *to,
    struct err *e)
{
	char known[160] = "must be one of";
	size_t n = strlen(known);

	for (uint32_t i = 0; f->words[i] != NULL; i++) {
		if (strcmp(f->words[i], text) == 0) {
			memcpy(to, &i, sizeof(i));
			return 0;
		}
		if (n < sizeof(known))
			n += (size_t)snprintf(known + n, sizeof(known) - n,
			    " %s", f->words[i]);
	}
	return malformed(at, known, e);
}

static int
set_mac(const struct field *f, const char *text, const char *at, void *to,
    struct err *e)
{
	uint64_t mac;

	if (!mac_parse(text, &mac))
		return broken(f->rule != NULL ? f->rule : "MacSyntax", at,
		    "is no MAC; write 12 hexadecimal digits, such as"
		    " 02:10:18:00:00:1A", e);
	if (field_check_mac("MacSyntax", at, mac, e) < 0)
		return -1;
	memcpy(to, &mac, sizeof(mac));
	return 0;
}

static int
set_wwn(const struct field *f, const char *text, const char *at, void *to,
    struct err *e)
{
	const char *rule = f->rule != NULL ? f->rule : "WwnSyntax";
	uint64_t wwn;

	if (!wwn_parse(text, &wwn))
		return broken(rule, at, "is no WWN; write 16 hexadecimal"
		    " digits, such as 20:00:02:10:18:00:00:1A", e);
	if (field_check_wwn(rule, at, wwn, e) < 0)
		return -1;
	memcpy(to, &wwn, sizeof(wwn));
	return 0;
}

static int
set_time(const char *text, const char *at, void *to, struct err *e)
{
	int64_t ms = time_parse(text);

	if (ms < 0)
		return malformed(at, "must be a time as in RFC 3339", e);
	memcpy(to, &ms, sizeof(ms));
	return 0;
}

static int
set_duration(const struct field *f, const char *text, const char *at,
    void *to, struct err *e)
{
	uint64_t s;

	if (!duration_parse(text, &s))
		return malformed(at, "must be a duration such as PT24H", e);
	return set_number(f, s, at, to, e);
}

static int
set_ref(const struct field *f, const struct field_names *names,
    const char *text, const char *at, char *to, struct err *e)
{
	char id[ID_TEXT];

	if (!names->id_of(names->cookie, f->ref, text, id))
		return err_rule(e, ERR_RULES, "MissingDependency", at,
		    "there is no %s %.64s", object_word(f->ref), text);
	memcpy(to, id, sizeof(id));
	return 0;
}

static int
set_module(const char *text, const char *at, void *to, struct err *e)
{
	uint32_t bay;
	char again[16];

	if (strncmp(text, "io", 2) != 0)
		return malformed(at, "must be a module such as io1", e);
	bay = (uint32_t)strtoul(text + 2, NULL, 10);
	(void)snprintf(again, sizeof(again), "io%u", bay);
	if (bay < 1 || bay > BAY_MAX || strcmp(again, text) != 0)
		return malformed(at, "must be a module such as io1", e);
	memcpy(to, &bay, sizeof(bay));
	return 0;
}

int
field_set_text(const struct field *f, const struct field_names *names,
    const char *text, const char *at, void *object, struct err *e)
{
	void *to = place_in(f, object);

	if (*text == '\0' && (f->flags & FIELD_NULLABLE)) {
		field_clear(f, object);
		return 0;
	}
	switch (f->type) {
	case FIELD_TEXT:
		return set_string(f, text, at, to, e);
	case FIELD_NAME:
		return set_name(f, text, at, to, e);
	case FIELD_UUID:
		return set_uuid(text, at, to, e);
	case FIELD_INT:
	case FIELD_INT64:
		return set_digits(f, text, at, to, e);
	case FIELD_BOOL:
		return set_bool(text, at, to, e);
	case FIELD_WORD:
		return set_word(f, text, at, to, e);
	case FIELD_MAC:
		return set_mac(f, text, at, to, e);
	case FIELD_WWN:
		return set_wwn(f, text, at, to, e);
	case FIELD_TIME:
		return set_time(text, at, to, e);
	case FIELD_DURATION:
		return set_duration(f, text, at, to, e);
	case FIELD_REF:
		return set_ref(f, names, text, at, to, e);
	case FIELD_MODULE:
		return set_module(text, at, to, e);
	case FIELD_SPECIAL:
		return field_special_set(f, text, at, object, e);
	case FIELD_LIST:
	case FIELD_FOREIGN:
		break;
	}
	return malformed(at, "is no single value", e);
}

/* ---- empty, equal ---- */

size_t
field_count(const struct field *f, const void *object)
{
	size_t n;

	memcpy(&n, (const char *)object + f->count_offset, sizeof(n));
	return n;
}

bool
field_is_empty(const struct field *f, const void *object)
{
	const char *at = place(f, object);

	if (f->type == FIELD_LIST)
		return field_count(f, object) == 0;
	if (f->type == FIELD_FOREIGN)
		return *field_foreign(f, object) == '\0';
	if (f->type == FIELD_SPECIAL && f->special == SPECIAL_NUMBER)
		return u32_at(at) == UINT32_MAX;
	if (f->type == FIELD_TEXT || f->type == FIELD_NAME ||
	    f->type == FIELD_UUID || f->type == FIELD_REF)
		return *at == '\0';
	for (size_t i = 0; i < f->size; i++)
		if (at[i] != 0)
			return false;
	return true;
}

void
field_clear(const struct field *f, void *object)
{
	bool number = f->type == FIELD_SPECIAL && f->special == SPECIAL_NUMBER;
	size_t zero = 0;

	memset(place_in(f, object), number ? 0xff : 0, f->size);
	if (f->type == FIELD_LIST)
		memcpy((char *)object + f->count_offset, &zero, sizeof(zero));
}

static bool
same_list(const struct field *f, const void *a, const void *b)
{
	size_t n = field_count(f, a);
	const char *x, *y;

	if (n != field_count(f, b))
		return false;
	memcpy(&x, place(f, a), sizeof(x));
	memcpy(&y, place(f, b), sizeof(y));
	for (size_t i = 0; i < n; i++)
		if (!field_equal(f->items, x + i * f->items->size,
		    y + i * f->items->size))
			return false;
	return true;
}

/* What is said of networks is read from the VLANs. */
static bool
same_networks(const struct device *a, const struct device *b)
{
	if (a->n_vlans != b->n_vlans)
		return false;
	for (size_t i = 0; i < a->n_vlans; i++)
		if (strcmp(a->vlans[i].network, b->vlans[i].network) != 0 ||
		    a->vlans[i].native != b->vlans[i].native)
			return false;
	return true;
}

bool
field_same(const struct field *f, const void *a, const void *b)
{
	if (f->type == FIELD_LIST)
		return same_list(f, a, b);
	if (f->type == FIELD_FOREIGN)
		return strcmp(field_foreign(f, a), field_foreign(f, b)) == 0;
	if (f->special == SPECIAL_NETWORKS || f->special == SPECIAL_NATIVE)
		return same_networks(a, b);
	if (f->type == FIELD_TEXT || f->type == FIELD_NAME ||
	    f->type == FIELD_UUID || f->type == FIELD_REF)
		return strcmp(place(f, a), place(f, b)) == 0;
	/* The class has no place of its own: it follows from the table. */
	return memcmp(place(f, a), place(f, b), f->size) == 0;
}

bool
field_equal(const struct field_table *table, const void *a, const void *b)
{
	for (const struct field *f = table->fields;
	    f->json != NULL || f->xml != NULL; f++)
		if (!(f->flags & FIELD_META) && !field_same(f, a, b))
			return false;
	return true;
}
