/*
 * xml_scan.h -- a look at the bytes before any XML library sees them.
 *
 * Counts what makes parsers slow or large, and refuses what we never want:
 * anything but UTF-8, a DOCTYPE (hence entities and external references),
 * characters that XML forbids, a document that ends too early.  It sees tags,
 * quotes, comments, CDATA and processing instructions as a parser does and
 * refuses what it does not understand, so that a document that passes has the
 * counted size for the parser too.  Whether names match and prefixes are
 * declared is left to the parser.
 *
 * Pure: no memory but `lines`, no input but the bytes.  Errors: ERR_MALFORMED
 * with rule DocumentEmpty, -Encoding, -Doctype, -Limit or -Malformed, and the
 * line in the message.
 */
#ifndef PROFILES_XML_SCAN_H
#define PROFILES_XML_SCAN_H

#include "profiles/xml.h"

struct xml_scan {
	const char *p, *end;
	uint32_t line, depth;
	uint32_t elements, attrs;	/* of the whole document */
	uint32_t *lines;	/* of each start tag; free() it */
	size_t cap_lines;
};

/* `scan` is filled on success; the caller free()s scan->lines then. */
int xml_scan(const char *bytes, size_t n, struct xml_scan *, struct err *)
    ERR_MUST_CHECK;
/* Length of the UTF-8 character at p that XML allows; 0 when there is none. */
size_t xml_scan_char(const char *p, const char *end);

#endif
