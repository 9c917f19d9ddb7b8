/*
 * door_int.h -- what the files of the door share: the door, and one exchange.
 *
 * An exchange is one request and its answer.  It is made at the first callback
 * of its connection and freed when libmicrohttpd says that the request is over.
 *
 *	READING -> BUSY (suspended; writer or worker has it) -> READY -> sent
 *
 * While it is BUSY the connection is suspended, so that libmicrohttpd neither
 * calls back nor ends it; whoever has it calls exchange_ready() once.
 */
#ifndef APPLIANCE_HTTP_DOOR_INT_H
#define APPLIANCE_HTTP_DOOR_INT_H

#include <microhttpd.h>
#include <stdatomic.h>

#include "appliance/http/bell.h"
#include "appliance/http/door.h"
#include "appliance/http/gate.h"
#include "appliance/http/readers.h"
#include "appliance/http/slow.h"
#include "appliance/http/sse.h"
#include "appliance/http/throttle.h"
#include "appliance/http/tls.h"
#include "base/digest.h"
#include "base/random.h"

enum {
	DOOR_THREADS = 2,
	DOOR_CONNECTIONS = 1024,	/* all together */
	DOOR_PER_ADDRESS = 512,
	DOOR_TIMEOUT_S = 30,		/* without a byte */
	DOOR_HEAD = 32 * 1024,		/* bytes of a request's head */
	DOOR_WAITERS = 256,		/* who waits for a job */
	/* A refused body is read to its end up to this, so that the client gets
	 * to read why; beyond it the connection is cut. */
	DOOR_DRAIN = 40 * 1024 * 1024,
	DOOR_DRAIN_STRANGER = 1024 * 1024,
};

struct counters {
	_Atomic uint64_t by_class[6];	/* answers: 1xx … 5xx at [1]…[5] */
	_Atomic uint64_t logins_passed, logins_failed, logins_throttled;
	_Atomic int waiters;
};

struct door {
	struct MHD_Daemon *daemon;
	struct service *service;
	struct writer *writer;
	struct view_box *views;
	struct readers *readers;
	struct bell *bell;
	struct slow *slow;		/* password hashes, snapshots */
	struct slow *documents;		/* reads and plans them: seconds */
	struct sse *sse;
	struct throttle throttle;	/* the slow thread's */
	struct tls_pair tls;
	struct counters counters;
	int64_t started_ms;		/* wall */
	unsigned port;
	char cookie[40], version[40];
	bool webui;
	/* Exchanges that the writer or the worker has. */
	pthread_mutex_t lock;
	pthread_cond_t idle;
	unsigned pending;
	bool closing;
};

enum exchange_state { EXCHANGE_READING, EXCHANGE_BUSY, EXCHANGE_READY };
enum { EXCHANGE_DRAFTS = 4 };	/* snapshots for one request at most */

struct exchange {
	struct door *door;
	struct MHD_Connection *conn;
	struct arena *arena;
	enum exchange_state state;
	const char *method, *path;	/* as sent; whole path, decoded */
	struct gate_head head;
	struct request request;
	const struct route *route;	/* NULL: not of the API */
	struct buf body;
	uint64_t taken;			/* bytes of the body seen */
	bool refused;			/* the answer is made; drain and send */
	bool too_large;
	bool cut;			/* where it ends is not clear */
	struct answer answer;
	const struct static_file *file;	/* the answer is this one */
	struct session *session;	/* NULL: nobody */
	struct login *login;		/* while signing in */
	char id[68], source[64], session_digest[DIGEST_TEXT];
	int64_t began_ms, due_ms;
	struct writer_entry entry;
	bool ran;			/* the entry's run */
	int ran_result;
	unsigned drafted;		/* snapshots made for it */
	struct sleeper sleeper;
	bool joined;			/* to the bell */
};

/* exchange.c */
void exchange_fail(struct exchange *, const struct err *);
/* Suspends; the caller hands the exchange to another thread.  False while the
 * door closes: the answer is made already. */
bool exchange_park(struct exchange *);
void exchange_ready(struct exchange *);
/* Counts what the writer or the worker has; false while the door closes. */
bool exchange_pending(struct door *, int more);
/* Runs `run` in the writer, suspended; answers the exchange when it is over. */
void exchange_write(struct exchange *,
    int (*run)(struct writer_entry *, struct store *, int64_t, struct err *));

/* reply.c: sends what the exchange holds. */
enum MHD_Result reply_send(struct exchange *);
void reply_headers(struct MHD_Response *, const struct exchange *);

/* health.c: /healthz, /readyz, /metrics; false when the path is another. */
bool health_answer(struct exchange *);

/* login.c: POST /sessions, on the slow thread; what follows DELETE; and that a
 * session was used, which the writer notes in its own time. */
void login_run(void *exchange);
bool login_is(const struct route *);
void login_forget(struct exchange *);
void login_touch(struct exchange *);

#endif
