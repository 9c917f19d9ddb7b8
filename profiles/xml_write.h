/*
 * xml_write.h -- what is wanted, as a document.
 *
 * kind      holds
 * profile   origin, the networks and SANs that one profile uses, the profile
 * logical   origin, hardware, chassis, networks, classes, pools, profiles, leases,
 *           extensions: enough to rebuild a site
 * system    origin and what is sealed
 * full      logical and what is sealed
 *
 * The field tables say which attributes, xml_grammar.h in which order; lists are
 * in the order of their names.  Every value is written, defaults too; of slots and
 * ports those that are not as everything is made.  Both digests close it.  Equal
 * contents of one generation give equal bytes.  Nothing secret is in it but what
 * the caller seals, nothing observed but the hardware that the caller hands in.
 */
#ifndef PROFILES_XML_WRITE_H
#define PROFILES_XML_WRITE_H

#include "profiles/store.h"
#include "profiles/xml.h"
#include "profiles/xml_options.h"

enum xml_kind { XML_KIND_PROFILE, XML_KIND_LOGICAL, XML_KIND_SYSTEM,
	XML_KIND_FULL, XML_N_KINDS };
/* "profile", ...; NULL is none of them, as from words. */
const char *xml_kind_word(enum xml_kind);

struct xml_origin {
	const struct appliance *appliance;
	const char *model, *software;	/* model NULL: not known yet */
	int64_t at_ms;			/* the generation's commit, wall clock */
};

struct xml_export {
	enum xml_kind kind;
	const struct xml_origin *origin;
	const struct profile *profile;	/* kind profile */
	const struct xml_here *hardware;	/* NULL: not known */
	/*
	 * Kinds system and full: puts ledger and encryptedSystem, behind the
	 * leases.  NULL: nothing is sealed.
	 */
	int (*seal)(void *cookie, struct xml_records *, struct err *);
	/* Any kind: puts signatures behind both digests, which are known. */
	int (*sign)(void *cookie, struct xml_records *, struct err *);
	void *cookie;
};

/* Appends to `out`; ERR_TOO_LARGE when its ceiling is reached. */
int xml_config_write(struct store *, struct arena *, const struct xml_export *,
    struct buf *out, struct err *) ERR_MUST_CHECK;

#endif
