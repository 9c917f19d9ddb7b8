/* service_admin.c -- the first user; see service.h. */
#include <stdio.h>
#include <string.h>

#include "appliance/service/service.h"
#include "base/digest.h"

int
service_first_admin(struct store *store, char password[44], struct err *e)
{
	struct user user = { .name = "admin", .role = "admin" }, *there = NULL;
	struct arena *a = arena_new();
	int rc;

	password[0] = '\0';
	rc = user_load(store, a, user.name, &there, e);
	if (rc == 0 && there != NULL)
		goto done;
	if (rc < 0 && e->code != ERR_NOT_FOUND)
		goto done;
	token_new(password);
	rc = password_hash(password, user.hash, e);
	if (rc == 0)
		rc = user_put(store, &user, e);
	if (rc < 0)
		secret_wipe(password, TOKEN_TEXT);
done:
	arena_free(a);
	return rc;
}
