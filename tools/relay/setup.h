/*
 * setup.h -- what polyroot-relay is told: one INI file.
 *
 *	[appliance]
 *	url = https://127.0.0.1:8443
 *	ca = cert.pem			; file of certificates to trust
 *	token-file = relay.token	; or user and password-file
 *	state = /var/lib/polyroot-relay	; a directory of its own
 *
 *	[webhook ops]
 *	url = https://receiver.example/hook
 *	secret-file = ops.secret	; signs, see hook.h
 *	events = profile, job:*	; type or action; absent = all
 *	queue = 10000			; waiting deliveries at most
 *	give-up-after = 24h		; then it is buried
 *
 *	[upload nightly]
 *	url = https://backup.example/{name}-{at}.xml	; PUT; or file:///…
 *	user = relay			; of the receiver, may be absent
 *	password-file = nightly.password
 *	every = 24h			; or at = 02:00 (UTC, each day)
 *
 * Durations are a whole number and s, m, h or d.  Paths are relative to the
 * file's directory.  An unknown key or section is an error with its line.
 */
#ifndef TOOLS_RELAY_SETUP_H
#define TOOLS_RELAY_SETUP_H

#include <stdint.h>

#include "base/err.h"

enum { SETUP_TEXT = 512, SETUP_NAME = 32, SETUP_HOOKS = 16, SETUP_UPLOADS = 8 };

struct setup_hook {
	char name[SETUP_NAME], url[SETUP_TEXT], ca[SETUP_TEXT];
	char secret_file[SETUP_TEXT], events[SETUP_TEXT];
	int64_t queue, give_up_ms, retry_ms, retry_max_ms;
};

struct setup_upload {
	char name[SETUP_NAME], url[SETUP_TEXT], ca[SETUP_TEXT];
	char user[SETUP_TEXT], password_file[SETUP_TEXT];
	int64_t every_ms;		/* 0: at a time of the day */
	int64_t at_ms;			/* after midnight, UTC */
	int64_t retry_ms, retry_max_ms;
};

struct setup {
	char url[SETUP_TEXT], ca[SETUP_TEXT], user[SETUP_TEXT];
	char password_file[SETUP_TEXT], token_file[SETUP_TEXT];
	char state[SETUP_TEXT];
	struct setup_hook hooks[SETUP_HOOKS];
	unsigned n_hooks;
	struct setup_upload uploads[SETUP_UPLOADS];
	unsigned n_uploads;
};

/* ERR_MALFORMED says which key and where. */
int setup_read(const char *path, struct setup *, struct err *) ERR_MUST_CHECK;

#endif
