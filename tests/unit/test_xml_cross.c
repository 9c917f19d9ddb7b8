/*
 * The configuration of one appliance onto another that has its own: drawn pairs,
 * modes, scopes, broken documents, and a choice for whatever disagrees.
 *	PAIRS=1000 SEED=7 build/tests/unit/test_xml_cross
 *
 * Whatever is drawn, an import ends: either somebody is told why not, or the
 * store takes it whole, and the ledger agrees with the profiles afterwards.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "profiles/ledger.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_config.h"

enum { ROUNDS = 8, CHOICES = 4096 };

static struct err e;
static uint64_t now;		/* the seed that is drawn from */

static struct counts {
	unsigned pairs, applied, refused, wrong, conflicts, chosen, again;
} counts;

static unsigned
number_from(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text != NULL && *text != '\0' ?
	    (unsigned)strtoul(text, NULL, 10) : otherwise;
}

static unsigned
below(struct rng *rng, unsigned n)
{
	return (unsigned)(rng_next(rng) % n);
}

/* ---- what is drawn ---- */

static void
draw_options(struct rng *rng, struct arena *a, struct xml_import_options *o)
{
	static const unsigned scopes[] = { XML_SCOPE_ALL, XML_SCOPE_PROFILES,
		XML_SCOPE_NETWORKS, XML_SCOPE_POOLS,
		XML_SCOPE_PROFILES | XML_SCOPE_NETWORKS, XML_SCOPE_CHASSIS };

	*o = (struct xml_import_options){
		.mode = (enum xml_mode)below(rng, 3),
		.new_identities = below(rng, 4) == 0,
		.choices = arena_array(a, CHOICES, sizeof(*o->choices)),
	};
	if (o->mode == XML_REPLACE || (o->mode == XML_MERGE &&
	    below(rng, 3) == 0))
		o->scope = scopes[below(rng, sizeof(scopes) /
		    sizeof(scopes[0]))];
}

/* A name here for a choice that needs one; it need not fit. */
static const char *
draw_value(struct rng *rng, const char *option)
{
	static const char *const names[] = { "macs", "wwpns", "nowhere" };

	if (strcmp(option, "rename") == 0)
		return below(rng, 4) == 0 ? "7" : "{name}-dr";
	return names[below(rng, 3)];
}

/* For each conflict that is open, one of its options, and now and then for one
 * that is not.  False when there was nothing to choose. */
static bool
draw_choices(struct rng *rng, struct arena *a, const struct xml_imported *in,
    struct xml_import_options *o)
{
	bool any = false;

	for (size_t i = 0; i < in->conflicts.n; i++) {
		const struct xml_conflict *c = &in->conflicts.items[i];
		const struct xml_matrix_option *m;
		unsigned n = 0;

		if ((c->severity != 'B' && below(rng, 8) != 0) ||
		    o->n_choices == CHOICES)
			continue;
		while (n < XML_MATRIX_OPTIONS && c->row->options[n].word !=
		    NULL)
			n++;
		m = &c->row->options[below(rng, n)];
		o->choices[o->n_choices++] = (struct xml_choice){
			arena_strdup(a, c->id), m->word,
			m->valued ? draw_value(rng, m->word) : "" };
		counts.chosen++;
		any = true;
	}
	return any;
}

/* Namespaces have a grammar of their own. */
static bool
names_space(const char *at)
{
	while (*at != ' ')
		at--;
	return strncmp(at, " xmlns", strlen(" xmlns")) == 0;
}

/* Half a character is no text. */
static bool
is_ascii(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if ((s[i] & 0x80) != 0)
			return false;
	return true;
}

/* Somebody was at it with an editor: a few attributes are gone, or have the
 * value of another one. */
static void
edit(struct rng *rng, struct arena *a, char *text)
{
	size_t n = strlen(text);

	for (unsigned k = below(rng, 6); k > 0; k--) {
		char *at = text + below(rng, (unsigned)n);
		char *from = text + below(rng, (unsigned)n), *end;
		size_t len;

		at = strstr(at, "=\"");
		from = strstr(from, "=\"");
		/* Not the head: that is another kind of document. */
		if (at == NULL || from == NULL || (end = strchr(at + 2,
		    '"')) == NULL || at < strstr(text, "</") ||
		    names_space(at))
			continue;
		len = (size_t)(end - at - 2);
		if (len <= strcspn(from + 2, "\"<&\n") &&
		    is_ascii(from + 2, len))
			memcpy(at + 2, arena_copy(a, from + 2, len), len);
	}
}

