/*
 * field.h -- the one list of what an object's content is made of.
 *
 * JSON reader and writer, XML reader and writer, the diff of a plan and the
 * OpenAPI document all walk these tables, so they cannot disagree.  A row says
 * where a value sits in its struct, what it is called in JSON and in XML, and
 * which values its type takes.  Rules that look at more than one value are not
 * here (appliance/service/rules.h).
 *
 * JSON names are paths ("qos.limitMbps"); XML names are paths below the object's
 * element ("qos/@limitMbps", "description", "vlans/vlan").
 */
#ifndef PROFILES_FIELD_H
#define PROFILES_FIELD_H

#include "base/json.h"
#include "profiles/model.h"

enum field_type {
	FIELD_TEXT,		/* char[size] */
	FIELD_NAME,		/* char[NAME_TEXT], name_valid() */
	FIELD_UUID,		/* char[ID_TEXT] */
	FIELD_INT,		/* uint32_t, min..max */
	FIELD_INT64,		/* int64_t or uint64_t, min..max */
	FIELD_BOOL,		/* bool */
	FIELD_WORD,		/* uint32_t, index into words[] */
	FIELD_MAC, FIELD_WWN,	/* uint64_t */
	FIELD_TIME,		/* int64_t wall ms; read-only */
	FIELD_DURATION,		/* uint32_t seconds; ISO 8601 ("PT24H") */
	FIELD_REF,		/* char id[ID_TEXT]; JSON and XML show the name */
	FIELD_MODULE,		/* uint32_t bay; shown as "io3", null when 0 */
	FIELD_LIST,		/* pointer and count at offset, count_offset */
	FIELD_FOREIGN,		/* const char *: extensions, canonical XML */
	FIELD_SPECIAL,		/* a few that need code: enum field_special */
};

enum field_special {
	SPECIAL_NONE,
	SPECIAL_ADDRESS,	/* "pool" or an address, and where it is from */
	SPECIAL_NETWORKS,	/* ["prod", ...] of the VLANs; JSON only */
	SPECIAL_NATIVE,		/* the untagged one of them; JSON only */
	SPECIAL_CLASS,		/* requireClass, from the kind */
	SPECIAL_LUN,		/* uint64_t; a number to 65535, or 16 digits */
	SPECIAL_RAID,		/* uint32_t; "RAID10" */
	SPECIAL_NUMBER,		/* uint32_t; UINT32_MAX is null */
	SPECIAL_FN,		/* fn_id; "io1.1.vf0" */
	SPECIAL_END,		/* uint64_t; end of a block, MAC or WWN */
	SPECIAL_SYSTEM,		/* "pool" or a UUID; "" is null */
	SPECIAL_PORT,		/* struct port_ref; "io1/2" */
	SPECIAL_LOCAL,		/* int64_t, minutes; "2026-03-29T01:30" */
	SPECIAL_UNTIL,		/* the same, or a date; 0 is null */
	SPECIAL_DAYS,		/* days of a struct schedule; "FREQ=DAILY" */
	SPECIAL_ZONE,		/* char[ZONE_TEXT]; "Europe/London" */
};

enum field_flag {
	FIELD_READONLY = 1,	/* written; a client may only send it back */
	FIELD_REQUIRED = 2,	/* when an object is made */
	FIELD_KEY = 4,		/* names the item in a list */
	FIELD_NULLABLE = 8,	/* 0 or "" is null in JSON, absent in XML */
	FIELD_JSON_ONLY = 16,
	FIELD_XML_ONLY = 32,
	FIELD_PLACED = 64,	/* set by resolution; not content, not in diffs;
				 * shown to clients only with READONLY */
	FIELD_META = 128,	/* times, revision: kept beside the content */
	FIELD_BARE = 256,	/* a list of plain values, not of objects */
	FIELD_DERIVED = 512,	/* with READONLY: planning sets it, diffs show it */
	FIELD_MAP = 1024,	/* a list of key and text: {"key":"text"}; in
				 * JSON what is named changes, null removes;
				 * kept in strcmp order of the key */
};

