/* What an arena gives is zeroed, aligned, apart from the rest, and stays. */
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>

#include "base/arena.h"
#include "tests/test.h"

START_TEST(pieces_are_zeroed_aligned_and_apart)
{
	static const size_t sizes[] = { 0, 1, 7, 16, 100, 16383, 16384, 16385,
	    1000000, 3 };
	unsigned char *pieces[N_ROWS(sizes)];
	struct arena *a = arena_new();

	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N_ROWS(sizes); i++) {
			pieces[i] = arena_alloc(a, sizes[i]);
			ck_assert_uint_eq((uintptr_t)pieces[i] %
			    alignof(max_align_t), 0);
			for (size_t k = 0; k < sizes[i]; k++)
				ck_assert_uint_eq(pieces[i][k], 0);
			memset(pieces[i], i + 1, sizes[i]);
		}
		for (int i = 0; i < N_ROWS(sizes); i++)
			for (size_t k = 0; k < sizes[i]; k++)
				ck_assert_uint_eq(pieces[i][k],
				    (unsigned char)(i + 1));
		if (round > 0)
			arena_reset(a);
	}
	arena_free(a);
}
END_TEST

START_TEST(reset_gives_the_first_block_again)
{
	struct arena *a = arena_new();
	void *first = arena_alloc(a, 32);

	(void)arena_alloc(a, 100000);
	arena_reset(a);
	ck_assert_ptr_eq(arena_alloc(a, 32), first);
	arena_free(a);
}
END_TEST

START_TEST(a_large_piece_leaves_what_is_left_of_a_block)
{
	enum { SMALL = 128, LARGE = 100000 };
	struct arena *a = arena_new();
	char *before, *large, *after;

	(void)arena_alloc(a, LARGE);
	before = arena_alloc(a, SMALL);
	large = arena_alloc(a, LARGE);
	after = arena_alloc(a, SMALL);
	memset(large, 'x', LARGE);
	ck_assert_ptr_eq(after, before + SMALL);
	ck_assert_int_eq(before[0] + after[0] + after[SMALL - 1], 0);
	arena_reset(a);
	arena_free(a);
}
END_TEST

START_TEST(free_of_nothing_does_nothing)
{
	arena_free(NULL);
}
END_TEST

START_TEST(texts_and_copies)
{
	struct arena *a = arena_new();
	char source[] = "slot";
	char *copy = arena_strdup(a, source), *bytes;

	bytes = arena_copy(a, source, 3);
	source[0] = 'X';
	ck_assert_str_eq(copy, "slot");
	ck_assert_mem_eq(bytes, "slo", 3);
	ck_assert_str_eq(arena_printf(a, "%s %d", copy, 42), "slot 42");
	ck_assert_str_eq(arena_printf(a, "%s", ""), "");
	ck_assert_uint_eq(strlen(arena_printf(a, "%*s", 50000, "x")), 50000);
	arena_free(a);
}
END_TEST

START_TEST(a_pushed_list_keeps_all_it_got)
{
	struct arena *a = arena_new();
	size_t n = 0, cap = 0;
	int *list = NULL;

	for (int i = 0; i < 10000; i++)
		ARENA_PUSH(a, list, n, cap) = i;
	ck_assert_uint_eq(n, 10000);
	ck_assert_uint_ge(cap, n);
	for (int i = 0; i < 10000; i++)
		ck_assert_int_eq(list[i], i);
	arena_free(a);
}
END_TEST

START_TEST(an_array_that_overflows_aborts)
{
	(void)arena_array(arena_new(), SIZE_MAX / 2, 3);
}
END_TEST

START_TEST(an_impossible_size_aborts)
{
	(void)arena_alloc(arena_new(), SIZE_MAX - 8);
}
END_TEST

START_TEST(xcalloc_that_overflows_aborts)
{
	free(xcalloc(SIZE_MAX / 2, 3));
}
END_TEST

START_TEST(the_malloc_family)
{
	char *s = xstrdup("abc"), *zero = xcalloc(3, 5), *nothing = xmalloc(0);

	s = xrealloc(s, 1000);
	ck_assert_str_eq(s, "abc");
	for (int i = 0; i < 15; i++)
		ck_assert_int_eq(zero[i], 0);
	ck_assert_ptr_nonnull(nothing);
	nothing = xrealloc(nothing, 0);
	ck_assert_ptr_nonnull(nothing);
	free(s);
	free(zero);
	free(nothing);
}
END_TEST

SUITE("arena")
{
	tcase_add_test(tc, pieces_are_zeroed_aligned_and_apart);
	tcase_add_test(tc, reset_gives_the_first_block_again);
	tcase_add_test(tc, a_large_piece_leaves_what_is_left_of_a_block);
	tcase_add_test(tc, free_of_nothing_does_nothing);
	tcase_add_test(tc, texts_and_copies);
	tcase_add_test(tc, a_pushed_list_keeps_all_it_got);
	tcase_add_test_raise_signal(tc, an_array_that_overflows_aborts,
	    SIGABRT);
	tcase_add_test_raise_signal(tc, an_impossible_size_aborts, SIGABRT);
	tcase_add_test_raise_signal(tc, xcalloc_that_overflows_aborts,
	    SIGABRT);
	tcase_add_test(tc, the_malloc_family);
}
