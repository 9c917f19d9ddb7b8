/* The lints are tested too: seeded violations are reported, by file and line,
 * and a clean house is not. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/test.h"

static char root[] = "/tmp/polyroot-rooms-XXXXXX";
static char said[20000];

/* Starts a program with its output in `said`; gives its exit status. */
static int
run(const char *program, const char *a, const char *b, const char *c)
{
	size_t n = 0;
	ssize_t got;
	int pipes[2], status;
	pid_t pid;

	ck_assert_int_eq(pipe(pipes), 0);
	pid = fork();
	ck_assert_int_ge(pid, 0);
	if (pid == 0) {
		(void)dup2(pipes[1], STDOUT_FILENO);
		(void)dup2(pipes[1], STDERR_FILENO);
		(void)execlp(program, program, a, b, c, (char *)NULL);
		_exit(127);
	}
	(void)close(pipes[1]);
	while ((got = read(pipes[0], said + n, sizeof(said) - 1 - n)) > 0)
		n += (size_t)got;
	said[n] = '\0';
	(void)close(pipes[0]);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	ck_assert(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void
put_file(const char *path, const char *text)
{
	char full[300];
	FILE *f;

	for (const char *s = path; (s = strchr(s, '/')) != NULL; s++) {
		(void)snprintf(full, sizeof(full), "%s/%.*s", root,
		    (int)(s - path), path);
		(void)mkdir(full, 0700);
	}
	(void)snprintf(full, sizeof(full), "%s/%s", root, path);
	f = fopen(full, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	ck_assert_int_eq(fclose(f), 0);
}

/* A house with our table and one innocent file. */
static void
build_house(void)
{
	char table[100];

	ck_assert_ptr_nonnull(mkdtemp(root));
	put_file("tools/rooms", "");
	(void)snprintf(table, sizeof(table), "%s/tools/rooms", root);
	ck_assert_int_eq(run("cp", "tools/rooms", table, NULL), 0);
	put_file("base/good.c", "#include <stdio.h>\n#include <jansson.h>\n"
	    "#include \"base/good.h\"\n");
	put_file("switchmgr/good.c", "#include <pci/pci.h>\n"
	    "#include \"base/err.h\"\n#include \"switchmgr/driver.h\"\n");
	put_file("tools/emulator/good.c", "#include <fuse_lowlevel.h>\n"
	    "#include \"switchmgr/mriov_map.h\"\n");
	put_file("appliance/main.c", "#include <ini.h>\n"
	    "#include \"appliance/http/route.h\"\n"
	    "#include \"profiles/store.h\"\n");
	put_file("tests/unit/test_good.c", "#include <check.h>\n"
	    "#include <sqlite3.h>\n#include \"switchmgr/driver.h\"\n");
}

static void
tear_down(void)
{
	ck_assert_int_eq(run("rm", "-rf", "--", root), 0);
}

static const struct {
	const char *file, *text, *line;
} seeds[] = {
	{ "profiles/db.c", "int a;\n#include \"switchmgr/fabric.h\"\n",
	  "profiles/db.c:2: profiles/ may not include switchmgr/ "
	  "(\"switchmgr/fabric.h\")\n" },
	{ "appliance/engine/reconcile.c", "#include <sqlite3.h>\n",
	  "appliance/engine/reconcile.c:1: <sqlite3.h> may be included in "
	  "profiles/ only\n" },
	{ "appliance/engine/reconcile.c",
	  "\n\n#include \"switchmgr/driver.h\"\n",
	  "appliance/engine/reconcile.c:3: \"switchmgr/driver.h\" is private "
	  "to switchmgr/\n" },
	{ "appliance/engine/plan.c", "#include <stdio.h>\n",
	  "appliance/engine/plan.c:1: appliance/engine/plan only computes; "
	  "it may not include stdio.h\n" },
	{ "tools/emulator/chassis.h", "#include \"base/clock.h\"\n",
	  "tools/emulator/chassis.h:1: tools/emulator/chassis only computes; "
	  "it may not include base/clock.h\n" },
	{ "base/up.h", "#include \"profiles/store.h\"\n",
	  "base/up.h:1: base/ may not include profiles/ "
	  "(\"profiles/store.h\")\n" },
	{ "switchmgr/up.c", "#include \"appliance/engine/plan.h\"\n",
	  "switchmgr/up.c:1: switchmgr/ may not include appliance/engine/ "
	  "(\"appliance/engine/plan.h\")\n" },
	{ "appliance/http/h.c", "#  include \"profiles/store.h\"\n",
	  "appliance/http/h.c:1: appliance/http/ may not include profiles/ "
	  "(\"profiles/store.h\")\n" },
	{ "appliance/service/s.c", "#include <microhttpd.h>\n",
	  "appliance/service/s.c:1: <microhttpd.h> may be included in "
	  "appliance/http/ only\n" },
	{ "tools/emulator/e.c", "#include \"switchmgr/fabric.h\"\n",
	  "tools/emulator/e.c:1: tools/emulator/ may not include switchmgr/ "
	  "(\"switchmgr/fabric.h\")\n" },
	{ "tools/polyroot/c.c", "#include \"appliance/http/route.h\"\n",
	  "tools/polyroot/c.c:1: tools/ may not include appliance/http/ "
	  "(\"appliance/http/route.h\")\n" },
	{ "tools/polyroot/c.c", "#include <jansson.h>\n",
	  "tools/polyroot/c.c:1: <jansson.h> may be included in base/ "
	  "only\n" },
	{ "base/check.c", "#include <check.h>\n",
	  "base/check.c:1: <check.h> may be included in tests/ only\n" },
	{ "profiles/x.c", "#include \"x.h\"\n",
	  "profiles/x.c:1: \"x.h\" is not a path from the top\n" },
	{ "profiles/t.c", "#include \"tests/test.h\"\n",
	  "profiles/t.c:1: profiles/ may not include tests/ "
	  "(\"tests/test.h\")\n" },
};

START_TEST(a_seeded_violation_is_reported)
{
	build_house();
	put_file(seeds[_i].file, seeds[_i].text);
	ck_assert_int_eq(run("tools/lint-rooms", root, NULL, NULL), 1);
	ck_assert_str_eq(said, seeds[_i].line);
	tear_down();
}
END_TEST

START_TEST(a_clean_house_is_silent)
{
	build_house();
	ck_assert_int_eq(run("tools/lint-rooms", root, NULL, NULL), 0);
	ck_assert_str_eq(said, "");
	ck_assert_int_eq(run("tools/lint-words", root, NULL, NULL), 0);
	ck_assert_int_eq(run("tools/lint-size", root, NULL, NULL), 0);
	tear_down();
}
END_TEST

START_TEST(an_empty_house_is_not_clean)
{
	ck_assert_ptr_nonnull(mkdtemp(root));
	ck_assert_int_eq(run("tools/lint-rooms", root, NULL, NULL), 2);
	ck_assert_int_eq(run("tools/lint-words", root, NULL, NULL), 2);
	ck_assert_int_eq(run("tools/lint-size", root, NULL, NULL), 2);
	tear_down();
}
END_TEST

static const struct {
	const char *file, *text;
	const char *found;	/* NULL: nothing to say */
} words[] = {
	{ "base/w.c", "\tstrcpy(a, b);\n", "base/w.c:1: strcpy() is banned" },
	{ "base/w.c", "\n\tx = time (NULL);\n", "base/w.c:2: time() is" },
	{ "base/w.c", "\tsleep(1);\n", "base/w.c:1: sleep() is banned" },
	{ "tests/w.c", "\tusleep(1);\n", "tests/w.c:1: usleep() is banned" },
	{ "base/w.c", "\tclock_gettime(a, b);\n", "base/w.c:1: clock_get" },
	{ "base/clock.c", "\tclock_gettime(a, b);\n", NULL },
	{ "base/w.c", "\t/* strcpy(a, b) */ x();\n", NULL },
	{ "base/w.c", "/*\n * strcpy(a, b)\n */\n", NULL },
	{ "base/w.c", "/* a */ strcpy(a, b); /* b */\n", "base/w.c:1: strc" },
	{ "base/w.c", "/*\n */ strcpy(a, b);\n", "base/w.c:2: strcpy()" },
	{ "base/w.c", "\tx(\"strcpy(a)\");\n", NULL },
	{ "base/w.c", "\tmy_strcpy(a); uptime(b); a->time(c);\n", NULL },
	{ "base/w.c", "\t/* TO" "DO: later */\n", "base/w.c:1: unfinished" },
	{ "base/w.c", "\tx(\"/tmp/a-XXXXXX\");\n", NULL },
};

START_TEST(a_word_that_does_not_belong)
{
	bool bad = words[_i].found != NULL;

	build_house();
	put_file(words[_i].file, words[_i].text);
	ck_assert_int_eq(run("tools/lint-words", root, NULL, NULL), bad);
	if (bad)
		ck_assert_msg(strncmp(said, words[_i].found,
		    strlen(words[_i].found)) == 0, "%s", said);
	else
		ck_assert_str_eq(said, "");
	tear_down();
}
END_TEST

static const struct {
	const char *file, *head, *end;
	int lines;		/* between head and end */
	bool bad;
} sizes[] = {
	{ "base/s.c", "int a;\n", "", 599, false },
	{ "base/s.c", "int a;\n", "", 600, true },
	{ "base/s.c", "/* table */\n", "", 700, false },
	{ "base/s.h", "int a;\n", "", 249, false },
	{ "base/s.h", "int a;\n", "", 250, true },
	{ "base/s.c", "int\nf(void)\n{\n", "}\n", 77, false },
	{ "base/s.c", "int\nf(void)\n{\n", "}\n", 78, true },
	{ "base/s.c", "int a[] = {\n", "};\n", 200, false },
};

START_TEST(a_file_or_function_too_long)
{
	static char text[2000];
	size_t n = strlen(sizes[_i].head);

	memcpy(text, sizes[_i].head, n);
	memset(text + n, '\n', (size_t)sizes[_i].lines);
	n += (size_t)sizes[_i].lines;
	memcpy(text + n, sizes[_i].end, strlen(sizes[_i].end) + 1);
	build_house();
	put_file(sizes[_i].file, text);
	ck_assert_msg(run("tools/lint-size", root, NULL, NULL) ==
	    (int)sizes[_i].bad, "%s", said);
	if (sizes[_i].bad)
		ck_assert_int_eq(strncmp(said, sizes[_i].file,
		    strlen(sizes[_i].file)), 0);
	tear_down();
}
END_TEST

/* Objects are asked by nm; here it is a script that says one name of each. */
static const struct {
	const char *file, *defined, *taken;
	const char *found;	/* NULL: nothing to say */
} symbols[] = {
	{ "base/s", "s_new", "memcpy", NULL },
	{ "base/s", "t_new", "memcpy", "base/s.c: exports t_new; expected s_*\n" },
	{ "appliance/service/edit", "edit_x", "change_remove", NULL },
	{ "appliance/service/edit_x", "edit_x", "json_put", NULL },
	{ "appliance/service/edit_x", "edit_x", "slot_load", NULL },
	{ "appliance/service/edit_x", "edit_x", "slot_store",
	  "appliance/service/edit_x.c: calls slot_store; a change set is edited, "
	  "not written\n" },
	{ "appliance/service/edit_x", "edit_x", "stmt_exec",
	  "appliance/service/edit_x.c: calls stmt_exec; a change set is edited, "
	  "not written\n" },
	{ "appliance/service/edit", "edit_x", "ledger_assign",
	  "appliance/service/edit.c: calls ledger_assign; a change set is "
	  "edited, not written\n" },
	{ "appliance/service/commit", "commit_x", "slot_store", NULL },
};

START_TEST(a_symbol_that_does_not_belong)
{
	char text[400];

	build_house();
	(void)snprintf(text, sizeof(text), "#!/bin/sh\nif [ \"$1\" = -u ]; then "
	    "echo ' U %s'; else echo '0 T %s'; fi\n", symbols[_i].taken,
	    symbols[_i].defined);
	put_file("nm", text);
	(void)snprintf(text, sizeof(text), "%s.o", symbols[_i].file);
	put_file(text, "");
	(void)snprintf(text, sizeof(text), "chmod +x %s/nm; B=%s NM=%s/nm "
	    "tools/lint-symbols %s.c", root, root, root, symbols[_i].file);
	ck_assert_int_eq(run("sh", "-c", text, NULL), symbols[_i].found != NULL);
	ck_assert_str_eq(said, symbols[_i].found != NULL ? symbols[_i].found :
	    "");
	tear_down();
}
END_TEST

SUITE("rooms")
{
	tcase_add_test(tc, a_clean_house_is_silent);
	tcase_add_test(tc, an_empty_house_is_not_clean);
	tcase_add_loop_test(tc, a_seeded_violation_is_reported, 0,
	    N_ROWS(seeds));
	tcase_add_loop_test(tc, a_word_that_does_not_belong, 0,
	    N_ROWS(words));
	tcase_add_loop_test(tc, a_file_or_function_too_long, 0,
	    N_ROWS(sizes));
	tcase_add_loop_test(tc, a_symbol_that_does_not_belong, 0,
	    N_ROWS(symbols));
}
