/* test_gate.c -- framing, media types, credentials. */
#include "tests/test.h"

#include "appliance/http/gate.h"

enum { LINES = 4 };

static const struct {
	const char *what;
	const char *lines[LINES][2];
	bool http10;
	int64_t length;			/* -2: refused */
} frames[] = {
	{ "nothing but a host", { { "Host", "h" } }, false, 0 },
	{ "a length", { { "Host", "h" }, { "Content-Length", "12" } }, false, 12 },
	{ "chunks", { { "host", "h" }, { "transfer-encoding", "Chunked" } },
	    false, -1 },
	{ "two accepts", { { "Host", "h" }, { "Accept", "a" },
	    { "Accept", "b" } }, false, 0 },
	{ "HTTP/1.0 needs no host", { { "X", "y" } }, true, 0 },
	{ "no host", { { "X", "y" } }, false, -2 },
	{ "two hosts", { { "Host", "a" }, { "HOST", "b" } }, false, -2 },
	{ "two lengths", { { "Host", "h" }, { "Content-Length", "1" },
	    { "Content-Length", "1" } }, false, -2 },
	{ "length and chunks", { { "Host", "h" }, { "Content-Length", "1" },
	    { "Transfer-Encoding", "chunked" } }, false, -2 },
	{ "unknown coding", { { "Host", "h" },
	    { "Transfer-Encoding", "xchunked" } }, false, -2 },
	{ "coding list", { { "Host", "h" },
	    { "Transfer-Encoding", "gzip, chunked" } }, false, -2 },
	{ "chunks in HTTP/1.0", { { "Host", "h" },
	    { "Transfer-Encoding", "chunked" } }, true, -2 },
	{ "negative length", { { "Host", "h" }, { "Content-Length", "-1" } },
	    false, -2 },
	{ "signed length", { { "Host", "h" }, { "Content-Length", "+1" } },
	    false, -2 },
	{ "list of lengths", { { "Host", "h" }, { "Content-Length", "1, 1" } },
	    false, -2 },
	{ "huge length", { { "Host", "h" },
	    { "Content-Length", "99999999999999999999" } }, false, -2 },
	{ "blank before the colon", { { "Host", "h" },
	    { "Content-Length ", "1" } }, false, -2 },
	{ "control character", { { "Host", "h" }, { "X", "a\x01" } }, false, -2 },
	{ "two tokens", { { "Host", "h" }, { "Authorization", "Bearer a" },
	    { "Authorization", "Bearer b" } }, false, -2 },
	{ "two keys", { { "Host", "h" }, { "Idempotency-Key", "a" },
	    { "Idempotency-Key", "a" } }, false, -2 },
};

START_TEST(framing_is_clear_or_refused)
{
	struct gate_head h = { 0 };
	int64_t length = 7;
	struct err e = { 0 };
	int rc;

	for (int i = 0; i < LINES && frames[_i].lines[i][0] != NULL; i++)
		gate_take(&h, frames[_i].lines[i][0], frames[_i].lines[i][1]);
	rc = gate_framing(&h, !frames[_i].http10, &length, &e);
	if (frames[_i].length == -2) {
		ck_assert_msg(rc < 0, "%s", frames[_i].what);
		ck_assert_int_eq(e.code, ERR_MALFORMED);
	} else {
		ck_assert_msg(rc == 0, "%s: %s", frames[_i].what, e.msg);
		ck_assert_int_eq(length, frames[_i].length);
	}
}
END_TEST

