/*
 * xml_client.h -- polyrootd's side of polyroot-xml.
 *
 *	xml_worker_start("polyroot-xml", &worker, &e);	before any thread
 *	xml_parse(worker, bytes, n, arena, &records, &e);
 *
 * The process that reads has no rights; what it answers is checked as if it came
 * from outside.  A worker that ended is started again with the next document, as
 * far as polyrootd's own sandbox still allows it.  Any thread may call; one
 * document is read at a time.
 *
 * Errors of xml_parse(): ERR_MALFORMED with a rule Document… and the line, when
 * the document is refused (xml_scan.h, xml_read.h) or needs more memory or time
 * than a reader gets; ERR_UNAVAILABLE when there is no worker or no answer in
 * time; ERR_INTERNAL when a reader crashed or answered nonsense.
 */
#ifndef PROFILES_XML_CLIENT_H
#define PROFILES_XML_CLIENT_H

#include "profiles/xml.h"

struct xml_worker;

/* `program`: path of polyroot-xml, found from the present directory or PATH. */
int xml_worker_start(const char *program, struct xml_worker **, struct err *)
    ERR_MUST_CHECK;
/* NULL does nothing. */
void xml_worker_stop(struct xml_worker *);

int xml_parse(struct xml_worker *, const char *bytes, size_t n,
    struct arena *, struct xml_records **, struct err *) ERR_MUST_CHECK;

#endif
