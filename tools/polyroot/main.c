/*
 * main.c -- polyroot: the API from a shell.
 *
 *	polyroot login [--user NAME]
 *	polyroot NOUN VERB [WORD...] [--FLAG VALUE...] [-o table|json] [--dry-run]
 *	polyroot export|import|diff|apply …		(document.h)
 *	polyroot help [NOUN [VERB]], or --help behind them
 *
 * Exit status: 0 done, or nothing to do; 2 a dry run that would change something;
 * 3 blocked by rules or a missing confirmation; from 10 an error (base/err.def).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "base/digest.h"
#include "tools/polyroot/client.h"
#include "tools/polyroot/document.h"
#include "tools/polyroot/keep.h"
#include "tools/polyroot/outcome.h"
#include "tools/polyroot/words.h"

#define API "/api/v1"

/* ---- verbs ---- */

/* A PUT replaces what was read: read it, unless the caller says what. */
static int
read_etag(struct client *c, const struct wish *w, char etag[128],
    struct err *e)
{
	struct buf path = buf_new(16384);
	struct ask ask = { .method = "GET" };
	struct reply r;
	int rc;

	buf_str(&path, API);
	buf_put(&path, w->path.data, strcspn(w->path.data, "?"));
	ask.path = path.data;
	rc = client_ask(c, &ask, &r, e);
	buf_free(&path);
	if (rc < 0)
		return -1;
	(void)snprintf(etag, 128, "%s", r.etag);
	buf_free(&r.body);
	return 0;
}

static int
send_wish(struct client *c, const struct wish *w, struct reply *r,
    struct err *e)
{
	struct buf path = buf_new(16384);
	char etag[128], *text = NULL;
	struct ask ask = {
		.method = w->route->method, .type = "application/json",
		.body = w->raw, .body_size = w->raw_size,
		.if_match = w->if_match,
	};
	int rc;

	if (strcmp(ask.method, "PUT") == 0 && ask.if_match == NULL) {
		if (read_etag(c, w, etag, e) < 0)
			return -1;
		ask.if_match = etag[0] != '\0' ? etag : NULL;
	}
	if (ask.body == NULL && w->route->body) {
		text = w->body != NULL ? json_text(w->body) : xstrdup("{}");
		ask.body = text;
		ask.body_size = strlen(text);
	}
	if (ask.body != NULL && ask.body[0] == '<')
		ask.type = "application/xml";
	else if (strcmp(ask.method, "PATCH") == 0)
		ask.type = "application/merge-patch+json";
	if (w->output != NULL && strcmp(w->output, "xml") == 0)
		ask.accept = "application/xml";
	buf_str(&path, API);
	buf_put(&path, w->path.data, w->path.len);
	ask.path = path.data;
	rc = client_ask(c, &ask, r, e);
	buf_free(&path);
	free(text);
	return rc;
}

static int
run_wish(struct client *c, const struct wish *w, struct options *o)
{
	struct reply r;
	struct err e;
	int rc;

	if (w->output != NULL)
		o->json = strcmp(w->output, "table") != 0;
	if (send_wish(c, w, &r, &e) < 0)
		return outcome_fail(&e);
	if (r.status >= 400)
		rc = outcome_problem(&r, o);
	else
		rc = outcome_success(&r, w->dry_run, o);
	if (r.status == 202 && !w->no_wait && r.location[0] == '/')
		rc = outcome_job(c, r.location, o);
	buf_free(&r.body);
	return rc;
}

/* ---- signing in ---- */

/* Without echo when it is a terminal. */
static bool
read_password(char *room, size_t size)
{
	struct termios old, quiet;
	bool tty = tcgetattr(STDIN_FILENO, &old) == 0, got;

	if (tty) {
		(void)fputs("Password: ", stderr);
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
	}
	got = fgets(room, (int)size, stdin) != NULL;
	if (tty) {
		(void)tcsetattr(STDIN_FILENO, TCSAFLUSH, &old);
		(void)fputc('\n', stderr);
	}
	room[strcspn(room, "\n")] = '\0';
	return got && room[0] != '\0';
}

static int
take_token(struct client *c, const struct reply *r, struct err *e)
{
	const char *token;
	json_t *v;
	int rc;

	if (client_json(r, &v, e) < 0)
		return -1;
	token = json_string_value(json_object_get(v, "token"));
	if (token == NULL)
		rc = err_set(e, ERR_DEVICE, "the answer holds no token");
	else
		rc = keep_save(client_url(c), token, e);
	json_decref(v);
	return rc;
}

static int
login(struct client *c, int argc, char **argv, const struct options *o)
{
	char password[256] = "", *text;
	const char *user = "admin";
	struct ask ask = { .method = "POST", .path = API "/sessions",
		.type = "application/json" };
	struct reply r;
	struct err e;
	json_t *body;
	int rc;

	if (argc == 2 && strcmp(argv[0], "--user") == 0)
		user = argv[1];
	if (!read_password(password, sizeof(password))) {
		(void)err_set(&e, ERR_MALFORMED, "no password was given");
		return outcome_fail(&e);
	}
	body = json_object();
	json_put(body, "user", json_str(user));
	json_put(body, "password", json_str(password));
	ask.body = text = json_text(body);
	ask.body_size = strlen(text);
	client_token_set(c, "");
	rc = client_ask(c, &ask, &r, &e);
	secret_wipe(text, strlen(text));
	secret_wipe(password, sizeof(password));
	free(text);
	json_decref(body);
	if (rc < 0)
		return outcome_fail(&e);
	if (r.status != 201)
		rc = outcome_problem(&r, o);
	else if (take_token(c, &r, &e) < 0)
		rc = outcome_fail(&e);
	if (r.body.data != NULL)
		secret_wipe(r.body.data, r.body.len);
	buf_free(&r.body);
	if (rc == 0)
		(void)printf("signed in at %s as %s\n", client_url(c), user);
	return rc;
}

