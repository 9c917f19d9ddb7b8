/*
 * keep.c -- see keep.h.
 */
#include "tools/polyroot/keep.h"

#include <sys/stat.h>

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* DIR/token-HOST-PORT; false when there is no home.  Makes the directories when
 * asked to. */
static bool
path_of(const char *url, bool make, char path[PATH_MAX])
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	bool xdg = state != NULL && state[0] == '/';
	int n;

	if (!xdg && (home == NULL || home[0] != '/'))
		return false;
	n = snprintf(path, PATH_MAX, "%s%s/polyroot/token-", xdg ? state : home,
	    xdg ? "" : "/.local/state");
	if (n < 0 || (size_t)n + strlen(url) >= PATH_MAX)
		return false;
	for (char *s = path + 1; make && (s = strchr(s, '/')) != NULL; s++) {
		*s = '\0';
		(void)mkdir(path, 0700);
		*s = '/';
	}
	for (url += strlen("https://"); *url != '\0'; url++)
		path[n++] = isalnum((unsigned char)*url) || *url == '.' ?
		    *url : '-';
	path[n] = '\0';
	return true;
}

bool
keep_load(const char *url, char *token, size_t size)
{
	char path[PATH_MAX];
	ssize_t n;
	int fd;

	if (!path_of(url, false, path) ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC)) < 0)
		return false;
	n = read(fd, token, size - 1);
	(void)close(fd);
	if (n <= 0)
		return false;
	token[n] = '\0';
	token[strcspn(token, "\n")] = '\0';
	return token[0] != '\0';
}

int
keep_save(const char *url, const char *token, struct err *e)
{
	char path[PATH_MAX];
	size_t n = strlen(token);
	bool written;
	int fd;

	if (!path_of(url, true, path))
		return err_set(e, ERR_MALFORMED, "HOME is not set");
	(void)unlink(path);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(e, ERR_MALFORMED, "%s: %s", path,
		    strerror(errno));
	written = write(fd, token, n) == (ssize_t)n;
	if (close(fd) < 0 || !written)
		return err_set(e, ERR_UNAVAILABLE, "%s cannot be written",
		    path);
	return 0;
}

void
keep_drop(const char *url)
{
	char path[PATH_MAX];

	if (path_of(url, false, path))
		(void)unlink(path);
}
