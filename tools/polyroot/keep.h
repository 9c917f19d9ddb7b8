/*
 * keep.h -- the token that `polyroot login` keeps.
 *
 * A file of the user's own (0600) below $XDG_STATE_HOME/polyroot or
 * ~/.local/state/polyroot, one per appliance address.
 */
#ifndef TOOLS_POLYROOT_KEEP_H
#define TOOLS_POLYROOT_KEEP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* False when none is kept. */
bool keep_load(const char *url, char *token, size_t size);
int keep_save(const char *url, const char *token, struct err *) ERR_MUST_CHECK;
void keep_drop(const char *url);

#endif
