/* test_relay.c -- the parts of polyroot-relay that ask nobody. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "tests/test.h"
#include "tests/unit/support_scratch.h"
#include "tools/relay/follow.h"
#include "tools/relay/hook.h"
#include "tools/relay/queue.h"
#include "tools/relay/retry.h"
#include "tools/relay/upload.h"

static struct err e;

static void
set_up(void)
{
	digest_init();
	support_scratch_enter();
}

static void
tear_down(void)
{
	support_scratch_leave();
}

/* ---- the queue ---- */

static void
put(struct queue *q, uint64_t key, const char *body)
{
	ck_ok(queue_put(q, key, body, strlen(body), &e), e);
}

/* The bodies that wait, oldest first, and takes them out. */
static const char *
drained(struct queue *q)
{
	static char text[1024];
	struct buf b = buf_new(sizeof(text) - 1);
	uint64_t key;

	while (queue_first(q, &key)) {
		ck_ok(queue_read(q, key, &b, &e), e);
		buf_str(&b, " ");
		ck_ok(queue_drop(q, key, &e), e);
	}
	(void)snprintf(text, sizeof(text), "%s", b.len > 0 ? b.data : "");
	buf_free(&b);
	return text;
}

START_TEST(a_queue_is_in_order_and_survives)
{
	struct queue *q;

	ck_ok(queue_open("q", 10, &q, &e), e);
	put(q, 9, "nine");
	put(q, 100, "hundred");
	put(q, 10, "ten");
	put(q, 9, "nine-again");
	queue_close(q);
	ck_ok(queue_open("q", 10, &q, &e), e);
	ck_assert_uint_eq(queue_len(q), 3);
	ck_assert_str_eq(drained(q), "nine-again ten hundred ");
	queue_close(q);
	ck_ok(queue_open("q", 10, &q, &e), e);
	ck_assert_uint_eq(queue_len(q), 0);
	queue_close(q);
}
END_TEST

START_TEST(what_a_crash_left_is_no_delivery)
{
	struct queue *q;

	ck_ok(queue_open("q", 10, &q, &e), e);
	put(q, 1, "one");
	queue_close(q);
	ck_ok(file_put("q/00000000000000000002.new", "ha", 2, &e), e);
	ck_ok(queue_open("q", 10, &q, &e), e);
	ck_assert_str_eq(drained(q), "one ");
	queue_close(q);
}
END_TEST

START_TEST(a_full_queue_buries_its_oldest)
{
	struct queue *q;
	char body[8];

	ck_ok(queue_open("q", 3, &q, &e), e);
	for (uint64_t i = 1; i <= 8; i++) {
		(void)snprintf(body, sizeof(body), "b%d", (int)i);
		put(q, i, body);
	}
	ck_assert_uint_eq(queue_len(q), 3);
	ck_assert_uint_eq(queue_dead(q), 5);
	queue_close(q);
	ck_ok(queue_open("q", 3, &q, &e), e);
	ck_assert_uint_eq(queue_dead(q), 5);
	ck_assert_str_eq(drained(q), "b6 b7 b8 ");
	queue_close(q);
	/* Three of the five lie there. */
	ck_assert_int_ne(access("q/dead/00000000000000000002", F_OK), 0);
	ck_assert_int_eq(access("q/dead/00000000000000000003", F_OK), 0);
	ck_assert_int_eq(access("q/dead/00000000000000000005", F_OK), 0);
}
END_TEST

START_TEST(a_large_delivery_is_refused)
{
	char *body = xcalloc(1, QUEUE_BODY_MAX + 1);
	struct queue *q;

	ck_ok(queue_open("q", 3, &q, &e), e);
	ck_fails(queue_put(q, 1, body, QUEUE_BODY_MAX + 1, &e), e,
	    ERR_TOO_LARGE);
	ck_assert_uint_eq(queue_len(q), 0);
	queue_close(q);
	free(body);
}
END_TEST

/* ---- the stream ---- */

static char heard[4096];

static void
hear(void *cookie, const struct follow_event *ev)
{
	size_t n = strlen(heard);

	(void)cookie;
	(void)snprintf(heard + n, sizeof(heard) - n, "%s|%s|%s;", ev->id,
	    ev->event, ev->data);
}

static const struct {
	const char *bytes, *heard;
} streams[] = {
	{ "id: 7\nevent: change\ndata: {}\n\n", "7|change|{};" },
	{ "id: 7\r\nevent: change\r\ndata: {}\r\n\r\n", "7|change|{};" },
	{ "retry: 1000\n\nevent: tick\ndata: 1\n\n", "|tick|1;" },
	{ ": comment\ndata:a\ndata: b\n\n", "|message|a\nb;" },
	{ "id: 7\n\ndata: a\n\n", "|message|a;" },
	{ "data: not whole", "" },
	{ "data\n\n", "|message|;" },
};

