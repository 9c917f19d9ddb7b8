/*
 * support_desk.h -- the service in one thread: a scratch store, a view made by
 * hand, and requests as a client would send them.
 *
 * No hardware follows: desk_settle() ends whatever jobs are open as if it had.
 * The box: four slots (4 has no link) of four bridges; io1 an X520 with three
 * VFs a port, io2 a QLE2562, io3 a 9260-4i without RAID60, otherwise from the
 * real capability files.
 *
 * A request is one text: "POST /networks {\"name\":\"prod\",\"vlan\":120}".
 */
#ifndef TESTS_UNIT_SUPPORT_DESK_H
#define TESTS_UNIT_SUPPORT_DESK_H

#include "appliance/service/service.h"
#include "tests/unit/support_store.h"

struct desk {
	struct scratch scratch;
	struct capabilities caps;
	struct view_box views;
	struct service *service;
	int64_t wall_ms;
	uint64_t seed;
	/* What requests carry; NULL = nothing. */
	const char *if_match, *key, *actor;
	const struct xml_records *document;	/* in place of a body */
	enum role role;
	/* Long work is done before the writer, as the door has it; and then this is
	 * asked once by somebody else. */
	bool ahead;
	const char *between;
	/* The last answer. */
	int status;
	json_t *json;			/* NULL when there was no body */
	char headers[512];
};

/* With networks prod (120), stor (200, mtuMax 1500), free (300), SAN san-a and
 * profile p1 with vNIC net0 on prod, p2 with nothing. */
void desk_new(struct desk *);
/* The requests that made them, NULL behind the last. */
extern const char *const desk_furniture[];
void desk_free(struct desk *);
/* Sends it; the status. */
int desk_ask(struct desk *, const char *request);
/* Sends it; fails the test unless it is answered 2xx.  Then settles. */
void desk_do(struct desk *, const char *request);
void desk_settle(struct desk *);
/* Takes a module out of its bay. */
void desk_pull(struct desk *, unsigned bay);
/* The server of a slot keeps that many bus numbers, and as many MiB, for what is
 * to come; at first it has room for all. */
void desk_room(struct desk *, unsigned slot, unsigned buses);
/* A link comes up with another speed. */
void desk_speed(struct desk *, unsigned bay, unsigned port, unsigned mbps);
/* A virtual disk appears on a module. */
void desk_disk(struct desk *, unsigned bay, unsigned number);
/* The switch is away: the same view, no longer confirmed. */
void desk_lose(struct desk *);
/* Another view: no slot has been seen yet. */
void desk_blind(struct desk *);

/* The member of the last answer at a path like "errors/0/code"; "" when there
 * is none; numbers as text. */
const char *desk_text(struct desk *, const char *path);
/* True when `errors` or `checks` of the last answer has that code. */
bool desk_says(struct desk *, const char *code);
/* The pointer beside that code, or "". */
const char *desk_where(struct desk *, const char *code);
int64_t desk_generation(struct desk *);

#endif
