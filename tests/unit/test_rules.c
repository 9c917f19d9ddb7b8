/*
 * test_rules.c -- every row of the rules' table, broken and kept.
 *
 * The rows are in support_rules.c.  One test walks the table of rules: a rule
 * without a row fails it.  With RULES_ROWS=FILE the rows are written there, and
 * nothing is tested (tests/api/rules.test.mjs).
 */
#include <stdio.h>

#include "appliance/service/rules.h"
#include "profiles/xml_matrix.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"
#include "tests/unit/support_rules.h"

#define VHBA(rest) \
	"POST /profiles/p1/vhbas {\"name\":\"h1\",\"san\":\"san-a\"," rest "}"
#define ASSIGN1 "POST /profiles/p1:assign {\"slot\":1}"

/* Doors that are no wishes; each has a test of its own, named here. */
static const char *const elsewhere[] = {
	"SlotLinkOversubscribed",	/* test_admission.c */
	"ServerRunning",		/* tests/sim/test_port.c */
	"ModuleMismatch",		/* another_module_is_confirmed */
	/* tests/sim/test_card.c */
	"BayInUse", "CardRefused", "CardUnaccounted",
	"FunctionBusy",			/* a_busy_function_is_not_given_back */
	"SourceNotFenced",		/* a_source_is_released_first */
	/* tests/api/restore.test.mjs, adopt.test.mjs */
	"VirtualDiskMissing", "NothingToAdopt", "NotAdopted",
	"StalePlan", "PlanExpired",	/* test_planning.c */
	"ConfirmationNeeded",
	"IdempotencyConflict",		/* test_service.c */
	"Held", "NotUndoable", "NotCancellable", "NotStuck",	/* test_jobs.c */
	/* test_xml_scan.c, test_xml_read.c, test_xml_import.c, xml.test.mjs */
	"DocumentEmpty", "DocumentEncoding", "DocumentDoctype",
	"DocumentLimit", "DocumentMalformed", "DocumentRoot",
	"DocumentVersion", "DocumentKind", "DocumentUnknown",
	"DocumentMissing", "DocumentRepeated", "DocumentOrder",
	"DocumentText", "DocumentExtension", "DocumentValue",
	"DocumentDuplicate", "DocumentModified", "DocumentPartIgnored",
	"VirtualDiskEmpty",
	"ChoiceUnknown",		/* imports.test.mjs */
	"LastAdmin", "PassphraseNeeded", "PassphraseTooShort",
	"PassphraseWrong", "DocumentSealed",	/* test_system.c, test_sign.c, */
	"SealedLeftOut",		/* tests/api/exports.test.mjs */
	"DocumentUnsigned", "SignatureInvalid", "TrustKeySyntax",
	"TrustKeyKnown", "TrustKeyOwn",		/* test_trust.c */
	"EpochBehind", "Takeover", "DrillPools", "IdentitySuspended",
	"NoticeUnsigned", "NoticeNotForUs",	/* test_takeover.c */
};

static void
prepare(struct desk *d, const struct rules_row *row)
{
	desk_new(d);
	for (int i = 0; i < RULES_SETUP && row->setup[i] != NULL; i++)
		if (strncmp(row->setup[i], "PULL ", 5) == 0)
			desk_pull(d, (unsigned)atoi(row->setup[i] + 5));
		else if (strncmp(row->setup[i], "NOROOM ", 7) == 0)
			desk_room(d, (unsigned)atoi(row->setup[i] + 7), 0);
		else
			desk_do(d, row->setup[i]);
}

/* The request with parameters behind its path. */
static const char *
with(struct desk *d, const char *request, const char *query)
{
	const char *path = strchr(request, ' ') + 1;
	size_t n = (size_t)(path - request) + strcspn(path, " ");

	return arena_printf(d->scratch.arena, "%.*s?%s%s", (int)n, request,
	    query, request + n);
}

START_TEST(a_broken_rule_is_said)
{
	const struct rules_row *row = &rules_rows[_i];
	struct desk d;

	prepare(&d, row);
	ck_assert_int_eq(desk_ask(&d, with(&d, row->bad, "dryRun=true")), 200);
	if (!desk_says(&d, row->code))
		ck_abort_msg("%s: not said: %s", row->code,
		    json_text(json_object_get(d.json, "checks")));
	if (row->where != NULL)
		ck_assert_str_eq(desk_where(&d, row->code), row->where);
	ck_assert_str_eq(desk_text(&d, "applicable"),
	    row->severity == 'B' ? "false" : "true");
	desk_free(&d);
}
END_TEST

