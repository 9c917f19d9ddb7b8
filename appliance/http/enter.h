/*
 * enter.h -- from the head of a request to a route, or to a refusal.
 *
 * Everything that can be said before the body is read is said before: framing,
 * path, route, method, who asks, may they, size and type of the body.
 */
#ifndef APPLIANCE_HTTP_ENTER_H
#define APPLIANCE_HTTP_ENTER_H

#include "appliance/http/door_int.h"

/* MHD_YES: go on reading.  Most refusals are sent when the request has ended, so
 * that the connection may go on. */
enum MHD_Result enter_begin(struct exchange *, const char *url,
    const char *version);
/* Bytes of body that are read before the connection is cut. */
uint64_t enter_patience(const struct exchange *);
void enter_too_large(const struct exchange *, struct err *);

#endif
