/* match.c -- see match.h. */
#include "appliance/service/match.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

const char *
match_word(enum match_how how)
{
	static const char *const words[MATCH_N] = {
		[MATCH_NONE] = "none", [MATCH_MAPPED] = "mapped",
		[MATCH_EXACT] = "exact", [MATCH_MODEL] = "model",
		[MATCH_CLASS] = "class",
	};

	return words[how];
}

static bool
is_given(const struct match *m, size_t n, size_t here)
{
	for (size_t i = 0; i < n; i++)
		if (m[i].how != MATCH_NONE && m[i].here == here)
			return true;
	return false;
}

/* How well two fit in one way; 0 not at all. */
static unsigned
fit(enum match_how how, const struct match_module *a,
    const struct match_module *b)
{
	bool shape = strcmp(a->class_word, b->class_word) == 0 &&
	    a->ports == b->ports;
	bool model = strcasecmp(a->model, b->model) == 0;

	switch (how) {
	case MATCH_EXACT:
		return a->serial[0] != '\0' &&
		    strcmp(a->serial, b->serial) == 0;
	case MATCH_MODEL:
		return shape && model && a->bay == b->bay;
	case MATCH_CLASS:
		return shape ? 1U + (a->bay == b->bay) + 2U * model : 0;
	case MATCH_NONE:
	case MATCH_MAPPED:
	case MATCH_N:
		break;
	}
	return 0;
}

static void
match_way(enum match_how how, const struct match_module *there, size_t n_there,
    const struct match_module *here, size_t n_here, struct match *out)
{
	for (size_t i = 0; i < n_there; i++) {
		unsigned best = 0;
		size_t at = 0;

		if (out[i].how != MATCH_NONE || there[i].to != NULL)
			continue;
		for (size_t k = 0; k < n_here; k++) {
			unsigned f = fit(how, &there[i], &here[k]);

			if (f <= best || is_given(out, n_there, k))
				continue;
			best = f;
			at = k;
		}
		if (best > 0)
			out[i] = (struct match){ (uint32_t)at, how, false };
	}
}

static void
match_map(const struct match_module *there, size_t n_there,
    const struct match_module *here, size_t n_here, struct match *out)
{
	for (size_t i = 0; i < n_there; i++) {
		const char *to = there[i].to;

		out[i].astray = to != NULL && *to != '\0';
		for (size_t k = 0; to != NULL && k < n_here; k++) {
			char name[16];

			snprintf(name, sizeof(name), "io%u", here[k].bay);
			if (strcasecmp(name, to) == 0 &&
			    !is_given(out, n_there, k))
				out[i] = (struct match){ (uint32_t)k,
					MATCH_MAPPED, false };
		}
	}
}

void
match_modules(const struct match_module *there, size_t n_there,
    const struct match_module *here, size_t n_here, struct match *out)
{
	for (size_t i = 0; i < n_there; i++)
		out[i] = (struct match){ MATCH_NOBODY, MATCH_NONE, false };
	match_map(there, n_there, here, n_here, out);
	for (enum match_how how = MATCH_EXACT; how < MATCH_N; how++)
		match_way(how, there, n_there, here, n_here, out);
}
