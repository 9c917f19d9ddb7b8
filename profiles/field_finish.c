/* field_finish.c -- what one row of a table cannot see; see field.h. */
#include <stdio.h>
#include <string.h>

#include "profiles/field_rows.h"

/* "qos.limitMbps" below "/a" is "/a/qos/limitMbps". */
const char *
field_pointer(const char *at, const char *path, char out[FIELD_PLACE])
{
	size_t n = (size_t)snprintf(out, FIELD_PLACE, "%s/%s", at, path);

	for (size_t i = strlen(at); i < n && i < FIELD_PLACE; i++)
		if (out[i] == '.')
			out[i] = '/';
	return out;
}

static int
finish_vnic(const json_t *json, const char *at, struct device *d,
    struct err *e)
{
	const char *mode = json_string_value(json_object_get(json, "vlanMode"));
	char place[FIELD_PLACE];

	if (mode != NULL && d->vlan_mode == VLAN_ACCESS && d->n_vlans > 1)
		return err_rule(e, ERR_RULES, "VlanMode",
		    field_pointer(at, "vlanMode", place),
		    "access takes one network; a trunk takes more");
	if (d->vlan_mode == VLAN_ACCESS && d->n_vlans == 1)
		d->vlans[0].native = true;
	return 0;
}

/* Another pool means another address, unless one came with it. */
static int
finish_address(const char *name, const json_t *json, const char *at,
    const struct device *before, struct device *d, struct err *e)
{
	char place[FIELD_PLACE];

	if (d->source == SOURCE_STATIC && d->address == 0)
		return err_rule(e, ERR_RULES,
		    d->kind == DEVICE_VNIC ? "MacSyntax" : "WwnSyntax",
		    field_pointer(at, name, place), "a static address must be given");
	if (d->source == SOURCE_POOL && strcmp(d->pool, before->pool) != 0 &&
	    d->address == before->address && json_object_get(json, name) == NULL)
		d->address = 0;
	return 0;
}

static int
check_range(const char *at, const char *list, size_t i, const struct pool *p,
    const struct block *b, struct err *e)
{
	bool macs = b->from >> 48 == 0 && b->to >> 48 == 0;
	bool wwns = b->from >> 48 != 0 && b->to >> 48 != 0;
	char place[FIELD_PLACE];

	(void)snprintf(place, sizeof(place), "%.40s/%s/%u", at, list,
	    (unsigned)(i % 10000));
	if (p->type == POOL_MAC ? !macs : p->type == POOL_UUID || !wwns)
		return err_rule(e, ERR_RULES, p->type == POOL_MAC ?
		    "MacSyntax" : "WwnSyntax", place,
		    "it must hold addresses of the pool's type");
	if (b->from > b->to || b->to - b->from >= 1048576)
		return err_rule(e, ERR_RULES, "PoolOverlap", place,
		    "it must hold 1 to 1,048,576 addresses");
	return 0;
}

static int
finish_pool(const char *at, const struct pool *p, struct err *e)
{
	for (size_t i = 0; i < p->n_blocks; i++)
		if (check_range(at, "blocks", i, p, &p->blocks[i], e) < 0)
			return -1;
	for (size_t i = 0; i < p->n_exclusions; i++)
		if (check_range(at, "exclusions", i, p, &p->exclusions[i],
		    e) < 0)
			return -1;
	return 0;
}

int
field_finish(const struct field_table *table, const json_t *json, const char *at,
    const void *before, void *object, struct err *e)
{
	if (table == &field_vnic || table == &field_vhba)
		device_apply_qos(object);
	if (table == &field_vnic &&
	    (finish_vnic(json, at, object, e) < 0 ||
	    finish_address("mac", json, at, before, object, e) < 0))
		return -1;
	if (table == &field_vhba)
		return finish_address("wwpn", json, at, before, object, e);
	if (table == &field_pool)
		return finish_pool(at, object, e);
	return 0;
}
