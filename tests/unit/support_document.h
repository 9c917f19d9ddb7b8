/*
 * support_document.h -- a store with two networks, a SAN and a profile "web" that
 * has one device of each kind, and its way out to XML and in again.
 *
 * Whatever is not expected to fail ends the test.
 */
#ifndef TESTS_UNIT_SUPPORT_DOCUMENT_H
#define TESTS_UNIT_SUPPORT_DOCUMENT_H

#include "profiles/xml_import.h"
#include "tests/unit/support_store.h"

extern struct scratch document_box;
extern struct xml_imported document_in;		/* of the last import */
extern struct xml_records document_records;
extern struct xml_import_options document_options;	/* of the next; merge */

void document_set_up(void);
void document_tear_down(void);

struct change_set *document_changes(void);
struct profile *document_load(const char *ref);
/* The document of a profile, or with NULL of all, in the arena. */
char *document_export(const char *name);
/* Reads and imports a document into a change set of its own. */
struct change_set *document_import(const char *text);
/* The text with the first `from` replaced; there must be one. */
char *document_edited(const char *text, const char *from, const char *to);

#endif
