/*
 * config.h -- everything that is wanted, as one document or one JSON object.
 *
 * Deterministic in the generation and the view: the time in it is that of the
 * generation's commit, what is observed stands in `hardware` only.
 */
#ifndef SERVICE_CONFIG_H
#define SERVICE_CONFIG_H

#include "appliance/service/route.h"
#include "profiles/xml_write.h"

/* Fills in origin and hardware and writes; the caller says kind, profile and
 * what is sealed.  On success out is appended to. */
int config_write(struct call *, struct xml_export *, struct buf *out,
    struct err *) ERR_MUST_CHECK;
/* The document of a kind that seals nothing: what GET /config answers, and what
 * snapshots keep. */
int config_render(struct call *, enum xml_kind, struct buf *out, struct err *)
    ERR_MUST_CHECK;
/* Answers with the document of one profile. */
int config_profile(struct call *, const struct profile *, struct err *)
    ERR_MUST_CHECK;

#endif
