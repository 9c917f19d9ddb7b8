/* journal_event.c -- the append-only record; see journal.h. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/digest.h"
#include "profiles/journal.h"
#include "profiles/stmt.h"

#define EVENT \
	"SELECT seq, at_ms, generation, job, actor, source, action, type, id," \
	" name, prev_hash, hash FROM event "

/*
 * What is hashed: the hash before, then the record as canonical JSON
 *	[seq,at_ms,generation,job,"actor","source","action","type","id","name"]
 */
static void
chain(struct event *ev)
{
	struct buf b = buf_new(65536);
	json_t *record = json_array();
	char *text;

	json_put(record, NULL, json_int(ev->seq));
	json_put(record, NULL, json_int(ev->at_ms));
	json_put(record, NULL, json_int(ev->generation));
	json_put(record, NULL, json_int(ev->job));
	json_put(record, NULL, json_str(ev->actor));
	json_put(record, NULL, json_str(ev->source));
	json_put(record, NULL, json_str(ev->action));
	json_put(record, NULL, json_str(ev->type));
	json_put(record, NULL, json_str(ev->id));
	json_put(record, NULL, json_str(ev->name));
	text = json_canonical(record);
	buf_str(&b, ev->prev_hash);
	buf_str(&b, text);
	(void)digest_text(b.data, b.len, ev->hash);
	free(text);
	json_decref(record);
	buf_free(&b);
}

/* Number and hash of the newest one. */
static int
newest(struct store *st, struct event *ev, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");
	int rc = stmt_step(&q, e);

	if (rc < 0)
		return -1;
	ev->seq = 1;
	memset(ev->prev_hash, 0, sizeof(ev->prev_hash));
	if (rc > 0) {
		ev->seq = stmt_get_int(&q) + 1;
		stmt_get_text(&q, ev->prev_hash, sizeof(ev->prev_hash));
	}
	stmt_close(&q);
	return 0;
}

int
event_add(struct store *st, struct event *ev, struct err *e)
{
	struct stmt q;

	if (newest(st, ev, e) < 0)
		return -1;
	chain(ev);
	q = stmt_open(st, "INSERT INTO event"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
	stmt_int(&q, ev->seq);
	stmt_int(&q, ev->at_ms);
	stmt_int(&q, ev->generation);
	stmt_int(&q, ev->job);
	stmt_text(&q, ev->actor);
	stmt_text(&q, ev->source);
	stmt_text(&q, ev->action);
	stmt_text(&q, ev->type);
	stmt_text(&q, ev->id);
	stmt_text(&q, ev->name);
	stmt_text(&q, ev->prev_hash);
	stmt_text(&q, ev->hash);
	return stmt_run(&q, e);
}

static void
read_event(struct stmt *q, struct event *ev)
{
	ev->seq = stmt_get_int(q);
	ev->at_ms = stmt_get_int(q);
	ev->generation = stmt_get_int(q);
	ev->job = stmt_get_int(q);
	stmt_get_text(q, ev->actor, sizeof(ev->actor));
	stmt_get_text(q, ev->source, sizeof(ev->source));
	stmt_get_text(q, ev->action, sizeof(ev->action));
	stmt_get_text(q, ev->type, sizeof(ev->type));
	stmt_get_text(q, ev->id, sizeof(ev->id));
	stmt_get_text(q, ev->name, sizeof(ev->name));
	stmt_get_text(q, ev->prev_hash, sizeof(ev->prev_hash));
	stmt_get_text(q, ev->hash, sizeof(ev->hash));
}

int
event_list(struct store *st, struct arena *a, int64_t after, size_t limit,
    struct event **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, EVENT "WHERE seq > ? ORDER BY seq LIMIT ?");
	struct event *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_int(&q, after);
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct event){ 0 };
		read_event(&q, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
event_range(struct store *st, int64_t *first, int64_t *last, struct err *e)
{
	/* Two lookups at the ends; min and max together would read it all. */
	struct stmt q = stmt_open(st, "SELECT (SELECT min(seq) FROM event),"
	    " (SELECT max(seq) FROM event)");

	if (stmt_one(&q, "event", "", e) < 0)
		return -1;
	*first = stmt_get_int(&q);
	*last = stmt_get_int(&q);
	stmt_close(&q);
	return 0;
}
