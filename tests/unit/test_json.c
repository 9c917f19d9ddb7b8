/* JSON that comes from outside: strict, bounded, with the place of an error. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/json.h"
#include "tests/test.h"

static const struct {
	const char *text;
	bool good;
	const char *words;	/* in the message, when refused */
} documents[] = {
	{ "{}", true, NULL },
	{ "[]", true, NULL },
	{ " {\"a\":[1,2.5,true,null,\"\\u00e9\"]} \n", true, NULL },
	{ "{\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\":1}", true, NULL },
	{ "{\"\\\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\":1}", true, NULL },
	{ "", false, "line" },
	{ "null", false, "object or array" },
	{ "\"x\"", false, "object or array" },
	{ "1", false, "object or array" },
	{ "{", false, "ends too early" },
	{ "{\"a\":1,}", false, "line 1" },
	{ "{\"a\":1} x", false, "behind" },
	{ "{}{}", false, "behind" },
	{ "{\"a\":1,\"a\":2}", false, "twice" },
	{ "{\"a\":{\"b\":1,\"b\":1}}", false, "twice" },
	{ "{\"a\":99999999999999999999}", false, "out of range" },
	{ "{\"a\":\"\\u0000\"}", false, "NUL" },
	{ "{\"a\":\"\xff\"}", false, "UTF-8" },
	{ "{'a':1}", false, "line 1" },
	{ "{\"a\":NaN}", false, "line 1" },
	{ "\n\n{\"a\":01}", false, "line 3" },
	{ "{\"a\":\"\n\"}", false, "line 1" },
};

START_TEST(a_document)
{
	const char *text = documents[_i].text;
	json_t *value = NULL;
	struct err e;

	if (documents[_i].good) {
		ck_ok(json_read(text, strlen(text), 1000, &value, &e), e);
		json_decref(value);
		return;
	}
	ck_fails(json_read(text, strlen(text), 1000, &value, &e), e,
	    ERR_MALFORMED);
	ck_assert_ptr_null(value);
	ck_assert_msg(strstr(e.msg, documents[_i].words) != NULL, "%s: %s",
	    text, e.msg);
}
END_TEST

START_TEST(a_message_never_quotes_the_input)
{
	static const char *const texts[] = {
		"{\"password\":\"hunter2\" x}",
		"{\"password\":hunter2}",
		"{\"hunter2\":1,\"hunter2\":1}",
		"{\"password\":\"hunter2",
		"{\"password\":\"hunter2\\q\"}",
	};
	json_t *value;
	struct err e;

	for (int i = 0; i < N_ROWS(texts); i++) {
		ck_fails(json_read(texts[i], strlen(texts[i]), 1000, &value,
		    &e), e, ERR_MALFORMED);
		ck_assert_ptr_null(strstr(e.msg, "hunter2"));
	}
}
END_TEST

START_TEST(size_is_looked_at_first)
{
	const char text[] = "{\"a\":1}";
	json_t *value;
	struct err e;

	for (size_t max = 0; max < strlen(text); max++)
		ck_fails(json_read(text, strlen(text), max, &value, &e), e,
		    ERR_TOO_LARGE);
	ck_ok(json_read(text, strlen(text), strlen(text), &value, &e), e);
	json_decref(value);
}
END_TEST

/* n brackets open and closed, as arrays or as objects. */
static size_t
nest(char *text, int n, bool objects)
{
	size_t at = 0;

	for (int i = 0; i < n; i++) {
		const char *open = !objects ? "[" : i < n - 1 ? "{\"k\":" : "{";

		memcpy(text + at, open, strlen(open));
		at += strlen(open);
	}
	for (int i = 0; i < n; i++)
		text[at++] = objects ? '}' : ']';
	return at;
}

START_TEST(thirty_two_levels)
{
	char text[1000];
	json_t *value;
	struct err e;

	for (int objects = 0; objects < 2; objects++)
		for (int n = 1; n < 100; n++) {
			size_t len = nest(text, n, objects != 0);

			if (n <= 32) {
				ck_ok(json_read(text, len, 1000, &value, &e),
				    e);
				json_decref(value);
			} else
				ck_fails(json_read(text, len, 1000, &value,
				    &e), e, ERR_MALFORMED);
		}
}
END_TEST

