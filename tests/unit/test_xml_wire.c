/* polyroot-xml's answers are believed only as far as they make sense. */
#include "profiles/xml_read.h"
#include "profiles/xml_wire.h"
#include "tests/test.h"

static struct arena *arena;
static struct buf answer;

static const char text[] = "<a xmlns='" XML_NAMESPACE "' x='1'>\n<b y='2' "
    "z=''>t</b>\n<c><b/></c>\n<b/></a>";

static void
set_up(void)
{
	struct xml_records r;
	struct err e;

	xml_read_init();
	arena = arena_new();
	answer = buf_new(XML_WIRE_MAX);
	ck_ok(xml_read(arena, text, strlen(text), &r, &e), e);
	ck_ok(xml_wire_put(&r, &answer, &e), e);
}

static void
tear_down(void)
{
	buf_free(&answer);
	arena_free(arena);
}

START_TEST(records_cross_unchanged)
{
	struct xml_records want, got;
	struct err e;

	ck_ok(xml_read(arena, text, strlen(text), &want, &e), e);
	ck_ok(xml_wire_get(arena, answer.data, answer.len, &got, &e), e);
	ck_assert_uint_eq(got.n, want.n);
	ck_assert_uint_eq(got.n_attrs, want.n_attrs);
	for (uint32_t i = 0; i < want.n; i++) {
		const struct xml_element *a = &want.elements[i];
		const struct xml_element *b = &got.elements[i];

		ck_assert_str_eq(a->name, b->name);
		ck_assert_str_eq(a->text, b->text);
		ck_assert_uint_eq(a->parent, b->parent);
		ck_assert_uint_eq(a->end, b->end);
		ck_assert_uint_eq(a->position, b->position);
		ck_assert_uint_eq(a->line, b->line);
		ck_assert_uint_eq(a->attrs, b->attrs);
		ck_assert_uint_eq(a->n_attrs, b->n_attrs);
	}
	ck_assert_str_eq(got.document_digest, want.document_digest);
	ck_assert_str_eq(got.content_digest, want.content_digest);
}
END_TEST

START_TEST(a_refusal_crosses)
{
	struct xml_records got;
	struct err sent, e;

	(void)err_rule(&sent, ERR_MALFORMED, "DocumentLimit", NULL,
	    "line 3: \x1b[2J much");
	xml_wire_refuse(&sent, &answer);
	ck_breaks(xml_wire_get(arena, answer.data, answer.len, &got, &e), e,
	    ERR_MALFORMED, "DocumentLimit");
	ck_assert_str_eq(e.msg, "line 3: ?[2J much");
}
END_TEST

/* One 32-bit word of the answer replaced by something nasty. */
START_TEST(a_wrong_number_is_noticed)
{
	static const uint32_t values[] = { 0, 1, 2, 5, 255, 0x7fffffff,
	    0xffffffff };
	uint32_t word;
	size_t refused = 0, tried = 0;

	for (size_t at = 0; at + 4 <= answer.len; at += 4) {
		for (int v = 0; v < N_ROWS(values); v++) {
			char *copy = arena_copy(arena, answer.data,
			    answer.len);
			struct xml_records got;
			struct err e;

			memcpy(&word, copy + at, 4);
			if (word == values[v])
				continue;
			memcpy(copy + at, &values[v], 4);
			tried++;
			if (xml_wire_get(arena, copy, answer.len, &got,
			    &e) < 0)
				refused++;
			else
				ck_assert_uint_eq(got.n, 5);
		}
	}
	/* What passes is another line, name or text, which are free. */
	ck_assert_uint_gt(refused * 2, tried / 2);
	ck_assert_uint_gt(refused, 28);
}
END_TEST

START_TEST(a_cut_or_longer_answer_is_noticed)
{
	char *longer = arena_alloc(arena, answer.len + 1);
	struct xml_records got;
	struct err e;

	for (size_t n = 0; n < answer.len; n++)
		ck_fails(xml_wire_get(arena, answer.data, n, &got, &e), e,
		    ERR_INTERNAL);
	memcpy(longer, answer.data, answer.len);
	ck_fails(xml_wire_get(arena, longer, answer.len + 1, &got, &e), e,
	    ERR_INTERNAL);
}
END_TEST

SUITE("xml_wire")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, records_cross_unchanged);
	tcase_add_test(tc, a_refusal_crosses);
	tcase_add_test(tc, a_wrong_number_is_noticed);
	tcase_add_test(tc, a_cut_or_longer_answer_is_noticed);
}
