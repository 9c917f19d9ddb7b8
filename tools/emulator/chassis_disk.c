/*
 * chassis_disk.c -- virtual disks of a RAID module.
 *
 * All disks of a module stripe over all its drives; what they need of the raw
 * capacity depends on the level.  A disk outlives every reset and power cut.
 */
#include "tools/emulator/chassis_parts.h"

static const struct raid {
	uint8_t level, drives_min, mirrors, parity, tolerates;
} raids[] = {
	{ 0, 1, 1, 0, 0 }, { 1, 2, 2, 0, 1 }, { 5, 3, 1, 1, 1 },
	{ 6, 4, 1, 2, 2 }, { 10, 4, 2, 0, 1 }, { 50, 6, 1, 2, 1 },
	{ 60, 8, 1, 4, 2 },
};

static const struct raid *
raid_of(uint8_t level)
{
	for (unsigned i = 0; i < sizeof(raids) / sizeof(raids[0]); i++)
		if (raids[i].level == level)
			return &raids[i];
	return NULL;
}

/* MiB of drives under a disk, rounded up. */
static uint64_t
raw_mib(const struct raid *r, const struct module *m, uint64_t mib)
{
	uint64_t data = m->drives - r->parity;

	return (mib * r->mirrors * m->drives + data - 1) / data;
}

static bool
fits(const struct module *m, const struct raid *r, uint64_t mib)
{
	uint64_t used = 0;

	if (m->drives < r->drives_min)
		return false;
	for (unsigned i = 0; i < m->model->disks; i++)
		if (m->disks[i].state != 0)
			used += raw_mib(raid_of(m->disks[i].raid), m,
			    m->disks[i].mib);
	return used + raw_mib(r, m, mib) <=
	    (uint64_t)m->drives * m->drive_mib;
}

int
chassis_disk_find(struct chassis *c, struct order *o)
{
	uint64_t number = chassis_get(o->operand, 2);

	(void)c;
	if (number >= o->module->model->disks)
		return MR_ERR_ABSENT;
	o->disk = &o->module->disks[number];
	o->work = &o->disk->work;
	return MR_ERR_NONE;
}

int
chassis_disk_make_check(struct chassis *c, struct order *o)
{
	const struct raid *r = raid_of(o->operand[2]);
	uint64_t mib = chassis_get(o->operand + 4, 4);

	(void)c;
	if (r == NULL || mib == 0)
		return MR_ERR_OPERAND;
	if (o->disk->state != 0)
		return o->disk->raid == r->level && o->disk->mib == mib ?
		    MR_ERR_NONE : MR_ERR_OCCUPIED;
	return fits(o->module, r, mib) ? MR_ERR_NONE : MR_ERR_CAPACITY;
}

/* Others may have taken the room in the meantime. */
int
chassis_disk_make_effect(struct chassis *c, struct order *o)
{
	int err = chassis_disk_make_check(c, o);

	if (err != MR_ERR_NONE || o->disk->state != 0)
		return err;
	o->disk->state = 1;
	o->disk->drives_lost = 0;
	o->disk->raid = o->operand[2];
	o->disk->mib = (uint32_t)chassis_get(o->operand + 4, 4);
	c->dirty = true;
	return MR_ERR_NONE;
}

int
chassis_disk_destroy_check(struct chassis *c, struct order *o)
{
	(void)c;
	return chassis_rows_shown(o->module, o->disk->number) != 0 ?
	    MR_ERR_IN_USE : MR_ERR_NONE;
}

int
chassis_disk_destroy_effect(struct chassis *c, struct order *o)
{
	int err = chassis_disk_destroy_check(c, o);

	if (err != MR_ERR_NONE)
		return err;
	o->disk->state = o->disk->raid = o->disk->drives_lost = 0;
	o->disk->mib = 0;
	c->dirty = true;
	return MR_ERR_NONE;
}

void
chassis_disk_mark(struct chassis *c, struct order *o)
{
	chassis_mark_disk(c, o->module, o->disk);
}

void
chassis_disk_lose(struct chassis *c, struct module *m, struct disk *d)
{
	if (d->drives_lost < UINT8_MAX)
		d->drives_lost++;
	d->state = d->drives_lost <= raid_of(d->raid)->tolerates ? 2 : 3;
	chassis_mark_disk(c, m, d);
}
