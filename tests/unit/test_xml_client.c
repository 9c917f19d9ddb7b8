/* The real polyroot-xml, asked as polyrootd asks it. */
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <unistd.h>

#include "profiles/xml_client.h"
#include "tests/test.h"

static struct arena *arena;
static struct xml_worker *worker;

static const char small[] = "<a xmlns='" XML_NAMESPACE "'/>";

static const char *
program(void)
{
	const char *b = getenv("B");

	return arena_printf(arena, "%s/polyroot-xml", b != NULL ? b : "build");
}

static void
set_up(void)
{
	struct err e;

	digest_init();
	arena = arena_new();
	ck_ok(xml_worker_start(program(), &worker, &e), e);
}

static void
tear_down(void)
{
	xml_worker_stop(worker);
	arena_free(arena);
}

static void
still_works(void)
{
	struct xml_records *r;
	struct err e;

	ck_ok(xml_parse(worker, small, strlen(small), arena, &r, &e), e);
	ck_assert_uint_eq(r->n, 1);
	ck_assert_str_eq(r->elements[0].name, "a");
}

/* The worker is our only child. */
static pid_t
worker_pid(void)
{
	char path[64];
	int pid = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/self/task/%d/children",
	    (int)getpid());
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_eq(fscanf(f, "%d", &pid), 1);
	fclose(f);
	return pid;
}

START_TEST(documents_one_after_the_other)
{
	for (int i = 0; i < 20; i++)
		still_works();
}
END_TEST

START_TEST(the_example_comes_through)
{
	char *text = arena_alloc(arena, 1 << 16);
	FILE *f = fopen("tests/unit/data/config-1.example.xml", "r");
	size_t n;
	struct xml_records *r;
	struct err e;

	ck_assert_ptr_nonnull(f);
	n = fread(text, 1, (1 << 16) - 1, f);
	fclose(f);
	ck_ok(xml_parse(worker, text, n, arena, &r, &e), e);
	ck_assert_int_eq(strncmp(r->content_digest, "4d4cbc33", 8), 0);
	ck_assert_int_eq(strncmp(r->document_digest, "c29fb36b", 8), 0);
}
END_TEST

START_TEST(a_refusal_keeps_its_words)
{
	const char text[] = "<a>\n<b></a>";
	struct xml_records *r;
	struct err e;

	ck_breaks(xml_parse(worker, text, strlen(text), arena, &r, &e), e,
	    ERR_MALFORMED, "DocumentMalformed");
	ck_assert_msg(strstr(e.msg, "line 2") != NULL, "%s", e.msg);
	ck_breaks(xml_parse(worker, "", 0, arena, &r, &e), e, ERR_MALFORMED,
	    "DocumentEmpty");
	still_works();
}
END_TEST

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
/* Within every bound of the scan, and still too much for one reader.  (Under
 * sanitizers there is no bound of memory.) */
START_TEST(a_greedy_document_costs_only_itself)
{
	struct buf b = buf_new(XML_MAX_BYTES);
	struct xml_records *r;
	struct err e;

	buf_str(&b, "<a xmlns='" XML_NAMESPACE "'>");
	while (b.len < XML_MAX_BYTES - 400) {
		buf_str(&b, "<b");
		for (int i = 0; i < 60; i++)
			buf_printf(&b, " a%c%c=''", 'a' + i / 26, 'a' + i % 26);
		buf_str(&b, "/>");
	}
	buf_str(&b, "</a>");
	ck_breaks(xml_parse(worker, b.data, b.len, arena, &r, &e), e,
	    ERR_MALFORMED, "DocumentLimit");
	buf_free(&b);
	still_works();
}
END_TEST
#endif

START_TEST(a_large_document_comes_through)
{
	struct buf b = buf_new(XML_MAX_BYTES);
	struct xml_records *r;
	struct err e;

	buf_str(&b, "<a xmlns='" XML_NAMESPACE "'>");
	for (int i = 0; i < 50000; i++)
		buf_printf(&b, "<vnic name='n%d' order='%d'><mac value='02:00'"
		    "/></vnic>\n", i, i);
	buf_str(&b, "</a>");
	ck_ok(xml_parse(worker, b.data, b.len, arena, &r, &e), e);
	ck_assert_uint_eq(r->n, 100001);
	ck_assert_uint_eq(r->elements[100000].line, 50000);
	buf_free(&b);
}
END_TEST

START_TEST(a_dead_worker_is_started_again)
{
	pid_t pid = worker_pid(), again = pid;

	ck_assert_int_eq(kill(pid, SIGKILL), 0);
	/* The kernel may take a moment to close its end. */
	for (int i = 0; i < 1000 && again == pid; i++) {
		struct xml_records *r;
		struct err e;

		if (xml_parse(worker, small, strlen(small), arena, &r,
		    &e) == 0)
			again = worker_pid();
	}
	ck_assert_int_ne(again, pid);
	still_works();
}
END_TEST

START_TEST(a_missing_program_is_told)
{
	struct xml_worker *w = NULL;
	struct err e;

	ck_fails(xml_worker_start("build/no-such-program", &w, &e), e,
	    ERR_UNAVAILABLE);
	ck_fails(xml_worker_start("/", &w, &e), e, ERR_UNAVAILABLE);
	ck_assert_ptr_null(w);
}
END_TEST

/* Something that is no polyroot-xml: it ends, or says something else. */
START_TEST(another_program_is_not_believed)
{
	struct xml_worker *w;
	struct xml_records *r;
	struct err e;

	ck_ok(xml_worker_start("/bin/true", &w, &e), e);
	ck_fails(xml_parse(w, small, strlen(small), arena, &r, &e), e,
	    ERR_UNAVAILABLE);
	xml_worker_stop(w);
}
END_TEST

/* The server has the descriptors it needs, and a seccomp filter. */
START_TEST(the_worker_is_boxed)
{
	int pid, fds = 0;
	struct dirent *d;
	char path[64], line[128];
	bool filter = false, privs = false;
	DIR *dir;
	FILE *f;

	still_works();
	pid = worker_pid();
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "r");
	ck_assert_ptr_nonnull(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		filter = filter || strcmp(line, "Seccomp:\t2\n") == 0;
		privs = privs || strcmp(line, "NoNewPrivs:\t1\n") == 0;
	}
	fclose(f);
	ck_assert(filter && privs);
	snprintf(path, sizeof(path), "/proc/%d/fd", pid);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((d = readdir(dir)) != NULL)
		if (d->d_name[0] != '.')
			fds++;
	closedir(dir);
	/* Standard ones, the line, and the answer that it is just closing. */
	ck_assert_int_le(fds, 5);
}
END_TEST

SUITE("xml_client")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, documents_one_after_the_other);
	tcase_add_test(tc, the_example_comes_through);
	tcase_add_test(tc, a_refusal_keeps_its_words);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
	tcase_add_test(tc, a_greedy_document_costs_only_itself);
#endif
	tcase_add_test(tc, a_large_document_comes_through);
	tcase_add_test(tc, a_dead_worker_is_started_again);
	tcase_add_test(tc, a_missing_program_is_told);
	tcase_add_test(tc, another_program_is_not_believed);
	tcase_add_test(tc, the_worker_is_boxed);
}
