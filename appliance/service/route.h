/*
 * route.h -- the API is this table.
 *
 * One row per method and path.  From it come the router, the permission check,
 * the body limit, the list of changes that POST /plans takes, the OpenAPI
 * document, the verbs of the CLI, and tests that walk it: no verb that changes
 * anything is open to less than its row's role, no GET takes a body.
 *
 * Four kinds of row:
 *   READ	answers from the store and the view, on a read handle
 *   CHANGE	edits a change set; everything that changes what is wanted.
 *		Alone it is a change set of one; POST /plans takes several.
 *   WRITE	other work of the writer: plans, apply, undo, sessions
 *   STREAM	http's own: events, static files
 *
 * Handlers see parsed, bounded, permitted input and no microhttpd type, so tests
 * call them directly.
 */
#ifndef SERVICE_ROUTE_H
#define SERVICE_ROUTE_H

#include "appliance/engine/engine.h"
#include "base/buf.h"
#include "profiles/change.h"

struct service;
struct violations;		/* rules.h */
struct takeover_plan;		/* takeover.h */
struct trust_verdict;		/* profiles/trust.h */
struct system_plan;		/* system.h */
struct imports_match;		/* imports_here.h */
struct xml_records;		/* profiles/xml.h */
struct xml_imported;		/* profiles/xml_import.h */
struct snapshot_draft;		/* snapshots.h */
struct imports_task;		/* imports_plan.h */
struct imports_planned;
struct imports_ahead;

enum role { ROLE_NONE, ROLE_AUDITOR, ROLE_OPERATOR, ROLE_ADMIN };
enum route_kind { ROUTE_READ, ROUTE_CHANGE, ROUTE_WRITE, ROUTE_STREAM };

enum route_flag {
	ROUTE_IF_MATCH = 1,	/* If-Match is required (428) */
	ROUTE_NO_DRY_RUN = 2,	/* ?dryRun is not known here */
	ROUTE_SLOW = 4,		/* hashes a password: not on an event thread */
	ROUTE_DOCUMENT = 8,	/* its body is a document, application/xml */
};

enum { ROUTE_PARAMS = 4, ROUTE_QUERY = 12 };

struct param {
	const char *name, *value;
};

/* One request, parsed; everything is a loan for the call. */
struct request {
	const char *method, *path;	/* path below /api/v1, percent-decoded */
	struct param params[ROUTE_PARAMS];	/* {name} parts of the path */
	size_t n_params;
	struct param query[ROUTE_QUERY];
	size_t n_query;
	const char *body;
	size_t body_size;
	/* The body, when it is XML and was read; else NULL. */
	const struct xml_records *document;
	/* A snapshot that was made before (snapshots.h), NULL none; `drafts`: the
	 * caller makes one when the answer says wants_draft. */
	const struct snapshot_draft *draft;
	bool drafts;
	/* What service_prepare() made of it: a document to answer with, and what
	 * was sealed in the one that came.  Secrets, as is the passphrase. */
	const char *rendered, *opened, *passphrase;
	/* The secret of a token that is to be made. */
	const char *drawn;
	/* What an import comes to, planned before; NULL: not yet. */
	const struct imports_planned *planned;
	const char *content_type, *accept, *if_match, *idempotency_key;
	const char *actor, *source;	/* who, from which address */
	enum role role;
	const char *session;		/* digest of its token, "" none */
	int64_t wall_ms;
	uint64_t seed;			/* drawn at the door */
};
const char *request_param(const struct request *, const char *name);	/* or "" */
const char *request_query(const struct request *, const char *name);	/* or NULL */

struct answer {
	int status;
	const char *content_type;	/* default application/json */
	struct buf body;
	char headers[512];		/* "Name: value\r\n" lines */
	/* The caller wants to be asked again when this job moves, until then. */
	int64_t wait_job, wait_until_ms;
	bool wants_draft;		/* make one and ask again */
	/* For problems; set by the caller before the call, may be NULL. */
	const char *instance, *request_id;
};
void answer_header(struct answer *, const char *name, const char *value);
void answer_json(struct answer *, int status, json_t *);	/* consumes */
void answer_problem(struct answer *, const struct err *);
/* The same with every broken rule, and members beside ("plan", "job"; NULL =
 * none; consumed). */
void answer_violations(struct answer *, const struct err *,
    const struct violations *, json_t *extra);

/* What a handler works with. */
struct call {
	struct service *service;
	struct store *store;		/* reader, or the writer's in WRITE */
	const struct view *view;
	struct arena *arena;
	const struct request *request;
	struct answer *answer;
	/* The import that is planned just now, whose row need not be there. */
	const struct imports_task *import;
	/* Set: only plans, before the writer (imports_plan.h). */
	struct imports_ahead *ahead;
};

/* One entry of a change list. */
struct edit {
	struct call *call;
	struct change_set *set;
	const struct request *request;	/* method, path, params, body of the entry */
	const json_t *body;		/* {} when there is none */
	const char *at;			/* JSON pointer of the entry's body, "" alone */
	/* The object that the answer shows, filled by the handler. */
	enum object_type type;
	char id[ID_TEXT];
	char device[ID_TEXT];		/* or this device of that profile */
	/* "assign" ..., and the words of the job's title. */
	const char *kind;
	char title[160];
	/* Broken rules of the values themselves; the handler goes on. */
	struct violations *broken;
	/* A step beside what is wanted: enum fabric_ctl of a slot; 0 none. */
	uint32_t ctl, ctl_slot;
	/* Of an import: whose signature it has; else NULL. */
	const struct trust_verdict *signature;
	/* Of an import: the appliance's own (system.h); else NULL. */
	const struct system_plan *system;
	/* Addresses of another appliance, taken or let go; else NULL. */
	const struct takeover_plan *takeover;
	/* Isolate: also while a job holds the slot. */
	bool even_if_held;
	/* Of an import: what was found; else NULL. */
	const struct xml_imported *imported;
	const struct imports_match *hardware;
	/* The slot that is to be put right, changed or not; 0 none. */
	uint32_t heal;
	/* The slot that a spare takes over from; 0 none. */
	uint32_t spare_from;
	bool force;			/* and it is switched off first */
};

struct route {
	const char *method, *path;	/* "/profiles/{p}/vnics/{d}", "/profiles/{p}:assign" */
	enum route_kind kind;
	enum role role;
	uint32_t body_max;		/* bytes; 0 = none taken */
	int (*read)(struct call *, struct err *);	/* READ and WRITE */
	int (*edit)(struct edit *, struct err *);	/* CHANGE */
	const struct field_table *body;	/* of the request, or NULL */
	const char *query;		/* known parameters, "limit,after" or "" */
	unsigned flags;
	const char *name;		/* operationId and CLI verb: "profile assign" */
	const char *summary;
};

extern const struct route routes[];
extern const size_t n_routes;

/* Finds the row and fills params; NULL when no path fits.  When the path fits
 * but not the method, *allow gets "GET, POST". */
const struct route *route_find(const char *method, const char *path,
    struct request *, struct arena *, char allow[64]);

#endif
