/*
 * service.h -- one function per thing a user can ask, behind one door each for
 * reading and writing.
 *
 * service_read() answers READ rows on the caller's thread with a read handle.
 * service_write() runs CHANGE and WRITE rows inside the writer's savepoint:
 * idempotency, change set -> rules -> plan -> commit (architecture section 3).
 * Both fill an answer, problems included; -1 from service_write() means that the
 * savepoint must be undone (the answer is filled all the same).
 */
#ifndef SERVICE_SERVICE_H
#define SERVICE_SERVICE_H

#include "appliance/service/route.h"

struct service_config {
	struct view_box *views;
	struct engine *engine;
	const struct capabilities *caps;
	const char *models_dir;		/* faceplates: models/NUMBER.json */
	const char *version;
	struct xml_worker *xml;		/* NULL: XML cannot be read */
	struct writer *writer;		/* NULL: no snapshots by the clock */
};

struct service *service_new(const struct service_config *, struct err *);
void service_free(struct service *);

/* Runs a READ row.  The answer is always filled. */
void service_read(struct service *, struct store *, const struct route *,
    const struct request *, struct answer *);
/* Runs a CHANGE or WRITE row inside the writer's savepoint. */
int service_write(struct service *, struct store *, const struct route *,
    const struct request *, struct answer *);

/*
 * What may take long, before service_write() of a row with ROUTE_SLOW: reads XML,
 * sent or kept.  `store` is a reader.  Any thread; what it puts into the request
 * lives in the arena.
 */
int service_prepare(struct service *, struct store *, const struct route *,
    struct request *, struct arena *, struct err *) ERR_MUST_CHECK;
/* After an answer that wants_draft: makes one on a read handle, into the request;
 * then service_write() again.  Any thread. */
int service_draft(struct service *, struct store *, struct request *,
    struct arena *, struct err *) ERR_MUST_CHECK;

/* What is due by the clock: backups.  `store` is a reader; takes long.  When it
 * wants to be called again, wall clock. */
int64_t service_clock(struct service *, struct store *, int64_t wall_ms);
/* After the store got another schema, before anything is asked: keeps what was. */
void service_upgraded(struct service *);

/* Who a bearer token or cookie is; ERR_UNAUTHORIZED.  Touches nothing. */
int service_session(struct store *, struct arena *, const char *token,
    int64_t wall_ms, struct session **, struct err *) ERR_MUST_CHECK;

/* Makes the user admin with a fresh password when there is no user yet; the
 * password is written into `password` (else ""). */
int service_first_admin(struct store *, char password[44], struct err *)
    ERR_MUST_CHECK;

/* The OpenAPI 3.1 document from the route and field tables; owned by caller. */
json_t *service_openapi(struct service *);

#endif
