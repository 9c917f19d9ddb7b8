/* engine_doom.c -- see engine_doom.h. */
#include "appliance/engine/engine_doom.h"

/* In the way forward; a job that goes back destroys nothing. */
static bool
destroys(const struct step *s)
{
	return s->verb == STEP_DISK_DESTROY && s->phase == 0;
}

static bool
is_begun(const struct step *s)
{
	return destroys(s) && s->state != STEP_PLANNED &&
	    s->state != STEP_SKIPPED;
}

bool
engine_doom_begun(const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_begun(&steps[i]))
			return true;
	return false;
}

static bool
is_gone(const struct view *view, const struct step *s)
{
	const struct fabric_bay *bay = view_bay(view, s->arg1);
	const struct fabric_disk *d = view_disk(view, s->arg1, s->arg2);

	return s->state == STEP_DONE || (bay != NULL && bay->occupied &&
	    bay->power != 0 && (d == NULL || d->state == DISK_ABSENT));
}

bool
engine_doom_gone(const struct view *view, const struct step *steps, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_begun(&steps[i]) && is_gone(view, &steps[i]))
			return true;
	return false;
}

uint32_t
engine_doom_tries(const struct step *steps, size_t n)
{
	uint32_t tries = 0, level = 0;

	/* By rising level, as they were added. */
	for (size_t i = 0; i < n; i++) {
		if (steps[i].phase != 0 || steps[i].state != STEP_FAILED ||
		    steps[i].level == level)
			continue;
		level = steps[i].level;
		tries++;
	}
	return tries;
}

bool
engine_doom_next(const struct step *steps, size_t n)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		if (steps[i].state != STEP_PLANNED)
			continue;
		if (!destroys(&steps[i]))
			return false;
		any = true;
	}
	return any;
}

static bool
is_placed(const struct disk_place *places, size_t n, const struct step *s)
{
	for (size_t i = 0; i < n; i++)
		if (places[i].bay == s->arg1 && places[i].number == s->arg2)
			return true;
	return false;
}

/* Planned again: there are two steps then. */
static bool
is_listed(const struct want_disk *list, size_t n, const struct step *s)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].bay == s->arg1 && list[i].number == s->arg2)
			return true;
	return false;
}

int
engine_doom_list(struct store *store, struct arena *a,
    const struct step *steps, size_t n, struct want_disk **out,
    size_t *n_disks, struct err *err)
{
	struct disk_place *places;
	struct want_disk *list;
	size_t n_places;

	*n_disks = 0;
	if (disk_place_list(store, a, &places, &n_places, err) < 0)
		return -1;
	*out = list = arena_array(a, n + 1, sizeof(*list));
	for (size_t i = 0; i < n; i++)
		if (destroys(&steps[i]) && !is_placed(places, n_places,
		    &steps[i]) && !is_listed(list, *n_disks, &steps[i]))
			list[(*n_disks)++] = (struct want_disk){
				.bay = (uint16_t)steps[i].arg1,
				.number = (uint16_t)steps[i].arg2 };
	return 0;
}

int
engine_doom_check(struct store *store, struct arena *a, const struct step *s,
    struct err *err)
{
	struct disk_place *places;
	size_t n;

	if (disk_place_list(store, a, &places, &n, err) < 0)
		return -1;
	if (is_placed(places, n, s))
		return err_set(err, ERR_INTERNAL, "disk %u on io%u is "
		    "somebody's and is not destroyed", s->arg2, s->arg1);
	return 0;
}