START_TEST(a_broken_rule_holds_the_change_up)
{
	const struct rules_row *row = &rules_rows[_i];
	int64_t generation;
	struct desk d;
	int status;

	prepare(&d, row);
	generation = desk_generation(&d);
	status = desk_ask(&d, row->bad);
	if (row->severity == 'W') {
		ck_assert_int_lt(status, 300);
	} else {
		ck_assert_int_eq(status, row->severity == 'B' ? 422 : 409);
		ck_assert(desk_says(&d, row->code));
		ck_assert_str_ne(desk_text(&d, "errors/0/remedy"), "");
		ck_assert_int_eq(desk_generation(&d), generation);
	}
	if (row->severity == 'C') {
		ck_assert_str_eq(desk_text(&d, "code"), "ConfirmationNeeded");
		status = desk_ask(&d, with(&d, row->bad, arena_printf(
		    d.scratch.arena, "confirm=Other,%s", row->code)));
		ck_assert_int_lt(status, 300);
		ck_assert_int_gt(desk_generation(&d), generation);
	}
	desk_free(&d);
}
END_TEST

START_TEST(a_kept_rule_is_silent)
{
	const struct rules_row *row = &rules_rows[_i];
	struct desk d;

	prepare(&d, row);
	if (row->mend != NULL)
		desk_do(&d, row->mend);
	ck_assert_int_eq(desk_ask(&d, with(&d, row->good, "dryRun=true")), 200);
	if (desk_says(&d, row->code) ||
	    strcmp(desk_text(&d, "applicable"), "true") != 0)
		ck_abort_msg("%s: %s", row->code,
		    json_text(json_object_get(d.json, "checks")));
	desk_free(&d);
}
END_TEST

START_TEST(every_rule_has_a_row)
{
	for (size_t i = 0; i < rules_n; i++) {
		bool known = false;

		for (int k = 0; k < (int)rules_n_rows; k++)
			known = known ||
			    strcmp(rules_rows[k].code, rules[i].code) == 0;
		for (int k = 0; k < N_ROWS(elsewhere); k++)
			known = known ||
			    strcmp(elsewhere[k], rules[i].code) == 0;
		/* test_xml_matrix.c */
		known = known || xml_matrix_find(rules[i].code) != NULL;
		if (!known)
			ck_abort_msg("%s is not tested", rules[i].code);
		ck_assert_str_ne(rules[i].remedy, "");
		ck_assert_str_ne(rules[i].what, "");
		ck_assert_ptr_eq(rules_find(rules[i].code), &rules[i]);
	}
	for (int k = 0; k < (int)rules_n_rows; k++)
		if (rules_find(rules_rows[k].code) == NULL)
			ck_abort_msg("%s is no rule", rules_rows[k].code);
}
END_TEST

START_TEST(all_violations_come_at_once)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1/vnics {\"name\":"
	    "\"net 0\",\"networks\":[\"prod\",\"prod\"],\"mac\":"
	    "\"03:00:00:00:00:01\",\"mtu\":99999,\"qos\":{\"limitMbps\":10,"
	    "\"guaranteeMbps\":20}}"), 422);
	ck_assert(desk_says(&d, "NameSyntax"));
	ck_assert(desk_says(&d, "MacMulticast"));
	ck_assert(desk_says(&d, "MtuRange"));
	ck_assert(desk_says(&d, "VlanMode"));
	ck_assert(desk_says(&d, "QosLimitBelowGuarantee"));
	desk_free(&d);
}
END_TEST

/* One change that gives two profiles one node name, with a vHBA each. */
START_TEST(a_node_name_is_not_given_twice)
{
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "POST /plans {\"changes\":["
	    "{\"method\":\"PATCH\",\"path\":\"/profiles/p1\",\"body\":"
	    "{\"wwnn\":\"2001020000000009\"}},"
	    "{\"method\":\"PATCH\",\"path\":\"/profiles/p2\",\"body\":"
	    "{\"wwnn\":\"2001020000000009\"}}]}"), 201);
	ck_assert(desk_says(&d, "WwnnScope"));
	ck_assert(!desk_says(&d, "WwnDuplicate"));
	ck_assert_str_eq(desk_where(&d, "WwnnScope"), "/changes/1/body/wwnn");
	desk_free(&d);
}
END_TEST

