/* table */
/* product_tables.c -- what is done, and what goes wrong; see product.h. */
#include "tests/sim/product.h"

#include "tests/test.h"

enum { LONG_MS = 300000 };

static void
settle(struct world *w, int status, const char *method, const char *path,
    const char *body)
{
	int64_t job = world_do(w, status, method, path, body);

	ck_assert(world_settle(w, LONG_MS));
	if (job != 0)
		ck_assert_str_eq(world_job_state(w, job), "applied");
}

/* ---- what is done ---- */

static void
a_spare(struct world *w)
{
	settle(w, 200, "PATCH", "/slots/2", "{\"isSpare\":true}");
}

static void
a_second(struct world *w)
{
	settle(w, 201, "POST", "/profiles", "{\"name\":\"web\"}");
	settle(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"n{n}\","
	    "\"count\":2,\"networks\":[\"prod\"]}");
	settle(w, 202, "POST", "/profiles/web:assign", "{\"slot\":2}");
}

/* Nothing is bound, and a disk is still to be made. */
static void
nothing_there(struct world *w)
{
	settle(w, 202, "POST", "/profiles/db:release", "{}");
	settle(w, 201, "POST", "/profiles/db/vdas", "{\"name\":\"e\","
	    "\"virtualDisks\":[{\"name\":\"swap\",\"raid\":\"RAID0\","
	    "\"capacityMiB\":500}]}");
}

/* Moved, a port's mode changed and a slot switched off since. */
static void
changed_since(struct world *w)
{
	settle(w, 202, "POST", "/profiles/db:move", "{\"slot\":2}");
	settle(w, 202, "PATCH", "/ports/io1/1",
	    "{\"forwardingMode\":\"vepa\"}");
	settle(w, 202, "PATCH", "/slots/1", "{\"adminState\":\"disabled\"}");
}

/* The store is lost, and the switch had a power cut. */
static void
all_lost(struct world *w)
{
	world_lose_store(w);
	support_chassis_do(&w->chassis, "reset");
	world_pass(w, 2000);
}

const struct product_op product_ops[] = {
	{ "move", NULL, "POST", "/profiles/db:move", "{\"slot\":2}", false },
	{ "fence", a_spare, "POST",
	  "/profiles/db:move?confirm=SourceStillUp",
	  "{\"policy\":\"spare\",\"force\":true}", false },
	{ "swap", a_second, "POST", "/profiles/db:swap", "{\"with\":\"web\"}",
	  false },
	{ "evacuate", NULL, "POST", "/bays/1:evacuate", "{}", false },
	{ "release", NULL, "POST", "/profiles/db:release", "{}", false },
	{ "assign", nothing_there, "POST", "/profiles/db:assign",
	  "{\"slot\":1}", false },
	{ "disks", NULL, "PATCH", "/profiles/db/vdas/d?confirm=DestroysData",
	  "{\"virtualDisks\":[{\"name\":\"sys\",\"raid\":\"RAID5\","
	  "\"capacityMiB\":900}]}", false },
	{ "restore", changed_since, "PUT", "/config?scope=all&confirm=OlderThanCurrent", "<", false },
	{ "rebuild", all_lost, "PUT", "/config?scope=all&confirm=OlderThanCurrent", "<", true },
};
const size_t product_n_ops = N_ROWS(product_ops);

/* ---- what goes wrong ---- */

#define OF_THE_VERB(mode) { mode, "", mode, NULL, NULL, NULL, false }
#define HAND(name, line, back) { name, NULL, NULL, line, back, line, false }
#define TAKES(name, line, back) { name, NULL, NULL, line, back, line, true }

const struct product_wrong product_wrongs[] = {
	OF_THE_VERB("error before"),
	OF_THE_VERB("error after"),
	OF_THE_VERB("timeout before"),
	OF_THE_VERB("timeout after"),
	OF_THE_VERB("late before"),
	OF_THE_VERB("late after"),
	{ "event twice", NULL, NULL, "fault event duplicate", "fault event none",
	  "fault event duplicate 100000", false },
	{ "event lost", NULL, NULL, "fault event lose", "fault event none",
	  "fault event lose 100000", false },
	{ "events overflow", NULL, NULL, "fault event overflow",
	  "fault event none", "fault event overflow 100000", false },
	HAND("cable of slot 1", "unplug slot 1", "plug slot 1 SRV-1"),
	HAND("cable of slot 2", "unplug slot 2", "plug slot 2 SRV-2"),
	HAND("server of slot 1", "power slot 1 off", "power slot 1 on"),
	HAND("server of slot 2", "power slot 2 off", "power slot 2 on"),
	HAND("cable of a port", "speed bay 1 port 1 0",
	    "speed bay 1 port 1 10000"),
	TAKES("card 1", "pull bay 1", "insert bay 1 X520-SR2 N1"),
	TAKES("card 2", "pull bay 2", "insert bay 2 QLE2562 F1"),
	TAKES("card 3", "pull bay 3", "insert bay 3 9260-4i R1"),
	{ "reset", NULL, NULL, "reset", NULL, NULL, true },
};
const size_t product_n_wrongs = N_ROWS(product_wrongs);
