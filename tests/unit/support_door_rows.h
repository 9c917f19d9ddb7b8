/* table */
/*
 * support_door_rows.h -- requests to the door of test_door.c, and their answers.
 *
 * in_head and in_body stand somewhere in the answer; NULL = anything, "" = none.
 */
#ifndef TESTS_UNIT_SUPPORT_DOOR_ROWS_H
#define TESTS_UNIT_SUPPORT_DOOR_ROWS_H

#include <stddef.h>

static const struct {
	const char *method, *path, *token, *header, *body;
	long status;
	const char *in_head, *in_body;
} rows[] = {
	{ "GET", "/api/v1/thing", "auditor", NULL, NULL, 200,
	  "Cache-Control: no-store", "read" },
	{ "GET", "/api/v1/thing", "auditor", NULL, NULL, 200,
	  "frame-ancestors 'none'", NULL },
	{ "GET", "/api/v1/thing", "auditor", NULL, NULL, 200,
	  "Strict-Transport-Security: max-age=31536000", NULL },
	{ "GET", "/api/v1/thing", "auditor", "X-Request-Id: mine-1", NULL, 200,
	  "X-Request-Id: mine-1", NULL },
	{ "GET", "/api/v1/thing", "auditor", "If-None-Match: \"7\"", NULL, 304,
	  "ETag: \"7\"", "" },
	{ "HEAD", "/api/v1/thing", "auditor", NULL, NULL, 200, "ETag", "" },
	{ "OPTIONS", "/api/v1/thing", NULL, NULL, NULL, 204,
	  "Allow: GET, POST, DELETE, HEAD, OPTIONS", "" },
	{ "PUT", "/api/v1/thing", "auditor", NULL, NULL, 405,
	  "Allow: GET, POST, DELETE, HEAD, OPTIONS", "methodNotAllowed" },
	{ "GET", "/api/v1/thing", NULL, NULL, NULL, 401,
	  "WWW-Authenticate: Bearer", "unauthorized" },
	{ "GET", "/api/v1/thing", "nobody", NULL, NULL, 401, NULL, NULL },
	{ "POST", "/api/v1/thing", "auditor", NULL, "{}", 403, NULL,
	  "forbidden" },
	{ "POST", "/api/v1/thing", "operator", NULL, "{}", 201, NULL,
	  "written" },
	{ "DELETE", "/api/v1/thing", "operator", NULL, NULL, 403, NULL, NULL },
	{ "POST", "/api/v1/thing", "operator", NULL, "fail", 422,
	  "application/problem+json", "VlanRange" },
	{ "POST", "/api/v1/slow", "operator", NULL, "{}", 201, NULL,
	  "written" },
	{ "POST", "/api/v1/slow", "operator", NULL, "prepare", 422,
	  "application/problem+json", "VlanRange" },
	{ "POST", "/api/v1/slow", "operator", NULL, "refuse", 400,
	  "application/problem+json", "DocumentMalformed" },
	{ "POST", "/api/v1/thing", "cookie", NULL, "{}", 403, NULL,
	  "CsrfMissing" },
	{ "POST", "/api/v1/thing", "cookie", "X-Polyroot-CSRF: c5rf", "{}", 201,
	  NULL, "written" },
	{ "GET", "/api/v1/thing", "cookie", NULL, NULL, 200, NULL, "read" },
	{ "GET", "/api/v1/thing", NULL, "Authorization: Bearer cookie", NULL,
	  401, NULL, NULL },
	{ "POST", "/api/v1/thing", "operator", NULL,
	  "0123456789012345678901234567890123456789012345678901234567890123x",
	  413, NULL, "64 bytes" },
	{ "POST", "/api/v1/thing", "operator", "Transfer-Encoding: chunked",
	  "0123456789012345678901234567890123456789012345678901234567890123x",
	  413, NULL, "64 bytes" },
	{ "DELETE", "/api/v1/thing", "operator", NULL, "{}", 403, NULL, NULL },
	{ "GET", "/api/v1/thing", "auditor", NULL, "{}", 400, NULL,
	  "takes no body" },
	{ "GET", "/api/v1/nothing", "auditor", NULL, NULL, 404, NULL,
	  "notFound" },
	{ "GET", "/api/v1/thing%00x", "auditor", NULL, NULL, 400, NULL, NULL },
	{ "GET", "/api/v1/x%2Fthing", "auditor", NULL, NULL, 400, NULL, NULL },
	{ "GET", "/api/v2/thing", "auditor", NULL, NULL, 404, NULL, NULL },
	{ "GET", "/nothing.js", NULL, NULL, NULL, 404, NULL, "notFound" },
	{ "GET", "/healthz", NULL, NULL, NULL, 200, NULL, "\"ok\"" },
	{ "GET", "/readyz", NULL, NULL, NULL, 503, "Retry-After", "starting" },
	{ "GET", "/metrics", NULL, NULL, NULL, 200, "text/plain",
	  "polyrootd_build_info{version=\"1.2.3\"} 1" },
	{ "POST", "/healthz", NULL, NULL, NULL, 405, "Allow: GET", NULL },
	{ "POST", "/api/v1/sessions", NULL, NULL, "{\"user\":\"a\","
	  "\"password\":\"right\"}", 201, NULL, "t0ken" },
	{ "POST", "/api/v1/sessions", NULL, NULL, "{\"user\":\"a\","
	  "\"password\":\"right\",\"cookie\":true}", 201,
	  "=t0ken; Path=/; Secure; HttpOnly; SameSite=Strict", "cookie" },
	{ "POST", "/api/v1/sessions", NULL, NULL, "{\"user\":\"a\","
	  "\"password\":\"no\"}", 401, NULL, "wrong" },
};

#endif
