/*
 * files.h -- which embedded file answers a path.
 *
 * The web UI is one page that makes its own pages: an address that is not a file
 * ("/slots/3", "/profiles/web.1") gets index.html, so that a bookmark works.
 * Files lie at the top: "/missing.js" is not found.
 */
#ifndef APPLIANCE_HTTP_FILES_H
#define APPLIANCE_HTTP_FILES_H

#include "appliance/http/static_files.h"

/* NULL when there is none. */
const struct static_file *files_find(const struct static_file *table, size_t n,
    const char *path);

#endif