/* However the bytes are cut. */
START_TEST(a_stream_is_taken_apart)
{
	const char *bytes = streams[_i].bytes;
	size_t n = strlen(bytes);

	for (size_t cut = 1; cut <= n; cut++) {
		struct follow f;

		heard[0] = '\0';
		follow_begin(&f, hear, NULL);
		for (size_t at = 0; at < n; at += cut)
			ck_assert(follow_bytes(&f, bytes + at,
			    n - at < cut ? n - at : cut));
		follow_end(&f);
		ck_assert_str_eq(heard, streams[_i].heard);
	}
}
END_TEST

START_TEST(an_event_too_large_is_dropped_alone)
{
	struct follow f;
	bool whole = true;

	heard[0] = '\0';
	follow_begin(&f, hear, NULL);
	ck_assert(follow_bytes(&f, "id: 1\ndata: ", 12));
	for (int i = 0; i < FOLLOW_MAX / 8 + 8; i++)
		whole = follow_bytes(&f, "abcdefgh", 8) && whole;
	whole = follow_bytes(&f, "\n\n", 2) && whole;
	ck_assert(!whole);
	ck_assert(follow_bytes(&f, "id: 2\ndata: b\n\n", 15));
	follow_end(&f);
	ck_assert_str_eq(heard, "2|message|b;");
}
END_TEST

/* ---- webhooks ---- */

static const struct {
	const char *list, *type, *action;
	bool wants;
} wants[] = {
	{ "", "profile", "POST /profiles", true },
	{ "profile", "profile", "POST /profiles", true },
	{ "network, profile", "profile", "POST /profiles", true },
	{ "network,san", "profile", "POST /profiles", false },
	{ "prof", "profile", "POST /profiles", false },
	{ "prof*", "profile", "POST /profiles", true },
	{ "job:*", "job", "job:applied", true },
	{ "job:rolledBack", "job", "job:applied", false },
	{ "*", "job", "job:applied", true },
	{ " , ", "job", "job:applied", false },
};

START_TEST(a_receiver_gets_what_it_wants)
{
	ck_assert(hook_wants(wants[_i].list, wants[_i].type,
	    wants[_i].action) == wants[_i].wants);
}
END_TEST

/* RFC 4231 has the vectors of the code; this is ours of the form. */
START_TEST(a_signature_covers_time_and_body)
{
	char one[HOOK_SIGNATURE], other[HOOK_SIGNATURE];

	ck_assert_str_eq(hook_sign("secret", 1700000000, "{}", 2, one),
	    "sha256=b8569b78799ff9e3cbff0fc2d63a33a2b57f3282abd07c37ae5e8e7d79"
	    "a5f163");
	ck_assert_str_ne(one, hook_sign("secret", 1700000001, "{}", 2, other));
	ck_assert_str_ne(one, hook_sign("secrets", 1700000000, "{}", 2, other));
	ck_assert_str_ne(one, hook_sign("secret", 1700000000, "{ }", 3, other));
}
END_TEST

START_TEST(a_gap_doubles_up_to_its_end)
{
	ck_assert_int_eq(retry_gap(1, 1000, 300000), 1000);
	ck_assert_int_eq(retry_gap(2, 1000, 300000), 2000);
	ck_assert_int_eq(retry_gap(9, 1000, 300000), 256000);
	ck_assert_int_eq(retry_gap(10, 1000, 300000), 300000);
	ck_assert_int_eq(retry_gap(4000000000U, 1000, 300000), 300000);
}
END_TEST

/* ---- uploads ---- */

static const struct {
	int64_t every, at;
	const char *last, *next;
} uploads[] = {
	{ 3600000, -1, "2026-03-01T02:30:00Z", "2026-03-01T03:30:00.000Z" },
	{ 0, 7200000, "2026-03-01T02:30:00Z", "2026-03-02T02:00:00.000Z" },
	{ 0, 7200000, "2026-03-01T01:59:59Z", "2026-03-01T02:00:00.000Z" },
	{ 0, 7200000, "2026-03-01T02:00:00Z", "2026-03-02T02:00:00.000Z" },
	{ 0, 0, "2026-02-28T23:59:59Z", "2026-03-01T00:00:00.000Z" },
};

START_TEST(an_upload_is_due)
{
	struct setup_upload c = { .every_ms = uploads[_i].every,
		.at_ms = uploads[_i].at };
	char text[TIME_TEXT];

	ck_assert_str_eq(time_text(upload_next(&c,
	    time_parse(uploads[_i].last)), text), uploads[_i].next);
	ck_assert_int_eq(upload_next(&c, 0), 0);
}
END_TEST

START_TEST(an_address_names_the_appliance_and_the_time)
{
	int64_t at = time_parse("2026-03-01T02:03:04.567Z");
	char url[64], small[8];

	ck_assert(upload_url("https://h/{name}-{at}.xml", "rack 4/../x", at,
	    url, sizeof(url)));
	ck_assert_str_eq(url, "https://h/rack_4____x-20260301T020304Z.xml");
	ck_assert(upload_url("file:///a/b.xml", "n", at, url, sizeof(url)));
	ck_assert_str_eq(url, "file:///a/b.xml");
	ck_assert(!upload_url("https://h/", "n", at, small, sizeof(small)));
}
END_TEST

