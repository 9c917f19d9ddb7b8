/*
 * embed.c -- turns files into C: the web UI that polyrootd carries.
 *
 *	embed FILE... > webui.c
 *
 * FILE is the path under which it is served, without the leading slash, and is
 * read relative to the working directory; FILE.gz beside it is its compressed
 * form (gzip -9 -n: equal input gives equal bytes).  The table comes out sorted
 * by path.  See appliance/http/static_files.h for what is written.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"

enum { FILE_MAX = 16 * 1024 * 1024 };

static void
die(const char *path, const char *what)
{
	(void)fprintf(stderr, "embed: %s: %s\n", path, what);
	exit(1);
}

static const char *
media_type(const char *path)
{
	static const struct {
		const char *suffix, *type;
	} known[] = {
		{ ".html", "text/html; charset=utf-8" },
		{ ".js", "text/javascript; charset=utf-8" },
		{ ".mjs", "text/javascript; charset=utf-8" },
		{ ".css", "text/css; charset=utf-8" },
		{ ".json", "application/json" },
		{ ".map", "application/json" },
		{ ".webmanifest", "application/manifest+json" },
		{ ".svg", "image/svg+xml" },
		{ ".png", "image/png" },
		{ ".ico", "image/x-icon" },
		{ ".woff2", "font/woff2" },
		{ ".txt", "text/plain; charset=utf-8" },
		{ ".xsd", "application/xml" },
	};
	size_t n = strlen(path);

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
		size_t m = strlen(known[i].suffix);

		if (n > m && strcmp(path + n - m, known[i].suffix) == 0)
			return known[i].type;
	}
	return "application/octet-stream";
}

static struct buf
slurp(const char *path)
{
	struct buf b = buf_new(FILE_MAX);
	char piece[65536];
	FILE *f = fopen(path, "rbe");
	size_t n;

	if (f == NULL)
		die(path, strerror(errno));
	while ((n = fread(piece, 1, sizeof(piece), f)) > 0)
		buf_put(&b, piece, n);
	if (ferror(f) || b.full)
		die(path, b.full ? "too large" : "cannot be read");
	(void)fclose(f);
	return b;
}

static void
put_bytes(const char *kind, int i, const struct buf *b)
{
	(void)printf("static const unsigned char %s_%d[] = {", kind, i);
	for (size_t k = 0; k < b->len; k++)
		(void)printf("%s%d,", k % 20 == 0 ? "\n" : "",
		    (unsigned char)b->data[k]);
	/* An array needs an element; the size does not count this one. */
	(void)printf("0\n};\n");
}

/* A C string; our build makes no other names. */
static void
check_name(const char *path)
{
	if (path[0] == '/' || strstr(path, "..") != NULL ||
	    path[strspn(path, "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/")] != '\0')
		die(path, "not a name that can be served");
}

/* Writes the bytes of one file and adds its row to the table. */
static void
put_file(const char *path, int i, struct buf *table)
{
	char *gz_path = xmalloc(strlen(path) + 4), etag[DIGEST_TEXT];
	struct buf data, gz;

	check_name(path);
	(void)snprintf(gz_path, strlen(path) + 4, "%s.gz", path);
	data = slurp(path);
	gz = slurp(gz_path);
	put_bytes("data", i, &data);
	put_bytes("gz", i, &gz);
	buf_printf(table, "\t{ \"/%s\", \"%s\",\n\t    \"\\\"%s\\\"\",\n"
	    "\t    data_%d, %zu, gz_%d, %zu },\n", path, media_type(path),
	    digest_text(data.len > 0 ? data.data : "", data.len, etag), i,
	    data.len, i, gz.len);
	buf_free(&data);
	buf_free(&gz);
	free(gz_path);
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int
main(int argc, char **argv)
{
	struct buf table = buf_new(FILE_MAX);

	digest_init();
	qsort(argv + 1, (size_t)(argc - 1), sizeof(*argv), by_name);
	(void)printf("/* table: made by tools/embed */\n"
	    "#include \"appliance/http/static_files.h\"\n\n");
	for (int i = 1; i < argc; i++)
		put_file(argv[i], i, &table);
	(void)printf("\nconst struct static_file static_files[] = {\n%s"
	    "\t{ 0 }\n};\nconst size_t static_n = %d;\n",
	    table.len > 0 ? table.data : "", argc - 1);
	buf_free(&table);
	if (fflush(stdout) != 0 || ferror(stdout))
		die("standard output", "cannot be written");
	return 0;
}
