/*
 * test_chassis_doc.c -- docs/mriov-registers.md and the header say the same.
 *
 * Every constant of switchmgr/mriov_map.h has a row `| value | `NAME` |` in the
 * document with that value, and the document names no constant that is not there.
 */
#include "tests/test.h"

#include <stdio.h>

#include "switchmgr/mriov_map.h"

enum { TEXT_MAX = 1 << 20 };

static char header[TEXT_MAX], doc[TEXT_MAX];

static void
read_text(const char *path, char *out)
{
	FILE *f = fopen(path, "r");
	size_t n;

	ck_assert_msg(f != NULL, "%s", path);
	n = fread(out, 1, TEXT_MAX - 1, f);
	out[n] = '\0';
	(void)fclose(f);
	ck_assert_uint_gt(n, 1000);
}

static void
read_both(void)
{
	read_text("switchmgr/mriov_map.h", header);
	read_text("docs/mriov-registers.md", doc);
}

static bool
is_name(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* Copies the name at `p`; how long it is, 0 when there is none. */
static size_t
name_at(const char *p, char name[64])
{
	size_t n = 0;

	if (strncmp(p, "MR_", 3) != 0 && strncmp(p, "CFG_", 4) != 0)
		return 0;
	while (n < 63 && is_name(p[n]))
		n++;
	memcpy(name, p, n);
	name[n] = '\0';
	return n;
}

/* The next `NAME = value` of the header from p; NULL at the end. */
static const char *
next_constant(const char *p, char name[64], unsigned long *value)
{
	for (; *p != '\0'; p++) {
		size_t n = p == header || !is_name(p[-1]) ? name_at(p, name) : 0;
		char *rest;

		if (n == 0 || strncmp(p + n, " = ", 3) != 0)
			continue;
		*value = strtoul(p + n + 3, &rest, 0);
		if (strncmp(rest, " << ", 4) == 0)
			*value <<= strtoul(rest + 4, &rest, 0);
		else if (strncmp(rest, " + ", 3) == 0)
			*value += strtoul(rest + 3, &rest, 0);
		return rest;
	}
	return NULL;
}

/* Is there a row "| VALUE | `NAME` |"? */
static bool
in_doc(const char *name, unsigned long value)
{
	char cell[80];
	const char *p = doc;

	(void)snprintf(cell, sizeof(cell), " | `%s` |", name);
	while ((p = strstr(p, cell)) != NULL) {
		const char *line = p;

		while (line > doc && line[-1] != '\n')
			line--;
		if (strncmp(line, "| ", 2) == 0 &&
		    strtoul(line + 2, NULL, 0) == value)
			return true;
		p++;
	}
	return false;
}

START_TEST(every_constant_has_its_row)
{
	const char *p = header;
	unsigned long value;
	unsigned n = 0;
	char name[64];

	while ((p = next_constant(p, name, &value)) != NULL) {
		ck_assert_msg(in_doc(name, value), "%s = %#lx", name, value);
		n++;
	}
	ck_assert_uint_gt(n, 150);
}
END_TEST

START_TEST(every_name_exists)
{
	char name[64], want[80];

	for (const char *p = doc; *p != '\0'; p++) {
		size_t n = *p == '`' ? name_at(p + 1, name) : 0;

		if (n == 0 || p[1 + n] == '*')
			continue;
		(void)snprintf(want, sizeof(want), "%s = ", name);
		ck_assert_msg(strstr(header, want) != NULL, "%s", name);
	}
}
END_TEST

/* The parser above must read what the compiler reads. */
START_TEST(the_header_is_read_as_the_compiler_reads_it)
{
	static const struct {
		const char *name;
		unsigned long value;
	} rows[] = {
		{ "MR_ST_OVERFLOW", MR_ST_OVERFLOW }, { "MR_WINDOW", MR_WINDOW },
		{ "MR_ERR_INTERNAL", MR_ERR_INTERNAL },
		{ "MR_PS_DISKS", MR_PS_DISKS }, { "MR_TERM_HI", MR_TERM_HI },
		{ "CFG_ANSWER_BYTES", CFG_ANSWER_BYTES },
		{ "MR_EV_IS_DISK", MR_EV_IS_DISK },
	};
	const char *p = header;
	unsigned long value;
	char name[64];

	while ((p = next_constant(p, name, &value)) != NULL &&
	    strcmp(name, rows[_i].name) != 0)
		;
	ck_assert_ptr_nonnull(p);
	ck_assert_uint_eq(value, rows[_i].value);
	ck_assert(!in_doc(name, value + 1));
}
END_TEST

SUITE("chassis_doc")
{
	tcase_add_unchecked_fixture(tc, read_both, NULL);
	tcase_add_test(tc, every_constant_has_its_row);
	tcase_add_test(tc, every_name_exists);
	tcase_add_loop_test(tc, the_header_is_read_as_the_compiler_reads_it, 0,
	    7);
}
