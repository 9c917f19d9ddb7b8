/* store_slot.c -- what is wanted of slots; see store.h. */
#include "profiles/stmt.h"

#define SLOT "SELECT number, label, cable_id, admin, is_spare, revision," \
	" description, labels FROM slot "

static void
read_slot(struct stmt *q, struct arena *a, struct slot *s)
{
	s->number = stmt_get_u32(q);
	stmt_get_text(q, s->label, sizeof(s->label));
	stmt_get_text(q, s->cable_id, sizeof(s->cable_id));
	s->admin = stmt_get_u32(q);
	s->is_spare = stmt_get_bool(q);
	s->revision = stmt_get_int(q);
	stmt_get_text(q, s->description, sizeof(s->description));
	stmt_get_labels(q, a, &s->labels);
}

int
slot_load(struct store *st, struct arena *a, unsigned number,
    struct slot **out, struct err *e)
{
	struct stmt q = stmt_open(st, SLOT "WHERE number = ?");
	struct slot *s = arena_alloc(a, sizeof(*s));
	int rc;

	stmt_int(&q, number);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	/* A slot is there because the switch has it; its row begins when
	 * somebody says something about it. */
	s->number = number;
	s->revision = 1;
	if (rc > 0)
		read_slot(&q, a, s);
	stmt_close(&q);
	*out = s;
	return 0;
}

int
slot_list(struct store *st, struct arena *a, struct slot **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, SLOT "ORDER BY number");
	struct slot *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct slot){ 0 };
		read_slot(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
slot_store(struct store *st, const struct slot *s, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO slot"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, s->number);
	stmt_text(&q, s->label);
	stmt_text(&q, s->cable_id);
	stmt_int(&q, s->admin);
	stmt_int(&q, s->is_spare);
	stmt_int(&q, s->revision);
	stmt_text(&q, s->description);
	stmt_labels(&q, &s->labels);
	return stmt_run(&q, e);
}
