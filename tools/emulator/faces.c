/*
 * faces.c -- the lock and the alarm bell of an emulated chassis.
 */
#include "tools/emulator/faces.h"

#include <unistd.h>

#include "base/clock.h"

void
faces_wake(struct faces *f)
{
	/* A full pipe has woken the main thread already. */
	if (f->wake >= 0 && write(f->wake, "", 1) < 0)
		return;
}

int
faces_cfg_read(struct faces *f, uint16_t rid, unsigned offset, void *out,
    size_t n)
{
	int rc;

	pthread_mutex_lock(&f->lock);
	rc = chassis_cfg_read(f->chassis, clock_now_ms(), rid, offset, out, n);
	pthread_mutex_unlock(&f->lock);
	return rc;
}

int
faces_cfg_write(struct faces *f, uint16_t rid, unsigned offset, unsigned n,
    uint32_t value)
{
	int rc;

	pthread_mutex_lock(&f->lock);
	rc = chassis_cfg_write(f->chassis, clock_now_ms(), rid, offset, n,
	    value);
	pthread_mutex_unlock(&f->lock);
	faces_wake(f);
	return rc;
}
