/*
 * exports.h -- what makes a document more than text: signatures, sealed parts.
 *
 * Every document that goes out is signed with the appliance's own key while the
 * setting export.sign says so, and only then.
 */
#ifndef SERVICE_EXPORTS_H
#define SERVICE_EXPORTS_H

#include "appliance/service/config.h"

/* Fills in export->sign and its cookie, when exports are to be signed. */
int exports_sign(struct call *, struct xml_export *, struct err *)
    ERR_MUST_CHECK;

#endif
