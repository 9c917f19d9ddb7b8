/*
 * test_match.c -- which module is which (appliance/service/match.h).
 *
 * A module is "BAY class model ports serial[ >to]", several with a comma between
 * them; what comes out is "there=here how", by bay.
 */
#include <stdio.h>
#include <string.h>

#include "appliance/service/match.h"
#include "tests/test.h"

enum { MODULES = 8, WORD = 24 };

struct words {
	char class_word[WORD], model[WORD], serial[WORD], to[WORD];
};

static size_t
read_modules(const char *s, struct match_module *out, struct words *words)
{
	size_t n = 0;

	while (*s != '\0') {
		struct words *w = &words[n];
		struct match_module *m = &out[n++];
		int len = 0, more = 0;

		*w = (struct words){ .to = "" };
		ck_assert_int_eq(sscanf(s, " %u %23s %23s %u %23[^, ]%n",
		    &m->bay, w->class_word, w->model, &m->ports, w->serial,
		    &len), 5);
		s += len;
		if (strcmp(w->serial, "-") == 0)
			w->serial[0] = '\0';
		m->class_word = w->class_word;
		m->model = w->model;
		m->serial = w->serial;
		m->to = NULL;
		if (sscanf(s, " >%23[^, ]%n", w->to, &more) == 1) {
			s += more;
			m->to = strcmp(w->to, "-") == 0 ? "" : w->to;
		}
		s += strspn(s, ", ");
	}
	return n;
}

static const struct row {
	const char *there, *here, *want;
} rows[] = {
	{ "", "", "" },
	{ "1 nic X 2 A", "", "1=- none" },
	/* by serial, wherever it is now, before anything else */
	{ "1 nic X 2 A", "1 nic X 2 A", "1=1 exact" },
	{ "1 nic X 2 A", "1 nic X 2 B, 2 nic X 2 A", "1=2 exact" },
	{ "1 nic X 2 A, 2 nic X 2 B", "1 nic X 2 B, 2 nic X 2 A",
	    "1=2 exact 2=1 exact" },
	/* an unknown serial is nobody's */
	{ "1 nic X 2 -", "2 nic X 2 -", "1=2 class" },
	/* by class, model, ports and bay */
	{ "1 nic X 2 A", "1 nic X 2 Z", "1=1 model" },
	{ "2 nic X 2 A", "1 nic X 2 Y, 2 nic X 2 Z", "2=2 model" },
	/* an earlier way goes first over all: 2 keeps its own */
	{ "1 nic X 2 A, 2 nic X 2 B", "2 nic X 2 B", "1=- none 2=2 exact" },
	{ "1 nic W 2 A, 2 nic X 2 B", "2 nic X 2 Z", "1=- none 2=2 model" },
	/* by class and ports: the model, then the bay, then the lowest */
	{ "3 nic X 2 A", "1 nic W 2 Y, 2 nic X 2 Z", "3=2 class" },
	{ "3 nic X 2 A", "1 nic W 2 Y, 3 nic W 2 Z", "3=3 class" },
	{ "3 nic X 2 A", "1 nic W 2 Y, 2 nic V 2 Z", "3=1 class" },
	{ "3 nic X 2 A", "3 nic W 4 Y", "3=- none" },
	{ "3 nic X 2 A", "3 fc X 2 Y", "3=- none" },
	/* each of them once */
	{ "1 nic X 2 A, 2 nic X 2 B", "1 nic X 2 Z",
	    "1=1 model 2=- none" },
	/* the operator's word goes before all, even before serials */
	{ "1 nic X 2 A >io2", "1 nic X 2 A, 2 nic X 2 B", "1=2 mapped" },
	{ "1 nic X 2 A >io2, 2 nic X 2 B", "1 nic X 2 A, 2 nic X 2 B",
	    "1=2 mapped 2=1 class" },
	{ "1 nic X 2 A >-", "1 nic X 2 A", "1=- none" },
	/* to another class too: he said so; but only to what is there, once */
	{ "1 nic X 2 A >IO2", "2 fc Q 2 F", "1=2 mapped" },
	{ "1 nic X 2 A >io7", "1 nic X 2 A", "1=- none astray" },
	{ "1 nic X 2 A >io1, 2 nic X 2 B >io1", "1 nic X 2 Z",
	    "1=1 mapped 2=- none astray" },
};

START_TEST(a_row)
{
	const struct row *row = &rows[_i];
	struct match_module there[MODULES], here[MODULES];
	struct words there_words[MODULES], here_words[MODULES];
	struct match out[MODULES];
	size_t n_there = read_modules(row->there, there, there_words),
	    n_here = read_modules(row->here, here, here_words), len = 0;
	char said[256] = "";

	match_modules(there, n_there, here, n_here, out);
	for (size_t i = 0; i < n_there; i++) {
		char bay[16] = "-";

		if (out[i].how != MATCH_NONE)
			snprintf(bay, sizeof(bay), "%u",
			    here[out[i].here].bay);
		len += (size_t)snprintf(said + len, sizeof(said) - len,
		    "%s%u=%s %s%s", i > 0 ? " " : "", there[i].bay, bay,
		    match_word(out[i].how), out[i].astray ? " astray" : "");
	}
	ck_assert_str_eq(said, row->want);
}
END_TEST

SUITE("match")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
}
