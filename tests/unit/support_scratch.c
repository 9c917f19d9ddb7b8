/* support_scratch.c -- see support_scratch.h. */
#include "tests/unit/support_scratch.h"

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/test.h"

static char scratch[64], home[PATH_MAX];

void
support_scratch_enter(void)
{
	const char *in = getenv("TMPDIR");

	ck_assert_ptr_nonnull(getcwd(home, sizeof(home)));
	snprintf(scratch, sizeof(scratch), "%s/polyroot-test-XXXXXX",
	    in != NULL && in[0] == '/' && strlen(in) < 32 ? in : "/tmp");
	ck_assert_ptr_nonnull(mkdtemp(scratch));
	ck_assert_int_eq(chdir(scratch), 0);
}

static int
take(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

void
support_scratch_leave(void)
{
	ck_assert_int_eq(chdir(home), 0);
	ck_assert_int_eq(nftw(scratch, take, 8, FTW_DEPTH | FTW_PHYS), 0);
}
