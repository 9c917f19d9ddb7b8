/*
 * xml_foreign.h -- elements of other namespaces, as one text (private).
 *
 * What stands in an `extensions` element is kept as its canonical form: what
 * Exclusive C14N 1.0 makes of it inside a document whose default namespace is
 * ours.  So the text can be written into a document of ours as it is, and two
 * texts are equal when C14N says so.  Blanks between the elements, comments and
 * processing instructions are not kept.  Text that stands there by itself comes
 * first, escaped, for the grammar to refuse.
 */
#ifndef PROFILES_XML_FOREIGN_H
#define PROFILES_XML_FOREIGN_H

#include "profiles/xml.h"

/*
 * Whether such a text may be written into a document: tags that match, ended
 * attributes, known escapes, every element on top with a declared namespace
 * that is not ours, no deeper than a document goes.
 */
bool xml_foreign_valid(const char *text);

#endif
