/*
 * support_config.h -- whole configurations drawn from a stream, and their way out
 * and in again.
 *
 * What is drawn is what the field tables allow: every kind of object and device,
 * every attribute, texts that XML has to escape, extensions.  Functions of cards
 * are not placed: there is no card.
 */
#ifndef TESTS_UNIT_SUPPORT_CONFIG_H
#define TESTS_UNIT_SUPPORT_CONFIG_H

#include "profiles/xml_import.h"
#include "profiles/xml_write.h"
#include "tests/unit/support_store.h"

/* Commits one to a store that is as it was made. */
void config_draw(struct scratch *, struct rng *);
/* The document of kind logical, in the scratch's arena. */
char *config_export(struct scratch *);
/* Reads and imports it into a change set. */
struct change_set *config_import(struct scratch *, const char *text,
    const struct xml_import_options *, struct xml_imported *);
/* Between origin and integrity, and the contentDigest. */
char *config_content(struct scratch *, const char *text);

#endif
