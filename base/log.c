/* log.c -- see log.h.  One write(2) per line, so lines never mix. */
#include "base/log.h"

#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"

enum { LINE = 2048 };

static atomic_int level_max = LOG_INFO;
static _Atomic(const char *) program = "polyroot";

static const char *const level_words[] = {
	[LOG_ERROR] = "error",
	[LOG_WARN] = "warn",
	[LOG_INFO] = "info",
	[LOG_DEBUG] = "debug",
};

void
log_level_set(enum log_level level)
{
	atomic_store(&level_max, (int)level);
}

void
log_open(const char *name)
{
	atomic_store(&program, name);
}

/* C0, DEL, and C1 as UTF-8 writes it (terminals obey those too). */
static bool
is_control(const unsigned char *s)
{
	return s[0] < 0x20 || s[0] == 0x7f ||
	    (s[0] == 0xc2 && s[1] >= 0x80 && s[1] < 0xa0);
}

/* Appends `text` with \xNN for control characters; cuts when it is full. */
static size_t
put_shown(char *line, size_t at, size_t size, const char *text)
{
	static const char hex[] = "0123456789abcdef";
	const unsigned char *s = (const unsigned char *)text;

	for (; *s != '\0' && at + 4 <= size; s++) {
		if (!is_control(s)) {
			line[at++] = (char)*s;
			continue;
		}
		line[at++] = '\\';
		line[at++] = 'x';
		line[at++] = hex[*s >> 4];
		line[at++] = hex[*s & 15];
	}
	return at;
}

void
log_line(enum log_level level, const char *module, const char *fmt, ...)
{
	char when[TIME_TEXT], text[LINE], line[LINE + 128];
	va_list ap;
	size_t at;

	if ((int)level > atomic_load(&level_max))
		return;
	va_start(ap, fmt);
	(void)vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	at = (size_t)snprintf(line, 128, "%s %s %.32s %.32s: ",
	    time_text(clock_wall_ms(), when), level_words[level],
	    atomic_load(&program), module);
	at = put_shown(line, at, sizeof(line) - 1, text);
	line[at++] = '\n';
	/* There is nobody left to tell when standard error is gone. */
	if (write(STDERR_FILENO, line, at) < 0)
		return;
}