static const struct {
	const char *method, *path, *type;
	bool ok;
} media[] = {
	{ "POST", "/networks", "application/json", true },
	{ "POST", "/networks", "Application/JSON; charset=UTF-8", true },
	{ "POST", "/networks", "application/json;charset=\"utf-8\"", true },
	{ "POST", "/networks", "application/json; charset=latin1", false },
	{ "POST", "/networks", "application/json; boundary=x", false },
	{ "POST", "/networks", "application/merge-patch+json", false },
	{ "POST", "/networks", "application/x-www-form-urlencoded", false },
	{ "POST", "/networks", "text/plain", false },
	{ "POST", "/networks", "application/jsonx", false },
	{ "POST", "/networks", "", false },
	{ "POST", "/networks", NULL, false },
	{ "PATCH", "/slots/3", "application/merge-patch+json", true },
	{ "PATCH", "/slots/3", "application/json", true },
	{ "PATCH", "/slots/3", "application/json-patch+json", false },
	{ "POST", "/imports", "application/xml", true },
	{ "PUT", "/config", "application/xml; charset=utf-8", true },
	{ "POST", "/networks", "application/xml", false },
};

START_TEST(a_media_type_is_taken_or_refused)
{
	struct err e;
	int rc = gate_media(media[_i].method, media[_i].path, media[_i].type,
	    &e);

	ck_assert_int_eq(rc, media[_i].ok ? 0 : -1);
	if (rc < 0)
		ck_assert_int_eq(e.code, ERR_MEDIA_TYPE);
}
END_TEST

static const struct {
	const char *auth, *cookie, *want;
	bool is_cookie;
} tokens[] = {
	{ "Bearer abc", NULL, "abc", false },
	{ "bearer   abc", NULL, "abc", false },
	{ "Bearer ", NULL, NULL, false },
	{ "Basic YTpi", NULL, NULL, false },
	{ "Basic YTpi", "c-1=xyz", NULL, false },
	{ "Bearer abc", "c-1=xyz", "abc", false },
	{ NULL, "c-1=xyz", "xyz", true },
	{ NULL, "a=b; c-1=xyz; d=e", "xyz", true },
	{ NULL, "xc-1=no; c-1=xyz", "xyz", true },
	{ NULL, "c-12=no", NULL, true },
	{ NULL, "c-1=", "", true },
	{ NULL, "c-1=0123456789012345678901234567890123456789", NULL, true },
	{ NULL, NULL, NULL, true },
};

START_TEST(a_token_is_found)
{
	struct gate_head h = { 0 };
	const char *token;
	char room[32];
	bool cookie;

	if (tokens[_i].auth != NULL)
		gate_take(&h, "Authorization", tokens[_i].auth);
	if (tokens[_i].cookie != NULL)
		gate_take(&h, "Cookie", tokens[_i].cookie);
	token = gate_token(&h, "c-1", room, sizeof(room), &cookie);
	ck_assert_int_eq(cookie, tokens[_i].is_cookie);
	if (tokens[_i].want == NULL)
		ck_assert_ptr_null(token);
	else
		ck_assert_str_eq(token, tokens[_i].want);
}
END_TEST

static const struct {
	const char *sent, *site, *stored;
	bool ok;
} csrf[] = {
	{ "abc", NULL, "abc", true },
	{ "abc", "same-origin", "abc", true },
	{ "abc", "none", "abc", true },
	{ "abc", "cross-site", "abc", false },
	{ "abc", "same-site", "abc", false },
	{ "abd", NULL, "abc", false },
	{ "ab", NULL, "abc", false },
	{ "abcd", NULL, "abc", false },
	{ "", NULL, "", false },
	{ NULL, NULL, "abc", false },
	{ NULL, "same-origin", "abc", false },
};

START_TEST(a_cookie_needs_its_csrf)
{
	struct gate_head h = { 0 };
	struct err e = { 0 };
	int rc;

	if (csrf[_i].sent != NULL)
		gate_take(&h, "X-Polyroot-CSRF", csrf[_i].sent);
	if (csrf[_i].site != NULL)
		gate_take(&h, "Sec-Fetch-Site", csrf[_i].site);
	rc = gate_csrf(&h, csrf[_i].stored, &e);
	ck_assert_int_eq(rc, csrf[_i].ok ? 0 : -1);
	if (rc < 0)
		ck_assert_int_eq(e.code, ERR_FORBIDDEN);
}
END_TEST

