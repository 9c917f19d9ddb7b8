/* test_words.c -- from the words of a command line to a request. */
#include "tests/test.h"

#include <stdio.h>
#include <unistd.h>

#include "tools/polyroot/words.h"

static const struct cli_field vnic[] = {
	{ "name", CLI_TEXT, true, "" }, { "networks", CLI_LIST, false, "" },
	{ "mac", CLI_TEXT, false, "" }, { "mtu", CLI_INT, false, "" },
	{ "qos.limitMbps", CLI_INT, false, "" },
	{ "qos.guaranteeMbps", CLI_INT, false, "" },
	{ "spoofCheck", CLI_BOOL, false, "" },
};
static const struct cli_field vhba[] = {
	{ "name", CLI_TEXT, true, "" },
	{ "bootTargets", CLI_OBJECTS, false, "" },
};

static const struct cli_route table[] = {
	{ "profile list", "GET", "/profiles", "limit,after", "", false, false,
	    false, NULL, 0 },
	{ "profile", "GET", "/profiles/{p}", "", "", false, false, false, NULL,
	    0 },
	{ "profile assign", "POST", "/profiles/{p}:assign", "dryRun,confirm",
	    "", true, true, true, NULL, 0 },
	{ "vnic add", "POST", "/profiles/{p}/vnics", "dryRun,confirm", "", true,
	    true, true, vnic, N_ROWS(vnic) },
	{ "vhba add", "POST", "/profiles/{p}/vhbas", "dryRun,confirm", "", true,
	    true, true, vhba, N_ROWS(vhba) },
	{ "vnic delete", "DELETE", "/profiles/{p}/vnics/{d}", "dryRun", "",
	    true, false, true, NULL, 0 },
};

enum { WORDS = 14 };

static const struct {
	const char *words[WORDS];
	const char *path, *body;	/* path NULL: refused; body NULL: none */
} rows[] = {
	{ { "profile", "list" }, "/profiles", NULL },
	{ { "profile", "list", "--limit", "5", "--after=a b" },
	    "/profiles?limit=5&after=a%20b", NULL },
	{ { "profile", "esx-01" }, "/profiles/esx-01", NULL },
	{ { "profile", "a/b" }, "/profiles/a%2Fb", NULL },
	{ { "profile", "assign", "esx-01", "--slot", "3" },
	    "/profiles/esx-01:assign", "{\"slot\":3}" },
	{ { "profile", "assign", "esx-01", "--slot=3", "--dry-run" },
	    "/profiles/esx-01:assign?dryRun=true", "{\"slot\":3}" },
	{ { "profile", "assign", "esx-01", "--policy", "spare", "--confirm",
	    "A,B" }, "/profiles/esx-01:assign?confirm=A%2CB",
	    "{\"policy\":\"spare\"}" },
	{ { "vnic", "add", "esx-01", "--name", "net0", "--network", "prod",
	    "--network", "mgmt", "--limit", "5000" },
	    "/profiles/esx-01/vnics", "{\"name\":\"net0\",\"networks\":"
	    "[\"prod\",\"mgmt\"],\"qos\":{\"limitMbps\":5000}}" },
	{ { "vnic", "add", "p", "--qos-limit-mbps", "1", "--guarantee-mbps",
	    "2", "--spoof-check", "--mtu", "9000" },
	    "/profiles/p/vnics", "{\"qos\":{\"limitMbps\":1,"
	    "\"guaranteeMbps\":2},\"spoofCheck\":true,\"mtu\":9000}" },
	{ { "vnic", "add", "p", "--spoof-check", "false", "--name", "7" },
	    "/profiles/p/vnics", "{\"spoofCheck\":false,\"name\":\"7\"}" },
	{ { "vnic", "add", "p", "--networks=" }, "/profiles/p/vnics",
	    "{\"networks\":[]}" },
	{ { "vhba", "add", "p", "--boot-target",
	    "wwpn=50:06:01:60:3B:20:1D:01,lun=0,priority=1" },
	    "/profiles/p/vhbas", "{\"bootTargets\":[{\"wwpn\":"
	    "\"50:06:01:60:3B:20:1D:01\",\"lun\":0,\"priority\":1}]}" },
	{ { "vnic", "delete", "p", "net0" }, "/profiles/p/vnics/net0", NULL },
	{ { "profile" }, NULL, NULL },
	{ { "profile", "assign" }, NULL, NULL },
	{ { "profile", "assign", "p", "3" }, NULL, NULL },
	{ { "profile", "list", "--nonsense", "1" }, NULL, NULL },
	{ { "profile", "assign", "p", "--slot" }, NULL, NULL },
	{ { "vnic", "add", "p", "--nonsense", "1" }, NULL, NULL },
	{ { "vnic", "add", "p", "--mtu", "many" }, NULL, NULL },
	{ { "vnic", "add", "p", "--spoof-check=maybe" }, NULL, NULL },
	{ { "vhba", "add", "p", "--boot-target", "5006" }, NULL, NULL },
	{ { "vnic", "delete", "p" }, NULL, NULL },
	{ { "profile", "assign", "p", "--file", "/nonexistent" }, NULL, NULL },
};

