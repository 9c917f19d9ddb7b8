/*
 * rules_card.h -- what the card of a bay can do.
 *
 * The one that is there says so; while none is, the one that is expected: what is
 * wished meanwhile has to be right when it is back.
 */
#ifndef SERVICE_RULES_CARD_H
#define SERVICE_RULES_CARD_H

#include "appliance/service/rules.h"

/* NULL when nothing is known of it. */
const struct capability *rules_card(const struct rules *, unsigned bay);

#endif
