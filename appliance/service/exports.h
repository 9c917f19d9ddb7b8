/*
 * exports.h -- what makes a document more than text: signatures, sealed parts.
 *
 * Every document that goes out is signed with the appliance's own key while the
 * setting export.sign says so, and only then.
 *
 * POST /exports {"kind","passphrase"} answers with a document of any kind.  In
 * system and full the appliance's own is sealed with the passphrase; it holds
 * hashes of passwords, and is an administrator's.  The signing key and the key of
 * TLS are in no document.
 *
 * The passphrase is needed to open what is sealed again, on POST /imports, in the
 * header X-Polyroot-Passphrase: in no URL, in no log, and nowhere kept.
 */
#ifndef SERVICE_EXPORTS_H
#define SERVICE_EXPORTS_H

#include "appliance/service/config.h"

/* Fills in export->sign and its cookie, when exports are to be signed. */
int exports_sign(struct call *, struct xml_export *, struct err *)
    ERR_MUST_CHECK;

/* On a slow thread, with a reader's store: renders the document, and opens what is
 * sealed in one that came. */
int exports_prepare(struct service *, struct store *, struct request *,
    struct arena *room, struct err *) ERR_MUST_CHECK;
int exports_open(struct request *, struct arena *room, struct err *)
    ERR_MUST_CHECK;
/* POST /exports */
int exports_make(struct call *, struct err *) ERR_MUST_CHECK;

#endif
