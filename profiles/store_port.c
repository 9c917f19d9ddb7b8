/* store_port.c -- what is wanted of external ports; see store.h. */
#include "profiles/stmt.h"

#define PORT "SELECT bay, port, forwarding, reserve_pct, oversubscribe," \
	" revision, description, labels FROM port "

static void
read_port(struct stmt *q, struct arena *a, struct port *p)
{
	p->at.bay = stmt_get_u32(q);
	p->at.port = stmt_get_u32(q);
	p->forwarding = stmt_get_u32(q);
	p->reserve_pct = stmt_get_u32(q);
	p->oversubscribe = stmt_get_u32(q);
	p->revision = stmt_get_int(q);
	stmt_get_text(q, p->description, sizeof(p->description));
	stmt_get_labels(q, a, &p->labels);
}

int
port_load(struct store *st, struct arena *a, unsigned bay, unsigned port,
    struct port **out, struct err *e)
{
	struct stmt q = stmt_open(st, PORT "WHERE bay = ? AND port = ?");
	struct port *p = arena_alloc(a, sizeof(*p));
	int rc;

	stmt_int(&q, bay);
	stmt_int(&q, port);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	/* As with slots: the row begins when somebody says something. */
	p->at = (struct port_ref){ bay, port };
	p->revision = 1;
	if (rc > 0)
		read_port(&q, a, p);
	stmt_close(&q);
	*out = p;
	return 0;
}

int
port_list(struct store *st, struct arena *a, struct port **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, PORT "ORDER BY bay, port");
	struct port *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct port){ 0 };
		read_port(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
port_store(struct store *st, const struct port *p, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO port"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?)");

	stmt_int(&q, p->at.bay);
	stmt_int(&q, p->at.port);
	stmt_int(&q, p->forwarding);
	stmt_int(&q, p->reserve_pct);
	stmt_int(&q, p->oversubscribe);
	stmt_int(&q, p->revision);
	stmt_text(&q, p->description);
	stmt_labels(&q, &p->labels);
	return stmt_run(&q, e);
}
