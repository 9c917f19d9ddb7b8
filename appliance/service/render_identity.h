/* render_identity.h -- rows of the ledger as the API shows them. */
#ifndef SERVICE_RENDER_IDENTITY_H
#define SERVICE_RENDER_IDENTITY_H

#include "base/json.h"
#include "profiles/ledger.h"

/* {"value","role","state","profile","device","pool","since","until"}. */
json_t *render_identity(const struct identity *);
/* "02:10:18:00:00:1A", "50:01:…"; as its space writes it. */
json_t *render_identity_value(const struct identity *);
const char *render_identity_state(enum id_state);
const char *render_identity_role(enum id_role);

#endif
