/*
 * support_faulty.h -- a driver around a driver, whose nth call fails, once.
 *
 * Before: the inner driver is not asked.  After: it did what it was asked, and
 * the answer is lost.  Either way ERR_UNAVAILABLE: nothing is known.
 */
#ifndef TESTS_SUPPORT_FAULTY_H
#define TESTS_SUPPORT_FAULTY_H

#include "switchmgr/fabric.h"

/* The inner fabric is a loan.  Also reached by fabric_open("faulty:…") after
 * support_faulty_add(), which opens what stands behind the colon and owns it. */
struct fabric *support_faulty_new(struct fabric *inner);
void support_faulty_add(void);

/* The nth call from now on; 0: none. */
void support_faulty_arm(struct fabric *, unsigned n, bool after);
/* Did it happen since it was armed? */
bool support_faulty_fired(const struct fabric *);

#endif
