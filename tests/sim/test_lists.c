/*
 * test_lists.c -- a list that was kept says what a fresh one would.
 *
 * The answer of a service that keeps lists is compared with that of a service
 * that never answered before, after every turn of assigning, moving, renaming
 * and releasing, and of hands on the hardware.
 */
#include <stdio.h>

#include "appliance/service/lists.h"
#include "appliance/service/service_int.h"
#include "tests/sim/world.h"
#include "tests/test.h"

enum { LONG_MS = 300000, BYTES = 16 << 20 };

static struct world w;
static struct store *reader;	/* whose questions these are */
static unsigned given, asked;

static void
setup(void)
{
	world_new(&w, 7);
	reader = w.reader;
	given = asked = 0;
}

static void
teardown(void)
{
	world_free(&w);
}

/* ---- asking ---- */

struct ask {
	struct arena *arena;
	struct request request;
	struct answer answer;
	struct call call;
};

static void
ask_begin(struct ask *x, struct service *s, const char *limit,
    const char *after)
{
	struct err e;

	*x = (struct ask){ .arena = arena_new(),
		.request = { .method = "GET", .path = "/functions",
		.role = ROLE_ADMIN, .actor = "admin", .session = "",
		.query = { { "limit", limit }, { "after", after } },
		.n_query = after == NULL ? 1 : 2 },
		.answer = { .body = buf_new(BYTES) } };
	ck_ok(store_read_begin(reader, &e), e);
	x->call = (struct call){ .service = s, .store = reader,
		.arena = x->arena, .view = view_hold(&w.views),
		.request = &x->request, .answer = &x->answer };
}

static void
ask_end(struct ask *x)
{
	view_drop(&w.views, x->call.view);
	store_read_end(reader);
	buf_free(&x->answer.body);
	arena_free(x->arena);
}

/* Whether it would be given without making it. */
static bool
is_kept(const char *limit, const char *after)
{
	struct ask x;
	bool kept;

	ask_begin(&x, w.service, limit, after);
	kept = lists_give(&x.call);
	ask_end(&x);
	return kept;
}

static char *
list_of(struct service *s, const char *limit, const char *after)
{
	char allow[64], *text;
	const struct route *route;
	struct ask x;

	ask_begin(&x, s, limit, after);
	route = route_find("GET", "/functions", &x.request, x.arena, allow);
	service_read(s, reader, route, &x.request, &x.answer);
	ck_assert_int_eq(x.answer.status, 200);
	text = xstrdup(x.answer.body.data);
	ask_end(&x);
	return text;
}

static void
compare(void)
{
	struct service *fresh;
	struct err e;
	char *ours, *theirs;

	fresh = service_new(&w.service->config, &e);
	ck_assert_ptr_nonnull(fresh);
	asked++;
	given += is_kept("1024", NULL);
	ours = list_of(w.service, "1024", NULL);
	theirs = list_of(fresh, "1024", NULL);
	ck_assert_msg(strcmp(ours, theirs) == 0, "after turn %u", w.turns);
	ck_assert(is_kept("1024", NULL));
	free(ours);
	free(theirs);
	service_free(fresh);
}

static void
settle(void)
{
	struct arena *a = arena_new();
	struct job *jobs;
	struct err e;
	size_t n;

	for (unsigned i = 0; i < 2000; i++) {
		world_turn(&w);
		compare();
		ck_ok(job_list_open(w.reader, a, &jobs, &n, &e), e);
		if (n == 0)
			break;
	}
	ck_assert_uint_eq(n, 0);
	arena_free(a);
}

/* ---- the tests ---- */

static const struct {
	int status;
	const char *method, *path, *body;
	const char *shows;		/* in the list afterwards */
	bool absent;			/* or not */
} changes[] = {
	{ 201, "POST", "/networks", "{\"name\":\"prod\",\"vlan\":120}", "\"slot\":null", false },
	{ 201, "POST", "/profiles", "{\"name\":\"web\"}", "\"slot\":1", true },
	{ 201, "POST", "/profiles/web/vnics", "{\"name\":\"first\",\"networks\":[\"prod\"]}", "first", true },
	{ 202, "POST", "/profiles/web:assign", "{\"slot\":1}", "\"slot\":1,", false },
	{ 200, "PATCH", "/profiles/web/vnics/first", "{\"name\":\"second\"}", "\"device\":\"second\"", false },
	{ 202, "POST", "/profiles/web:move", "{\"slot\":2}", "\"slot\":2,", false },
	{ 202, "POST", "/profiles/web:release", "{}", "\"slot\":2,", true },
};

