/* store_bay.c -- what is wanted of bays; see store.h. */
#include "profiles/stmt.h"

#define BAY "SELECT number, label, service, power, accepted, revision," \
	" description, labels FROM bay "

static void
read_bay(struct stmt *q, struct arena *a, struct bay *b)
{
	b->number = stmt_get_u32(q);
	stmt_get_text(q, b->label, sizeof(b->label));
	b->service = stmt_get_u32(q);
	b->power = stmt_get_u32(q);
	stmt_get_text(q, b->accepted, sizeof(b->accepted));
	b->revision = stmt_get_int(q);
	stmt_get_text(q, b->description, sizeof(b->description));
	stmt_get_labels(q, a, &b->labels);
}

int
bay_load(struct store *st, struct arena *a, unsigned number, struct bay **out,
    struct err *e)
{
	struct stmt q = stmt_open(st, BAY "WHERE number = ?");
	struct bay *b = arena_alloc(a, sizeof(*b));
	int rc;

	stmt_int(&q, number);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	/* As with slots: the row begins when somebody says something. */
	b->number = number;
	b->revision = 1;
	if (rc > 0)
		read_bay(&q, a, b);
	stmt_close(&q);
	*out = b;
	return 0;
}

int
bay_accepted(struct store *st, unsigned number, char card[MODULE_TEXT],
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT accepted FROM bay"
	    " WHERE number = ?");
	int rc;

	card[0] = '\0';
	stmt_int(&q, number);
	rc = stmt_step(&q, e);
	if (rc > 0)
		stmt_get_text(&q, card, MODULE_TEXT);
	stmt_close(&q);
	return rc < 0 ? -1 : 0;
}

int
bay_list(struct store *st, struct arena *a, struct bay **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, BAY "ORDER BY number");
	struct bay *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct bay){ 0 };
		read_bay(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
bay_store(struct store *st, const struct bay *b, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO bay"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, b->number);
	stmt_text(&q, b->label);
	stmt_int(&q, b->service);
	stmt_int(&q, b->power);
	stmt_text(&q, b->accepted);
	stmt_int(&q, b->revision);
	stmt_text(&q, b->description);
	stmt_labels(&q, &b->labels);
	return stmt_run(&q, e);
}
