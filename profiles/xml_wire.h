/*
 * xml_wire.h -- what polyrootd and polyroot-xml say to each other (private).
 *
 * Request: struct xml_ask, then the document's bytes.  Answer: struct xml_tell,
 * then `size` bytes: struct xml_wire_head, elements, attributes, texts, each an
 * array of fixed-size structs of native byte order (both ends are the same
 * build on the same machine).  The reader is not trusted: decoding checks every
 * number and every byte, and computes positions and contentDigest itself.
 */
#ifndef PROFILES_XML_WIRE_H
#define PROFILES_XML_WIRE_H

#include "profiles/xml.h"

enum {
	XML_WIRE_ASK = 0x786d6c71,
	XML_WIRE_TELL = 0x786d6c61,
	XML_WIRE_MAX_TEXTS = 48 << 20,
	XML_WIRE_MAX_ATTRS = XML_MAX_BYTES / 5,	/* a="" and a blank */
};

enum xml_outcome {
	XML_ANSWERED,		/* an answer follows */
	XML_TOO_MUCH,		/* the reader needed too much memory or time */
	XML_CRASHED,		/* the reader ended in another way */
};

struct xml_ask {
	uint32_t magic, size;		/* bytes of the document */
};

struct xml_tell {
	uint32_t magic, outcome, size, detail;	/* detail: a signal */
};

struct xml_wire_head {
	uint32_t refused;		/* 1: only rule and msg count */
	uint32_t n, n_attrs, n_texts;	/* n_texts: bytes */
	char document_digest[DIGEST_TEXT + 3];
	char rule[32], msg[256];
};

struct xml_wire_element {
	uint32_t name, text;		/* offsets into the texts */
	uint32_t parent, line, n_attrs;
};

struct xml_wire_attr {
	uint32_t name, value;
};

enum {
	XML_WIRE_MAX = sizeof(struct xml_wire_head) +
	    XML_MAX_ELEMENTS * sizeof(struct xml_wire_element) +
	    XML_WIRE_MAX_ATTRS * sizeof(struct xml_wire_attr) +
	    XML_WIRE_MAX_TEXTS,
};

/* The answer for records; `out` has max XML_WIRE_MAX.  ERR_MALFORMED
 * "DocumentLimit" when it does not fit. */
int xml_wire_put(const struct xml_records *, struct buf *out, struct err *)
    ERR_MUST_CHECK;
/* The answer for a refused document. */
void xml_wire_refuse(const struct err *, struct buf *out);
/* ERR_MALFORMED with its rule for a refused document, ERR_INTERNAL when the
 * bytes are not what they should be. */
int xml_wire_get(struct arena *, const char *bytes, size_t n,
    struct xml_records *, struct err *) ERR_MUST_CHECK;

#endif
