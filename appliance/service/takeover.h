/*
 * takeover.h -- addresses that two appliances could have at once.
 *
 * A restore of another appliance's document that keeps its addresses takes them
 * over.  The plan says so (Takeover, to be confirmed with the typed name of the
 * other one: {"confirm":["Takeover"],"origin":"rack-lon-1"}), the commit raises
 * the identity epoch, gives it to those addresses, and writes a notice.
 *
 * The notice goes to the other appliance, when it is up again: POST
 * /takeovers:notice there is a change like any other.  Its devices with those
 * addresses are suspended, that is released and not bound any more, and what the
 * taken blocks hold is excluded from its pools.  So at no time does either side
 * give away an address of a block that the other has.
 *
 * A document that shows that both think they have an address leaves a split,
 * which is the fault IdentitySplit until one of both lets go.
 */
#ifndef SERVICE_TAKEOVER_H
#define SERVICE_TAKEOVER_H

#include "appliance/service/edit.h"
#include "profiles/ledger.h"

struct planning;
struct xml_import_options;
struct xml_imported;

/* What a change set takes over, or lets go of; all in the arena. */
struct takeover_block {
	enum pool_type type;
	uint64_t from, to;
	const char *pool;		/* its name */
};
struct takeover_plan {
	bool taking;			/* else we let go */
	char origin[ID_TEXT], name[NAME_TEXT];	/* the other appliance */
	int64_t epoch;			/* of its document or notice */
	struct identity *identities;	/* profile_name and device_name too */
	size_t n_identities, cap_identities;
	struct takeover_block *blocks;
	size_t n_blocks, cap_blocks;
};

/* After xml_import() into the edit's change set.  First the conflicts EpochBehind,
 * one for each profile at a slot: taken all the same, or held back from its slot.
 * Then notes EpochBehind of those at none, Takeover and DrillPools, and leaves
 * edit->takeover. */
int takeover_behind(struct edit *, const struct xml_records *,
    const struct xml_import_options *, struct xml_imported *, struct err *)
    ERR_MUST_CHECK;
int takeover_import(struct edit *, const struct xml_records *,
    const struct xml_import_options *, const struct xml_imported *,
    struct err *) ERR_MUST_CHECK;
/* Before the change set is written, and after. */
int takeover_begin(struct planning *, struct err *) ERR_MUST_CHECK;
int takeover_commit(struct planning *, int64_t job, struct err *)
    ERR_MUST_CHECK;
/* A document that was sent, before anything is planned: is it a split? */
int takeover_look(struct call *, const struct xml_records *, struct err *)
    ERR_MUST_CHECK;

/* GET /takeovers, GET /takeovers/{id} */
int takeovers_read(struct call *, struct err *) ERR_MUST_CHECK;
int takeover_read(struct call *, struct err *) ERR_MUST_CHECK;
/* POST /takeovers:notice */
edit_fn takeover_notice;

/* ---- between the files of takeovers ---- */

/* {"type","value","profile","device"} and {"type","from","to","pool"}. */
json_t *takeover_identity_json(const struct identity *);
json_t *takeover_block_json(const struct takeover_block *);
/* What a notice's signature is over. */
const char *takeover_lines(struct arena *, const json_t *takeover);

#endif
