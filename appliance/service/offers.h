/*
 * offers.h -- what can be done about a fault with one click.
 *
 * A fault that a known change would clear carries it as its `offer`:
 *
 *	swapBack  two servers changed places (SlotServerChanged of both slots):
 *		  their profiles change places too, in one plan
 *	follow	  a server is at another slot, where no profile is: its profile
 *		  moves there
 *	followCard  a card is in another bay: its devices move there
 *	accept	  another card of the class is in the place of the former one: it
 *		  is taken
 *	heal	  somebody else's hand changed what is wanted: it is put back
 *	adopt	  somebody else bound a function: it becomes wanted as it is
 *
 * {"kind","text","changes"}: the changes are a list as POST /plans takes it, so
 * that people look at the plan first.  That of adopt is empty, and `import` is the
 * query of POST /imports that makes its plan.
 */
#ifndef SERVICE_OFFERS_H
#define SERVICE_OFFERS_H

#include "appliance/service/render.h"

/* The offer, or null.  What cannot be read fails the rendering. */
json_t *offers_about(struct render *, const struct fault *);

#endif
