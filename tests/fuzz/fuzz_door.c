/*
 * fuzz_door.c -- what a stranger can send before he has signed in: paths, parts
 * of the query, header lines.
 *
 * The first byte chooses; what comes out of a decoder must hold what it
 * promises.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "appliance/http/gate.h"
#include "appliance/http/target.h"
#include "appliance/service/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void
must(bool yes)
{
	if (!yes)
		abort();
}

static void
try_path(const char *text)
{
	struct arena *a = arena_new();
	struct err e;
	char *out;

	if (target_path(a, text, &out, &e) == 0) {
		must(out[0] == '/' && strstr(out, "//") == NULL);
		must(strstr(out, "/../") == NULL && strstr(out, "/./") == NULL);
		must(strlen(out) <= strlen(text));
		for (const char *s = out; *s != '\0'; s++)
			must((unsigned char)*s >= 0x20 && *s != 0x7f);
	}
	if (target_value(a, text, &out, &e) == 0)
		must(strlen(out) <= strlen(text));
	arena_free(a);
}

/* Lines "Name: value"; changes its text. */
static void
try_head(char *text)
{
	struct gate_head h = { 0 };
	char room[64], *line;
	int64_t length = -2;
	struct err e;
	bool cookie;

	while ((line = strsep(&text, "\n")) != NULL) {
		char *value = strchr(line, ':');

		if (value != NULL)
			*value++ = '\0';
		gate_take(&h, line, value);
	}
	if (gate_framing(&h, true, &length, &e) == 0) {
		must(length >= -1 && h.twice == NULL);
		must(h.value[GATE_HOST] != NULL);
		must((h.value[GATE_TRANSFER_ENCODING] != NULL) ==
		    (length == -1));
	}
	(void)gate_token(&h, "__Host-polyroot-8443", room, sizeof(room),
	    &cookie);
	(void)gate_gzip(h.value[GATE_ACCEPT_ENCODING]);
	if (gate_accept(&h, gate_offer("GET", "/profiles/{p}"), &e) < 0)
		must(h.value[GATE_ACCEPT] != NULL);
	if (h.value[GATE_IF_NONE_MATCH] != NULL)
		(void)request_etag_listed(h.value[GATE_IF_NONE_MATCH],
		    "\"1\"", true);
	if (gate_media("POST", "/imports", h.value[GATE_CONTENT_TYPE], &e) == 0)
		must(h.value[GATE_CONTENT_TYPE] != NULL);
	if (gate_csrf(&h, "abc", &e) == 0)
		must(strcmp(h.value[GATE_CSRF], "abc") == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	char *text;

	if (n == 0)
		return 0;
	text = xcalloc(1, n);
	memcpy(text, bytes + 1, n - 1);
	if (bytes[0] % 2 == 0)
		try_path(text);
	else
		try_head(text);
	free(text);
	return 0;
}
