/* test_system.c -- settings, users and trust keys of a document. */
#include "appliance/service/system.h"

#include <stdarg.h>
#include <stdio.h>

#include "appliance/service/planning.h"
#include "profiles/setting.h"
#include "profiles/trust.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define HASH "$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$aGFzaA"
#define KEY "PUAXw+hDiVqStwqnTRt+vJyYLM8uxJaMwM1V8Sr0Zgw="

static struct desk desk;
static struct err e;

static void
put_user(const char *name, const char *role)
{
	struct user u = { .hash = HASH };

	snprintf(u.name, sizeof(u.name), "%s", name);
	snprintf(u.role, sizeof(u.role), "%s", role);
	ck_ok(user_put(desk.scratch.store, &u, &e), e);
}

static void
set_up(void)
{
	desk_new(&desk);
	desk.role = ROLE_ADMIN;
	put_user("root", "admin");
	put_user("eve", "operator");
}

static void
tear_down(void)
{
	desk_free(&desk);
}

/* What planning and commit would do, with one choice. */
struct trial {
	struct call call;
	struct request request;
	struct planning planning;
	struct edit edit;
	struct xml_records records;
	struct xml_import_options options;
	struct xml_choice choice;
	struct xml_conflicts conflicts;
};

static struct trial trial;

static int
plan(enum xml_mode mode, const char *row, const char *option,
    const char *opened)
{
	struct arena *a = desk.scratch.arena;
	static struct answer answer;

	memset(&trial, 0, sizeof(trial));
	trial.request = (struct request){ .method = "POST", .path = "/x",
		.role = desk.role, .actor = "root",
		.wall_ms = scratch_wall_ms };
	trial.call = (struct call){ .service = desk.service,
		.store = desk.scratch.store, .arena = a,
		.view = view_hold(&desk.views), .request = &trial.request,
		.answer = &answer };
	planning_begin(&trial.planning, &trial.call, 7);
	trial.choice = (struct xml_choice){ row, option, "" };
	trial.options = (struct xml_import_options){ .mode = mode,
		.choices = &trial.choice, .n_choices = row[0] != '\0' };
	xml_begin(&trial.records, a);
	xml_open(&trial.records, XML_ROOT, 1);
	xml_close(&trial.records);
	xml_conflicts_begin(&trial.conflicts, a, &trial.records,
	    &trial.options);
	trial.edit = (struct edit){ .call = &trial.call,
		.set = trial.planning.set, .broken = &trial.planning.broken };
	return system_import(&trial.edit, opened, &trial.conflicts, &e);
}

static void
done(void)
{
	planning_free(&trial.planning);
	view_drop(&desk.views, trial.call.view);
}

static const char *
option_of(const char *row)
{
	for (size_t i = 0; i < trial.conflicts.n; i++)
		if (strcmp(trial.conflicts.items[i].row->key, row) == 0)
			return trial.conflicts.items[i].option->word;
	return "";
}

/* Users as "name:role" with blanks between them. */
static const char *
users(void)
{
	struct user *list;
	char *text = arena_alloc(desk.scratch.arena, 1000);
	size_t n, at = 0;

	ck_ok(user_list(desk.scratch.store, desk.scratch.arena, &list, &n, &e),
	    e);
	for (size_t i = 0; i < n; i++)
		at += (size_t)snprintf(text + at, 1000 - at, "%s%s:%s",
		    i > 0 ? " " : "", list[i].name, list[i].role);
	return text;
}

#define USER(name, role) "{\"name\":\"" name "\",\"role\":\"" role \
	"\",\"hash\":\"" HASH "\",\"disabled\":false}"
#define OFF(name, role) "{\"name\":\"" name "\",\"role\":\"" role \
	"\",\"hash\":\"" HASH "\",\"disabled\":true}"
#define ALL(settings, users, keys) "{\"settings\":{" settings "}," \
	"\"users\":[" users "],\"trustKeys\":[" keys "]}"
#define SAME USER("eve", "operator") "," USER("root", "admin")
#define WARN "\"import\":{\"requireSignature\":\"warn\"}"
#define LONDON "{\"name\":\"london\",\"publicKey\":\"" KEY "\"}"

