/*
 * face_tree.h -- what the tree like /sys consists of, without FUSE.
 *
 * A path names a directory, a link or a file; everything is worked out from the
 * chassis at the moment of asking and nothing is kept, so what is gone is gone.
 * Paths begin with "/" and are relative to the mount point.  Errors are negative
 * errnos, as FUSE wants them.  The caller holds the chassis' lock.
 */
#ifndef EMULATOR_FACE_TREE_H
#define EMULATOR_FACE_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "tools/emulator/chassis.h"

enum face_tree_kind { TREE_DIR, TREE_DEVICE, TREE_LINK, TREE_TEXT, TREE_CONFIG };

struct face_tree_node {
	enum face_tree_kind kind;
	uint16_t rid;			/* all but TREE_DIR */
	unsigned which;			/* row of the kind's table */
};

enum { FACE_TREE_TEXT = 2048, FACE_TREE_FILE = 4096 };

/* 0 with *out filled, or -ENOENT. */
int face_tree_find(const struct chassis *, const char *path,
    struct face_tree_node *out);
/* Names in a TREE_DIR or TREE_DEVICE, in order; stops when `add` says so. */
typedef int face_tree_add(void *cookie, const char *name);
void face_tree_list(const struct chassis *, const struct face_tree_node *,
    face_tree_add *, void *cookie);
/* Where a TREE_LINK points; text of a TREE_TEXT.  Bytes written without the NUL
 * (cut at `size`), or -ENODEV. */
int face_tree_link(const struct chassis *, const struct face_tree_node *,
    char *out, size_t size);
int face_tree_text(const struct chassis *, const struct face_tree_node *,
    char *out, size_t size);

#endif