static int
health(struct client *c)
{
	struct ask ask = { .method = "GET", .path = "/healthz" };
	struct reply r;
	struct err e;
	int rc;

	if (client_ask(c, &ask, &r, &e) < 0)
		return outcome_fail(&e);
	rc = r.status == 200 ? 0 : outcome_status(r.status);
	outcome_print(&r);
	buf_free(&r.body);
	return rc;
}

/* ---- help ---- */

static void
help_route(const struct cli_route *r)
{
	(void)printf("  %s", r->name);
	for (const char *p = strchr(r->path, '{'); p != NULL;
	    p = strchr(p + 1, '{'))
		(void)printf(" %.*s", (int)strcspn(p, "}") + 1, p);
	(void)printf("\n\t%s\n", r->summary != NULL ? r->summary : "");
}

static int
help(int argc, char **argv)
{
	(void)puts("usage: polyroot NOUN VERB [WORD...] [--FLAG VALUE...] "
	    "[-o table|json] [--dry-run]\n"
	    "       polyroot login [--user NAME]\n"
	    "       polyroot export [--kind KIND] [--profile NAME] [-o FILE]\n"
	    "       polyroot import FILE [--mode merge|replace|clone] "
	    "[--scope SCOPE] [--select A,B]\n"
	    "                       [--identities keep|new] [--map FILE] "
	    "[--choose CONFLICT=OPTION]\n"
	    "                       [--confirm CODE,CODE] [--dry-run]\n"
	    "       polyroot diff FILE [--scope SCOPE] [--map FILE]\n"
	    "       polyroot apply -f FILE [--scope SCOPE] [--map FILE] "
	    "[--dry-run]\n"
	    "       polyroot help [NOUN [VERB]]\n"
	    "environment: POLYROOT_URL POLYROOT_TOKEN POLYROOT_CA "
	    "POLYROOT_PASSPHRASE\n");
	for (size_t i = 0; i < cli_n_routes; i++) {
		const struct cli_route *r = &cli_routes[i];
		int used;

		if (r->name == NULL || (argc > 0 &&
		    strncmp(r->name, argv[0], strlen(argv[0])) != 0))
			continue;
		help_route(r);
		if (argc < 2 || words_route(r, 1, argc, argv, &used) == NULL)
			continue;
		for (size_t k = 0; k < r->n_fields; k++)
			(void)printf("\t%-28s %s\n", r->fields[k].path,
			    r->fields[k].doc != NULL ? r->fields[k].doc : "");
	}
	return 0;
}

/* ---- the beginning ---- */

/* Takes the options that may stand anywhere; the rest moves up. */
static int
take_options(int argc, char **argv, struct options *o)
{
	int n = 0;

	for (int i = 0; i < argc; i++) {
		if (strcmp(argv[i], "-k") == 0)
			o->insecure = true;
		else if (strcmp(argv[i], "-o") == 0 && i + 1 < argc &&
		    strcmp(argv[0], "export") != 0)
			o->json = strcmp(argv[++i], "json") == 0;
		else
			argv[n++] = argv[i];
	}
	return n;
}

static int
run_route(struct client *c, int argc, char **argv, struct options *o)
{
	const struct cli_route *r;
	struct wish w;
	struct err e;
	int used, rc;

	r = words_route(cli_routes, cli_n_routes, argc, argv, &used);
	if (r == NULL) {
		(void)err_set(&e, ERR_MALFORMED,
		    "there is no verb \"%s\"; try: polyroot help", argv[0]);
		return outcome_fail(&e);
	}
	if (words_wish(r, argc - used, argv + used, &w, &e) < 0)
		rc = outcome_fail(&e);
	else
		rc = run_wish(c, &w, o);
	words_free(&w);
	return rc;
}

int
main(int argc, char **argv)
{
	struct options o = { 0 };
	struct client *c;
	char token[128];
	struct err e;
	int rc;

	digest_init();
	argc = take_options(argc - 1, ++argv, &o);
	if (argc == 0 || strcmp(argv[0], "help") == 0 ||
	    strcmp(argv[0], "--help") == 0)
		return help(argc > 1 ? argc - 1 : 0, argv + 1);
	if (strcmp(argv[argc - 1], "--help") == 0)
		return help(argc - 1, argv);
	c = client_open(o.insecure, &e);
	if (c == NULL)
		return outcome_fail(&e);
	if (getenv("POLYROOT_TOKEN") == NULL &&
	    keep_load(client_url(c), token, sizeof(token)))
		client_token_set(c, token);
	if (strcmp(argv[0], "login") == 0)
		rc = login(c, argc - 1, argv + 1, &o);
	else if (strcmp(argv[0], "health") == 0)
		rc = health(c);
	else if (document_is(argc, argv))
		rc = document_run(c, argc, argv, &o);
	else
		rc = run_route(c, argc, argv, &o);
	client_close(c);
	return rc;
}