/* Each row of the matrix: its default, and each option. */
static const struct {
	const char *row, *option;	/* chosen, or NULL */
	enum xml_mode mode;
	const char *opened, *stands;	/* the option that stands, "" none */
	const char *users;		/* afterwards */
	const char *signature;		/* the setting, afterwards */
	size_t keys;
	bool last_admin;
} rows[] = {
	{ "", NULL, XML_REPLACE, ALL("", SAME, ""), "",
	    "eve:operator root:admin", "never", 0, false },
	{ "UsersDiffer", NULL, XML_REPLACE, ALL("", USER("amy", "admin"), ""),
	    "keepLocal", "eve:operator root:admin", "never", 0, false },
	{ "UsersDiffer", "keepLocal", XML_MERGE,
	    ALL("", USER("amy", "admin"), ""), "keepLocal",
	    "eve:operator root:admin", "never", 0, false },
	{ "UsersDiffer", "merge", XML_MERGE, ALL("", USER("amy", "admin") ","
	    USER("eve", "auditor"), ""), "merge",
	    "amy:admin eve:operator root:admin", "never", 0, false },
	{ "UsersDiffer", "replace", XML_MERGE, ALL("", USER("amy", "admin")
	    "," USER("eve", "auditor"), ""), "replace",
	    "amy:admin eve:auditor", "never", 0, false },
	{ "UsersDiffer", "replace", XML_MERGE, ALL("", USER("eve", "auditor"),
	    ""), "replace", NULL, NULL, 0, true },
	{ "UsersDiffer", "replace", XML_MERGE, ALL("", OFF("amy", "admin"),
	    ""), "replace", NULL, NULL, 0, true },
	{ "UsersDiffer", "replace", XML_MERGE, ALL("", "", ""), "replace",
	    NULL, NULL, 0, true },
	{ "SettingsDiffer", NULL, XML_MERGE, ALL(WARN, SAME, ""),
	    "keepLocal", "eve:operator root:admin", "never", 0, false },
	{ "SettingsDiffer", NULL, XML_REPLACE, ALL(WARN, SAME, ""),
	    "useImported", "eve:operator root:admin", "warn", 0, false },
	{ "SettingsDiffer", "keepLocal", XML_REPLACE, ALL(WARN, SAME, ""),
	    "keepLocal", "eve:operator root:admin", "never", 0, false },
	{ "SettingsDiffer", "useImported", XML_MERGE, ALL(WARN, SAME, ""),
	    "useImported", "eve:operator root:admin", "warn", 0, false },
	{ "TrustKeysDiffer", NULL, XML_MERGE, ALL("", SAME, LONDON),
	    "keepLocal", "eve:operator root:admin", "never", 0, false },
	{ "TrustKeysDiffer", NULL, XML_REPLACE, ALL("", SAME, LONDON),
	    "merge", "eve:operator root:admin", "never", 1, false },
	{ "TrustKeysDiffer", "keepLocal", XML_REPLACE, ALL("", SAME, LONDON),
	    "keepLocal", "eve:operator root:admin", "never", 0, false },
	{ "TrustKeysDiffer", "merge", XML_MERGE, ALL("", SAME, LONDON),
	    "merge", "eve:operator root:admin", "never", 1, false },
	{ "TrustKeysDiffer", "replace", XML_MERGE, ALL("", SAME, LONDON),
	    "replace", "eve:operator root:admin", "never", 1, false },
};

START_TEST(a_row_of_the_matrix)
{
	const char *opened = rows[_i].opened;
	struct settings s;
	struct trust_key *keys;
	bool said = false;
	size_t n;

	ck_ok(plan(rows[_i].mode, rows[_i].option != NULL ? rows[_i].row : "",
	    rows[_i].option != NULL ? rows[_i].option : "", opened), e);
	if (rows[_i].row[0] != '\0')
		ck_assert_str_eq(option_of(rows[_i].row), rows[_i].stands);
	else
		ck_assert_uint_eq(trial.conflicts.n, 0);
	for (size_t i = 0; i < trial.planning.broken.n; i++)
		said = said || strcmp(trial.planning.broken.items[i].code,
		    "LastAdmin") == 0;
	ck_assert_int_eq(said, rows[_i].last_admin);
	if (!said) {
		trial.planning.system = trial.edit.system;
		ck_ok(system_commit(&trial.planning, &e), e);
		ck_assert_str_eq(users(), rows[_i].users);
		ck_ok(settings_load(desk.scratch.store, &s, &e), e);
		ck_assert_int_eq(s.require_signature == SIGNATURE_WARN,
		    strcmp(rows[_i].signature, "warn") == 0);
		ck_ok(trust_list(desk.scratch.store, desk.scratch.arena, "",
		    99, &keys, &n, &e), e);
		ck_assert_uint_eq(n, rows[_i].keys);
	}
	done();
}
END_TEST

