/* store_disk.c -- virtual disks by themselves; see store.h. */
#include "profiles/stmt.h"

int
disk_known(struct store *st, const char *id, bool *known, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT 1 FROM disk WHERE id = ?");
	int rc;

	stmt_text(&q, id);
	rc = stmt_step(&q, e);
	if (rc < 0)
		return -1;
	*known = rc > 0;
	stmt_close(&q);
	return 0;
}

int
disk_missing_list(struct store *st, struct arena *a,
    struct disk_missing **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT p.slot, d.name, k.name, k.guid"
	    " FROM disk k CROSS JOIN device d ON d.id = k.device"
	    " CROSS JOIN profile p ON p.id = d.profile"
	    " WHERE k.bay IS NULL AND k.guid <> '' AND p.slot IS NOT NULL"
	    " ORDER BY p.slot, d.ord, k.seq");
	struct disk_missing *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct disk_missing){ .slot = stmt_get_u32(&q) };
		stmt_get_text(&q, one.device, sizeof(one.device));
		stmt_get_text(&q, one.disk, sizeof(one.disk));
		stmt_get_text(&q, one.guid, sizeof(one.guid));
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}
