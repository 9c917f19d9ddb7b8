/* leases_send.c -- see leases_int.h: the request that nobody sent. */
#include <stdlib.h>
#include <string.h>

#include "appliance/service/leases_int.h"
#include "base/log.h"

bool
leases_busy(struct leases *l)
{
	bool busy;

	pthread_mutex_lock(&l->lock);
	busy = l->busy;
	pthread_mutex_unlock(&l->lock);
	return busy;
}

struct leases_errand *
leases_take(struct leases *l)
{
	struct leases_errand *x;

	pthread_mutex_lock(&l->lock);
	x = l->ended;
	l->ended = NULL;
	if (x != NULL)
		l->busy = false;
	pthread_mutex_unlock(&l->lock);
	return x;
}

void
leases_errand_free(struct leases_errand *x)
{
	if (x == NULL)
		return;
	buf_free(&x->answer.body);
	arena_free(x->arena);
	free(x);
}

static void
done(struct writer_entry *entry)
{
	struct leases_errand *x = entry->cookie;

	pthread_mutex_lock(&x->leases->lock);
	x->leases->ended = x;
	pthread_mutex_unlock(&x->leases->lock);
}

static int
run(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	struct leases_errand *x = entry->cookie;

	(void)wall_ms;
	if (service_write(x->leases->config.service, store, x->route,
	    &x->request, &x->answer) < 0)
		return err_set(e, ERR_CONFLICT, "it was refused");
	return 0;
}

static void
fill_request(struct leases_errand *x, int64_t wall_ms, bool force,
    uint64_t seed)
{
	struct request *r = &x->request;
	char allow[64];

	*r = (struct request){ .method = "POST", .body = "{}", .body_size = 2,
		.content_type = "application/json", .actor = "lease",
		.source = "", .session = "", .role = ROLE_OPERATOR,
		.wall_ms = wall_ms, .seed = seed, .n_query = x->begins || force ? 1 : 0 };
	/* What a begin may need was confirmed with the lease. */
	r->query[0] = (struct param){ "confirm", x->begins ?
		"SlotHotplugUnready,QosGuaranteeUnsupported" :
		"ServerRunning,SlotMaintenance" };
	r->path = arena_printf(x->arena, "/leases/%s:%s", x->lease,
	    x->begins ? "begin" : "end");
	x->route = route_find(r->method, r->path, r, x->arena, allow);
}

void
leases_send(struct leases *l, int64_t wall_ms, const struct lease *lease,
    bool begins, bool force)
{
	struct leases_errand *x = xcalloc(1, sizeof(*x));

	x->leases = l;
	x->arena = arena_new();
	x->begins = begins;
	memcpy(x->lease, lease->head.id, sizeof(x->lease));
	x->answer.body = buf_new((size_t)4 << 20);
	x->entry.run = run;
	x->entry.done = done;
	x->entry.cookie = x;
	fill_request(x, wall_ms, force, ++l->seed);
	log_info("lease", "lease=%s %s", lease->head.name, begins ? "begins" :
	    force ? "is ended by force" : "ends");
	pthread_mutex_lock(&l->lock);
	l->busy = true;
	pthread_mutex_unlock(&l->lock);
	if (!writer_submit(l->config.writer, &x->entry)) {
		x->entry.result = -1;
		done(&x->entry);
	}
}
