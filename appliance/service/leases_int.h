/*
 * leases_int.h -- what the two halves of leases.h share: leases.c looks and
 * decides, leases_send.c does.
 */
#ifndef SERVICE_LEASES_INT_H
#define SERVICE_LEASES_INT_H

#include <pthread.h>

#include "appliance/service/leases.h"

/* A request on its way through the writer. */
struct leases_errand {
	struct writer_entry entry;
	struct leases *leases;
	struct arena *arena;
	struct request request;
	struct answer answer;
	const struct route *route;
	char lease[ID_TEXT];
	bool begins;
};

/* What is remembered of a lease that needs something. */
struct leases_watch {
	char lease[ID_TEXT];
	int64_t about_ms;		/* the time it was about */
	int64_t next_ms, off_ms;	/* not tried before; off since */
	unsigned tries;
	bool seen;			/* in this look */
	const char *code;		/* of its fault; NULL none */
	char text[200];
};

struct leases {
	struct leases_config config;
	uint64_t seed;
	struct leases_watch *list;
	size_t n, cap;
	int64_t due_ms, look_ms;
	bool reported;

	pthread_mutex_t lock;		/* of what follows */
	bool busy;			/* an errand is at the writer */
	struct leases_errand *ended;	/* and has come back */
};

/* Sends :begin or :end of a lease; `force` confirms what has to be. */
void leases_send(struct leases *, int64_t wall_ms, const struct lease *,
    bool begins, bool force);
/* What has come back; NULL nothing.  leases_errand_free() it. */
struct leases_errand *leases_take(struct leases *);
void leases_errand_free(struct leases_errand *);
bool leases_busy(struct leases *);

#endif
