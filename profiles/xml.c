/* xml.c -- see xml.h. */
#include "profiles/xml.h"

#include <string.h>

/* Names seen so far, and the last sibling of each (parent, name): one table of
 * open addressing each, so that a million children cost a million steps. */
struct xml_names {
	const char **names;
	uint32_t *last;			/* element index + 1 */
	size_t n_names, cap_names, n_last, cap_last;
};

static uint64_t
hash_text(const char *s)
{
	uint64_t h = 1469598103934665603u;

	for (; *s != '\0'; s++)
		h = (h ^ (unsigned char)*s) * 1099511628211u;
	return h ^ (h >> 29);
}

static uint64_t
hash_pair(uint32_t parent, const char *name)
{
	uint64_t h = hash_text(name) ^ ((uint64_t)parent * 0x9e3779b97f4a7c15u);

	return h ^ (h >> 31);
}

void
xml_begin(struct xml_records *r, struct arena *arena)
{
	*r = (struct xml_records){ .arena = arena };
	r->names = arena_alloc(arena, sizeof(*r->names));
}

static size_t
name_spot(const struct xml_names *t, const char *name)
{
	size_t i = hash_text(name) & (t->cap_names - 1);

	while (t->names[i] != NULL && strcmp(t->names[i], name) != 0)
		i = (i + 1) & (t->cap_names - 1);
	return i;
}

static void
names_grow(struct xml_records *r)
{
	struct xml_names *t = r->names, old = *t;

	t->cap_names = old.cap_names != 0 ? old.cap_names * 2 : 256;
	t->names = arena_array(r->arena, t->cap_names, sizeof(*t->names));
	for (size_t i = 0; i < old.cap_names; i++)
		if (old.names[i] != NULL)
			t->names[name_spot(t, old.names[i])] = old.names[i];
}

/* One copy per name: equal names are equal pointers. */
static const char *
name_copy(struct xml_records *r, const char *name)
{
	struct xml_names *t = r->names;
	size_t i;

	if (t->n_names * 2 >= t->cap_names)
		names_grow(r);
	i = name_spot(t, name);
	if (t->names[i] == NULL) {
		t->names[i] = arena_strdup(r->arena, name);
		t->n_names++;
	}
	return t->names[i];
}

static size_t
last_spot(const struct xml_records *r, uint32_t parent, const char *name)
{
	const struct xml_names *t = r->names;
	size_t i = hash_pair(parent, name) & (t->cap_last - 1);

	for (; t->last[i] != 0; i = (i + 1) & (t->cap_last - 1)) {
		const struct xml_element *e = &r->elements[t->last[i] - 1];

		if (e->parent == parent && e->name == name)
			break;
	}
	return i;
}

static void
last_grow(struct xml_records *r)
{
	struct xml_names *t = r->names, old = *t;

	t->cap_last = old.cap_last != 0 ? old.cap_last * 2 : 256;
	t->last = arena_array(r->arena, t->cap_last, sizeof(*t->last));
	for (size_t i = 0; i < old.cap_last; i++) {
		const struct xml_element *e;

		if (old.last[i] == 0)
			continue;
		e = &r->elements[old.last[i] - 1];
		t->last[last_spot(r, e->parent, e->name)] = old.last[i];
	}
}

/* The position of a new element, which becomes the last of its name. */
static uint32_t
position(struct xml_records *r, uint32_t self, uint32_t parent,
    const char *name)
{
	struct xml_names *t = r->names;
	uint32_t before;
	size_t i;

	if (t->n_last * 2 >= t->cap_last)
		last_grow(r);
	i = last_spot(r, parent, name);
	before = t->last[i];
	if (before == 0)
		t->n_last++;
	t->last[i] = self + 1;
	return before != 0 ? r->elements[before - 1].position + 1 : 1;
}

uint32_t
xml_open(struct xml_records *r, const char *name, uint32_t line)
{
	uint32_t self = (uint32_t)r->n;
	struct xml_element e = {
		.name = name_copy(r, name), .text = "", .line = line,
		.parent = r->open, .end = self + 1, .position = 1,
		.attrs = (uint32_t)r->n_attrs,
	};

	ARENA_PUSH(r->arena, r->elements, r->n, r->cap) = e;
	if (self != 0)
		r->elements[self].position = position(r, self, e.parent,
		    e.name);
	r->open = self;
	return self;
}

