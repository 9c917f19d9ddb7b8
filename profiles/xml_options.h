/*
 * xml_options.h -- how a document shall be imported: what the operator said.
 *
 * Mode and scope say how far it goes, the map which things of the document are
 * which things here, the choices what to do about single conflicts
 * (xml_matrix.h).  All of it is kept with the import as JSON:
 *
 *	{"mode":"replace","scope":"all","select":["esx-01"],"identities":"keep",
 *	 "map":{"slots":{"3":"1"},"modules":{"io3":"io5"},"ports":{},
 *		"networks":{"prod":"prod-dr"},"sans":{},"pools":{},
 *		"classes":{},"profiles":{"esx-01":"dr-esx-01"}},
 *	 "choices":[{"conflict":"c3f0a1","option":"rename","value":"{name}-dr"}]}
 *
 * A choice names one conflict by its id, or all conflicts of a row by the row's
 * key ("NetworkDiffers").  A map to "" says: nowhere, leave it out.
 *
 * What names of networks, SANs, pools, classes and profiles are mapped to is
 * looked up by the importer; slots, modules and ports are rewritten in the
 * records before they are read.
 */
#ifndef PROFILES_XML_OPTIONS_H
#define PROFILES_XML_OPTIONS_H

#include "base/json.h"
#include "profiles/model.h"

enum xml_mode {
	XML_MERGE,		/* named objects; removes nothing */
	XML_REPLACE,		/* removes too, within the scope */
	XML_CLONE,		/* profiles again: new ids and addresses */
	XML_ADOPT,		/* what is bound becomes wanted; no document */
};

enum {
	XML_SCOPE_PROFILES = 1, XML_SCOPE_NETWORKS = 2,	/* SANs too */
	XML_SCOPE_CLASSES = 4, XML_SCOPE_POOLS = 8, XML_SCOPE_CHASSIS = 16,
	XML_SCOPE_LEASES = 32,
	XML_SCOPE_ALL = 63,
};

enum xml_map_kind {
	XML_MAP_SLOT, XML_MAP_MODULE, XML_MAP_PORT, XML_MAP_NETWORK,
	XML_MAP_SAN, XML_MAP_POOL, XML_MAP_CLASS, XML_MAP_PROFILE,
	XML_MAP_N
};

struct xml_map {
	enum xml_map_kind kind;
	const char *from, *to;		/* of the document; here, "" nowhere */
};

struct xml_choice {
	const char *conflict, *option, *value;	/* value "" none */
};

/* This box, as far as an import asks; plain values. */
struct xml_here_slot {
	uint32_t number, width;		/* lanes; 0 unknown */
	uint32_t bridges;
	char serial[17];		/* of the server seen there, "" none */
};
struct xml_here_module {
	uint32_t bay, ports;
	const char *class_word, *model, *serial;	/* "" unknown */
};
struct xml_here_disk {
	uint32_t bay, number, raid, mib;
};
struct xml_here {
	uint32_t n_slots;
	struct xml_here_slot *slots;		/* n_slots of them */
	struct xml_here_module *modules;
	size_t n_modules;
	struct xml_here_disk *disks;
	size_t n_disks;
};

struct xml_import_options {
	enum xml_mode mode;
	unsigned scope;			/* 0: what the document has */
	const char *label, *label_value;	/* of profiles; NULL any */
	const char **select;		/* names of profiles */
	size_t n_select;		/* 0 all */
	bool new_identities;
	struct xml_map *maps;
	size_t n_maps;
	struct xml_choice *choices;
	size_t n_choices;
	const struct xml_here *here;	/* NULL: nothing is known; no JSON */
};

const char *xml_mode_word(enum xml_mode);
/* "all", "profiles,networks", "profiles:label=tier", "profiles:label=tier=1".
 * ERR_MALFORMED at "scope". */
int xml_scope_parse(struct arena *, const char *text,
    struct xml_import_options *, struct err *) ERR_MUST_CHECK;
const char *xml_scope_text(struct arena *, const struct xml_import_options *);
/* Unknown members, modes and kinds are ERR_MALFORMED; `at` says the place.
 * `here` is left alone. */
int xml_options_from_json(struct arena *, const json_t *, const char *at,
    struct xml_import_options *, struct err *) ERR_MUST_CHECK;
/* The caller owns it. */
json_t *xml_options_to_json(const struct xml_import_options *);

/* Where the map leads a name of the document; NULL when it does not say. */
const char *xml_map_to(const struct xml_import_options *, enum xml_map_kind,
    const char *from);

#endif
