/*
 * policy_int.h -- what the parts of policy.h share: policy.c looks and decides
 * about lost slots, policy_adopt.c about drift, policy_move.c does.
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
	char device[ID_TEXT];		/* adopted; "" none: a move */
};

/* A device that somebody else's hand changed. */
struct policy_drift {
	char device[ID_TEXT], name[NAME_TEXT], profile[NAME_TEXT];
	uint32_t slot;
	struct personality seen;
	int64_t since_ms;		/* seen like that since */
	int64_t generation;		/* tried then */
	char why[200];			/* it was refused; "" not yet */
	bool there;
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
	struct policy_drift *drifts;
	size_t n_drifts;
	int64_t drift_view, drift_generation;	/* looked at */
	int64_t drift_ms;		/* again then; 0 when one is another */

	pthread_mutex_t lock;		/* of what follows */
	bool busy;			/* a move is at the writer */
	struct policy_move *ended;	/* and has come back */
};

/* Sends the move of that profile, or only the event, to the writer. */
void policy_move_send(struct policy *, int64_t wall_ms, struct store *,
    const struct failover *, uint32_t to, bool observe);
/* Sends the change that makes wanted what a device is; body is JSON. */
void policy_move_adopt(struct policy *, int64_t wall_ms,
    const struct profile *, const char *device, const char *kind,
    const char *body);
/* What has come back; NULL nothing.  policy_move_free() it. */
struct policy_move *policy_move_take(struct policy *);
void policy_move_free(struct policy_move *);
bool policy_move_busy(struct policy *);

/* policy_adopt.c */
int policy_adopt_look(struct policy *, struct store *, struct arena *,
    const struct view *, int64_t now_ms, int64_t wall_ms, struct err *)
    ERR_MUST_CHECK;
void policy_adopt_refused(struct policy *, const char *device,
    const char *why);
/* NULL when nothing is known of that device. */
struct policy_drift *policy_adopt_find(struct policy *, const char *device);
/* False when there is none. */
bool policy_adopt_fault(const struct policy_drift *, struct fault *);

#endif
