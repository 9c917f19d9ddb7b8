/* policy_move.c -- see policy_int.h: the request that nobody sent. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/policy_int.h"
#include "base/log.h"

/* A spare takes over from a server without power that still has link, too. */
static const char query_confirm[] = "SourceStillUp";
static const char move_body[] = "{\"policy\":\"spare\",\"force\":true}";

bool
policy_move_busy(struct policy *p)
{
	bool busy;

	pthread_mutex_lock(&p->lock);
	busy = p->busy;
	pthread_mutex_unlock(&p->lock);
	return busy;
}

struct policy_move *
policy_move_take(struct policy *p)
{
	struct policy_move *m;

	pthread_mutex_lock(&p->lock);
	m = p->ended;
	p->ended = NULL;
	if (m != NULL)
		p->busy = false;
	pthread_mutex_unlock(&p->lock);
	return m;
}

void
policy_move_free(struct policy_move *m)
{
	if (m == NULL)
		return;
	buf_free(&m->answer.body);
	arena_free(m->arena);
	free(m);
}

static void
done(struct writer_entry *entry)
{
	struct policy_move *m = entry->cookie;

	pthread_mutex_lock(&m->policy->lock);
	m->policy->ended = m;
	pthread_mutex_unlock(&m->policy->lock);
}

static void
submit(struct policy *p, struct policy_move *m)
{
	pthread_mutex_lock(&p->lock);
	p->busy = true;
	pthread_mutex_unlock(&p->lock);
	if (!writer_submit(p->config.writer, &m->entry)) {
		m->entry.result = -1;
		done(&m->entry);
	}
}

/* The job that the answer names. */
static int64_t
job_of(const struct answer *a)
{
	json_t *body;
	struct err e;
	const char *id;
	int64_t job = 0;

	if (json_read(a->body.data, a->body.len, a->body.len, &body, &e) < 0)
		return 0;
	id = json_string_value(json_object_get(body, "job"));
	if (id != NULL)
		job = strtoll(id, NULL, 10);
	json_decref(body);
	return job;
}

static int
run_move(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct policy_move *m = entry->cookie;
	int64_t job;

	if (service_write(m->policy->config.service, store, m->route,
	    &m->request, &m->answer) < 0)
		return err_set(e, ERR_CONFLICT, "the move was refused");
	job = job_of(&m->answer);
	return job == 0 ? 0 : failover_put(store, m->who.id, wall_ms, job, e);
}

/* What is as it is wished needs no step; if one is left, it is not so. */
static int
run_adopt(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct policy_move *m = entry->cookie;

	(void)wall_ms;
	if (service_write(m->policy->config.service, store, m->route,
	    &m->request, &m->answer) < 0)
		return err_set(e, ERR_CONFLICT, "it was refused");
	if (m->answer.status != 202 && job_of(&m->answer) != 0)
		return 0;
	buf_clear(&m->answer.body);
	return err_set(e, ERR_CONFLICT, "no profile can say what it is now");
}

static int
run_event(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct policy_move *m = entry->cookie;
	struct event event = { .at_ms = wall_ms, .actor = "policy",
		.type = "profile" };
	struct appliance self;

	if (store_appliance(store, &self, e) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.id, sizeof(event.id), "%s", m->who.id);
	snprintf(event.name, sizeof(event.name), "%s", m->who.name);
	if (m->to != 0)
		snprintf(event.action, sizeof(event.action),
		    "would have moved it from slot %" PRIu32 " to slot %"
		    PRIu32, m->who.slot, m->to);
	else
		snprintf(event.action, sizeof(event.action),
		    "found no spare for it at slot %" PRIu32, m->who.slot);
	if (event_add(store, &event, e) < 0)
		return -1;
	return failover_put(store, m->who.id, wall_ms, 0, e);
}

static void
fill_request(struct policy_move *m, int64_t wall_ms, uint64_t seed)
{
	struct request *r = &m->request;
	char allow[64];

	*r = (struct request){ .method = "POST", .body = move_body,
		.body_size = sizeof(move_body) - 1,
		.content_type = "application/json", .actor = "policy",
		.source = "", .session = "", .role = ROLE_OPERATOR,
		.wall_ms = wall_ms, .seed = seed, .n_query = 1 };
	r->path = arena_printf(m->arena, "/profiles/%s:move", m->who.id);
	r->query[0] = (struct param){ "confirm", query_confirm };
	m->route = route_find(r->method, r->path, r, m->arena, allow);
}

void
policy_move_adopt(struct policy *p, int64_t wall_ms,
    const struct profile *who, const char *device, const char *kind,
    const char *body)
{
	struct policy_move *m = xcalloc(1, sizeof(*m));
	struct request *r = &m->request;
	char allow[64];

	m->policy = p;
	m->arena = arena_new();
	m->who.slot = who->slot;
	memcpy(m->who.id, who->head.id, sizeof(m->who.id));
	memcpy(m->who.name, who->head.name, sizeof(m->who.name));
	snprintf(m->device, sizeof(m->device), "%s", device);
	m->answer.body = buf_new((size_t)4 << 20);
	m->entry.run = run_adopt;
	m->entry.done = done;
	m->entry.cookie = m;
	*r = (struct request){ .method = "PATCH", .body = arena_strdup(
	    m->arena, body), .body_size = strlen(body),
		.content_type = "application/json", .actor = "policy",
		.source = "", .session = "", .role = ROLE_OPERATOR,
		.wall_ms = wall_ms, .seed = ++p->seed };
	r->path = arena_printf(m->arena, "/profiles/%s/%s/%s", who->head.id,
	    kind, device);
	m->route = route_find(r->method, r->path, r, m->arena, allow);
	log_info("policy", "profile=%s device=%s is adopted", who->head.name,
	    device);
	submit(p, m);
}

void
policy_move_send(struct policy *p, int64_t wall_ms, struct store *store,
    const struct failover *who, uint32_t to, bool observe)
{
	struct policy_move *m = xcalloc(1, sizeof(*m));
	struct err e;

	m->policy = p;
	m->arena = arena_new();
	m->who = *who;
	m->to = to;
	m->answer.body = buf_new((size_t)4 << 20);
	m->entry.run = observe ? run_event : run_move;
	m->entry.done = done;
	m->entry.cookie = m;
	if (!observe)
		fill_request(m, wall_ms, ++p->seed);
	/* The snapshot before it is better made here than by the writer. */
	if (!observe && service_draft(p->config.service, store, &m->request,
	    m->arena, &e) < 0)
		log_warn("policy", "no snapshot at hand: %s", e.msg);
	log_info("policy", "profile=%s slot=%" PRIu32 " to=%" PRIu32 " %s",
	    who->name, who->slot, to, observe ? "observed" : "moves");
	submit(p, m);
}
