/*
 * xml.h -- a configuration document as a bounded list of records.
 *
 * Between the process that reads XML and the one that acts on it, and between
 * the writer and the bytes, stands this: elements in document order, each with
 * its parent, its line, its attributes and its text.  No pointer of an XML
 * library, no namespace machinery, no entity.  An element is known by its index;
 * the root is 0 and the descendants of i are i + 1 ... elements[i].end - 1.
 *
 * Names are local names of our namespace.  What belongs to another one (or to
 * none, for elements) is "{uri}local"; of such an element only its attributes
 * are here, nothing inside it.  What an `extensions` element holds is its text,
 * in canonical form (xml_foreign.h), so that it can be given back.
 *
 * Everything lives in the arena that was given to xml_begin().
 */
#ifndef PROFILES_XML_H
#define PROFILES_XML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

#define XML_NAMESPACE "urn:polyroot:config:1"
#define XML_ROOT "applianceConfig"

enum {
	XML_MAX_BYTES = 32 << 20,
	XML_MAX_DEPTH = 32,
	XML_MAX_ATTRS = 64,		/* per element, namespaces not counted */
	XML_MAX_NAMESPACES = 64,	/* declared per element */
	XML_MAX_ELEMENTS = 1000000,
	XML_MAX_VALUE = 64 << 10,	/* bytes of one attribute */
	XML_MAX_NAME = 256,		/* bytes of one name */
	XML_MAX_FOREIGN = 64 << 10,	/* bytes of one `extensions` */
};

struct xml_attr {
	const char *name, *value;
};

struct xml_element {
	const char *name;
	const char *text;		/* direct text; beside children normalised */
	uint32_t parent;		/* index; of the root: 0 */
	uint32_t end;			/* index behind its last descendant */
	uint32_t position;		/* among siblings of its name, from 1 */
	uint32_t line;			/* from 1; 0 when nobody read it */
	uint32_t attrs, n_attrs;	/* the first of them, how many */
};

struct xml_records {
	struct arena *arena;
	struct xml_element *elements;
	size_t n, cap;
	struct xml_attr *attrs;
	size_t n_attrs, cap_attrs;
	char document_digest[DIGEST_TEXT];	/* set by the reader */
	char content_digest[DIGEST_TEXT];
	uint32_t open;			/* while building: the open element */
	struct xml_names *names;	/* while building */
};

/* ---- building, in document order ---- */

void xml_begin(struct xml_records *, struct arena *);
/* Opens a child of the open element (the first one is the root). */
uint32_t xml_open(struct xml_records *, const char *name, uint32_t line);
/* On the element opened last, before it has children; value is copied. */
void xml_attr_add(struct xml_records *, const char *name, const char *value);
/* The open element's text, as it is. */
void xml_text_set(struct xml_records *, const char *text);
/* Blanks and line feeds as one blank between words, none at the ends. */
const char *xml_normal(struct arena *, const char *text);
void xml_close(struct xml_records *);

/* ---- looking ---- */

bool xml_is_foreign(const char *name);
/* NULL when there is no such attribute. */
const char *xml_value(const struct xml_records *, uint32_t element,
    const char *name);
/* First child and next sibling, of that name or any when NULL; 0 = no more. */
uint32_t xml_first(const struct xml_records *, uint32_t element,
    const char *name);
uint32_t xml_next(const struct xml_records *, uint32_t element,
    const char *name);
/* "/applianceConfig/profiles/profile[2]/@name"; `attr` may be NULL. */
char *xml_path(const struct xml_records *, struct arena *, uint32_t element,
    const char *attr);
/* True when the path of names below the root leads to it: "networks/san". */
bool xml_is_at(const struct xml_records *, uint32_t element, const char *path);

/* "/vlan[prod]": an element by its key, or by its position. */
void xml_step(const struct xml_records *, uint32_t element, struct buf *out);
/* False for what says where a document came from or how it is sealed, and for
 * what is foreign; what is inside it is no content either. */
bool xml_is_content(const struct xml_records *, uint32_t element);

/* ---- the two digests ---- */

/*
 * contentDigest: SHA-256 over the sorted semantic records, so it does not depend
 * on formatting, order or comments.  Returns the number of records.
 */
size_t xml_content_digest(const struct xml_records *, char text[DIGEST_TEXT]);

/*
 * The document as bytes: UTF-8, LF, two blanks per level.  `canonical` gives the
 * same document as Exclusive C14N does, without the integrity element; SHA-256
 * over that is the documentDigest.
 */
void xml_render(const struct xml_records *, bool canonical, struct buf *out);
/* As Canonical XML writes a text or the value of an attribute. */
void xml_escape(struct buf *, const char *, bool in_attr);

#endif
