/* table */
/* xml_grammar.c -- see xml_grammar.h. */
#include "profiles/xml_grammar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMON "description labels "

static const struct xml_type types[] = {
	{ XML_ROOT, "!schemaVersion !kind", "origin hardware chassis networks "
	    "qosClasses pools profiles leases ledger encryptedSystem extensions "
	    "integrity", false },
	{ "origin", "!applianceUuid !name model !software !generation "
	    "!identityEpoch !exportedAt", "", false },
	{ "description", "", "", true },
	{ "labels", "", "label*", false },
	{ "label", "!name !value", "", false },

	{ "hardware", "", "slot:hardwareSlot* module*", false },
	{ "hardwareSlot", "!number linkWidth serverSerial", "", false },
	{ "module", "!name !bay !class !model !ports pciId serial", "",
	    false },
	{ "chassis", "", "slot:chassisSlot* port:chassisPort* "
	    "bay:chassisBay*", false },
	{ "chassisSlot", "!number label cableId isSpare adminState", COMMON,
	    false },
	{ "chassisPort", "!name forwardingMode reservePct oversubscribe",
	    COMMON, false },

	{ "chassisBay", "!number label service adminPower", COMMON, false },

	{ "networks", "", "ethernet* san*", false },
	{ "ethernet", "id !name vlan mtuMax scope isolation",
	    COMMON "allowedPorts", false },
	{ "san", "id !name vsan fabric", COMMON "allowedPorts", false },
	{ "allowedPorts", "", "port*", false },
	{ "port", "!name", "", false },
	{ "qosClasses", "", "qosClass*", false },
	{ "qosClass", "id !name guaranteeMbps limitMbps pcp weight", COMMON,
	    false },
	{ "pools", "", "pool*", false },
	{ "pool", "id quarantine default !name !type order",
	    COMMON "block* exclusion:block*", false },
	{ "block", "!from !to", "", false },

	{ "profiles", "", "profile*", false },
	{ "profile", "id !name revision template scope drift",
	    COMMON "identity vnic* vhba* vdas* exclusive* bootOrder failover assignment "
	    "extensions", false },
	{ "identity", "systemUuid wwnn wwnnFrom", "", false },
	{ "vnic", "id !name order kind mtu pxe queues linkPolicy intendedUse",
	    COMMON "mac:address placement vlans qos security extensions",
	    false },
	{ "vhba", "id !name order protocol queueDepth",
	    COMMON "wwpn:address placement san:sanRef qos bootTarget* "
	    "extensions", false },
	{ "vdas", "id !name order",
	    COMMON "placement virtualDisk* extensions", false },
	{ "exclusive", "id !name order extent", COMMON "placement extensions",
	    false },
	{ "address", "source pool value", "", false },
	{ "placement", "requireClass module port sharing antiAffinity", "",
	    false },
	{ "vlans", "mode", "vlan*", false },
	{ "vlan", "!network native", "", false },
	{ "qos", "class guaranteeMbps limitMbps pcp", "", false },
	{ "security", "spoofCheck trust promisc acl", "", false },
	{ "sanRef", "!name", "", false },
	{ "bootTarget", "!priority !wwpn !lun", "", false },
	{ "virtualDisk", "id !name !raid !capacityMiB access boot number module "
	    "guid stripKiB readPolicy writePolicy drives", "", false },
	{ "bootOrder", "", "entry*", false },
	{ "entry", "!device", "", false },
	{ "failover", "trigger hold cooldown", "", false },
	{ "assignment", "slot serverSerial affinity", "", false },

	{ "leases", "", "lease*", false },
	{ "lease", "!id name !profile !start !end timeZone recurrence until "
	    "grace onEnd forceAfter priority queue", COMMON "vnic vhba vdas exclusive",
	    false },
	{ "ledger", "!epoch more", "identity:ledgerRow*", false },
	{ "ledgerRow", "!type !value !state !since released until !epoch "
	    "profile profileName device deviceName", "", false },
	{ "encryptedSystem", "!alg !kdf !ops !memMiB !salt !nonce", "", true },
	{ "extensions", "", "", true },
	{ "integrity", "", "!documentDigest !contentDigest signature*",
	    false },
	{ "documentDigest", "c14n", "", true },
	{ "contentDigest", "", "", true },
	{ "signature", "!alg !keyId", "", true },
};

enum { N_TYPES = sizeof(types) / sizeof(types[0]), MINOR = 0 };

