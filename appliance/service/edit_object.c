/* edit_object.c -- networks, SANs, pools, classes: four types, one way. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/edit.h"

static void *
make(struct change_set *set, enum object_type type)
{
	if (type == OBJ_NETWORK)
		return change_make_network(set);
	if (type == OBJ_SAN)
		return change_make_san(set);
	if (type == OBJ_CLASS)
		return change_make_class(set);
	return change_make_pool(set);
}

/* The editable copy; every type begins with its head. */
static int
find(struct change_set *set, enum object_type type, const char *ref,
    void **out, struct err *e)
{
	struct network *network;
	struct san *san;
	struct pool *pool;
	struct qos_class *class;

	if (type == OBJ_NETWORK) {
		if (change_network(set, ref, &network, e) < 0)
			return -1;
		*out = network;
	} else if (type == OBJ_SAN) {
		if (change_san(set, ref, &san, e) < 0)
			return -1;
		*out = san;
	} else if (type == OBJ_CLASS) {
		if (change_class(set, ref, &class, e) < 0)
			return -1;
		*out = class;
	} else {
		if (change_pool(set, ref, &pool, e) < 0)
			return -1;
		*out = pool;
	}
	return 0;
}

static void
tell(struct edit *x, enum object_type type, const struct head *head,
    const char *what)
{
	x->type = type;
	memcpy(x->id, head->id, sizeof(x->id));
	x->kind = "change";
	snprintf(x->title, sizeof(x->title), "%s %s %s", what,
	    object_word(type), head->name);
}

static int
add(struct edit *x, enum object_type type, struct err *e)
{
	void *object = make(x->set, type);

	if (edit_fields(x, field_object(type), true, object, e) < 0)
		return -1;
	tell(x, type, object, "Make");
	return 0;
}

static int
patch(struct edit *x, enum object_type type, struct err *e)
{
	void *object;

	if (find(x->set, type, request_param(x->request, "id"), &object, e) < 0)
		return -1;
	if (edit_match(x, ((struct head *)object)->revision, e) < 0)
		return -1;
	if (edit_fields(x, field_object(type), false, object, e) < 0)
		return -1;
	tell(x, type, object, "Change");
	return 0;
}

/* PUT: what is not said goes back to its default. */
static int
put(struct edit *x, enum object_type type, struct err *e)
{
	struct change_set *scratch = change_new(x->call->arena, x->set->store,
	    0, x->set->wall_ms);
	void *object, *fresh = make(scratch, type);
	struct head head;

	if (find(x->set, type, request_param(x->request, "id"), &object, e) < 0)
		return -1;
	head = *(struct head *)object;
	if (edit_match(x, head.revision, e) < 0)
		return -1;
	memcpy(object, fresh, field_object(type)->size);
	head.description[0] = '\0';
	head.labels = (struct labels){ .n = 0 };
	*(struct head *)object = head;
	if (edit_fields(x, field_object(type), true, object, e) < 0)
		return -1;
	tell(x, type, object, "Replace");
	return 0;
}

static int
drop(struct edit *x, enum object_type type, struct err *e)
{
	const char *ref = request_param(x->request, "id");
	void *object;

	if (find(x->set, type, ref, &object, e) < 0)
		return -1;
	if (edit_match(x, ((struct head *)object)->revision, e) < 0)
		return -1;
	tell(x, type, object, "Remove");
	return change_remove(x->set, type, ref, e);
}

#define EDITS(name, type) \
	int \
	edit_##name##_add(struct edit *x, struct err *e) \
	{ \
		return add(x, type, e); \
	} \
	int \
	edit_##name##_patch(struct edit *x, struct err *e) \
	{ \
		return patch(x, type, e); \
	} \
	int \
	edit_##name##_put(struct edit *x, struct err *e) \
	{ \
		return put(x, type, e); \
	} \
	int \
	edit_##name##_remove(struct edit *x, struct err *e) \
	{ \
		return drop(x, type, e); \
	}

EDITS(network, OBJ_NETWORK)
EDITS(san, OBJ_SAN)
EDITS(pool, OBJ_POOL)
EDITS(class, OBJ_CLASS)
