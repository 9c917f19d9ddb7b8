/* store_wanted.c -- what is wanted of the appliance as a whole; see store.h. */
#include "profiles/stmt.h"

int
appliance_wanted_load(struct store *st, struct arena *a,
    struct appliance_wanted **out, struct err *e)
{
	struct stmt q = stmt_open(st,
	    "SELECT extensions, revision FROM appliance");
	struct appliance_wanted *w = arena_alloc(a, sizeof(*w));

	if (stmt_one(&q, "appliance", "here", e) < 0)
		return -1;
	w->extensions = stmt_get_str(&q, a);
	w->revision = stmt_get_int(&q);
	stmt_close(&q);
	*out = w;
	return 0;
}

int
appliance_wanted_store(struct store *st, const struct appliance_wanted *w,
    struct err *e)
{
	struct stmt q = stmt_open(st,
	    "UPDATE appliance SET extensions = ?, revision = ?");

	stmt_text(&q, w->extensions != NULL ? w->extensions : "");
	stmt_int(&q, w->revision);
	return stmt_run(&q, e);
}
