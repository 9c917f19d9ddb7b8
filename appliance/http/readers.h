/*
 * readers.h -- a read-only store handle for each thread of the door.
 *
 * A handle belongs to one thread; it is opened when the thread first asks, and
 * closed when the thread ends.  readers_begin() starts the read transaction of
 * one request; nobody else's work is visible until readers_end().
 */
#ifndef APPLIANCE_HTTP_READERS_H
#define APPLIANCE_HTTP_READERS_H

#include "appliance/service/service.h"

struct readers;

int readers_open(const char *db_path, struct readers **, struct err *)
    ERR_MUST_CHECK;
/* After the threads that used it have ended. */
void readers_close(struct readers *);
int readers_begin(struct readers *, struct store **, struct err *)
    ERR_MUST_CHECK;
void readers_end(struct store *);

#endif