struct field {
	const char *json, *xml;		/* NULL: not in that format */
	enum field_type type;
	size_t offset, size;
	uint64_t min, max;	/* FIELD_LIST: max items */
	const char *const *words;	/* ends with NULL */
	enum object_type ref;		/* FIELD_REF */
	const struct field_table *items;	/* FIELD_LIST */
	size_t count_offset;
	unsigned flags;
	enum field_special special;	/* FIELD_SPECIAL */
	const char *rule;		/* code of what is out of range or
					 * cannot be read; NULL "ValueRange" */
	const char *doc;		/* one line, for OpenAPI and people */
};

struct field_table {
	const char *name;		/* "network", "vnic", "bootTarget" */
	const struct field *fields;	/* ends with json == NULL && xml == NULL */
	size_t size;			/* of the struct */
	const char *doc;
};

extern const struct field_table field_network, field_san, field_pool,
    field_profile, field_slot, field_port, field_bay, field_vnic, field_vhba, field_vdas,
    field_exclusive,
    field_block, field_port_ref, field_vlan, field_boot_target, field_disk,
    field_qos_class, field_appliance, field_label, field_lease;
const struct field_table *field_device(enum device_kind);
/* Of an object's own values; a profile's devices have tables of theirs. */
const struct field_table *field_object(enum object_type);

/* Turns a name into an id and back; NULL/false when unknown. */
struct field_names {
	bool (*id_of)(void *cookie, enum object_type, const char *name_or_id,
	    char id[ID_TEXT]);
	bool (*name_of)(void *cookie, enum object_type, const char *id,
	    char name[NAME_TEXT]);
	void *cookie;
};

/*
 * Reads the members of a JSON object into a struct that holds the values so far
 * (absent = untouched, null = default where FIELD_NULLABLE, else an error).
 * `at` is the JSON pointer of the object.  Unknown members, read-only ones with
 * another value than they have, and wrong JSON types are ERR_MALFORMED; what a
 * value may not be is ERR_RULES with its code; a name that nobody has is
 * ERR_RULES "MissingDependency".  `making`: FIELD_REQUIRED members must be
 * there.  Items of a list keep what their FIELD_KEY had before.
 */
int field_from_json(struct arena *, const struct field_table *,
    const struct field_names *, const json_t *, const char *at, bool making,
    void *object, struct err *) ERR_MUST_CHECK;
/* The whole object; the caller owns it. */
json_t *field_to_json(const struct field_table *, const struct field_names *,
    const void *object);

/* The rows in which a and b differ: [{"name","before","after"}], without
 * FIELD_PLACED and FIELD_READONLY (unless FIELD_DERIVED); either may be NULL. */
json_t *field_diff(const struct field_table *, const struct field_names *,
    const void *a, const void *b);

/* ---- one value as text: XML attributes, and words for people ---- */

enum { FIELD_TEXT_MAX = 320 };
/* False when it is null (FIELD_NULLABLE), or is no single value. */
bool field_get_text(const struct field *, const struct field_names *,
    const void *object, char text[FIELD_TEXT_MAX]);
/* Checks as field_from_json does, read-only or not; `at` says the place. */
int field_set_text(const struct field *, const struct field_names *,
    const char *text, const char *at, void *object, struct err *)
    ERR_MUST_CHECK;

/* Puts the items of a FIELD_MAP into their order. */
void field_sort(const struct field *, void *object);

/* Content and placement are equal; FIELD_META is not looked at. */
bool field_equal(const struct field_table *, const void *a, const void *b);

/* ---- the whole of an object, for undo, rollback and revisions ---- */

/* Everything but FIELD_META, references as ids; what is 0 or empty is left
 * out.  The caller owns it. */
json_t *field_to_content(const struct field_table *, const void *object);
/* Reads such content into a zeroed struct. */
int field_from_content(struct arena *, const struct field_table *,
    const json_t *, const char *at, void *object, struct err *) ERR_MUST_CHECK;

#endif
