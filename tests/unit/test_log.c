/* A line in the log is one line, whatever was put into it. */
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/log.h"
#include "tests/test.h"

static char said[200000];
static int kept, file;

/* From here on standard error goes to a file. */
static void
listen_in(void)
{
	char path[] = "/tmp/polyroot-log-XXXXXX";

	file = mkstemp(path);
	ck_assert_int_ge(file, 0);
	(void)unlink(path);
	(void)fflush(stderr);
	kept = dup(STDERR_FILENO);
	ck_assert_int_ge(dup2(file, STDERR_FILENO), 0);
}

static const char *
heard(void)
{
	ssize_t n;

	ck_assert_int_ge(dup2(kept, STDERR_FILENO), 0);
	n = pread(file, said, sizeof(said) - 1, 0);
	ck_assert_int_ge(n, 0);
	said[n] = '\0';
	(void)close(file);
	(void)close(kept);
	return said;
}

static int
lines(const char *text)
{
	int n = 0;

	for (; *text != '\0'; text++)
		n += *text == '\n';
	return n;
}

static const struct {
	const char *in, *out;
} shown[] = {
	{ "job=7 step=2", "job=7 step=2" },
	{ "name=a\nerror forged: x", "name=a\\x0aerror forged: x" },
	{ "\r\t\x1b[31m\x7f", "\\x0d\\x09\\x1b[31m\\x7f" },
	{ "caf\xc3\xa9 \xc2\xa0", "caf\xc3\xa9 \xc2\xa0" },
	{ "\xc2\x9b" "31m", "\\xc2\x9b" "31m" },
	{ "", "" },
	{ "100%", "100%" },
};

START_TEST(a_value_cannot_forge_a_line)
{
	const char *text, *colon;

	listen_in();
	log_open("polyrootd");
	log_info("engine", "%s", shown[_i].in);
	text = heard();
	ck_assert_int_eq(lines(text), 1);
	colon = strstr(text, "polyrootd engine: ");
	ck_assert_ptr_nonnull(colon);
	colon += strlen("polyrootd engine: ");
	ck_assert_uint_eq(strlen(colon), strlen(shown[_i].out) + 1);
	ck_assert_int_eq(strncmp(colon, shown[_i].out,
	    strlen(shown[_i].out)), 0);
}
END_TEST

START_TEST(a_line_says_when_and_how_bad)
{
	char when[TIME_TEXT] = "", word[16] = "";
	const char *text;

	listen_in();
	log_warn("http", "x");
	text = heard();
	ck_assert_int_eq(sscanf(text, "%31s %15s", when, word), 2);
	ck_assert_int_gt(time_parse(when), 0);
	ck_assert_str_eq(word, "warn");
}
END_TEST

START_TEST(what_is_more_talkative_is_dropped)
{
	listen_in();
	log_level_set((enum log_level)_i);
	log_error("m", "x");
	log_warn("m", "x");
	log_info("m", "x");
	log_debug("m", "x");
	ck_assert_int_eq(lines(heard()), _i + 1);
}
END_TEST

START_TEST(debug_is_off_at_first)
{
	listen_in();
	log_debug("m", "x");
	ck_assert_str_eq(heard(), "");
}
END_TEST

START_TEST(a_long_value_is_cut_and_ends_its_line)
{
	static char text[100000];
	const char *out;

	/* Of control characters: each is shown as four. */
	memset(text, _i != 0 ? '\n' : 'x', sizeof(text) - 1);
	listen_in();
	log_info("m", "%s", text);
	out = heard();
	ck_assert_int_eq(lines(out), 1);
	ck_assert_uint_lt(strlen(out), 4096);
	ck_assert_int_eq(out[strlen(out) - 1], '\n');
}
END_TEST

static void *
talk(void *name)
{
	for (int i = 0; i < 200; i++)
		log_info("thread", "begin=%s end=%s", (const char *)name,
		    (const char *)name);
	return NULL;
}

START_TEST(lines_of_threads_do_not_mix)
{
	static char names[4][2] = { "a", "b", "c", "d" };
	pthread_t threads[4];
	char *line, *rest;

	listen_in();
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_create(&threads[i], NULL, talk,
		    names[i]), 0);
	for (int i = 0; i < 4; i++)
		ck_assert_int_eq(pthread_join(threads[i], NULL), 0);
	(void)heard();
	ck_assert_int_eq(lines(said), 800);
	for (line = strtok_r(said, "\n", &rest); line != NULL;
	    line = strtok_r(NULL, "\n", &rest)) {
		const char *begin = strstr(line, "begin=");
		const char *end = strstr(line, "end=");

		ck_assert_ptr_nonnull(begin);
		ck_assert_ptr_nonnull(end);
		ck_assert_int_eq(begin[6], end[4]);
		ck_assert_int_eq(end[5], '\0');
	}
}
END_TEST

SUITE("log")
{
	tcase_add_loop_test(tc, a_value_cannot_forge_a_line, 0,
	    N_ROWS(shown));
	tcase_add_test(tc, a_line_says_when_and_how_bad);
	tcase_add_loop_test(tc, what_is_more_talkative_is_dropped, LOG_ERROR,
	    LOG_DEBUG + 1);
	tcase_add_test(tc, debug_is_off_at_first);
	tcase_add_loop_test(tc, a_long_value_is_cut_and_ends_its_line, 0, 2);
	tcase_add_test(tc, lines_of_threads_do_not_mix);
}