START_TEST(every_cut_is_refused)
{
	const char text[] = "{\"a\":[1,{\"b\":\"c\\\"\"}],\"d\":-1.5e3}";
	json_t *value;
	struct err e;

	for (size_t n = 0; n < strlen(text); n++) {
		/* Its own bytes, so that a sanitizer sees reading behind. */
		char *cut = malloc(n + 1);

		ck_assert_ptr_nonnull(cut);
		memcpy(cut, text, n);
		ck_fails(json_read(cut, n, 1000, &value, &e), e,
		    ERR_MALFORMED);
		free(cut);
	}
}
END_TEST

/* Writes a file of n bytes that begins with `text`; its path is a loan. */
static const char *
scratch(const char *text, size_t n)
{
	static char path[] = "/tmp/polyroot-json-XXXXXX";
	int fd = mkstemp(path);

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	if (n > 0)
		ck_assert_int_eq(ftruncate(fd, (off_t)n), 0);
	(void)close(fd);
	return path;
}

START_TEST(a_file)
{
	const char *path = scratch("{\"a\":[1,2]}", 0);
	json_t *value;
	struct err e;

	ck_ok(json_read_file(path, &value, &e), e);
	ck_assert_uint_eq(json_array_size(json_object_get(value, "a")), 2);
	json_decref(value);
	(void)unlink(path);
	ck_fails(json_read_file(path, &value, &e), e, ERR_NOT_FOUND);
	ck_assert_ptr_nonnull(strstr(e.msg, path));
	ck_fails(json_read_file("/tmp", &value, &e), e, ERR_UNAVAILABLE);
}
END_TEST

static const struct {
	const char *text;
	size_t size;
	enum err_code want;
} bad_files[] = {
	{ "{", 0, ERR_MALFORMED },
	{ "", 0, ERR_MALFORMED },
	{ "{}", 1024 * 1024 + 1, ERR_TOO_LARGE },
	{ "{}", 1024 * 1024, ERR_MALFORMED },	/* zeros behind it */
};

START_TEST(a_bad_file)
{
	const char *path = scratch(bad_files[_i].text, bad_files[_i].size);
	json_t *value;
	struct err e;

	ck_fails(json_read_file(path, &value, &e), e, bad_files[_i].want);
	ck_assert_ptr_nonnull(strstr(e.msg, path));
	(void)unlink(path);
}
END_TEST

START_TEST(texts_keep_order_or_are_sorted)
{
	json_t *o = json_object(), *list = json_array();
	char *text, *canonical;

	json_put(list, NULL, json_int(INT64_MIN));
	json_put(list, NULL, json_str(NULL));
	json_put(o, "z", list);
	json_put(o, "a", json_str("\xc3\xa9\"\n"));
	json_put(o, "t", json_time(1772366400123));
	json_put(o, "n", json_time(0));
	json_put(o, "a", json_str("b"));	/* once more: replaced */
	text = json_text(o);
	canonical = json_canonical(o);
	ck_assert_str_eq(text, "{\"z\":[-9223372036854775808,null],\"a\":\"b\","
	    "\"t\":\"2026-03-01T12:00:00.123Z\",\"n\":null}");
	ck_assert_str_eq(canonical, "{\"a\":\"b\",\"n\":null,"
	    "\"t\":\"2026-03-01T12:00:00.123Z\","
	    "\"z\":[-9223372036854775808,null]}");
	free(text);
	free(canonical);
	json_decref(o);
}
END_TEST

START_TEST(a_label_that_is_not_utf8_is_patched)
{
	json_t *s = json_str("ab\xff" "c");
	char *text = json_text(s);

	ck_assert_str_eq(text, "\"ab?c\"");
	free(text);
	json_decref(s);
}
END_TEST

