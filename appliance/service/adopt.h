/*
 * adopt.h -- what is bound and wanted by nobody becomes wanted.
 *
 * Looks at the functions that the switch shows behind bridges and that no row
 * here names, and writes the document that describes them: per slot a profile
 * (the one that is there, else "adopted-slot-N"), per function a device with the
 * address, rates and disks that it has, registered as static; networks by their
 * VLAN, a SAN by the port, made when nothing of the kind is here.  That document
 * is then imported like any other: kept, mapped, planned, applied; what is as it
 * is wished needs no step, so servers see nothing.
 *
 * Left alone, and said: functions without an address, of cards that are not
 * known, with a node name other than their profile's, or showing disks that a
 * profile here has.
 */
#ifndef SERVICE_ADOPT_H
#define SERVICE_ADOPT_H

#include "appliance/service/edit.h"
#include "profiles/xml.h"

/* The document, in the arena; *n = how many functions it describes. */
int adopt_document(struct call *, struct xml_records *, size_t *n,
    struct err *) ERR_MUST_CHECK;
/* Says of each such function that is still nobody's after the edit. */
int adopt_note(struct edit *, struct err *) ERR_MUST_CHECK;

#endif
