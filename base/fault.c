/* fault.c -- see fault.h. */
#include "base/fault.h"

#include <stdatomic.h>

#include "base/log.h"

static atomic_uint left;	/* points still to pass, this one included */
static atomic_bool fired;

void
fault_arm(unsigned n)
{
	atomic_store(&fired, false);
	atomic_store(&left, n);
}

bool
fault_fired(void)
{
	return atomic_load(&fired);
}

bool
fault_here(const char *point)
{
	unsigned n = atomic_load(&left);

	/* Two threads may arrive together; only one of them may take the 1. */
	do {
		if (n == 0)
			return false;
	} while (!atomic_compare_exchange_weak(&left, &n, n - 1));
	if (n > 1)
		return false;
	atomic_store(&fired, true);
	log_debug("fault", "point=%s", point);
	return true;
}