static json_t *
sample(void)
{
	static const char text[] = "{\"i\":120,\"big\":9223372036854775807,"
	    "\"real\":1.0,\"yes\":true,\"no\":false,\"null\":null,\"s\":\"abc\","
	    "\"e\":\"\xc3\xa9\xc3\xa9\",\"ctl\":\"a\\nb\",\"del\":\"\\u007f\","
	    "\"c1\":\"\\u0085\",\"nbsp\":\"\\u00a0\",\"empty\":\"\","
	    "\"a/b~c\":\"x\"}";
	json_t *value;
	struct err e;

	ck_ok(json_read(text, strlen(text), 1000, &value, &e), e);
	return value;
}

static const struct {
	const char *key;
	int64_t min, max;
	bool good;
	int64_t want;
} ints[] = {
	{ "i", 0, 4094, true, 120 }, { "i", 120, 120, true, 120 },
	{ "i", 0, 119, false, 0 }, { "i", 121, 4094, false, 0 },
	{ "big", 0, INT64_MAX, true, INT64_MAX },
	{ "real", 0, 10, false, 0 }, { "s", 0, 10, false, 0 },
	{ "null", 0, 10, false, 0 }, { "yes", 0, 10, false, 0 },
};

START_TEST(an_int)
{
	json_t *o = sample();
	int64_t out = -77;
	struct err e;

	if (ints[_i].good) {
		ck_ok(json_get_int(o, "", ints[_i].key, false, ints[_i].min,
		    ints[_i].max, &out, &e), e);
		ck_assert_int_eq(out, ints[_i].want);
	} else {
		ck_fails(json_get_int(o, "/at", ints[_i].key, true,
		    ints[_i].min, ints[_i].max, &out, &e), e, ERR_MALFORMED);
		ck_assert_int_eq(out, -77);
		ck_assert_int_eq(strncmp(e.field, "/at/", 4), 0);
		ck_assert_str_eq(e.field + 4, ints[_i].key);
	}
	json_decref(o);
}
END_TEST

START_TEST(a_bool)
{
	json_t *o = sample();
	bool out = false;
	struct err e;

	ck_ok(json_get_bool(o, "", "yes", false, &out, &e), e);
	ck_assert(out);
	ck_ok(json_get_bool(o, "", "no", false, &out, &e), e);
	ck_assert(!out);
	out = true;
	ck_fails(json_get_bool(o, "", "i", false, &out, &e), e, ERR_MALFORMED);
	ck_fails(json_get_bool(o, "", "null", true, &out, &e), e,
	    ERR_MALFORMED);
	ck_assert(out);
	json_decref(o);
}
END_TEST

static const struct {
	const char *key;
	size_t max;
	bool good;
	const char *want;
} texts[] = {
	{ "s", 3, true, "abc" }, { "s", 2, false, NULL },
	{ "e", 2, true, "\xc3\xa9\xc3\xa9" }, { "e", 1, false, NULL },
	{ "empty", 0, true, "" }, { "nbsp", 1, true, "\xc2\xa0" },
	{ "ctl", 10, false, NULL }, { "del", 10, false, NULL },
	{ "c1", 10, false, NULL }, { "i", 10, false, NULL },
	{ "null", 10, false, NULL },
};

START_TEST(a_text)
{
	json_t *o = sample();
	const char *out = "untouched";
	struct err e;

	if (texts[_i].good) {
		ck_ok(json_get_str(o, "", texts[_i].key, false, texts[_i].max,
		    &out, &e), e);
		ck_assert_str_eq(out, texts[_i].want);
	} else {
		ck_fails(json_get_str(o, "", texts[_i].key, true,
		    texts[_i].max, &out, &e), e, ERR_MALFORMED);
		ck_assert_str_eq(out, "untouched");
	}
	json_decref(o);
}
END_TEST

