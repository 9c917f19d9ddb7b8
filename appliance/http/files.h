/*
 * files.h -- which embedded file answers a path.
 *
 * The web UI is one page that makes its own pages: an address that is not a file
 * and has no dot in its last part ("/slots/3") gets index.html, so that a
 * bookmark works.  An address with a dot that is not there is not found.
 */
#ifndef APPLIANCE_HTTP_FILES_H
#define APPLIANCE_HTTP_FILES_H

#include "appliance/http/static_files.h"

/* NULL when there is none. */
const struct static_file *files_find(const struct static_file *table, size_t n,
    const char *path);

#endif