START_TEST(it_says_what_a_fresh_one_says)
{
	for (size_t i = 0; i < N_ROWS(changes); i++) {
		char *text;

		world_do(&w, changes[i].status, changes[i].method,
		    changes[i].path, changes[i].body);
		compare();
		settle();
		text = list_of(w.service, "1024", NULL);
		ck_assert_msg((strstr(text, changes[i].shows) == NULL) ==
		    changes[i].absent, "%s %s", changes[i].path,
		    changes[i].shows);
		free(text);
	}
	support_chassis_do(&w.chassis, "pull bay 1");
	for (int i = 0; i < 200; i++) {
		world_turn(&w);
		compare();
	}
	/* It was kept, and it was made again. */
	ck_assert_uint_gt(given, 0);
	ck_assert_uint_lt(given, asked);
}
END_TEST

START_TEST(each_question_has_its_own)
{
	char *one = list_of(w.service, "1", NULL), *two;

	ck_assert(is_kept("1", NULL));
	ck_assert(!is_kept("2", NULL));
	ck_assert(!is_kept("1", "io1.1.pf"));
	two = list_of(w.service, "2", NULL);
	ck_assert_str_ne(one, two);
	ck_assert(is_kept("1", NULL));
	free(one);
	free(two);
}
END_TEST

/* Handles count commits each for itself: equal counts are no equal moments. */
START_TEST(each_reader_has_its_own)
{
	struct store *others[2];
	struct err e;

	for (int i = 0; i < 2; i++)
		ck_ok(store_open_reader("world.db", &others[i], &e), e);
	reader = others[0];
	free(list_of(w.service, "5", NULL));
	ck_assert(is_kept("5", NULL));
	reader = others[1];
	ck_assert(!is_kept("5", NULL));
	for (int i = 0; i < 2; i++)
		store_close(others[i]);
}
END_TEST

START_TEST(the_oldest_goes)
{
	char limit[16];

	for (int i = 0; i < LISTS_MAX; i++) {
		snprintf(limit, sizeof(limit), "%d", i + 1);
		free(list_of(w.service, limit, NULL));
	}
	ck_assert(is_kept("1", NULL));		/* used again */
	free(list_of(w.service, "100", NULL));
	ck_assert(is_kept("1", NULL));
	ck_assert(!is_kept("2", NULL));
	ck_assert(is_kept("3", NULL));
	ck_assert(is_kept("100", NULL));
}
END_TEST

/* The bytes of all of them together have a ceiling. */
START_TEST(too_much_is_not_kept)
{
	struct ask x;

	for (int i = 0; i < 3; i++) {
		ask_begin(&x, w.service, i == 0 ? "1" : i == 1 ? "2" : "3",
		    NULL);
		for (size_t n = 0; n < LISTS_BYTES / 2; n += 1024)
			buf_printf(&x.answer.body, "%1024d", i);
		if (i == 2)
			buf_str(&x.answer.body, "!");
		x.answer.status = 200;
		lists_keep(&x.call);
		ask_end(&x);
	}
	ck_assert(!is_kept("1", NULL));
	ck_assert(!is_kept("2", NULL) || !is_kept("3", NULL));
	ck_assert(is_kept("3", NULL));
}
END_TEST

static const struct {
	int status;
	const char *header;
	bool writer;
} unkept[] = {
	{ 404, NULL, false }, { 200, "ETag", false }, { 200, NULL, true },
};

START_TEST(some_answers_are_not_kept)
{
	struct ask x;

	ask_begin(&x, w.service, "9", NULL);
	buf_str(&x.answer.body, "{}");
	x.answer.status = unkept[_i].status;
	if (unkept[_i].header != NULL)
		answer_header(&x.answer, unkept[_i].header, "\"1\"");
	if (unkept[_i].writer)
		x.call.store = w.store;
	lists_keep(&x.call);
	ck_assert(!lists_give(&x.call));
	ask_end(&x);
	ck_assert(!is_kept("9", NULL));
}
END_TEST

SUITE("lists")
{
	tcase_set_timeout(tc, 60);
	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_add_test(tc, it_says_what_a_fresh_one_says);
	tcase_add_test(tc, each_question_has_its_own);
	tcase_add_test(tc, each_reader_has_its_own);
	tcase_add_test(tc, the_oldest_goes);
	tcase_add_test(tc, too_much_is_not_kept);
	tcase_add_loop_test(tc, some_answers_are_not_kept, 0, N_ROWS(unkept));
}