START_TEST(absent_is_untouched_or_missing)
{
	json_t *o = json_object();
	const char *s = "was";
	int64_t i = -77;
	bool b = true;
	struct err e;

	ck_ok(json_get_int(o, "", "k", true, 0, 1, &i, &e), e);
	ck_ok(json_get_bool(o, "", "k", true, &b, &e), e);
	ck_ok(json_get_str(o, "", "k", true, 1, &s, &e), e);
	ck_assert_int_eq(i, -77);
	ck_assert(b);
	ck_assert_str_eq(s, "was");
	ck_fails(json_get_int(o, "", "k", false, 0, 1, &i, &e), e,
	    ERR_MALFORMED);
	ck_fails(json_get_bool(o, "", "k", false, &b, &e), e, ERR_MALFORMED);
	ck_fails(json_get_str(o, "/a", "k", false, 1, &s, &e), e,
	    ERR_MALFORMED);
	ck_assert_str_eq(e.field, "/a/k");
	json_decref(o);
}
END_TEST

START_TEST(a_key_is_escaped_in_its_pointer)
{
	json_t *o = sample();
	int64_t i;
	struct err e;

	ck_fails(json_get_int(o, "/x", "a/b~c", false, 0, 1, &i, &e), e,
	    ERR_MALFORMED);
	ck_assert_str_eq(e.field, "/x/a~1b~0c");
	json_decref(o);
}
END_TEST

START_TEST(a_pointer_is_cut_not_overrun)
{
	char at[200], key[200];
	json_t *o = json_object();
	int64_t i;
	struct err e;

	for (size_t n = 0; n < sizeof(at); n++) {
		memset(at, 'a', n);
		at[n] = '\0';
		memset(key, '/', n);
		key[n] = '\0';
		ck_fails(json_get_int(o, at, "key", false, 0, 1, &i, &e), e,
		    ERR_MALFORMED);
		ck_assert_uint_lt(strlen(e.field), sizeof(e.field));
		ck_fails(json_get_int(o, "", key, false, 0, 1, &i, &e), e,
		    ERR_MALFORMED);
		ck_assert_uint_lt(strlen(e.field), sizeof(e.field));
	}
	json_decref(o);
}
END_TEST

START_TEST(only_known_keys)
{
	static const char *const none[] = { NULL };
	static const char *const some[] = { "vlan", "name", NULL };
	json_t *o = json_object(), *list = json_array();
	struct err e;

	ck_ok(json_only(o, "", none, &e), e);
	ck_ok(json_only(o, "", some, &e), e);
	json_put(o, "vlan", json_int(1));
	ck_ok(json_only(o, "", some, &e), e);
	ck_fails(json_only(o, "", none, &e), e, ERR_MALFORMED);
	json_put(o, "valn", json_int(1));
	ck_fails(json_only(o, "/networks/0", some, &e), e, ERR_MALFORMED);
	ck_assert_str_eq(e.field, "/networks/0/valn");
	ck_assert_ptr_nonnull(strstr(e.msg, "vlan, name"));
	ck_fails(json_only(list, "", some, &e), e, ERR_MALFORMED);
	json_decref(o);
	json_decref(list);
}
END_TEST

SUITE("json")
{
	tcase_add_loop_test(tc, a_document, 0, N_ROWS(documents));
	tcase_add_test(tc, a_message_never_quotes_the_input);
	tcase_add_test(tc, size_is_looked_at_first);
	tcase_add_test(tc, thirty_two_levels);
	tcase_add_test(tc, every_cut_is_refused);
	tcase_add_test(tc, a_file);
	tcase_add_loop_test(tc, a_bad_file, 0, N_ROWS(bad_files));
	tcase_add_test(tc, texts_keep_order_or_are_sorted);
	tcase_add_test(tc, a_label_that_is_not_utf8_is_patched);
	tcase_add_loop_test(tc, an_int, 0, N_ROWS(ints));
	tcase_add_test(tc, a_bool);
	tcase_add_loop_test(tc, a_text, 0, N_ROWS(texts));
	tcase_add_test(tc, absent_is_untouched_or_missing);
	tcase_add_test(tc, a_key_is_escaped_in_its_pointer);
	tcase_add_test(tc, a_pointer_is_cut_not_overrun);
	tcase_add_test(tc, only_known_keys);
}
