/* random_hand.c -- see random.h: what happens to the box and the programs. */
#include <stdio.h>

#include "profiles/journal.h"
#include "tests/sim/random.h"
#include "tests/test.h"

static const char *const verbs[] = { "prepare", "bind", "unbind", "scrub",
	"slot_ctl", "disk_make", "disk_destroy" };

/* A command of the control socket that is also a line of the history. */
__attribute__((format(printf, 2, 3))) static void
hand(struct random_run *r, const char *fmt, ...)
{
	char line[128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(line, sizeof(line), fmt, ap);
	va_end(ap);
	random_note(r, "%s", line);
	support_chassis_do(&r->w.chassis, "%s", line);
}

/* Slot 4 has no server. */
static unsigned
server(struct random_run *r)
{
	return 1 + random_below(r, RANDOM_SLOTS - 1);
}

static void
set_power(struct random_run *r, unsigned slot, bool off)
{
	if (r->unplugged[slot] || r->off[slot] == off)
		return;
	hand(r, "power slot %u %s", slot, off ? "off" : "on");
	r->off[slot] = off;
}

void
random_power(struct random_run *r)
{
	unsigned slot = server(r);

	set_power(r, slot, !r->off[slot]);
}

static void
set_cable(struct random_run *r, unsigned slot, bool out)
{
	if (r->unplugged[slot] == out)
		return;
	hand(r, out ? "unplug slot %u" : "plug slot %u", slot);
	r->unplugged[slot] = out;
}

void
random_cable(struct random_run *r)
{
	unsigned slot = server(r);

	set_cable(r, slot, !r->unplugged[slot]);
}

static void
set_card(struct random_run *r, unsigned bay, bool out)
{
	static const char *const cards[] = { "", "X520-SR2 N", "QLE2562 F",
		"9260-4i R" };

	if (r->pulled[bay] == out)
		return;
	if (out)
		hand(r, "pull bay %u", bay);
	else
		hand(r, "insert bay %u %s%u", bay, cards[bay],
		    r->other[bay] ? 2 : 1);
	r->pulled[bay] = out;
}

/* Another one of the same kind, and the first one again. */
static void
change_card(struct random_run *r, unsigned bay)
{
	set_card(r, bay, true);
	world_pass(&r->w, 300);
	r->other[bay] = !r->other[bay];
	set_card(r, bay, false);
}

/* Disks are on their card: that one would be a loss. */
void
random_other_card(struct random_run *r)
{
	change_card(r, 1 + random_below(r, 2));
}

void
random_card(struct random_run *r)
{
	unsigned bay = 1 + random_below(r, RANDOM_BAYS);

	/* Rather one that is out, back. */
	for (unsigned i = 1; i <= RANDOM_BAYS; i++)
		if (r->pulled[i])
			bay = i;
	set_card(r, bay, !r->pulled[bay]);
}

void
random_fault(struct random_run *r)
{
	static const char *const what[] = { "error", "error", "timeout",
		"late" };

	const char *how = what[random_below(r, 4)];

	/* What hangs keeps its place in the switch until it is asked again. */
	hand(r, "fault %s %s %s %u", verbs[random_below(r, N_ROWS(verbs))],
	    how, random_one_in(r, 2) ? "before" : "after",
	    strcmp(how, "timeout") != 0 && random_one_in(r, 4) ? 8 :
	    1 + random_below(r, 2));
	r->count->faults++;
}

/* Neither forth nor back once something is done. */
void
random_refuse(struct random_run *r)
{
	hand(r, "fault bind error before 40");
	hand(r, "fault scrub error before 40");
}

void
random_refuse_none(struct random_run *r)
{
	for (size_t i = 0; i < N_ROWS(verbs); i++)
		hand(r, "fault %s none", verbs[i]);
}

void
random_delay(struct random_run *r)
{
	hand(r, "delay %s %u", verbs[random_below(r, N_ROWS(verbs))],
	    random_one_in(r, 3) ? 0 : 20 * random_below(r, 40));
}

void
random_events(struct random_run *r)
{
	static const char *const what[] = { "lose", "duplicate", "overflow" };

	hand(r, "fault event %s %u", what[random_below(r, 3)],
	    1 + random_below(r, 4));
	r->count->faults++;
}

void
random_reset(struct random_run *r)
{
	hand(r, "reset");
}

/* Somebody takes away what is there; it is bound again. */
void
random_unmap(struct random_run *r)
{
	hand(r, "unmap %u %u", 1 + random_below(r, RANDOM_SLOTS),
	    random_below(r, 3));
}

/* And maps one that nobody uses, where nobody else is; always at the same slot,
 * for he scrubs nothing. */
void
random_map(struct random_run *r)
{
	unsigned i = random_below(r, RANDOM_STRANGERS);

	if (r->strangers[i] != 0 || r->pulled[RANDOM_NIC_BAY])
		return;
	r->strangers[i] = 1 + i;
	hand(r, "map io1.1.vf%u %u %u", 62 - i, r->strangers[i], 7 - i);
}

static void
unmap_strangers(struct random_run *r)
{
	for (unsigned i = 0; i < RANDOM_STRANGERS; i++) {
		if (r->strangers[i] != 0)
			hand(r, "unmap %u %u", r->strangers[i], 7 - i);
		r->strangers[i] = 0;
	}
}

/* And sets what a server sees to something else. */
void
random_set(struct random_run *r)
{
	static const char *const values[] = { "limitMbps 77", "pcp 5",
		"vlans 999", "mtu 1400" };
	char fn[FN_TEXT];

	for (size_t i = 0; i < r->n_profiles; i++)
		for (size_t k = 0; k < r->profiles[i].n_devices; k++) {
			const struct device *d = &r->profiles[i].devices[k];

			if (d->kind != DEVICE_VNIC || d->placed == 0 ||
			    r->pulled[fn_bay(d->placed)] || random_one_in(r, 2))
				continue;
			hand(r, "set %s %s", fn_text(d->placed, fn),
			    values[random_below(r, N_ROWS(values))]);
			return;
		}
}

static void
set_speed(struct random_run *r, unsigned port, unsigned mbps)
{
	if (!r->pulled[RANDOM_NIC_BAY])
		hand(r, "speed bay 1 port %u %u", port, mbps);
}

void
random_speed(struct random_run *r)
{
	static const unsigned speeds[] = { 10000, 1000, 10000, 100 };

	set_speed(r, 1 + random_below(r, RANDOM_PORTS),
	    speeds[random_below(r, 4)]);
}

void
random_crash(struct random_run *r)
{
	random_note(r, "kill -9 polyrootd");
	world_crash(&r->w);
	r->count->crashes++;
}

void
random_crash_later(struct random_run *r)
{
	r->w.crash_at = r->w.turns + 1 + random_below(r, 60);
	random_note(r, "kill -9 polyrootd at turn %u", r->w.crash_at);
	r->count->crashes++;
}

/* It cannot start before the switch has; it is started again until then. */
void
random_switchmgr(struct random_run *r)
{
	world_pass(&r->w, 200);
	random_note(r, "kill -9 polyroot-switchmgr");
	world_crash_switchmgr(&r->w);
	r->count->crashes++;
}

void
random_wait(struct random_run *r)
{
	int ms = random_one_in(r, 3) ? 70000 : 3000;

	random_note(r, "wait %d ms", ms);
	world_pass(&r->w, ms);
}

/* ---- everything right again ---- */

struct decision {
	struct writer_entry entry;
	const struct job *job;
	bool retry;
};

static int
decide(struct writer_entry *entry, struct store *store, int64_t wall_ms,
    struct err *e)
{
	const struct decision *d = entry->cookie;

	return d->retry ? engine_retry(store, d->job, wall_ms, e) :
	    engine_abandon(store, d->job, wall_ms, e);
}

static void
decided(struct writer_entry *entry)
{
	(void)entry;
}

/* What could neither be applied nor rolled back. */
static void
release_stuck(struct random_run *r, bool retry)
{
	struct job *jobs;
	struct err e;
	size_t n;

	ck_ok(job_list_open(r->w.reader, r->arena, &jobs, &n, &e), e);
	for (size_t i = 0; i < n; i++) {
		struct decision d = { .job = &jobs[i], .retry = retry };

		if (jobs[i].state != JOB_ROLLBACK_FAILED)
			continue;
		random_note(r, "%s job %lld", retry ? "retry" : "abandon",
		    (long long)jobs[i].id);
		d.entry = (struct writer_entry){ .run = decide,
			.done = decided, .cookie = &d };
		ck_assert(writer_submit(r->w.writer, &d.entry));
		while (writer_turn(r->w.wall_ms, r->w.store, r->w.writer) > 0)
			continue;
	}
}

/* The other card, since somebody confirmed it. */
static bool
is_expected(struct random_run *r, unsigned bay)
{
	struct module m;
	struct err e;

	ck_ok(module_load(r->w.reader, bay, &m, &e), e);
	random_note(r, "(io%u: %s is expected)", bay, m.bay == 0 ? "none" :
	    m.serial);
	return m.bay == 0 ? r->other[bay] : strchr(m.serial, '2') != NULL;
}

/* In each bay the card that its devices are expected on. */
static void
mend_cards(struct random_run *r)
{
	for (unsigned i = 1; i <= RANDOM_BAYS; i++) {
		if (r->other[i] != is_expected(r, i))
			change_card(r, i);
		set_card(r, i, false);
	}
	for (unsigned i = 1; i <= RANDOM_PORTS; i++)
		set_speed(r, i, 10000);
}

void
random_mend(struct random_run *r)
{
	r->w.crash_at = 0;
	random_refuse_none(r);
	for (size_t i = 0; i < N_ROWS(verbs); i++)
		support_chassis_do(&r->w.chassis, "delay %s 0", verbs[i]);
	hand(r, "fault event none");
	mend_cards(r);
	unmap_strangers(r);
	for (unsigned i = 1; i < RANDOM_SLOTS; i++) {
		set_cable(r, i, false);
		set_power(r, i, false);
	}
	random_note(r, "(mended)");
	(void)world_settle(&r->w, 200000);
	if (random_one_in(r, 2)) {
		release_stuck(r, true);
		(void)world_settle(&r->w, 200000);
	}
	release_stuck(r, false);
	mend_cards(r);
	random_look(r);
	random_check_mended(r);
	r->count->mended++;
	if (random_one_in(r, 3))
		random_check_restart(r);
}
