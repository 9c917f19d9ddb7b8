/*
 * conf.h -- what polyrootd is told: command line over configuration file.
 *
 * The file (--config, INI) and the options have the same names; an unknown key
 * is an error with its line.  Everything else that can be set lives in the
 * store.
 */
#ifndef APPLIANCE_CONF_H
#define APPLIANCE_CONF_H

#include "base/err.h"

enum { CONF_TEXT = 256 };

struct conf {
	char dir[CONF_TEXT];		/* data: store, certificate, password */
	char address[CONF_TEXT];	/* to listen on; default 127.0.0.1 */
	char port[CONF_TEXT];		/* default 8443; 0 = a free one */
	char fabric[CONF_TEXT];		/* URI, default remote:switchmgr.sock */
	char models[CONF_TEXT];		/* directory of faceplates */
	char capabilities[CONF_TEXT];	/* directory of card models */
	char xml[CONF_TEXT];		/* program polyroot-xml */
	char webui[CONF_TEXT];		/* "embedded" or "off" */
	char log[CONF_TEXT];		/* error, warn, info, debug */
};

/* Fills defaults, then the file, then the options.  ERR_MALFORMED says which
 * key and where. */
int conf_read(struct conf *, int argc, char **argv, struct err *)
    ERR_MUST_CHECK;
/* For --help. */
void conf_usage(void);

#endif
