/* rules_card.c -- see rules_card.h. */
#include "appliance/service/rules_card.h"

#include "base/log.h"

const struct capability *
rules_card(const struct rules *r, unsigned bay)
{
	const struct fabric_bay *seen = view_bay(r->view, bay);
	struct module m;
	struct err e;

	if (seen != NULL && seen->occupied)
		return view_capability(r->view, bay);
	if (r->view->caps == NULL)
		return NULL;
	if (module_load(r->store, bay, &m, &e) < 0) {
		log_warn("rules", "the card of bay %u: %s", bay, e.msg);
		return NULL;
	}
	return m.bay == 0 ? NULL : capability_find(r->view->caps, m.vendor,
	    m.device);
}
