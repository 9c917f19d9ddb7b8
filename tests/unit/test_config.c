/*
 * Whole configurations out and in again.  Drawn ones, from seeds:
 *	CONFIGS=10000 SEED=7 build/tests/unit/test_config
 */
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_config.h"

enum { BATCH = 25 };		/* documents in one call of xmllint */

static struct err e;

static uint64_t now;		/* the seed that is drawn from */

static unsigned
number_from(const char *name, unsigned otherwise)
{
	const char *text = getenv(name);

	return text != NULL && *text != '\0' ?
	    (unsigned)strtoul(text, NULL, 10) : otherwise;
}

/* ---- the second reader ---- */

static const char lint[] = "/usr/bin/xmllint";

static void
keep(const char *dir, unsigned i, const char *text)
{
	char path[128];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%u.xml", dir, i);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	(void)fclose(f);
}

/* xmllint accepts all n documents in a directory; they go. */
static void
expect_valid(const char *dir, unsigned n)
{
	static char path[BATCH][128], word[5][32] = { "xmllint", "--nonet",
	    "--noout", "--schema", "profiles/config-1.xsd" };
	char *argv[BATCH + 6] = { NULL }, *env[] = { NULL };
	posix_spawn_file_actions_t quiet;
	int status;
	pid_t pid;

	for (size_t i = 0; i < 5; i++)
		argv[i] = word[i];
	for (unsigned i = 0; i < n; i++) {
		(void)snprintf(path[i], sizeof(path[i]), "%s/%u.xml", dir, i);
		argv[5 + i] = path[i];
	}
	(void)posix_spawn_file_actions_init(&quiet);
	(void)posix_spawn_file_actions_addopen(&quiet, 2, "/dev/null", 1, 0);
	ck_assert_int_eq(posix_spawn(&pid, lint, getenv("LOUD") != NULL ? NULL :
	    &quiet, NULL, argv, env), 0);
	(void)posix_spawn_file_actions_destroy(&quiet);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert_msg(status == 0, "xmllint refuses what is in %s (LOUD=1)",
	    dir);
	for (unsigned i = 0; i < n; i++)
		(void)unlink(path[i]);
}

/* ---- round trips ---- */

/* Documents are too long for Check's own words. */
static void
expect_equal(const char *a, const char *b)
{
	size_t i = 0, line = 0;

	for (; a[i] != '\0' && a[i] == b[i]; i++)
		if (a[i] == '\n')
			line = i + 1;
	ck_assert_msg(a[i] == b[i], "SEED=%llu CONFIGS=1\n%.*s\n%.*s",
	    (unsigned long long)now, (int)strcspn(a + line, "\n"), a + line,
	    (int)strcspn(b + line, "\n"), b + line);
}

static void
complain(const struct xml_imported *in)
{
	for (size_t i = 0; i < in->problems.n; i++)
		printf("%c %s %s: %s\n", in->problems.items[i].severity,
		    in->problems.items[i].code, in->problems.items[i].path,
		    in->problems.items[i].detail);
	for (size_t i = 0; i < in->conflicts.n; i++)
		printf("%c %s %s: %s\n", in->conflicts.items[i].severity,
		    in->conflicts.items[i].row->key,
		    in->conflicts.items[i].path,
		    in->conflicts.items[i].detail);
}

/* One's own export changes nothing, and nothing is said of it. */
static void
expect_empty(struct scratch *s, const char *text, enum xml_mode mode)
{
	struct xml_import_options o = { .mode = mode,
		.scope = mode == XML_REPLACE ? XML_SCOPE_ALL : 0 };
	struct xml_imported in;
	struct change_set *cs = config_import(s, text, &o, &in);

	if (in.problems.n + in.conflicts.n > 0)
		complain(&in);
	ck_assert_msg(in.problems.n + in.conflicts.n == 0, "SEED=%llu CONFIGS=1",
	    (unsigned long long)now);
	ck_ok(change_resolve(cs, &e), e);
	if (cs->n > 0)
		printf("%s\n", change_text(cs, false));
	ck_assert_msg(cs->n == 0, "SEED=%llu CONFIGS=1",
	    (unsigned long long)now);
}

/* Into an appliance that knows nothing: the same content comes out again. */
static void
expect_same(struct scratch *from, const char *text, const struct scratch *made)
{
	static const struct xml_import_options all = { .mode = XML_REPLACE,
		.scope = XML_SCOPE_ALL };
	char *was = config_content(from, text), *is;
	struct xml_imported in;
	struct change_set *cs;
	struct scratch to;

	scratch_copy(&to, made);
	cs = config_import(&to, text, &all, &in);
	if (!xml_import_ok(&in))
		complain(&in);
	ck_assert_msg(xml_import_ok(&in), "SEED=%llu CONFIGS=1",
	    (unsigned long long)now);
	ck_ok(scratch_commit(&to, cs, &e), e);
	is = config_content(&to, config_export(&to));
	expect_equal(was, is);
	scratch_free(&to);
}

