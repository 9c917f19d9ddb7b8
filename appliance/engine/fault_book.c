/* fault_book.c -- see fault_book.h. */
#include "appliance/engine/fault_book.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"

const char *
fault_state_word(enum fault_state state)
{
	static const char *const words[] = { "soaking", "active", "flapping",
		"cleared" };

	return words[state];
}

int
fault_severity_health(const char *severity)
{
	return strcmp(severity, "critical") == 0 ? 2 :
	    strcmp(severity, "info") == 0 ? 0 : 1;
}

void
fault_book_clear(struct fault_book *b)
{
	free(b->entries);
	memset(b, 0, sizeof(*b));
}

/* ---- entries, by id ---- */

static void
make_id(const struct fault *f, const char *part, char id[FAULT_ID])
{
	char key[512], hash[DIGEST_TEXT];

	snprintf(key, sizeof(key), "%s\n%s\n%s", f->object_type, f->object,
	    part);
	(void)digest_text(key, strlen(key), hash);
	snprintf(id, FAULT_ID, "%.27s-%.8s", f->code, hash);
}

/* Where it is, or where it would stand. */
static size_t
place_of(const struct fault_book *b, const char *id)
{
	size_t low = 0, high = b->n;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (strcmp(b->entries[mid].fault.id, id) < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static struct fault_entry *
find(const struct fault_book *b, const char *id)
{
	size_t at = place_of(b, id);

	return at < b->n && strcmp(b->entries[at].fault.id, id) == 0 ?
	    &b->entries[at] : NULL;
}

/* NULL when the book is full. */
static struct fault_entry *
make(struct fault_book *b, const struct fault *f, const char *id)
{
	size_t at = place_of(b, id);
	struct fault_entry *entry;

	if (b->n == FAULT_BOOK_MAX)
		return NULL;
	if (b->n == b->cap) {
		b->cap = b->cap == 0 ? 32 : b->cap * 2;
		b->entries = xrealloc(b->entries, b->cap * sizeof(*entry));
	}
	entry = &b->entries[at];
	memmove(entry + 1, entry, (b->n++ - at) * sizeof(*entry));
	memset(entry, 0, sizeof(*entry));
	entry->fault = *f;
	memcpy(entry->fault.id, id, FAULT_ID);
	entry->fault.state = FAULT_CLEARED;
	return entry;
}

/* ---- one life ---- */

static int64_t
soak_of(const struct fault *f)
{
	const struct fault_kind *kind = fault_kind_find(f->code);

	return kind != NULL ? kind->soak_ms : 0;
}

static void
raise_it(struct fault_entry *entry, int64_t wall_ms)
{
	struct fault *f = &entry->fault;
	bool again = entry->raises > 0 &&
	    wall_ms - f->cleared_ms <= FAULT_FLAP_MS;

	entry->raises = again ? entry->raises + 1 : 1;
	f->since_ms = wall_ms;
	f->cleared_ms = 0;
	f->state = entry->raises >= FAULT_FLAPS ? FAULT_FLAPPING :
	    FAULT_SOAKING;
}

static void
grow(struct fault_entry *entry, int64_t wall_ms)
{
	struct fault *f = &entry->fault;
	int64_t age = wall_ms - f->since_ms;

	if (f->state == FAULT_SOAKING && age >= soak_of(f))
		f->state = FAULT_ACTIVE;
	if (f->state == FAULT_FLAPPING && age >= FAULT_FLAP_MS) {
		f->state = FAULT_ACTIVE;
		entry->raises = 1;
	}
}

/* The words may change while it lasts; who it is and its times do not. */
static void
see(struct fault_entry *entry, const struct fault *fact, int64_t wall_ms)
{
	struct fault *f = &entry->fault;

	f->code = fact->code;
	f->severity = fact->severity;
	f->slot = fact->slot;
	memcpy(f->text, fact->text, sizeof(f->text));
	memcpy(f->remedy, fact->remedy, sizeof(f->remedy));
	if (f->state == FAULT_CLEARED)
		raise_it(entry, wall_ms);
	f->cleared_ms = 0;
	f->count = fact->count > entry->raises ? fact->count : entry->raises;
	entry->there = true;
	entry->recalled = false;
	grow(entry, wall_ms);
}

static void
take_facts(struct fault_book *b, const struct fault *facts, size_t n,
    int64_t wall_ms)
{
	for (size_t i = 0; i < n; i++) {
		struct fault_entry *entry;
		char id[FAULT_ID];

		make_id(&facts[i], facts[i].part, id);
		entry = find(b, id);
		/* Twice in one look: told apart by what it says. */
		if (entry != NULL && entry->there &&
		    strcmp(entry->fault.text, facts[i].text) != 0) {
			make_id(&facts[i], facts[i].text, id);
			entry = find(b, id);
		}
		if (entry == NULL)
			entry = make(b, &facts[i], id);
		if (entry != NULL)
			see(entry, &facts[i], wall_ms);
	}
}

/* ---- rows ---- */

/* Told of before this start: there until the looks say otherwise. */
static struct fault_entry *
recall(struct fault_book *b, const struct fault_told *row, int64_t wall_ms)
{
	const struct fault_kind *kind = fault_kind_find(row->code);
	struct fault f = { .slot = row->slot, .count = 1 };
	struct fault_entry *entry;

	if (kind == NULL)
		return NULL;
	f.code = kind->code;
	f.severity = kind->severity;
	memcpy(f.object_type, row->object_type, sizeof(f.object_type));
	memcpy(f.object, row->object, sizeof(f.object));
	memcpy(f.text, row->text, sizeof(f.text));
	entry = make(b, &f, row->id);
	if (entry == NULL)
		return NULL;
	entry->raises = 1;
	entry->recalled = true;
	entry->fault.state = FAULT_ACTIVE;
	entry->fault.since_ms = row->at_ms < wall_ms ? row->at_ms : wall_ms;
	/* Until then it counts as there. */
	entry->fault.cleared_ms = wall_ms + FAULT_RECALL_MS;
	return entry;
}

static void
take_rows(struct fault_book *b, const struct fault_told *rows, size_t n,
    int64_t wall_ms)
{
	for (size_t i = 0; i < n; i++) {
		struct fault_entry *entry = find(b, rows[i].id);

		if (entry == NULL)
			entry = recall(b, &rows[i], wall_ms);
		if (entry == NULL)
			continue;
		entry->told = true;
		memcpy(entry->fault.acked_by, rows[i].acked_by,
		    sizeof(entry->fault.acked_by));
		entry->fault.acked_ms = rows[i].acked_ms;
	}
}

/* ---- the end of it ---- */

static void
miss(struct fault_entry *entry, int64_t wall_ms)
{
	struct fault *f = &entry->fault;

	if (entry->there || f->state == FAULT_CLEARED)
		return;
	if (entry->recalled && wall_ms < f->cleared_ms)
		return;
	entry->recalled = false;
	f->state = FAULT_CLEARED;
	f->cleared_ms = wall_ms;
}

/* What comes and goes is told of when it has come to rest. */
static enum fault_news
news_of(const struct fault_entry *entry, int64_t wall_ms)
{
	const struct fault *f = &entry->fault;

	if (f->state == FAULT_ACTIVE || f->state == FAULT_FLAPPING)
		return entry->told ? FAULT_NO_NEWS : FAULT_RAISED;
	if (f->state != FAULT_CLEARED || !entry->told)
		return FAULT_NO_NEWS;
	return entry->raises < FAULT_FLAPS ||
	    wall_ms - f->cleared_ms > FAULT_FLAP_MS ? FAULT_GONE :
	    FAULT_NO_NEWS;
}

static bool
is_old(const struct fault_entry *entry, int64_t wall_ms)
{
	return entry->fault.state == FAULT_CLEARED && !entry->told &&
	    wall_ms - entry->fault.cleared_ms > FAULT_KEEP_MS;
}

void
fault_book_turn(struct fault_book *b, const struct fault *facts, size_t n,
    const struct fault_told *rows, size_t n_rows, int64_t wall_ms)
{
	size_t kept = 0;

	for (size_t i = 0; i < b->n; i++) {
		b->entries[i].there = b->entries[i].told = false;
		b->entries[i].fault.acked_by[0] = '\0';
		b->entries[i].fault.acked_ms = 0;
	}
	take_facts(b, facts, n, wall_ms);
	take_rows(b, rows, n_rows, wall_ms);
	for (size_t i = 0; i < b->n; i++) {
		struct fault_entry *entry = &b->entries[i];

		miss(entry, wall_ms);
		entry->news = news_of(entry, wall_ms);
		if (!is_old(entry, wall_ms))
			b->entries[kept++] = *entry;
	}
	b->n = kept;
}
