/*
 * support_scratch.h -- a directory for one test, entered and left.
 *
 * One at a time and process.  Paths inside are short and relative, as sockets
 * need them.  A test that fails leaves its directory behind, to be looked at.
 */
#ifndef TESTS_SUPPORT_SCRATCH_H
#define TESTS_SUPPORT_SCRATCH_H

/* Makes a new one and makes it the working directory. */
void support_scratch_enter(void);
/* Back to where we came from; it goes with all that is in it. */
void support_scratch_leave(void);

#endif
