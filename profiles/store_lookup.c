/* store_lookup.c -- small questions across the tables; see store.h. */
#include <string.h>

#include "profiles/stmt.h"
#include "profiles/store_rows.h"

#define BY_ID(table) "SELECT id, name FROM " table " WHERE id = ?"
#define BY_NAME(table) "SELECT id, name FROM " table " WHERE name = ?"
#define PARK(table) "UPDATE " table " SET name = id WHERE id = ?"

/* table: NULL where an object has no name */
static const struct {
	const char *by_id, *by_name, *park, *used;
} types[OBJ_N_TYPES] = {
	[OBJ_NETWORK] = { BY_ID("network"), BY_NAME("network"),
	    PARK("network"),
	    "SELECT count(*) FROM device_vlan WHERE network = ?" },
	[OBJ_SAN] = { BY_ID("san"), BY_NAME("san"), PARK("san"),
	    "SELECT count(*) FROM device WHERE san = ?" },
	[OBJ_POOL] = { BY_ID("pool"), BY_NAME("pool"),
	    "UPDATE pool SET name = id, is_default = 0 WHERE id = ?",
	    "SELECT count(*) FROM device WHERE pool = ?" },
	[OBJ_PROFILE] = { BY_ID("profile"), BY_NAME("profile"),
	    PARK("profile"), NULL },
	[OBJ_SLOT] = { NULL, NULL, NULL, NULL },
	[OBJ_PORT] = { NULL, NULL, NULL, NULL },
	[OBJ_CLASS] = { BY_ID("qos_class"), BY_NAME("qos_class"),
	    PARK("qos_class"),
	    "SELECT count(*) FROM device WHERE qos_class = ?" },
	[OBJ_APPLIANCE] = { NULL, NULL, NULL, NULL },
	[OBJ_BAY] = { NULL, NULL, NULL, NULL },
	[OBJ_LEASE] = { BY_ID("lease"), BY_NAME("lease"), PARK("lease"),
	    NULL },
};

int
store_park(struct store *st, enum object_type type, const char *id,
    struct err *e)
{
	struct stmt q;

	if (types[type].park == NULL)
		return 0;
	q = stmt_open(st, types[type].park);
	stmt_text(&q, id);
	return stmt_run(&q, e);
}

int
store_id_of(struct store *st, enum object_type type, const char *ref,
    char id[ID_TEXT], struct err *e)
{
	struct stmt q;
	int rc;

	if (types[type].by_id == NULL)
		return 0;
	q = stmt_open_ref(st, types[type].by_id, types[type].by_name, ref);
	rc = stmt_step(&q, e);
	if (rc > 0)
		stmt_get_text(&q, id, ID_TEXT);
	stmt_close(&q);
	return rc;
}

int
store_name_of(struct store *st, enum object_type type, const char *id,
    char name[NAME_TEXT], struct err *e)
{
	struct stmt q;
	int rc;

	if (types[type].by_id == NULL)
		return 0;
	q = stmt_open(st, types[type].by_id);
	stmt_text(&q, id);
	rc = stmt_step(&q, e);
	if (rc > 0) {
		(void)stmt_get_int(&q);		/* the id */
		stmt_get_text(&q, name, NAME_TEXT);
	}
	stmt_close(&q);
	return rc;
}

int
object_used_by(struct store *st, enum object_type type, const char *id,
    int64_t *n, struct err *e)
{
	struct stmt q;

	if (types[type].used == NULL) {
		*n = 0;
		return 0;
	}
	q = stmt_open(st, types[type].used);
	stmt_text(&q, id);
	if (stmt_one(&q, "count of", id, e) < 0)
		return -1;
	*n = stmt_get_int(&q);
	stmt_close(&q);
	return 0;
}

int
placement_list(struct store *st, struct arena *a, struct placement **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT d.placed,"
	    " CASE limit_mbps WHEN 0 THEN class_limit_mbps ELSE limit_mbps END,"
	    " CASE guarantee_mbps WHEN 0 THEN class_guarantee_mbps"
	    " ELSE guarantee_mbps END,"
	    " d.mtu, d.sharing, d.n_placed, d.profile"
	    " FROM device d CROSS JOIN profile p"
	    " ON p.id = d.profile WHERE d.placed > 0 AND p.slot IS NOT NULL"
	    " ORDER BY d.placed");
	struct placement *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one.fn = stmt_get_u32(&q);
		one.limit_mbps = stmt_get_u32(&q);
		one.guarantee_mbps = stmt_get_u32(&q);
		one.mtu = stmt_get_u32(&q);
		one.sharing = stmt_get_u32(&q);
		one.n_placed = stmt_get_u32(&q);
		one.profile = stmt_get_str(&q, a);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	*out = list;
	*n = len;
	return rc;
}

int
disk_place_list(struct store *st, struct arena *a, struct disk_place **out,
    size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, "SELECT k.bay, k.number, d.profile"
	    " FROM disk k CROSS JOIN device d ON d.id = k.device"
	    " WHERE k.bay > 0 ORDER BY k.bay, k.number");
	struct disk_place *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	while ((rc = stmt_step(&q, e)) > 0) {
		one.bay = stmt_get_u32(&q);
		one.number = stmt_get_u32(&q);
		one.profile = stmt_get_str(&q, a);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	*out = list;
	*n = len;
	return rc;
}
