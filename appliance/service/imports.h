/*
 * imports.h -- a profile as XML, out and in.
 *
 * Reading a document takes long, so it is done before the writer sees the
 * request: imports_prepare() hands the bytes to polyroot-xml and puts the records
 * as JSON into the request's place.  POST /imports then makes a plan of one
 * change, POST /imports:merge with those records, and keeps it like any other
 * plan; :apply applies it.  A document with errors of its own (Document…) is
 * refused with all of them and not kept; broken rules stand in the plan.
 *
 * What is refused: documents of more than 4 MiB, modes other than merge, kinds
 * other than profile.
 */
#ifndef SERVICE_IMPORTS_H
#define SERVICE_IMPORTS_H

#include "appliance/service/edit.h"

struct xml_worker;

enum { IMPORTS_BODY = 4 << 20 };

/* POST /imports */
int imports_make(struct call *, struct err *) ERR_MUST_CHECK;
/* POST /imports:merge */
edit_fn imports_merge;
/* GET /profiles/{p} with Accept: application/xml */
bool imports_wants_xml(const struct request *);
int imports_profile(struct call *, const struct profile *, struct err *)
    ERR_MUST_CHECK;

/* Replaces an XML body by its records; other bodies stay.  `room` keeps the
 * bytes and lives as long as the request. */
int imports_prepare(struct xml_worker *, struct request *, struct arena *room,
    struct err *) ERR_MUST_CHECK;

#endif
