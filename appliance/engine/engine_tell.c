/*
 * engine_tell.c -- what became wrong, and what is right again, as events.
 *
 * One record of the chain each, and the row that says that it was told, in one
 * commit.  Whoever follows the events hears of a fault that way, webhooks too.
 */
#include <stdio.h>
#include <string.h>

#include "appliance/engine/engine_int.h"
#include "profiles/journal.h"

enum { NEWS_AT_ONCE = 32 };

static int
write_event(struct store *store, const struct fault *f, const char *action,
    int64_t wall_ms, struct err *err)
{
	struct event event = { .at_ms = wall_ms, .actor = "engine",
		.type = "fault" };
	struct appliance self;

	if (store_appliance(store, &self, err) < 0)
		return -1;
	event.generation = self.generation;
	snprintf(event.action, sizeof(event.action), "%s", action);
	snprintf(event.id, sizeof(event.id), "%s", f->id);
	snprintf(event.name, sizeof(event.name), "%s %.40s", f->object_type,
	    f->object);
	return event_add(store, &event, err);
}

static int
write_row(struct store *store, const struct fault *f, struct err *err)
{
	struct fault_told row = { .slot = f->slot, .at_ms = f->since_ms };

	memcpy(row.id, f->id, sizeof(row.id));
	snprintf(row.code, sizeof(row.code), "%s", f->code);
	snprintf(row.severity, sizeof(row.severity), "%s", f->severity);
	memcpy(row.object_type, f->object_type, sizeof(row.object_type));
	memcpy(row.object, f->object, sizeof(row.object));
	memcpy(row.text, f->text, sizeof(row.text));
	return fault_told_put(store, &row, err);
}

static int
tell(struct store *store, const struct fault_entry *news, int64_t wall_ms,
    struct err *err)
{
	const struct fault *f = &news->fault;
	bool gone = news->news == FAULT_GONE, told;

	if (fault_told_has(store, f->id, &told, err) < 0)
		return -1;
	/* The look that this is from may be older than the last news. */
	if (told != gone)
		return 0;
	if (write_event(store, f, gone ? "fault:cleared" : "fault:raised",
	    wall_ms, err) < 0)
		return -1;
	return gone ? fault_told_drop(store, f->id, err) :
	    write_row(store, f, err);
}

int
engine_tell_run(struct writer_entry *entry, struct store *store,
    int64_t wall_ms, struct err *err)
{
	struct commit *c = entry->cookie;

	for (size_t i = 0; i < c->n_news; i++)
		if (tell(store, &c->news[i], wall_ms, err) < 0)
			return -1;
	return 0;
}

/* The book is this thread's; others only read it. */
void
engine_tell_turn(struct engine *e)
{
	struct fault_entry news[NEWS_AT_ONCE];
	size_t n = 0;

	if (engine_busy(e))
		return;
	for (size_t i = 0; i < e->book.n && n < NEWS_AT_ONCE; i++)
		if (e->book.entries[i].news != FAULT_NO_NEWS) {
			news[n++] = e->book.entries[i];
			e->book.entries[i].news = FAULT_NO_NEWS;
		}
	if (n > 0)
		engine_commit_news(e, news, n);
}
