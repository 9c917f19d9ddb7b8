/* store_module.c -- which module is expected in a bay; see store.h. */
#include "profiles/stmt.h"

static void
read_module(struct stmt *q, struct module *m)
{
	m->bay = stmt_get_u32(q);
	m->vendor = (uint16_t)stmt_get_u32(q);
	m->device = (uint16_t)stmt_get_u32(q);
	stmt_get_text(q, m->serial, sizeof(m->serial));
}

int
module_load(struct store *st, unsigned bay, struct module *out, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT bay, vendor, device, serial"
	    " FROM module WHERE bay = ?");
	struct module m = { .bay = 0 };
	int rc;

	stmt_int(&q, bay);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	if (rc > 0)
		read_module(&q, &m);
	stmt_close(&q);
	*out = m;
	return 0;
}

int
module_list(struct store *st, struct arena *a, struct module **out, size_t *n,
    struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT bay, vendor, device, serial"
	    " FROM module ORDER BY bay");
	struct module *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct module){ 0 };
		read_module(&q, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

int
module_store(struct store *st, const struct module *m, struct err *e)
{
	struct stmt q = stmt_open(st, "INSERT OR REPLACE INTO module"
	    " VALUES(?, ?, ?, ?)");

	stmt_int(&q, m->bay);
	stmt_int(&q, m->vendor);
	stmt_int(&q, m->device);
	stmt_text(&q, m->serial);
	return stmt_run(&q, e);
}

int
module_forget(struct store *st, unsigned bay, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM module WHERE bay = ?");

	stmt_int(&q, bay);
	return stmt_run(&q, e);
}
