/* err.c -- see err.h; the rows are in err.def. */
#define ERR_DEFINES
#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>

struct row {
	const char *slug;
	int http;
	int exit;
	const char *words;
};

static const struct row rows[ERR_N_CODES] = {
#define ERR(name, slug, http, exit, words) \
	[ERR_##name] = { slug, http, exit, words },
#include "base/err.def"
#undef ERR
};

static void
fill(struct err *e, enum err_code code, const char *rule, const char *field,
    const char *msg)
{
	struct err made = { .code = code };

	/* Built aside: an argument may be a part of *e. */
	(void)snprintf(made.rule, sizeof(made.rule), "%s", rule);
	(void)snprintf(made.field, sizeof(made.field), "%s", field);
	(void)snprintf(made.msg, sizeof(made.msg), "%s", msg);
	*e = made;
}

int
err_set(struct err *e, enum err_code code, const char *fmt, ...)
{
	char msg[sizeof(e->msg)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	fill(e, code, "", "", msg);
	return -1;
}

int
err_rule(struct err *e, enum err_code code, const char *rule,
    const char *field, const char *fmt, ...)
{
	char msg[sizeof(e->msg)];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(msg, sizeof(msg), fmt, ap);
	va_end(ap);
	fill(e, code, rule ? rule : "", field ? field : "", msg);
	return -1;
}

int
err_wrap(struct err *e, const char *fmt, ...)
{
	char context[sizeof(e->msg)], msg[2 * sizeof(e->msg) + 2];
	va_list ap;

	va_start(ap, fmt);
	(void)vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	(void)snprintf(msg, sizeof(msg), "%s: %s", context, e->msg);
	(void)snprintf(e->msg, sizeof(e->msg), "%.*s",
	    (int)sizeof(e->msg) - 1, msg);
	return -1;
}

const char *
err_slug(enum err_code code)
{
	return rows[code].slug;
}

int
err_http(enum err_code code)
{
	return rows[code].http;
}

int
err_exit(enum err_code code)
{
	return rows[code].exit;
}

const char *
err_words(enum err_code code)
{
	return rows[code].words;
}
