/*
 * routes_main.c -- writes the verbs of the CLI from the route table.
 *
 *	routes > cli_routes.c
 *
 * Runs at build time only; see tools/polyroot/routes.h for what it makes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/service/service.h"
#include "base/arena.h"

static void
put_text(const char *s)
{
	if (s == NULL) {
		(void)fputs("NULL", stdout);
		return;
	}
	(void)putchar('"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			(void)putchar('\\');
		(void)putchar(*s);
	}
	(void)putchar('"');
}

static const char *
type_word(const struct field *f)
{
	switch (f->type) {
	case FIELD_INT:
	case FIELD_INT64:
		return "CLI_INT";
	case FIELD_BOOL:
		return "CLI_BOOL";
	case FIELD_LIST:
		return f->flags & FIELD_MAP ? "CLI_MAP" : "CLI_OBJECTS";
	case FIELD_FOREIGN:
	case FIELD_TEXT:
	case FIELD_NAME:
	case FIELD_UUID:
	case FIELD_WORD:
	case FIELD_MAC:
	case FIELD_WWN:
	case FIELD_TIME:
	case FIELD_DURATION:
	case FIELD_REF:
	case FIELD_MODULE:
		return "CLI_TEXT";
	case FIELD_SPECIAL:
		break;
	}
	/* What needs code is a text ("pool" or an address) or a list of names,
	 * which is told by its plural. */
	return f->json[strlen(f->json) - 1] == 's' ? "CLI_LIST" : "CLI_TEXT";
}

static bool
is_sent(const struct field *f)
{
	return f->json != NULL && (f->flags & (FIELD_READONLY |
	    FIELD_XML_ONLY)) == 0;
}

/* `within`: the member that holds them; "" the body itself. */
static size_t
put_rows(const struct field_table *t, const char *within)
{
	char path[128];
	size_t n = 0;

	for (const struct field *f = t->fields; f->json != NULL ||
	    f->xml != NULL; f++) {
		if (!is_sent(f))
			continue;
		(void)snprintf(path, sizeof(path), "%s%s%s", within,
		    *within != '\0' ? "." : "", f->json);
		(void)printf("\t{ ");
		put_text(path);
		(void)printf(", %s, %s, ", type_word(f), *within == '\0' &&
		    (f->flags & FIELD_REQUIRED) != 0 ? "true" : "false");
		put_text(f->doc);
		(void)printf(" },\n");
		n++;
	}
	return n;
}

/* A lease has its device beside its own values. */
static size_t
put_fields(size_t i, const struct field_table *t)
{
	size_t n;

	(void)printf("static const struct cli_field fields_%zu[] = {\n", i);
	n = put_rows(t, "");
	for (unsigned k = 0; t == &field_lease && k < DEVICE_N_KINDS; k++)
		n += put_rows(field_device(k), field_device(k)->name);
	(void)printf("\t{ NULL, CLI_TEXT, false, NULL }\n};\n");
	return n;
}

static void
put_route(size_t i, const struct route *r, size_t n_fields)
{
	bool changes = r->kind == ROUTE_CHANGE || r->kind == ROUTE_WRITE;

	(void)printf("\t{ ");
	put_text(r->name);
	(void)printf(", ");
	put_text(r->method);
	(void)printf(", ");
	put_text(r->path);
	(void)printf(",\n\t    ");
	put_text(r->query);
	(void)printf(", ");
	put_text(r->summary);
	(void)printf(",\n\t    %s, %s, %s, ", changes ? "true" : "false",
	    r->body_max > 0 ? "true" : "false", r->kind == ROUTE_CHANGE &&
	    (r->flags & ROUTE_NO_DRY_RUN) == 0 ? "true" : "false");
	if (r->body != NULL)
		(void)printf("fields_%zu, %zu },\n", i, n_fields);
	else
		(void)printf("NULL, 0 },\n");
}

int
main(void)
{
	size_t *counts = xcalloc(n_routes + 1, sizeof(*counts));

	(void)printf("/* table: made from the route table */\n"
	    "#include \"tools/polyroot/routes.h\"\n\n");
	for (size_t i = 0; i < n_routes; i++)
		if (routes[i].body != NULL)
			counts[i] = put_fields(i, routes[i].body);
	(void)printf("\nconst struct cli_route cli_routes[] = {\n");
	for (size_t i = 0; i < n_routes; i++)
		put_route(i, &routes[i], counts[i]);
	(void)printf("};\nconst size_t cli_n_routes = %zu;\n", n_routes);
	free(counts);
	return fflush(stdout) == 0 && !ferror(stdout) ? 0 : 1;
}
