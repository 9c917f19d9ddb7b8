/*
 * chassis_later.c -- hands that come later: after so many commands, or after a
 * while.
 *
 * A line that is due is obeyed before anything else reaches the chassis, so what
 * follows the nth command is the same in every run.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "tools/emulator/chassis_parts.h"

bool
chassis_later_add(struct chassis *c, uint32_t commands, int64_t ms,
    const char *line)
{
	struct later *l;

	if (c->n_later == LATER_MAX)
		return false;
	l = &c->later[c->n_later++];
	*l = (struct later){ .commands = commands, .line = xstrdup(line),
		.due = commands > 0 ? INT64_MAX : c->now + ms };
	return true;
}

void
chassis_later_clear(struct chassis *c)
{
	while (c->n_later > 0)
		free(c->later[--c->n_later].line);
}

void
chassis_later_count(struct chassis *c)
{
	for (unsigned i = 0; i < c->n_later; i++)
		if (c->later[i].commands > 0 && --c->later[i].commands == 0)
			c->later[i].due = c->now;
}

/* The first of those that are due first. */
static unsigned
next(const struct chassis *c)
{
	unsigned best = 0;

	for (unsigned i = 1; i < c->n_later; i++)
		if (c->later[i].due < c->later[best].due)
			best = i;
	return best;
}

int64_t
chassis_later_due(const struct chassis *c)
{
	return c->n_later > 0 ? c->later[next(c)].due : INT64_MAX;
}

char *
chassis_later_take(struct chassis *c)
{
	unsigned at = next(c);
	char *line = c->later[at].line;

	if (c->later[at].due > c->now)
		c->now = c->later[at].due;
	for (c->n_later--; at < c->n_later; at++)
		c->later[at] = c->later[at + 1];
	return line;
}

json_t *
chassis_later_show(const struct chassis *c)
{
	json_t *list = json_array();

	for (unsigned i = 0; i < c->n_later; i++) {
		const struct later *l = &c->later[i];
		json_t *o = json_object();

		json_put(o, "line", json_str(l->line));
		json_put(o, "commands", json_int(l->commands));
		json_put(o, "ms", l->commands > 0 ? json_null() :
		    json_int(l->due - c->now));
		json_put(list, NULL, o);
	}
	return list;
}