void
xml_attr_add(struct xml_records *r, const char *name, const char *value)
{
	struct xml_attr a = {
		name_copy(r, name), arena_strdup(r->arena, value)
	};

	ARENA_PUSH(r->arena, r->attrs, r->n_attrs, r->cap_attrs) = a;
	r->elements[r->n - 1].n_attrs++;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

const char *
xml_normal(struct arena *arena, const char *text)
{
	char *to, *start;

	if (*text == '\0')
		return "";
	start = to = arena_strdup(arena, text);
	for (const char *s = text; *s != '\0'; s++) {
		if (!is_blank(*s))
			*to++ = *s;
		else if (to != start && to[-1] != ' ')
			*to++ = ' ';
	}
	if (to != start && to[-1] == ' ')
		to--;
	*to = '\0';
	return start;
}

void
xml_text_set(struct xml_records *r, const char *text)
{
	r->elements[r->open].text = *text != '\0' ?
	    arena_strdup(r->arena, text) : "";
}

void
xml_close(struct xml_records *r)
{
	struct xml_element *e = &r->elements[r->open];

	e->end = (uint32_t)r->n;
	r->open = e->parent;
}

bool
xml_is_foreign(const char *name)
{
	return name[0] == '{';
}

const char *
xml_value(const struct xml_records *r, uint32_t element, const char *name)
{
	const struct xml_element *e = &r->elements[element];

	for (uint32_t i = e->attrs; i < e->attrs + e->n_attrs; i++)
		if (strcmp(r->attrs[i].name, name) == 0)
			return r->attrs[i].value;
	return NULL;
}

/* From i on, hopping over what is inside, within the parent that ends there. */
static uint32_t
seek(const struct xml_records *r, uint32_t i, uint32_t end, const char *name)
{
	for (; i < end; i = r->elements[i].end)
		if (name == NULL || strcmp(r->elements[i].name, name) == 0)
			return i;
	return 0;
}

uint32_t
xml_first(const struct xml_records *r, uint32_t element, const char *name)
{
	return seek(r, element + 1, r->elements[element].end, name);
}

uint32_t
xml_next(const struct xml_records *r, uint32_t element, const char *name)
{
	const struct xml_element *e = &r->elements[element];

	if (element == 0)
		return 0;
	return seek(r, e->end, r->elements[e->parent].end, name);
}

static void
path_step(const struct xml_records *r, struct buf *b, uint32_t element)
{
	const struct xml_element *e = &r->elements[element];

	buf_printf(b, "/%s%.*s", xml_is_foreign(e->name) ? "Q" : "",
	    (int)XML_MAX_NAME, e->name);
	if (e->position > 1 || xml_next(r, element, e->name) != 0)
		buf_printf(b, "[%u]", e->position);
}

char *
xml_path(const struct xml_records *r, struct arena *arena, uint32_t element,
    const char *attr)
{
	struct buf b = buf_new((XML_MAX_DEPTH + 2) * (XML_MAX_NAME + 16));
	uint32_t up[XML_MAX_DEPTH];
	size_t n = 0;
	char *text;

	while (n < XML_MAX_DEPTH) {
		up[n++] = element;
		if (element == 0)
			break;
		element = r->elements[element].parent;
	}
	while (n > 0)
		path_step(r, &b, up[--n]);
	if (attr != NULL)
		buf_printf(&b, "/@%s%.*s", xml_is_foreign(attr) ? "Q" : "",
		    (int)XML_MAX_NAME, attr);
	text = arena_strdup(arena, b.data);
	buf_free(&b);
	return text;
}

bool
xml_is_at(const struct xml_records *r, uint32_t element, const char *path)
{
	const char *end = path + strlen(path);

	while (element != 0) {
		const char *name = r->elements[element].name;
		size_t n = strlen(name);

		if (n > (size_t)(end - path) || memcmp(end - n, name, n) != 0)
			return false;
		end -= n;
		element = r->elements[element].parent;
		if (element == 0)
			return end == path;
		if (end == path || *--end != '/')
			return false;
	}
	return false;
}
