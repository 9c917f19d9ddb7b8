/*
 * world.h -- the whole appliance in one thread: chassis, switch manager, engine,
 * writer, service, on a simulated clock.
 *
 * Messages to the switch manager are encoded and decoded.  The store is a real
 * one in a scratch directory.  world_crash() is kill -9 of polyrootd between two
 * turns: handles are thrown away, what was committed stays; the chassis and the
 * servers do not notice.
 */
#ifndef TESTS_SIM_WORLD_H
#define TESTS_SIM_WORLD_H

#include "appliance/service/leases.h"
#include "appliance/service/policy.h"
#include "tests/unit/support_chassis.h"

struct world {
	struct support_chassis chassis;
	struct fabric *fabric;
	struct capabilities caps;
	struct store *store, *reader;
	struct view_box views;
	struct writer *writer;
	struct engine *engine;
	struct service *service;
	struct policy *policy;
	struct leases *leases;
	int64_t wall_ms;
	uint64_t seed;
	unsigned turns, crash_at;	/* crash before turn crash_at; 0 never */
	bool crashed;
	int leap_ms;		/* time moves by that much at most; 20 at first */
};

void world_new(struct world *, uint64_t seed);
void world_free(struct world *);

/* Ends the daemon as kill -9 would, and starts it again. */
void world_crash(struct world *);
/* The same, and its store is lost: it begins with an empty one. */
void world_lose_store(struct world *);
/* Ends the daemon; the store and the chassis stay.  One that rests may be forked
 * and woken in another directory that has a copy of world.db. */
void world_rest(struct world *);
void world_wake(struct world *);
/* The same for the switch manager. */
void world_crash_switchmgr(struct world *);

/* One turn of everything; time moves to what is due next, leap_ms at most. */
void world_turn(struct world *);
/* Turns until nothing is open (jobs ended), for at most `ms` of simulated time;
 * false when something still was. */
bool world_settle(struct world *, int ms);
/* Turns for that long. */
void world_pass(struct world *, int ms);

/* A request through route table, service and writer.  The status; *out (may be
 * NULL) is the body, owned by the caller.  A body that begins with '<' is a
 * document. */
int world_ask(struct world *, const char *method, const char *path,
    const char *body, json_t **out);
/* The same, fails the test unless the status is the wanted one. */
json_t *world_get(struct world *, const char *path);
int64_t world_do(struct world *, int status, const char *method,
    const char *path, const char *body);	/* the job's id or 0 */

/* The configuration as a document, owned by the caller. */
char *world_export(struct world *);

/* The state word of a job. */
const char *world_job_state(struct world *, int64_t job);

/* What a server sees: number of functions, and the MAC of the first. */
size_t world_sees(struct world *, unsigned slot, char mac[MAC_TEXT]);

#endif