static const struct {
	const char *method, *path, *accept;
	bool ok;
} accepts[] = {
	{ "GET", "/networks", NULL, true },
	{ "GET", "/networks", "", true },
	{ "GET", "/networks", "*/*", true },
	{ "GET", "/networks", "application/json", true },
	{ "GET", "/networks", "Application/*;q=0.1", true },
	{ "GET", "/networks", "text/html, */*;q=0.8", true },
	{ "GET", "/networks", "application/xml", false },
	{ "GET", "/networks", "text/*", false },
	{ "GET", "/networks", "application/jsonx", false },
	{ "GET", "/networks", "application/json;q=0", false },
	{ "GET", "/networks", "application/json;q=0.0, */*", false },
	{ "GET", "/networks", "application/json;v=2; q=0, text/html", false },
	{ "GET", "/networks", "*/*;q=0, application/json", true },
	{ "POST", "/networks", "text/csv", false },
	{ "GET", "/profiles/{p}", "application/xml", true },
	{ "GET", "/profiles/{p}", "application/json", true },
	{ "GET", "/profiles/{p}", "text/csv", false },
	{ "POST", "/profiles", "application/xml", false },
	{ "PATCH", "/profiles/{p}", "application/xml", false },
	{ "GET", "/events", "text/event-stream", true },
	{ "GET", "/events", "application/json", false },
};

START_TEST(a_format_is_offered_or_refused)
{
	struct gate_head h = { 0 };
	struct err e;

	if (accepts[_i].accept != NULL)
		gate_take(&h, "Accept", accepts[_i].accept);
	if (accepts[_i].ok)
		ck_ok(gate_accept(&h, gate_offer(accepts[_i].method,
		    accepts[_i].path), &e), e);
	else
		ck_fails(gate_accept(&h, gate_offer(accepts[_i].method,
		    accepts[_i].path), &e), e, ERR_NOT_ACCEPTABLE);
	/* What stands in further lines is not known, so it is not judged. */
	gate_take(&h, "Accept", "x/y");
	gate_take(&h, "Accept", "x/z");
	ck_ok(gate_accept(&h, "application/json", &e), e);
}
END_TEST

static const struct {
	const char *accept;
	bool want;
} gzips[] = {
	{ NULL, false }, { "", false }, { "gzip", true },
	{ "deflate, GZIP;q=0.5", true }, { "gzip;q=0", false },
	{ "gzip;q=0.0, br", false }, { "br", false }, { "xgzip", false },
	{ "gzipx", false }, { "gzip, br;q=0", true },
};

START_TEST(gzip_is_asked_for)
{
	ck_assert_int_eq(gate_gzip(gzips[_i].accept), gzips[_i].want);
}
END_TEST

START_TEST(a_request_id_is_plain)
{
	char longest[66] = "";

	memset(longest, 'a', 65);
	ck_assert(gate_request_id("4f-A_b.9"));
	ck_assert(!gate_request_id(""));
	ck_assert(!gate_request_id("a b"));
	ck_assert(!gate_request_id("a\r\nX: y"));
	ck_assert(!gate_request_id(longest));
	longest[64] = '\0';
	ck_assert(gate_request_id(longest));
}
END_TEST

SUITE("gate")
{
	tcase_add_loop_test(tc, framing_is_clear_or_refused, 0, N_ROWS(frames));
	tcase_add_loop_test(tc, a_media_type_is_taken_or_refused, 0,
	    N_ROWS(media));
	tcase_add_loop_test(tc, a_token_is_found, 0, N_ROWS(tokens));
	tcase_add_loop_test(tc, a_cookie_needs_its_csrf, 0, N_ROWS(csrf));
	tcase_add_loop_test(tc, a_format_is_offered_or_refused, 0,
	    N_ROWS(accepts));
	tcase_add_loop_test(tc, gzip_is_asked_for, 0, N_ROWS(gzips));
	tcase_add_test(tc, a_request_id_is_plain);
}