START_TEST(a_drawn_one_goes_out_and_in)
{
	unsigned n = number_from("CONFIGS", 300), kept = 0;
	uint64_t seed = number_from("SEED", 1);
	bool second = access(lint, X_OK) == 0;
	struct scratch docs, made[2];	/* two appliances after their first start */

	/* Thousands of stores: on no disk where that can be. */
	if (access("/dev/shm", W_OK) == 0)
		(void)setenv("SCRATCH_DIR", "/dev/shm", 0);
	scratch_new(&docs);
	for (size_t i = 0; i < 2; i++) {
		scratch_new(&made[i]);
		store_close(made[i].store);
		made[i].store = NULL;
	}
	for (unsigned i = 0; i < n; i++) {
		struct rng rng = rng_seed(seed + i);
		struct scratch s;
		char *text;

		now = seed + i;
		scratch_copy(&s, &made[0]);
		config_draw(&s, &rng);
		text = config_export(&s);
		expect_equal(text, config_export(&s));
		if (second)
			keep(docs.dir, kept++, text);
		expect_empty(&s, text, XML_MERGE);
		expect_empty(&s, text, XML_REPLACE);
		expect_same(&s, text, &made[1]);
		scratch_free(&s);
		if (kept == BATCH || (kept > 0 && i + 1 == n)) {
			expect_valid(docs.dir, kept);
			kept = 0;
		}
	}
	scratch_free(&docs);
	scratch_free(&made[0]);
	scratch_free(&made[1]);
}
END_TEST

/* ---- documents that were made once ---- */

static char *
read_data(struct arena *a, const char *name)
{
	char *text = arena_alloc(a, 1 << 18), path[96];
	FILE *f;
	size_t n;

	(void)snprintf(path, sizeof(path), "tests/unit/data/%s", name);
	f = fopen(path, "r");
	ck_assert_msg(f != NULL, "%s", path);
	n = fread(text, 1, (1 << 18) - 1, f);
	ck_assert(n > 0 && feof(f));
	(void)fclose(f);
	text[n] = '\0';
	return text;
}

/* Documents of a released version are imported for ever; each is named here and
 * none is ever made again.  `kept`: what comes out again has the same content. */
static const struct {
	const char *name;
	bool kept;
	const char *class;		/* that must be here already */
} golden[] = {
	{ "config-1.0-logical.xml", true, NULL },	/* of an emulated vio-4001 */
	{ "config-1.0-drawn.xml", true, NULL },	/* SEED=6 */
	{ "config-1.0-profile.xml", false, "gold" },
	{ "config-1.example.xml", false, NULL },	/* has what is not kept here */
};

static char *
digest_in(struct scratch *s, const char *text)
{
	const char *at = strstr(text, "<contentDigest>");

	ck_assert_ptr_nonnull(at);
	return arena_printf(s->arena, "%.*s", (int)strcspn(at, "\n"), at);
}

START_TEST(an_old_document_is_imported)
{
	static struct xml_choice create[] = { { "NetworkMissing", "create", "" },
	    { "PoolMissing", "default", "" } };
	struct xml_import_options o = { .choices = create,
		.n_choices = golden[_i].kept ? 0 : N_ROWS(create),
		.mode = golden[_i].kept ? XML_REPLACE : XML_MERGE,
		.scope = golden[_i].kept ? XML_SCOPE_ALL : 0 };
	struct xml_imported in;
	struct change_set *cs;
	const char *text;
	struct scratch s;

	scratch_new(&s);
	if (golden[_i].class != NULL) {
		cs = scratch_changes(&s, 1);
		scratch_name(change_make_class(cs)->head.name,
		    golden[_i].class);
		ck_ok(scratch_commit(&s, cs, &e), e);
	}
	text = read_data(s.arena, golden[_i].name);
	cs = config_import(&s, text, &o, &in);
	if (!xml_import_ok(&in))
		complain(&in);
	(void)fflush(stdout);
	ck_assert(xml_import_ok(&in));
	ck_ok(scratch_commit(&s, cs, &e), e);
	if (golden[_i].kept)
		expect_equal(digest_in(&s, text), digest_in(&s,
		    config_export(&s)));
	scratch_free(&s);
}
END_TEST

SUITE("config")
{
	tcase_add_loop_test(tc, an_old_document_is_imported, 0,
	    N_ROWS(golden));
	tcase_set_timeout(tc, 14400);
	tcase_add_checked_fixture(tc, xml_read_init, NULL);
	tcase_add_test(tc, a_drawn_one_goes_out_and_in);
}
