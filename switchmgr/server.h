/*
 * server.h -- the privileged side's turn: serve(message, driver) -> message.
 *
 * Pure but for the fabric handed to it: no clock, descriptor or randomness of
 * its own, so that tests and the simulator call it in their own thread.  The
 * shell around it (main.c) owns the socket.
 *
 * What may be asked stands in one table: per verb the size of its request,
 * whether it changes anything, and whether the hello must have come first.
 * Refused: unknown verbs and wrong sizes (ERR_MALFORMED), verbs before the hello
 * (ERR_FORBIDDEN), another build (ERR_UNSUPPORTED), a changing verb whose term is
 * older than the highest seen here or reported by the switch (ERR_STALE),
 * anything while no fabric is attached (ERR_UNAVAILABLE).  What is in range is
 * fabric.c's business.
 *
 * One client at a time; server_greet() forgets the one before.  The first event
 * that a client gets is FEV_RESYNC, and so it is after another fabric came: what
 * happened in between may have been told to somebody else.
 */
#ifndef SWITCHMGR_SERVER_H
#define SWITCHMGR_SERVER_H

#include <stddef.h>

#include "switchmgr/fabric.h"

struct server;

/* Snapshots are numbered from `first_snapshot` on: another number for each
 * process, or a client could mistake one process's pages for another's. */
struct server *server_new(uint64_t first_snapshot);
void server_free(struct server *);

/* The fabric to serve, a loan; NULL while the switch is away. */
void server_attach(struct server *, struct fabric *);
/* A new client: nothing said yet, no snapshot taken.  The term stays. */
void server_greet(struct server *);
/* True when the last answer of the fabric was that it is unavailable. */
bool server_lost(const struct server *);

/* One turn.  `reply` has room for WIRE_MAX bytes; returns how many it has. */
size_t server_serve(struct server *, const void *request, size_t n, void *reply);

#endif
