/*
 * view.h -- what was last seen of one switch, with the time.
 *
 * The engine builds a view from what fabric_observe() gives, and publishes it:
 * from then on it is immutable, counted, and may be read by any thread.  A
 * reader holds the newest one for the length of its request.  What is in it was
 * true at `at_ms`, which everyone who shows it says.
 */
#ifndef ENGINE_VIEW_H
#define ENGINE_VIEW_H

#include <pthread.h>

#include "appliance/engine/capability.h"
#include "switchmgr/fabric.h"

enum view_state { VIEW_STARTING, VIEW_OK, VIEW_UNREACHABLE };
const char *view_state_word(enum view_state);

struct view {
	int64_t number;			/* +1 with every change of what is seen */
	int64_t at_ms;			/* wall clock of the last confirmation */
	enum view_state state;
	struct fabric_switch sw;
	struct fabric_slot *slots;	/* slots[i].number == i + 1 */
	struct fabric_bay *bays;	/* bays[i].number == i + 1 */
	struct fabric_bridge *bridges;	/* by (slot, bridge), only in use */
	struct fabric_port *ports;	/* by (bay, port) */
	struct fabric_fn *fns;		/* by id */
	struct fabric_disk *disks;	/* by (bay, number) */
	size_t n_slots, n_bays, n_bridges, n_ports, n_fns, n_disks;
	fn_id *loose;			/* behind no bridge that has them, and
					 * not blank and free; rising */
	size_t n_loose;
	/* Bays whose card was bound on and is gone (engine_bay.h). */
	uint64_t gone[BAY_MAX / 64 + 1];
	bool twice;			/* some function is behind two bridges */
	const struct capabilities *caps;
	int refs;			/* view_box only */
};

/* Lookups in a view; NULL when there is none. */
const struct fabric_slot *view_slot(const struct view *, unsigned number);
const struct fabric_bay *view_bay(const struct view *, unsigned number);
const struct fabric_port *view_port(const struct view *, unsigned bay,
    unsigned port);
const struct fabric_fn *view_fn(const struct view *, fn_id);
const struct fabric_bridge *view_bridge(const struct view *, unsigned slot,
    unsigned bridge);
/* The bridge that a function is behind. */
const struct fabric_bridge *view_where(const struct view *, fn_id);
/* The same; somebody else may have mapped it twice: that bridge if it is there,
 * and the first one beside it, or NULL. */
const struct fabric_bridge *view_place(const struct view *, fn_id,
    unsigned slot, unsigned bridge);
const struct fabric_bridge *view_beside(const struct view *, fn_id,
    unsigned slot, unsigned bridge);
const struct fabric_disk *view_disk(const struct view *, unsigned bay,
    unsigned number);
/* True when the card of a bay was bound on and is accounted for: it is gone. */
bool view_gone(const struct view *, unsigned bay);
/* The capability file of a bay's module; NULL when empty or unknown. */
const struct capability *view_capability(const struct view *, unsigned bay);
enum module_class view_class(const struct view *, unsigned bay);
/* The same of a model that is not known, by its PCI class code: what can be
 * assigned whole. */
enum module_class view_kind(const struct view *, unsigned bay);
/* Physical functions of a bay's module; that of port 1 is the first. */
unsigned view_physical(const struct view *, unsigned bay);

/* ---- building: start from the last one, replace what was read again ---- */

struct view *view_copy(const struct view *);	/* NULL = an empty one */
void view_free(struct view *);
/* Forgets what the scope covers, then takes records (a fabric_sink). */
void view_begin(struct view *, enum fabric_scope, uint32_t number);
void view_take(void *view, const struct fabric_record *);
/* Sorts, indexes, checks that references fit; ERR_DEVICE when they do not. */
int view_end(struct view *, struct err *) ERR_MUST_CHECK;
/* True when nothing but the time differs: slots and bays count the changes of
 * all that is in them. */
bool view_equal(const struct view *, const struct view *);

/* ---- the box through which threads get at the newest one ---- */

struct view_box {
	pthread_mutex_t lock;
	struct view *newest;
	void (*changed)(void *cookie, const struct view *);	/* or NULL */
	void *cookie;
};

void view_box_init(struct view_box *);
void view_box_close(struct view_box *);
/* Takes ownership; calls `changed` when the number or the state differs. */
void view_publish(struct view_box *, struct view *);
const struct view *view_hold(struct view_box *);	/* never NULL after init */
void view_drop(struct view_box *, const struct view *);

#endif
