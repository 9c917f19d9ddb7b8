/*
 * imports_hardware.h -- what a document wishes that this box has not.
 *
 * After the importer has made its edits and before anything is placed: slots that
 * are not here or are somebody's, servers that are others, pins to modules without
 * a match, classes of cards that are not here, disks that are not here, what the
 * cards cannot do; then, by placing everything on a copy, what finds no function
 * and what asks more of a port than it can promise.  Each is a conflict of the
 * matrix (profiles/xml_matrix.h), and what is chosen is done to the change set;
 * so the plan is complete, and nothing of it is dropped without being said.
 *
 * Only profiles that the import changes are looked at.  A profile that is at a
 * slot here is never taken off it but by a choice that wants a confirmation.
 */
#ifndef SERVICE_IMPORTS_HARDWARE_H
#define SERVICE_IMPORTS_HARDWARE_H

#include "appliance/service/edit.h"
#include "appliance/service/imports_here.h"
#include "profiles/xml_import.h"

struct imports_hardware {
	struct edit *edit;
	const struct xml_records *document;	/* as it came */
	const struct xml_records *records;	/* as they were imported */
	const uint32_t *was;			/* xml_remap.h */
	const struct xml_import_options *options;
	const struct imports_match *match;
	struct xml_imported *in;
};

/* Adds to in->conflicts and edits the change set; -1 when the store fails. */
int imports_hardware(const struct imports_hardware *, struct err *)
    ERR_MUST_CHECK;

/* ---- between its files ---- */

/* A profile that the import changes. */
struct imports_subject {
	struct profile *p;
	const struct profile *before;	/* NULL new */
	uint32_t element;		/* of the records */
	const struct xml_read_from *devices;	/* of its devices */
	size_t n_devices;
};

/* imports_disk.c: those of a vDAS that are new here are looked for. */
int imports_disks(const struct imports_hardware *,
    const struct imports_subject *, struct device *, uint32_t element,
    struct err *) ERR_MUST_CHECK;

/* imports_trial.c: what classes say is filled in, so that it can be compared. */
int imports_settle(const struct imports_hardware *,
    const struct imports_subject *, size_t n, struct err *) ERR_MUST_CHECK;
/* Functions and guarantees. */
int imports_trial(const struct imports_hardware *,
    const struct imports_subject *, size_t n, struct err *) ERR_MUST_CHECK;

#endif
