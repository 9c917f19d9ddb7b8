/*
 * openapi_body.h -- what the description of the API says beside the tables of
 * routes and fields: bodies that no field table reads, and query parameters.
 *
 * tests/api/openapi.test.mjs asks each handler what it knows and compares.
 */
#ifndef SERVICE_OPENAPI_BODY_H
#define SERVICE_OPENAPI_BODY_H

#include "appliance/service/route.h"

/* Puts the members that a row's body may have, beside those of its field table
 * or alone, into "properties" and "required" of a schema; false when there are
 * none. */
bool openapi_body_members(const struct route *, json_t *schema);

/* The parameter object of a query parameter that routes name.  The caller owns
 * it. */
json_t *openapi_body_query(const char *name);

/* Every rule: [{"number","code","severity","what","remedy"}]. */
json_t *openapi_body_rules(void);

#endif
