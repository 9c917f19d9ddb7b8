/*
 * xml_remap.h -- slots, modules and ports of a document become those here.
 *
 * The map of the options (xml_options.h) is laid over the records before the
 * importer reads them: assignments and slots of the chassis, pins, allowed ports
 * and ports of the chassis.  A port goes where the map says of it, else where its
 * module goes.  "" says nowhere: the assignment, the pin, the port or the slot
 * is left out; but a list of allowed ports never becomes empty that way, as an
 * empty one allows all.  What the map does not speak of stays as it is.
 *
 * The section `hardware` is no wish and stays; so do the digests, which are those
 * of the document as it came.
 */
#ifndef PROFILES_XML_REMAP_H
#define PROFILES_XML_REMAP_H

#include "profiles/xml.h"
#include "profiles/xml_options.h"

/* The records as mapped; the same when the map says nothing about places.
 * (*was)[i] is the index in `r` of element i. */
const struct xml_records *xml_remap(struct arena *, const struct xml_records *r,
    const struct xml_import_options *, const uint32_t **was);

#endif
