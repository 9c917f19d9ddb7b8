/*
 * openapi.h -- the OpenAPI 3.1 document, from the route and field tables.
 *
 * Nothing in it is written by hand, so it cannot disagree with what the router
 * and the readers do.
 */
#ifndef SERVICE_OPENAPI_H
#define SERVICE_OPENAPI_H

#include "appliance/service/route.h"

/* The caller owns it. */
json_t *openapi_document(const char *version);

#endif
