/*
 * imports_here.h -- this box, as an import knows it, and the document's beside it.
 *
 * imports_match() looks at what the switch shows and at the document's section
 * `hardware`, and says which slot and module there is which here (match.h).  What
 * it finds goes into the options' map where the operator said nothing, so that
 * the importer rewrites pins, allowed ports, ports of the chassis and slots.
 * Pins to modules that have no match are listed: no rewriting helps them.
 *
 * A document without that section speaks of this box, and so does one that this
 * appliance wrote (`own`): a name means what it means here, and the match is only
 * shown.  Nothing of the section is ever applied.
 */
#ifndef SERVICE_IMPORTS_HERE_H
#define SERVICE_IMPORTS_HERE_H

#include "appliance/engine/view.h"
#include "appliance/service/match.h"
#include "base/json.h"
#include "profiles/xml.h"
#include "profiles/xml_options.h"

struct imports_slot {
	uint32_t number, width;		/* there; width 0 unknown */
	const char *serial;		/* of its server there, "" unknown */
	uint32_t to;			/* here; 0 nowhere */
	enum match_how how;		/* exact: the same number; mapped; none */
};

/* A device of the document that is pinned to a module without a match. */
struct imports_pin {
	uint32_t element;		/* of the device */
	const char *module, *port;	/* as the document says; port NULL any */
};

struct imports_match {
	struct arena *arena;
	const struct view *view;
	struct xml_here *here;
	const char **names;		/* of the modules there */
	struct match_module *there, *mine;
	struct match *matches;
	size_t n_there, n_mine;
	struct imports_slot *slots;
	size_t n_slots;
	struct imports_pin *pins;
	size_t n_pins;
	bool described;			/* the document has the section */
};

/* This box alone. */
const struct xml_here *imports_here(struct arena *, const struct view *);

/* Before the importer reads the records: fills o->here and adds to o->maps. */
void imports_match(struct arena *, const struct view *,
    const struct xml_records *, bool own, struct xml_import_options *o,
    struct imports_match *out);

/* The slot of the document that an assignment names; NULL when it has none. */
const struct imports_slot *imports_match_slot(const struct imports_match *,
    uint32_t number);

/* {"slots":[…],"modules":[…]}: confidence, and both sides.  The caller owns it. */
json_t *imports_match_json(const struct imports_match *);

#endif
