/* xml_problem.c -- see xml_problem.h. */
#include "profiles/xml_problem.h"

#include <stdarg.h>
#include <stdio.h>

void
xml_problem_add(struct xml_problems *p, char severity, const char *code,
    uint32_t element, const char *attr, const char *fmt, ...)
{
	struct xml_problem x = { .severity = severity };
	char detail[320];
	va_list ap;

	if (p->n == XML_MAX_PROBLEMS) {
		p->more++;
		return;
	}
	va_start(ap, fmt);
	(void)vsnprintf(detail, sizeof(detail), fmt, ap);
	va_end(ap);
	(void)snprintf(x.code, sizeof(x.code), "%s", code);
	x.line = p->records->elements[element].line;
	x.path = xml_path(p->records, p->arena, element, attr);
	x.detail = arena_strdup(p->arena, detail);
	ARENA_PUSH(p->arena, p->items, p->n, p->cap) = x;
}

size_t
xml_problem_count(const struct xml_problems *p, char severity)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n; i++)
		n += p->items[i].severity == severity;
	return n;
}