START_TEST(a_busy_function_is_not_given_back)
{
	struct binding ghost = { .fn = fn_make(1, 1, FN_VF, 0), .slot = 3,
		.state = BINDING_FAILED };
	const char *job;
	struct desk d;
	struct err e;

	desk_new(&d);
	desk_do(&d, ASSIGN1);
	desk_do(&d, "POST /profiles/p1:release {}");
	job = desk_text(&d, "job");
	(void)snprintf(ghost.device, sizeof(ghost.device), "somebody");
	ck_ok(store_begin(d.scratch.store, &e), e);
	ck_ok(binding_put(d.scratch.store, &ghost, &e), e);
	ck_ok(store_commit(d.scratch.store, &e), e);
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /jobs/%s:undo {}", job)), 422);
	ck_assert(desk_says(&d, "FunctionBusy"));

	/* A fresh placement goes elsewhere. */
	ck_assert_int_eq(desk_ask(&d, ASSIGN1), 202);
	ck_assert_str_ne(desk_text(&d, "vnics/0/placed/function"),
	    "io1.1.vf0");
	desk_free(&d);
}
END_TEST

/* What a rollback left behind at a slot is live there until it is scrubbed. */
START_TEST(a_source_is_released_first)
{
	struct binding ghost = { .fn = fn_make(1, 1, FN_VF, 2), .slot = 3,
		.state = BINDING_FAILED };
	struct desk d;
	struct err e;

	desk_new(&d);
	ck_assert_int_eq(desk_ask(&d, "GET /profiles/p1"), 200);
	(void)snprintf(ghost.device, sizeof(ghost.device), "%s",
	    desk_text(&d, "vnics/0/id"));
	ck_ok(store_begin(d.scratch.store, &e), e);
	ck_ok(binding_put(d.scratch.store, &ghost, &e), e);
	ck_ok(store_commit(d.scratch.store, &e), e);
	ck_assert_int_eq(desk_ask(&d, ASSIGN1), 422);
	ck_assert(desk_says(&d, "SourceNotFenced"));
	ck_assert_str_eq(desk_where(&d, "SourceNotFenced"),
	    "/vnics/net0");
	/* At its own slot it is released by the same plan. */
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:assign?dryRun=true "
	    "{\"slot\":3}"), 200);
	ck_assert(!desk_says(&d, "SourceNotFenced"));
	/* And elsewhere once it is. */
	ghost.state = BINDING_RELEASED;
	ck_ok(store_begin(d.scratch.store, &e), e);
	ck_ok(binding_put(d.scratch.store, &ghost, &e), e);
	ck_ok(store_commit(d.scratch.store, &e), e);
	ck_assert_int_eq(desk_ask(&d, ASSIGN1), 202);
	desk_free(&d);
}
END_TEST

START_TEST(another_module_is_confirmed)
{
	struct module other = { .bay = 1, .vendor = 0x8086, .device = 0x10fb,
		.serial = "FORMER" };
	struct desk d;
	struct err e;

	desk_new(&d);
	ck_ok(store_begin(d.scratch.store, &e), e);
	ck_ok(module_store(d.scratch.store, &other, &e), e);
	ck_ok(store_commit(d.scratch.store, &e), e);
	ck_assert_int_eq(desk_ask(&d, ASSIGN1), 409);
	ck_assert(desk_says(&d, "ModuleMismatch"));
	ck_assert_str_eq(desk_text(&d, "errors/0/detail"),
	    "io1 holds CARD; devices were bound on FORMER");
	desk_do(&d, with(&d, ASSIGN1, "confirm=ModuleMismatch"));
	/* What stays where it is waits; a vHBA is not concerned. */
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0 "
	    "{\"qos\":{\"pcp\":3}}"), 202);
	desk_settle(&d);
	ck_assert_int_eq(desk_ask(&d, VHBA("\"wwpn\":\"pool\"")), 202);
	desk_free(&d);
}
END_TEST

/* A profile is bound to a server when it comes to one, and to the next one when
 * somebody says so. */
START_TEST(a_profile_follows_its_server)
{
	struct profile *p;
	struct desk d;
	struct err e;

	desk_new(&d);
	desk_do(&d, ASSIGN1);
	ck_ok(profile_load(d.scratch.store, d.scratch.arena, "p1", &p, &e), e);
	ck_assert_str_eq(p->server_serial, "");
	desk_do(&d, "PATCH /profiles/p1 {\"affinity\":\"slot-and-server\"}");
	ck_ok(profile_load(d.scratch.store, d.scratch.arena, "p1", &p, &e), e);
	ck_assert_str_eq(p->server_serial, "SRVA");
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:move {\"slot\":2}"),
	    409);
	desk_do(&d, "POST /profiles/p1:move?confirm=AffinityMismatch "
	    "{\"slot\":2}");
	ck_ok(profile_load(d.scratch.store, d.scratch.arena, "p1", &p, &e), e);
	ck_assert_str_eq(p->server_serial, "SRVB");
	desk_do(&d, "PATCH /profiles/p1 {\"affinity\":\"slot\"}");
	desk_do(&d, "POST /profiles/p1:move {\"slot\":3}");
	desk_free(&d);
}
END_TEST

