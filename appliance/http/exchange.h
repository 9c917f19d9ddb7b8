/*
 * exchange.h -- one request from its first byte to its answer.
 *
 * Two callbacks of libmicrohttpd and nothing else; see door_int.h for the life
 * of an exchange.
 */
#ifndef APPLIANCE_HTTP_EXCHANGE_H
#define APPLIANCE_HTTP_EXCHANGE_H

#include <microhttpd.h>

/* cls is the struct door. */
enum MHD_Result exchange_access(void *cls, struct MHD_Connection *,
    const char *url, const char *method, const char *version,
    const char *data, size_t *size, void **exchange);
void exchange_over(void *cls, struct MHD_Connection *, void **exchange,
    enum MHD_RequestTerminationCode);

#endif
