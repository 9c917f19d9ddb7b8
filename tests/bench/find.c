/*
 * find.c -- one address among many rows of the ledger, in the store.
 *
 *	find DIRECTORY [ROWS [LOOKUPS]]
 *
 * Fills a fresh ledger with ROWS (1,000,000) owners of MACs spread over their
 * space, then looks for random ones: by all their digits, by the last six, by
 * the first seven, by six in the middle.  Prints for each {"p50us","p99us"}.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/random.h"
#include "profiles/ledger.h"

static void
must(int rc, const struct err *e)
{
	if (rc >= 0)
		return;
	(void)fprintf(stderr, "find: %s\n", e->msg);
	exit(EXIT_FAILURE);
}

static double
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* One to one and far apart, so that no digit is the same everywhere. */
static uint64_t
mac_at(uint64_t i)
{
	return UINT64_C(0x020000000000) |
	    ((i * UINT64_C(0x9E3779B97F)) & UINT64_C(0xFFFFFFFFFF));
}

static void
fill(struct store *st, uint64_t rows)
{
	struct identity id = { .space = SPACE_MAC, .role = ROLE_MAC };
	struct err e;

	must(store_begin(st, &e), &e);
	for (uint64_t i = 0; i < rows; i++) {
		id.value = mac_at(i);
		(void)snprintf(id.profile, sizeof(id.profile),
		    "00000000-0000-4000-8000-%012x", (unsigned)(i / 32));
		(void)snprintf(id.device, sizeof(id.device),
		    "00000000-0000-4000-9000-%012x", (unsigned)i);
		(void)snprintf(id.profile_name, sizeof(id.profile_name),
		    "p%llu", (unsigned long long)(i / 32));
		(void)snprintf(id.device_name, sizeof(id.device_name),
		    "net%llu", (unsigned long long)(i % 32));
		must(ledger_assign(st, &id, 1, &e), &e);
	}
	must(store_commit(st, &e), &e);
}

static int
rising(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
look(struct store *st, struct rng *rng, const char *what, size_t from,
    size_t len, uint64_t rows, size_t lookups)
{
	double *us = calloc(lookups, sizeof(*us));
	struct arena *a = arena_new();
	struct err e;

	if (us == NULL)
		abort();
	for (size_t i = 0; i < lookups; i++) {
		uint64_t mac = mac_at(rng_below(rng, rows));
		char digits[17], part[17];
		struct identity *list;
		bool found = false;
		double start;
		size_t n;

		(void)snprintf(digits, sizeof(digits), "%012llX",
		    (unsigned long long)mac);
		(void)snprintf(part, sizeof(part), "%.*s", (int)len,
		    digits + from);
		arena_reset(a);
		start = now_us();
		must(ledger_find(st, a, part, 0, 200, &list, &n, &e), &e);
		us[i] = now_us() - start;
		for (size_t k = 0; k < n; k++)
			found = found || list[k].value == mac;
		if (!found) {
			(void)fprintf(stderr, "find: %s is lost\n", part);
			exit(EXIT_FAILURE);
		}
	}
	qsort(us, lookups, sizeof(*us), rising);
	(void)printf("\"%s\":{\"p50us\":%.1f,\"p99us\":%.1f},", what,
	    us[lookups / 2], us[lookups * 99 / 100]);
	arena_free(a);
	free(us);
}

int
main(int argc, char **argv)
{
	uint64_t rows = argc > 2 ? strtoull(argv[2], NULL, 10) : 1000000;
	size_t lookups = argc > 3 ? strtoul(argv[3], NULL, 10) : 2000;
	struct rng rng = rng_seed(1);
	struct store *st;
	char path[512];
	double start = now_us();
	struct err e;

	if (argc < 2 || rows == 0 || lookups == 0) {
		(void)fputs("usage: find DIRECTORY [ROWS [LOOKUPS]]\n", stderr);
		return 2;
	}
	(void)snprintf(path, sizeof(path), "%s/ledger.db", argv[1]);
	must(store_open_writer(path, &st, &e), &e);
	fill(st, rows);
	(void)printf("{\"fillSeconds\":%.1f,", (now_us() - start) / 1e6);
	look(st, &rng, "whole", 0, 12, rows, lookups);
	look(st, &rng, "last", 6, 6, rows, lookups);
	look(st, &rng, "first", 0, 7, rows, lookups);
	look(st, &rng, "middle", 4, 6, rows, lookups);
	(void)printf("\"rows\":%llu}\n", (unsigned long long)rows);
	store_close(st);
	return 0;
}
