/*
 * xml_check.h -- is a document of kind logical a backup?
 *
 * It is restored into a scratch store, exported from there, and compared: the
 * contentDigest must be the same.  That proves that the bytes can be read, that
 * an import takes all of it without asking anybody, and that nothing is lost on
 * the way.  What it does not prove is that the hardware of then is there.
 *
 * Nothing but the scratch store is touched; it is made in `scratch`, a directory
 * of its own that is made, emptied and removed.
 */
#ifndef PROFILES_XML_CHECK_H
#define PROFILES_XML_CHECK_H

#include "profiles/xml.h"
#include "profiles/xml_options.h"

/* ERR_RULES says what is wrong with the document, in words; other errors are of
 * the check itself.  With rule "RestoreDiffers", what came back is in `again`. */
int xml_check(const char *scratch, const struct xml_records *,
    const struct xml_here *, struct buf *again, struct err *) ERR_MUST_CHECK;

#endif
