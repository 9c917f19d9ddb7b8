/*
 * static_files.h -- the web UI, as bytes inside the program.
 *
 * Made at build time by tools/embed from webui/dist ($(B)/gen/webui.c).  The
 * table is sorted by path (strcmp), so that it can be searched by halves; a row
 * of zeros ends it and is not counted.  Empty when the UI was not built.
 *
 * Everything lives as long as the program and is never written.
 */
#ifndef APPLIANCE_HTTP_STATIC_FILES_H
#define APPLIANCE_HTTP_STATIC_FILES_H

#include <stddef.h>

struct static_file {
	const char *path;		/* "/index.html" */
	const char *type;		/* media type */
	const char *etag;		/* strong, with its quotes; from SHA-256 */
	const unsigned char *data;
	size_t size;			/* bytes */
	const unsigned char *gz;	/* the same, gzip -9 */
	size_t gz_size;			/* bytes */
};

extern const struct static_file static_files[];
extern const size_t static_n;		/* rows */

#endif