/* ---- what must hold ---- */

static void
check_ledger(struct scratch *s)
{
	struct leak *leaks;
	size_t n;

	ck_ok(ledger_check(s->store, s->arena, 16, &leaks, &n, &e), e);
	ck_assert_msg(n == 0, "SEED=%llu PAIRS=1: the ledger and the profiles "
	    "do not agree", (unsigned long long)now);
}

/* Applied, it is nothing the second time; but choices are about conflicts that
 * may be gone, and whatever is made is made again. */
static void
check_again(struct scratch *to, const char *text,
    struct xml_import_options *o)
{
	struct xml_imported in;
	struct change_set *cs;

	if (o->mode != XML_MERGE || o->n_choices > 0)
		return;
	cs = config_import(to, text, o, &in);
	if (!xml_import_ok(&in))
		return;
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_msg(cs->n == 0, "SEED=%llu PAIRS=1: again it is %zu changes",
	    (unsigned long long)now, cs->n);
	counts.again++;
}

/* Rules are the service's; what the store itself refuses is no half of it. */
static void
apply(struct scratch *to, struct change_set *cs, const char *text,
    struct xml_import_options *o)
{
	int64_t before = scratch_count(to, "SELECT count(*) FROM revision");

	if (scratch_commit(to, cs, &e) < 0) {
		ck_assert_msg(e.code == ERR_RULES || e.code == ERR_CONFLICT ||
		    e.code == ERR_NOT_FOUND, "SEED=%llu PAIRS=1: %s",
		    (unsigned long long)now, e.msg);
		ck_assert_int_eq(scratch_count(to,
		    "SELECT count(*) FROM revision"), before);
		counts.refused++;
		return;
	}
	counts.applied++;
	check_ledger(to);
	check_again(to, text, o);
}

static bool
is_wrong(const struct xml_imported *in)
{
	return xml_problem_count(&in->problems, 'B') > 0;
}

static void
import(struct rng *rng, struct scratch *to, const char *text)
{
	struct xml_import_options o;
	struct xml_imported in;
	struct change_set *cs;

	draw_options(rng, to->arena, &o);
	for (unsigned round = 0; round < ROUNDS; round++) {
		cs = config_import(to, text, &o, &in);
		counts.conflicts += (unsigned)in.conflicts.n;
		if (is_wrong(&in)) {
			counts.wrong++;
			return;
		}
		if (xml_import_ok(&in)) {
			apply(to, cs, text, &o);
			return;
		}
		if (!draw_choices(rng, to->arena, &in, &o))
			break;
	}
	counts.refused++;
}

START_TEST(any_configuration_onto_any_other)
{
	unsigned n = number_from("PAIRS", 60);
	uint64_t seed = number_from("SEED", 1);

	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("SCRATCH_DIR", "/dev/shm", 0);
	for (unsigned i = 0; i < n; i++) {
		struct rng rng = rng_seed(seed + i);
		struct scratch from, to;
		char *text;

		now = seed + i;
		scratch_new(&from);
		scratch_new(&to);
		config_draw(&from, &rng);
		config_draw(&to, &rng);
		text = config_export(&from);
		if (i % 3 == 0)
			edit(&rng, from.arena, text);
		import(&rng, &to, text);
		/* And its own again, edited, which meets itself. */
		text = config_export(&to);
		edit(&rng, to.arena, text);
		import(&rng, &to, text);
		counts.pairs++;
		scratch_free(&from);
		scratch_free(&to);
	}
	printf("pairs=%u applied=%u refused=%u wrong=%u conflicts=%u "
	    "chosen=%u again=%u\n", counts.pairs, counts.applied,
	    counts.refused, counts.wrong, counts.conflicts, counts.chosen,
	    counts.again);
	ck_assert_uint_gt(counts.applied, n / 10);
	ck_assert_uint_gt(counts.conflicts, n);
}
END_TEST

SUITE("xml_cross")
{
	xml_read_init();
	tcase_set_timeout(tc, 300);
	tcase_add_test(tc, any_configuration_onto_any_other);
}