/* Allowed wherever attributes are; we never look at what they point to. */
#define XSI "{http://www.w3.org/2001/XMLSchema-instance}"

const struct xml_type *
xml_grammar_type(const char *name)
{
	for (size_t i = 0; i < N_TYPES; i++)
		if (strcmp(types[i].name, name) == 0)
			return &types[i];
	return NULL;
}

/* ---- lists of words ---- */

static void
read_word(const char *s, size_t n, struct xml_word *w)
{
	const char *colon;
	size_t name;

	w->required = n > 0 && *s == '!';
	s += w->required;
	n -= w->required;
	w->many = n > 0 && s[n - 1] == '*';
	n -= w->many;
	colon = memchr(s, ':', n);
	name = colon != NULL ? (size_t)(colon - s) : n;
	(void)snprintf(w->name, sizeof(w->name), "%.*s", (int)name, s);
	if (colon == NULL)
		memcpy(w->type, w->name, sizeof(w->type));
	else
		(void)snprintf(w->type, sizeof(w->type), "%.*s",
		    (int)(n - name - 1), colon + 1);
}

bool
xml_grammar_next(const char **cursor, struct xml_word *w)
{
	const char *s = *cursor + strspn(*cursor, " ");
	size_t n = strcspn(s, " ");

	if (n == 0)
		return false;
	read_word(s, n, w);
	*cursor = s + n;
	return true;
}

static bool
find_word(const char *list, const char *name, struct xml_word *w)
{
	for (unsigned rank = 0; xml_grammar_next(&list, w); rank++)
		if (strcmp(w->name, name) == 0) {
			w->rank = rank;
			return true;
		}
	return false;
}

/* "id, name, order", for people. */
static const char *
words(const char *list, char text[320])
{
	size_t n = 0;
	struct xml_word w;

	(void)snprintf(text, 320, "nothing");
	while (xml_grammar_next(&list, &w) && n < 280)
		n += (size_t)snprintf(text + n, 320 - n, "%s%s",
		    n > 0 ? ", " : "", w.name);
	return text;
}

/* ---- checking ---- */

struct check {
	const struct xml_records *r;
	struct xml_problems *out;
	const struct xml_type **types;	/* of each element, NULL = not ours */
	uint32_t *seen;			/* of each: children by rank, as bits */
	char unknown;			/* how bad it is not to be known */
};

static void
check_attrs(struct check *c, uint32_t i, const struct xml_type *t)
{
	const struct xml_element *e = &c->r->elements[i];
	const char *list = t->attrs;
	char known[320];
	struct xml_word w;

	for (uint32_t k = e->attrs; k < e->attrs + e->n_attrs; k++) {
		const char *name = c->r->attrs[k].name;

		if (find_word(t->attrs, name, &w) ||
		    strcmp(name, XSI "schemaLocation") == 0)
			continue;
		xml_problem_add(c->out, c->unknown, "DocumentUnknown", i, name,
		    "%s has no attribute %.64s; it has %s", e->name, name,
		    words(t->attrs, known));
	}
	while (xml_grammar_next(&list, &w))
		if (w.required && xml_value(c->r, i, w.name) == NULL)
			xml_problem_add(c->out, 'B', "DocumentMissing", i,
			    w.name, "%s must have %s", e->name, w.name);
}

static void
check_children(struct check *c, uint32_t i, const struct xml_type *t)
{
	const char *list = t->children;
	struct xml_word w;

	while (xml_grammar_next(&list, &w))
		if (w.required && xml_first(c->r, i, w.name) == 0)
			xml_problem_add(c->out, 'B', "DocumentMissing", i,
			    NULL, "%s must hold %s", t->name, w.name);
}

static void
check_text(struct check *c, uint32_t i, const struct xml_type *t)
{
	const char *text = c->r->elements[i].text;

	if (strcmp(t->name, "extensions") == 0) {
		if (*text != '\0' && *text != '<')
			xml_problem_add(c->out, 'B', "DocumentText", i, NULL,
			    "extensions holds text by itself");
		return;
	}
	if (!t->text && text[strspn(text, " \t\r\n")] != '\0')
		xml_problem_add(c->out, 'B', "DocumentText", i, NULL,
		    "%s holds text; values are attributes",
		    c->r->elements[i].name);
}

