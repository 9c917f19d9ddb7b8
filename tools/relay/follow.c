/* follow.c -- see follow.h. */
#include "tools/relay/follow.h"

#include <stdio.h>
#include <string.h>

void
follow_begin(struct follow *f, void (*told)(void *,
    const struct follow_event *), void *cookie)
{
	*f = (struct follow){ .told = told, .cookie = cookie,
		.line = buf_new(FOLLOW_MAX), .data = buf_new(FOLLOW_MAX) };
}

void
follow_end(struct follow *f)
{
	buf_free(&f->line);
	buf_free(&f->data);
}

/* A blank line: what was gathered is an event, unless it has no data. */
static bool
tell(struct follow *f)
{
	bool whole = !f->data.full && !f->lost;
	struct follow_event event = { f->id,
		f->event[0] != '\0' ? f->event : "message",
		f->data.len > 0 ? f->data.data : "" };

	if (f->any && whole)
		f->told(f->cookie, &event);
	buf_clear(&f->data);
	f->id[0] = f->event[0] = '\0';
	f->any = f->lost = false;
	return whole;
}

static bool
is_field(const char *line, size_t n, const char *name)
{
	return strlen(name) == n && strncmp(line, name, n) == 0;
}

static bool
take_line(struct follow *f)
{
	const char *line = f->line.len > 0 ? f->line.data : "", *value;
	size_t n;

	if (f->line.full) {
		f->lost = true;
		return true;
	}
	if (*line == '\0')
		return tell(f);
	n = strcspn(line, ":");
	value = line + n + (line[n] == ':');
	value += *value == ' ';
	if (is_field(line, n, "data")) {
		buf_str(&f->data, f->any ? "\n" : "");
		buf_str(&f->data, value);
		f->any = true;
	} else if (is_field(line, n, "id")) {
		(void)snprintf(f->id, sizeof(f->id), "%s", value);
	} else if (is_field(line, n, "event")) {
		(void)snprintf(f->event, sizeof(f->event), "%s", value);
	}
	return true;
}

bool
follow_bytes(struct follow *f, const char *bytes, size_t n)
{
	bool whole = true;

	for (size_t i = 0; i < n; i++) {
		if (bytes[i] != '\n') {
			if (bytes[i] != '\r' && bytes[i] != '\0')
				buf_put(&f->line, bytes + i, 1);
			continue;
		}
		whole = take_line(f) && whole;
		buf_clear(&f->line);
	}
	return whole;
}
