/*
 * policy_int.h -- what the two halves of policy.h share: policy.c looks and
 * decides, policy_move.c does.
 */
#ifndef SERVICE_POLICY_INT_H
#define SERVICE_POLICY_INT_H

#include <pthread.h>

#include "appliance/service/policy.h"
#include "profiles/failover.h"

/* What is remembered of a slot. */
struct policy_watch {
	bool up;			/* seen so since we look */
	bool suspended, told;
	int64_t since_ms;		/* lost since; 0 = not lost */
	int64_t next_ms;		/* not tried before */
	char profile[ID_TEXT];		/* who was there then */
	const char *code;		/* of its fault; NULL none */
	char text[200];
};

/* A move, or an event, on its way through the writer. */
struct policy_move {
	struct writer_entry entry;
	struct policy *policy;
	struct arena *arena;
	struct request request;
	struct answer answer;
	const struct route *route;	/* NULL: only the event */
	struct failover who;
	uint32_t to;			/* slot; 0 none fits */
};

struct policy {
	struct policy_config config;
	uint64_t seed;
	struct policy_watch *slots;	/* by number, from 1 */
	size_t n_slots;
	uint32_t boots;
	bool away;			/* the switch was: begin anew */
	int64_t due_ms, look_ms;	/* no look before */
	bool reported;			/* some fault, the last time */

	pthread_mutex_t lock;		/* of what follows */
	bool busy;			/* a move is at the writer */
	struct policy_move *ended;	/* and has come back */
};

/* Sends the move of that profile, or only the event, to the writer. */
void policy_move_send(struct policy *, int64_t wall_ms, struct store *,
    const struct failover *, uint32_t to, bool observe);
/* What has come back; NULL nothing.  policy_move_free() it. */
struct policy_move *policy_move_take(struct policy *);
void policy_move_free(struct policy_move *);
bool policy_move_busy(struct policy *);

#endif