/* A child of ours at its place among its siblings. */
static void
check_place(struct check *c, uint32_t i, const struct xml_word *w)
{
	uint32_t parent = c->r->elements[i].parent;
	uint32_t bit = 1u << w->rank, *seen = &c->seen[parent];
	char order[320];

	if ((*seen & bit) != 0 && !w->many)
		xml_problem_add(c->out, 'B', "DocumentRepeated", i, NULL,
		    "%s may stand there once", w->name);
	if ((*seen & ~(bit | (bit - 1))) != 0)
		xml_problem_add(c->out, 'B', "DocumentOrder", i, NULL,
		    "%s stands too late; the order is %s", w->name,
		    words(c->types[parent]->children, order));
	*seen |= bit;
}

/* Others' elements may stand in extensions, unless they insist. */
static void
check_foreign(struct check *c, uint32_t i)
{
	const struct xml_element *e = &c->r->elements[i];
	const char *must = xml_value(c->r, i, "must");

	if (strcmp(c->r->elements[e->parent].name, "extensions") != 0)
		xml_problem_add(c->out, 'B', "DocumentUnknown", i, NULL,
		    "%.64s is not of " XML_NAMESPACE
		    "; such elements stand in extensions only", e->name);
	else if (e->name[1] == '}')
		xml_problem_add(c->out, 'B', "DocumentUnknown", i, NULL,
		    "%.64s is of no namespace; in extensions each has its "
		    "own", e->name + 2);
	else if (must != NULL && strcmp(must, "false") != 0)
		xml_problem_add(c->out, 'B', "DocumentExtension", i, NULL,
		    "%.64s must be understood, and is not", e->name);
}

/* The type of a child, NULL when we go no further. */
static const struct xml_type *
check_child(struct check *c, uint32_t i)
{
	const struct xml_element *e = &c->r->elements[i];
	const struct xml_type *parent = c->types[e->parent];
	char known[320];
	struct xml_word w;

	if (xml_is_foreign(e->name)) {
		check_foreign(c, i);
		return NULL;
	}
	if (!find_word(parent->children, e->name, &w)) {
		xml_problem_add(c->out, c->unknown, "DocumentUnknown", i, NULL,
		    "%s holds no %.64s; it holds %s", parent->name, e->name,
		    words(parent->children, known));
		return NULL;
	}
	check_place(c, i, &w);
	return xml_grammar_type(w.type);
}

bool
xml_grammar_is_newer(const struct xml_records *r)
{
	const char *version = xml_value(r, 0, "schemaVersion");

	return version != NULL && strncmp(version, "1.", 2) == 0 &&
	    strtoul(version + 2, NULL, 10) > MINOR;
}

static bool
check_root(struct check *c)
{
	const char *version = xml_value(c->r, 0, "schemaVersion");

	if (strcmp(c->r->elements[0].name, XML_ROOT) != 0) {
		xml_problem_add(c->out, 'B', "DocumentRoot", 0, NULL,
		    "the root must be " XML_ROOT " of " XML_NAMESPACE
		    ", not %.64s", c->r->elements[0].name);
		return false;
	}
	if (version == NULL)
		return true;
	if (strncmp(version, "1.", 2) != 0 || strlen(version) > 5 ||
	    strspn(version + 2, "0123456789") != strlen(version) - 2 ||
	    version[2] == '\0')
		xml_problem_add(c->out, 'B', "DocumentVersion", 0,
		    "schemaVersion", "the version must be 1.x, not %.16s",
		    version);
	return true;
}

static void
check_element(struct check *c, uint32_t i, const struct xml_type *t)
{
	check_attrs(c, i, t);
	check_children(c, i, t);
	check_text(c, i, t);
}

void
xml_grammar_check(const struct xml_records *r, struct xml_problems *out)
{
	struct arena *scratch = arena_new();
	struct check c = {
		.r = r, .out = out,
		.types = arena_array(scratch, r->n, sizeof(*c.types)),
		.seen = arena_array(scratch, r->n, sizeof(*c.seen)),
		.unknown = xml_grammar_is_newer(r) ? 'W' : 'B',
	};

	if (check_root(&c)) {
		uint32_t i = 1;

		c.types[0] = xml_grammar_type(XML_ROOT);
		check_element(&c, 0, c.types[0]);
		while (i < r->n) {
			c.types[i] = check_child(&c, i);
			if (c.types[i] != NULL)
				check_element(&c, i, c.types[i]);
			i = c.types[i] != NULL ? i + 1 : r->elements[i].end;
		}
	}
	arena_free(scratch);
}