/* One size for a port: whom it touches, and the changes, ready to be sent. */
START_TEST(a_size_for_the_whole_port_is_proposed)
{
	static const char on[] = "\"placement\":{\"module\":\"io1\","
	    "\"port\":1}";
	static const char wish[] = "{\"method\":\"PATCH\",\"path\":"
	    "\"/profiles/p1/vnics/net0\",\"body\":{\"mtu\":9000}}";
	const char *at = "errors/0/proposal/0";
	char *text;
	struct desk d;

	desk_new(&d);
	desk_do(&d, arena_printf(d.scratch.arena,
	    "PATCH /profiles/p1/vnics/net0 {%s}", on));
	desk_do(&d, arena_printf(d.scratch.arena, "POST /profiles/p2/vnics "
	    "{\"name\":\"n1\",\"networks\":[\"prod\"],%s}", on));
	desk_do(&d, ASSIGN1);
	desk_do(&d, "POST /profiles/p2:assign {\"slot\":2}");
	ck_assert_int_eq(desk_ask(&d, "PATCH /profiles/p1/vnics/net0 "
	    "{\"mtu\":9000}"), 422);
	ck_assert(desk_says(&d, "MtuPortScope"));
	ck_assert_ptr_nonnull(strstr(desk_text(&d, "errors/0/detail"),
	    "n1 of p2 (slot 2)"));
	ck_assert_str_eq(desk_text(&d, arena_printf(d.scratch.arena,
	    "%s/path", at)), "/profiles/p2/vnics/n1");
	text = json_text(json_array_get(json_object_get(json_array_get(
	    json_object_get(d.json, "errors"), 0), "proposal"), 0));
	ck_assert_int_eq(desk_ask(&d, arena_printf(d.scratch.arena,
	    "POST /plans {\"changes\":[%s,%s]}", wish, text)), 201);
	ck_assert_str_eq(desk_text(&d, "applicable"), "true");
	free(text);
	desk_free(&d);
}
END_TEST

START_TEST(an_old_sin_does_not_hinder_a_release)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, ASSIGN1);
	desk_do(&d, "PATCH /profiles/p1/vnics/net0 {\"mtu\":9000}");
	desk_do(&d, "PATCH /networks/prod {\"mtuMax\":1500}");
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/p1:release {}"), 202);
	desk_free(&d);
}
END_TEST

/* ---- for the other reader ---- */

static json_t *
row_json(const struct rules_row *row)
{
	json_t *o = json_object(), *setup = json_array();
	char severity[2] = { row->severity, '\0' };

	for (int i = 0; i < RULES_SETUP && row->setup[i] != NULL; i++)
		json_put(setup, NULL, json_str(row->setup[i]));
	json_put(o, "code", json_str(row->code));
	json_put(o, "severity", json_str(severity));
	json_put(o, "setup", setup);
	json_put(o, "bad", json_str(row->bad));
	json_put(o, "where", json_str(row->where));
	return o;
}

static void
write_rows(const char *path)
{
	json_t *o = json_object(), *desk = json_array(), *rows = json_array();
	FILE *f = fopen(path, "w");
	char *text;

	for (int i = 0; desk_furniture[i] != NULL; i++)
		json_put(desk, NULL, json_str(desk_furniture[i]));
	for (size_t i = 0; i < rules_n_rows; i++)
		json_put(rows, NULL, row_json(&rules_rows[i]));
	json_put(o, "desk", desk);
	json_put(o, "rows", rows);
	text = json_text(o);
	if (f == NULL || fputs(text, f) < 0 || fclose(f) != 0)
		exit(EXIT_FAILURE);
	free(text);
	json_decref(o);
}

SUITE("rules")
{
	if (getenv("RULES_ROWS") != NULL) {
		write_rows(getenv("RULES_ROWS"));
		return;
	}
	tcase_add_loop_test(tc, a_broken_rule_is_said, 0, (int)rules_n_rows);
	tcase_add_loop_test(tc, a_broken_rule_holds_the_change_up, 0,
	    (int)rules_n_rows);
	tcase_add_loop_test(tc, a_kept_rule_is_silent, 0, (int)rules_n_rows);
	tcase_add_test(tc, every_rule_has_a_row);
	tcase_add_test(tc, all_violations_come_at_once);
	tcase_add_test(tc, a_node_name_is_not_given_twice);
	tcase_add_test(tc, a_busy_function_is_not_given_back);
	tcase_add_test(tc, a_source_is_released_first);
	tcase_add_test(tc, another_module_is_confirmed);
	tcase_add_test(tc, a_profile_follows_its_server);
	tcase_add_test(tc, a_size_for_the_whole_port_is_proposed);
	tcase_add_test(tc, an_old_sin_does_not_hinder_a_release);
}