START_TEST(every_row_and_option_has_a_test)
{
	static const char *const keys[] = { "UsersDiffer", "SettingsDiffer",
		"TrustKeysDiffer" };

	for (int k = 0; k < N_ROWS(keys); k++) {
		const struct xml_matrix_row *m = xml_matrix_find(keys[k]);

		for (size_t i = 0; i < XML_MATRIX_OPTIONS &&
		    m->options[i].word != NULL; i++) {
			bool tested = false;

			for (int r = 0; r < N_ROWS(rows); r++)
				tested = tested || (rows[r].option != NULL &&
				    strcmp(rows[r].row, keys[k]) == 0 &&
				    strcmp(rows[r].option,
				    m->options[i].word) == 0);
			ck_assert_msg(tested, "%s %s", keys[k],
			    m->options[i].word);
		}
	}
}
END_TEST

/* Replacing keys removes those of others, and never our own. */
START_TEST(our_own_key_stays)
{
	struct trust_key *keys;
	size_t n;

	ck_ok(trust_begin(desk.scratch.store, 1, &e), e);
	ck_ok(plan(XML_MERGE, "TrustKeysDiffer", "merge", ALL("", SAME,
	    LONDON)), e);
	trial.planning.system = trial.edit.system;
	ck_ok(system_commit(&trial.planning, &e), e);
	done();
	ck_ok(plan(XML_MERGE, "TrustKeysDiffer", "replace", ALL("", SAME, "")),
	    e);
	trial.planning.system = trial.edit.system;
	ck_ok(system_commit(&trial.planning, &e), e);
	done();
	ck_ok(trust_list(desk.scratch.store, desk.scratch.arena, "", 99, &keys,
	    &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert(keys[0].own);
}
END_TEST

/* What goes out comes in again as it was: nothing differs. */
START_TEST(ones_own_is_nothing_new)
{
	const char *text;

	ck_ok(trust_begin(desk.scratch.store, 1, &e), e);
	desk_do(&desk, "PATCH /settings {\"import\":{\"requireSignature\":"
	    "\"always\"}}");
	ck_ok(system_text(desk.scratch.store, desk.scratch.arena, &text, &e),
	    e);
	ck_assert_ptr_nonnull(strstr(text, HASH));
	ck_ok(plan(XML_REPLACE, "", "", text), e);
	ck_assert_uint_eq(trial.conflicts.n, 0);
	trial.planning.system = trial.edit.system;
	ck_assert(!system_changes(&trial.planning));
	done();
}
END_TEST

static const char *const nonsense[] = {
	"", "x", "[]7", ALL("\"nix\":1", "", ""),
	ALL("\"import\":{\"requireSignature\":\"maybe\"}", "", ""),
	ALL("", "{}", ""), ALL("", USER("a b", "admin"), ""),
	ALL("", USER("amy", "god"), ""),
	ALL("", "{\"name\":\"amy\",\"role\":\"admin\",\"hash\":\"plain\"}",
	    ""),
	ALL("", "", "{\"name\":\"x\"}"),
	ALL("", "", "{\"name\":\"x\",\"publicKey\":\"AAAA\"}"),
};

START_TEST(nonsense_is_refused)
{
	ck_assert_int_lt(plan(XML_REPLACE, "", "", nonsense[_i]), 0);
	ck_assert(e.code == ERR_RULES || e.code == ERR_MALFORMED);
	ck_assert_ptr_null(strstr(e.msg, "plain"));
	done();
}
END_TEST

START_TEST(it_is_an_administrators)
{
	desk.role = ROLE_OPERATOR;
	ck_fails(plan(XML_REPLACE, "", "", ALL("", SAME, "")), e,
	    ERR_FORBIDDEN);
	done();
}
END_TEST

SUITE("system")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_loop_test(tc, a_row_of_the_matrix, 0, N_ROWS(rows));
	tcase_add_test(tc, every_row_and_option_has_a_test);
	tcase_add_test(tc, our_own_key_stays);
	tcase_add_test(tc, ones_own_is_nothing_new);
	tcase_add_loop_test(tc, nonsense_is_refused, 0, N_ROWS(nonsense));
	tcase_add_test(tc, it_is_an_administrators);
}
