/*
 * snapshots_submit.c -- snapshots that nobody waits for; see snapshots.h.
 */
#include "appliance/service/snapshots.h"

#include <stdlib.h>
#include <string.h>

#include "appliance/service/service_int.h"
#include "base/log.h"

struct late {
	struct writer_entry entry;
	struct service *service;
	struct arena *arena;
	const char *reason;
	struct snapshot_draft *draft;	/* NULL: to be made */
};

static int
take(struct late *x, struct call *c, struct err *e)
{
	struct appliance self;
	struct snapshot s;
	bool made;

	if (store_appliance(c->store, &self, e) < 0)
		return -1;
	/* Something changed since: the next one has it. */
	if (x->draft != NULL && x->draft->generation != self.generation)
		return 0;
	return snapshots_take(c, x->reason, &s, &made, e);
}

static int
run(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct late *x = entry->cookie;
	struct request r = { .method = "POST", .path = "/snapshots",
		.actor = x->reason, .source = "", .session = "",
		.wall_ms = wall_ms, .draft = x->draft };
	struct answer unused = { .status = 0 };
	struct call c = { .service = x->service, .store = store,
		.arena = x->arena, .request = &r, .answer = &unused,
		.view = view_hold(x->service->config.views) };
	int rc = take(x, &c, e);

	view_drop(x->service->config.views, c.view);
	return rc;
}

static void
done(struct writer_entry *entry)
{
	struct late *x = entry->cookie;

	if (entry->result < 0)
		log_error("snapshots", "reason=%s why=\"%s\"", x->reason,
		    entry->err.msg);
	arena_free(x->arena);
	free(x);
}

void
snapshots_submit(struct service *s, const struct snapshot_draft *draft,
    const char *reason)
{
	struct late *x;

	if (s->config.writer == NULL)
		return;
	x = xcalloc(1, sizeof(*x));
	x->service = s;
	x->arena = arena_new();
	x->reason = arena_strdup(x->arena, reason);
	if (draft != NULL) {
		x->draft = arena_copy(x->arena, draft, sizeof(*draft));
		x->draft->xml = arena_strdup(x->arena, draft->xml);
	}
	x->entry = (struct writer_entry){ .run = run, .done = done,
		.cookie = x };
	if (writer_submit(s->config.writer, &x->entry))
		return;
	arena_free(x->arena);
	free(x);
}