/* ---- the file ---- */

#define HEAD "[appliance]\nurl = https://h\nuser = u\npassword-file = p\n" \
	"state = s\n"
#define HOOK "[webhook ops]\nurl = http://r/\nsecret-file = k\n"

static const struct {
	const char *text, *says;	/* NULL: taken */
} files[] = {
	{ HEAD, NULL },
	{ HEAD HOOK "events = job:*, profile\nqueue = 5\nretry = 50ms\n"
	    "give-up-after = 2d\n[upload n]\nurl = file:///x\nat = 02:30\n",
	    NULL },
	{ "[appliance]\nurl = https://h\n", 
	    "[appliance] needs token-file, or user" },
	{ "[appliance]\nurl = https://h\nuser = u\nstate = s\n",
	    "[appliance] needs password-file" },
	{ "[appliance]\nurl = https://h\nuser = u\ntoken-file = t\n"
	    "state = s\n", "leave out user" },
	{ "[appliance]\nurl = https://h\ntoken-file = t\nstate = s\n", NULL },
	{ "[appliance]\nurl = http://h\nuser = u\npassword-file = p\n"
	    "state = s\n", "begins with https://" },
	{ HEAD "colour = red\n", "c:6: colour is not known here" },
	{ HEAD "[printer]\na = b\n", "[printer] is no section" },
	{ HEAD "[webhook a/b]\nurl = x\n", "\"a/b\" is no name" },
	{ HEAD "[webhook ops]\nurl = x\n", "[webhook] needs secret-file" },
	{ HEAD HOOK "queue = none\n", "queue cannot be \"none\"" },
	{ HEAD HOOK "retry = 5 minutes\n", "retry cannot be" },
	{ HEAD HOOK "retry = 0s\n", "retry cannot be" },
	{ HEAD "[upload n]\nurl = x\nat = 24:00\n", "at cannot be" },
	{ HEAD "[upload n]\nurl = x\n", "needs either every or at" },
	{ HEAD "[upload n]\nurl = x\nat = 02:00\nevery = 1h\n",
	    "needs either every or at" },
	{ HEAD "nonsense\n", "neither a section" },
};

START_TEST(a_file_says)
{
	struct setup c;

	ck_ok(file_put("c", files[_i].text, strlen(files[_i].text), &e), e);
	if (files[_i].says == NULL) {
		ck_ok(setup_read("c", &c, &e), e);
		ck_assert_str_eq(c.state, "./s");
	} else {
		ck_fails(setup_read("c", &c, &e), e, ERR_MALFORMED);
		ck_assert_msg(strstr(e.msg, files[_i].says) != NULL, "%s",
		    e.msg);
	}
}
END_TEST

START_TEST(values_arrive)
{
	const char *text = files[1].text;
	struct setup c;

	ck_ok(file_put("c", text, strlen(text), &e), e);
	ck_ok(setup_read("c", &c, &e), e);
	ck_assert_uint_eq(c.n_hooks, 1);
	ck_assert_str_eq(c.hooks[0].name, "ops");
	ck_assert_str_eq(c.hooks[0].events, "job:*, profile");
	ck_assert_int_eq(c.hooks[0].queue, 5);
	ck_assert_int_eq(c.hooks[0].retry_ms, 50);
	ck_assert_int_eq(c.hooks[0].retry_max_ms, 300000);
	ck_assert_int_eq(c.hooks[0].give_up_ms, 2 * 86400000);
	ck_assert_uint_eq(c.n_uploads, 1);
	ck_assert_int_eq(c.uploads[0].at_ms, (2 * 60 + 30) * 60000);
	ck_assert_int_eq(c.uploads[0].every_ms, 0);
}
END_TEST

SUITE("relay")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, a_queue_is_in_order_and_survives);
	tcase_add_test(tc, what_a_crash_left_is_no_delivery);
	tcase_add_test(tc, a_full_queue_buries_its_oldest);
	tcase_add_test(tc, a_large_delivery_is_refused);
	tcase_add_loop_test(tc, a_stream_is_taken_apart, 0,
	    sizeof(streams) / sizeof(streams[0]));
	tcase_add_test(tc, an_event_too_large_is_dropped_alone);
	tcase_add_loop_test(tc, a_receiver_gets_what_it_wants, 0,
	    sizeof(wants) / sizeof(wants[0]));
	tcase_add_test(tc, a_signature_covers_time_and_body);
	tcase_add_test(tc, a_gap_doubles_up_to_its_end);
	tcase_add_loop_test(tc, an_upload_is_due, 0,
	    sizeof(uploads) / sizeof(uploads[0]));
	tcase_add_test(tc, an_address_names_the_appliance_and_the_time);
	tcase_add_loop_test(tc, a_file_says, 0,
	    sizeof(files) / sizeof(files[0]));
	tcase_add_test(tc, values_arrive);
}