static int
parse(int row, struct wish *w, struct err *e)
{
	char *argv[WORDS + 1] = { 0 };
	const struct cli_route *r;
	int argc = 0, used, rc;

	for (; argc < WORDS && rows[row].words[argc] != NULL; argc++)
		argv[argc] = strdup(rows[row].words[argc]);
	r = words_route(table, N_ROWS(table), argc, argv, &used);
	ck_assert_ptr_nonnull(r);
	rc = words_wish(r, argc - used, argv + used, w, e);
	for (int i = 0; i < argc; i++)
		free(argv[i]);
	return rc;
}

START_TEST(words_become_a_request)
{
	struct wish w;
	struct err e;
	char *text;

	if (rows[_i].path == NULL) {
		ck_fails(parse(_i, &w, &e), e, ERR_MALFORMED);
		words_free(&w);
		return;
	}
	ck_ok(parse(_i, &w, &e), e);
	ck_assert_str_eq(w.path.data, rows[_i].path);
	if (rows[_i].body == NULL) {
		ck_assert_ptr_null(w.body);
	} else {
		text = json_text(w.body);
		ck_assert_str_eq(text, rows[_i].body);
		free(text);
	}
	words_free(&w);
}
END_TEST

START_TEST(an_unknown_verb_is_no_route)
{
	char *argv[] = { (char[]){ "frobnicate" }, (char[]){ "all" }, NULL };
	int used;

	ck_assert_ptr_null(words_route(table, N_ROWS(table), 2, argv, &used));
}
END_TEST

START_TEST(the_longest_name_wins)
{
	char *argv[] = { (char[]){ "profile" }, (char[]){ "list" }, NULL };
	int used;

	ck_assert_ptr_eq(words_route(table, N_ROWS(table), 2, argv, &used),
	    &table[0]);
	ck_assert_int_eq(used, 2);
}
END_TEST

START_TEST(a_file_is_the_body)
{
	char path[] = "/tmp/polyroot-words.XXXXXX", flag[64];
	char *argv[3] = { (char[]){ "p" }, flag, NULL };
	int fd = mkstemp(path);
	struct wish w;
	struct err e;

	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(write(fd, "<a/>", 4), 4);
	ck_assert_int_eq(close(fd), 0);
	(void)snprintf(flag, sizeof(flag), "--file=%s", path);
	ck_ok(words_wish(&table[2], 2, argv, &w, &e), e);
	ck_assert_uint_eq(w.raw_size, 4);
	ck_assert_mem_eq(w.raw, "<a/>", 4);
	words_free(&w);
	(void)unlink(path);
}
END_TEST

SUITE("words")
{
	tcase_add_loop_test(tc, words_become_a_request, 0, N_ROWS(rows));
	tcase_add_test(tc, an_unknown_verb_is_no_route);
	tcase_add_test(tc, the_longest_name_wins);
	tcase_add_test(tc, a_file_is_the_body);
}
