/*
 * file.h -- small files that are there whole or not at all.
 */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

/* Mode 0600: written beside, synced, renamed over `path`, the directory synced.
 * ERR_UNAVAILABLE names the path. */
int file_put(const char *path, const void *bytes, size_t n, struct err *)
    ERR_MUST_CHECK;
/* Appends what it holds; ERR_NOT_FOUND, ERR_TOO_LARGE at the buffer's ceiling. */
int file_get(const char *path, struct buf *, struct err *) ERR_MUST_CHECK;
/* Renames, and syncs the directory of both. */
int file_move(const char *from, const char *to, struct err *) ERR_MUST_CHECK;
/* The first line without its end: a secret, a password. */
int file_line(const char *path, struct buf *, struct err *) ERR_MUST_CHECK;
/* A directory, 0700, when it is not there. */
int file_dir(const char *path, struct err *) ERR_MUST_CHECK;

#endif
