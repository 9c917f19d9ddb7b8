/*
 * trust.h -- /trustKeys: whose signatures count.
 *
 * Reading is everybody's: they are public keys.  Changing is an administrator's,
 * and leaves an event.  The appliance's own key can be read, and neither changed
 * nor removed: what it signed shall stay readable as signed.
 */
#ifndef SERVICE_TRUST_H
#define SERVICE_TRUST_H

#include "appliance/service/rules.h"
#include "profiles/trust.h"

int trust_keys_read(struct call *, struct err *) ERR_MUST_CHECK;
int trust_key_read(struct call *, struct err *) ERR_MUST_CHECK;
int trust_key_add(struct call *, struct err *) ERR_MUST_CHECK;
int trust_key_patch(struct call *, struct err *) ERR_MUST_CHECK;
int trust_key_remove(struct call *, struct err *) ERR_MUST_CHECK;

/* What the policy import.requireSignature makes of a verdict: nothing, or a row
 * DocumentUnsigned or SignatureInvalid, C, under `always` B. */
int trust_note(struct store *, const struct trust_verdict *,
    struct violations *, struct err *) ERR_MUST_CHECK;
/* {"state","keyId","signer"} */
json_t *trust_json(const struct trust_verdict *);

#endif
