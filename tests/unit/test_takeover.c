/* test_takeover.c -- letting go of what another appliance took over. */
#include "appliance/service/takeover.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/sign.h"
#include "profiles/takeover.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

#define TAKER "5d0c7d2e-6f0a-4c0e-9a53-0f3c2b8a7711"

static struct desk desk;
static struct err e;
static char key[SIGN_PUBLIC], secret[SIGN_SECRET], key_id[SIGN_KEY_ID];
static struct appliance self;
static char mac[MAC_TEXT];	/* of p1's net0, which is at slot 1 */

static void
set_up(void)
{
	desk_new(&desk);
	desk.role = ROLE_ADMIN;
	sign_new(key, secret);
	(void)sign_key_id(key, key_id);
	ck_ok(store_appliance(desk.scratch.store, &self, &e), e);
	desk_do(&desk, "POST /profiles/p1:assign {\"slot\":1}");
	desk_do(&desk, "GET /profiles/p1/vnics/net0");
	snprintf(mac, sizeof(mac), "%s", desk_text(&desk, "mac"));
}

static void
tear_down(void)
{
	desk_free(&desk);
}

static const char *
text(const char *fmt, ...)
{
	va_list ap;
	char *out = arena_alloc(desk.scratch.arena, 4096);

	va_start(ap, fmt);
	vsnprintf(out, 4096, fmt, ap);
	va_end(ap);
	return out;
}

/* An identity and a block of a notice; "" none. */
static const char *
identity(const char *value)
{
	return text("{\"type\":\"mac\",\"value\":\"%s\",\"profile\":\"p1\","
	    "\"device\":\"net0\"}", value);
}

static const char *
takeover(const char *from, int64_t epoch, const char *identities,
    const char *blocks)
{
	return text("{\"id\":\"%s\",\"at\":\"2026-01-01T00:00:00.000Z\","
	    "\"epoch\":%lld,\"by\":{\"id\":\"" TAKER "\",\"name\":"
	    "\"rack-lon-2\"},\"from\":{\"id\":\"%s\",\"name\":\"here\"},"
	    "\"identities\":[%s],\"blocks\":[%s]}", TAKER, (long long)epoch,
	    from, identities, blocks);
}

static const char *
signed_by(const char *by, const char *takeover_text)
{
	char sig[SIGN_TEXT];
	const char *lines;
	json_t *o;

	ck_ok(json_read(takeover_text, strlen(takeover_text), 65536, &o, &e),
	    e);
	lines = takeover_lines(desk.scratch.arena, o);
	json_decref(o);
	ck_ok(sign_text(by, lines, strlen(lines), sig, &e), e);
	return text("{\"alg\":\"Ed25519\",\"keyId\":\"%s\",\"value\":\"%s\"}",
	    key_id, sig);
}

static int
send(const char *takeover_text, const char *signature, const char *query)
{
	return desk_ask(&desk, text("POST /takeovers:notice%s {\"takeover\":%s,"
	    "\"signature\":%s}", query, takeover_text, signature));
}

static void
trust_it(void)
{
	desk_do(&desk, text("POST /trustKeys {\"name\":\"lon\",\"publicKey\":"
	    "\"%s\"}", key));
}

static const char *
usual(void)
{
	return takeover(self.id, 5, identity(mac), "");
}

static void
let_go(void)
{
	const char *t = usual();

	trust_it();
	/* No hardware follows here, so there may be nothing to release. */
	ck_assert_int_lt(send(t, signed_by(secret, t), ""), 300);
	desk_settle(&desk);
}

START_TEST(what_was_taken_is_released_and_stays_so)
{
	let_go();
	desk_do(&desk, "GET /profiles/p1/vnics/net0");
	ck_assert_str_eq(desk_text(&desk, "suspended"), "true");
	ck_assert_str_eq(desk_text(&desk, "mac"), mac);
	ck_ok(store_appliance(desk.scratch.store, &self, &e), e);
	ck_assert_int_eq(self.identity_epoch, 5);
	/* It may move, and nothing is bound there. */
	desk_do(&desk, "POST /profiles/p1:move {\"slot\":2}");
	ck_assert_int_eq(scratch_count(&desk.scratch, "SELECT count(*) FROM"
	    " binding WHERE slot = 2"), 0);
}
END_TEST

START_TEST(a_notice_twice_is_nothing_new)
{
	const char *t = usual();

	let_go();
	ck_assert_int_eq(send(t, signed_by(secret, t), ""), 200);
	ck_assert_str_eq(desk_text(&desk, "job"), "");
}
END_TEST

START_TEST(undoing_it_is_confirmed)
{
	let_go();
	desk_do(&desk, "GET /jobs?limit=1");
	ck_assert_int_eq(desk_ask(&desk, text("POST /jobs/%s:undo {}",
	    desk_text(&desk, "items/0/id"))), 409);
	ck_assert(desk_says(&desk, "IdentitySuspended"));
	desk_do(&desk, "GET /jobs?limit=1");
	ck_assert_int_eq(desk_ask(&desk, text(
	    "POST /jobs/%s:undo?confirm=IdentitySuspended {}",
	    desk_text(&desk, "items/0/id"))) / 100, 2);
}
END_TEST

/* Another address is bound at once; the taken one rests for ever. */
START_TEST(another_address_goes_on)
{
	let_go();
	desk_do(&desk, "PATCH /profiles/p1/vnics/net0 {\"mac\":\"pool\","
	    "\"macSource\":\"pool\"}");
	desk_do(&desk, "PATCH /profiles/p1/vnics/net0 "
	    "{\"mac\":\"02:00:00:00:00:77\"}");
	desk_do(&desk, "GET /profiles/p1/vnics/net0");
	ck_assert_str_eq(desk_text(&desk, "suspended"), "false");
	desk_do(&desk, text("GET /identities?q=%s", mac));
	ck_assert_str_eq(desk_text(&desk, "items/0/state"), "quarantined");
	ck_assert_int_gt(atoi(desk_text(&desk, "items/0/until")), 2100);
}
END_TEST

/* Blocks, and addresses that nobody has, are closed in whatever pool. */
START_TEST(no_address_of_theirs_is_given_away)
{
	static const char pool[] = "POST /pools {\"name\":\"few\",\"type\":"
	    "\"mac\",\"blocks\":[{\"from\":\"02:AA:00:00:00:00\",\"to\":"
	    "\"02:AA:00:00:00:09\"}],\"exclusions\":[{\"from\":"
	    "\"02:AA:00:00:00:03\",\"to\":\"02:AA:00:00:00:03\"}]}";
	const char *t = takeover(self.id, 5, identity("02:AA:00:00:00:08"),
	    "{\"type\":\"mac\",\"from\":\"02:A0:00:00:00:00\",\"to\":"
	    "\"02:AA:00:00:00:06\",\"pool\":\"macs\"}");

	trust_it();
	desk_do(&desk, pool);
	ck_assert_int_eq(send(t, signed_by(secret, t), ""), 201);
	for (int i = 0; i < 2; i++) {
		desk_do(&desk, text("POST /profiles/p2/vnics {\"name\":\"n%d\","
		    "\"networks\":[\"prod\"],\"mac\":\"pool\",\"macPool\":"
		    "\"few\"}", i));
		ck_assert_str_eq(desk_text(&desk, "mac"), i == 0 ?
		    "02:AA:00:00:00:07" : "02:AA:00:00:00:09");
	}
	ck_assert_int_eq(desk_ask(&desk, "POST /profiles/p2/vnics {\"name\":"
	    "\"n9\",\"networks\":[\"prod\"],\"mac\":\"pool\",\"macPool\":"
	    "\"few\"}"), 422);
	ck_assert(desk_says(&desk, "PoolExhausted"));
}
END_TEST

/* ---- whom it is from, and for ---- */

START_TEST(a_strangers_notice_is_confirmed)
{
	const char *t = usual();

	ck_assert_int_eq(send(t, "null", ""), 409);
	ck_assert(desk_says(&desk, "NoticeUnsigned"));
	ck_assert_int_eq(send(t, signed_by(secret, t), ""), 409);
	ck_assert(desk_says(&desk, "NoticeUnsigned"));
	ck_assert_int_lt(send(t, "null", "?confirm=NoticeUnsigned"), 300);
}
END_TEST

START_TEST(a_policy_may_refuse_strangers)
{
	desk_do(&desk, "PATCH /settings {\"import\":{\"requireSignature\":"
	    "\"always\"}}");
	ck_assert_int_eq(send(usual(), "null", "?confirm=NoticeUnsigned"),
	    422);
	ck_assert(desk_says(&desk, "NoticeUnsigned"));
}
END_TEST

START_TEST(a_changed_notice_is_refused)
{
	const char *t = usual();

	trust_it();
	ck_assert_int_eq(send(takeover(self.id, 6, identity(mac), ""),
	    signed_by(secret, t), "?confirm=SignatureInvalid"), 422);
	ck_assert(desk_says(&desk, "SignatureInvalid"));
	desk_do(&desk, "GET /profiles/p1/vnics/net0");
	ck_assert_str_eq(desk_text(&desk, "suspended"), "false");
}
END_TEST

START_TEST(a_notice_for_others_is_refused)
{
	const char *t = takeover(TAKER, 5, identity(mac), "");

	trust_it();
	ck_assert_int_eq(send(t, signed_by(secret, t), ""), 422);
	ck_assert(desk_says(&desk, "NoticeNotForUs"));
}
END_TEST

START_TEST(a_notice_of_yesterday_is_refused)
{
	const char *t = takeover(self.id, 1, identity(mac), "");

	trust_it();
	ck_assert_int_eq(send(t, signed_by(secret, t), ""), 422);
	ck_assert(desk_says(&desk, "EpochBehind"));
}
END_TEST

static const char *const nonsense[] = {
	"{}", "{\"takeover\":null}", "{\"takeover\":{}}",
	"{\"takeover\":{\"epoch\":0,\"by\":{\"id\":\"" TAKER "\"}}}",
	"{\"takeover\":{\"epoch\":2,\"by\":{\"id\":\"x\"}}}",
	"{\"takeover\":{\"epoch\":2,\"by\":{\"id\":\"" TAKER "\"}}}",
	"{\"takeover\":{\"epoch\":2,\"by\":{\"id\":\"" TAKER "\"},"
	    "\"identities\":[7],\"blocks\":[]}}",
	"{\"takeover\":{\"epoch\":2,\"by\":{\"id\":\"" TAKER "\"},"
	    "\"identities\":[{\"type\":\"mac\",\"value\":\"x\"}],"
	    "\"blocks\":[]}}",
	"{\"takeover\":{\"epoch\":2,\"by\":{\"id\":\"" TAKER "\"},"
	    "\"identities\":[],\"blocks\":[{\"type\":\"uuid\"}]}}",
	"{\"takeover\":{\"epoch\":2,\"by\":{\"id\":\"" TAKER "\"},"
	    "\"identities\":[],\"blocks\":[{\"type\":\"mac\",\"from\":"
	    "\"02:00:00:00:00:09\",\"to\":\"02:00:00:00:00:01\"}]}}",
	"{\"nix\":1}",
};

START_TEST(nonsense_is_malformed)
{
	int64_t before = desk_generation(&desk);

	ck_assert_int_eq(desk_ask(&desk, text("POST /takeovers:notice %s",
	    nonsense[_i])), 400);
	ck_assert_int_eq(desk_generation(&desk), before);
}
END_TEST

/* ---- imports ---- */

/* What is imported: its profile, and where that is. */
static const char *who = "p1", *at_slot = "";

/* A document with that address, as exported by somebody. */
static int
import_from(const char *origin, int epoch, const char *address,
    const char *query)
{
	static struct xml_records r;
	const char *xml = text("<applianceConfig xmlns='" XML_NAMESPACE
	    "' schemaVersion='1.0' kind='profile'><origin applianceUuid='%s'"
	    " name='rack-lon-2' software='1' generation='9'"
	    " identityEpoch='%d' exportedAt='2026-01-15T02:00:03Z'/>"
	    "<profiles><profile name='%s'><vnic name='net0'><mac"
	    " source='static' value='%s'/><vlans><vlan network='prod'/></vlans>"
	    "</vnic>%s</profile></profiles>"
	    "</applianceConfig>", origin, epoch, who, address, at_slot);
	int status;

	xml_read_init();
	ck_ok(xml_read(desk.scratch.arena, xml, strlen(xml), &r, &e), e);
	desk.document = &r;
	status = desk_ask(&desk, text("POST /imports?mode=merge%s", query));
	desk.document = NULL;
	return status;
}

/* The code among the checks of the plan. */
static bool
says(const char *code)
{
	for (int i = 0; i < 20; i++)
		if (strcmp(desk_text(&desk, text("plan/checks/%d/code", i)),
		    code) == 0)
			return true;
	return false;
}

static const struct {
	bool own;			/* exported by us */
	int epoch, known;		/* of the document; of the address here */
	const char *query;
	bool behind, takeover;
} imports[] = {
	{ true, 1, 0, "", false, false },	/* never seen here */
	{ true, 1, 1, "", false, false },
	{ true, 1, 5, "", true, false },
	{ true, 5, 5, "", false, false },
	{ true, 6, 5, "", false, false },
	{ false, 1, 0, "", false, true },
	{ false, 1, 5, "", true, true },
	{ false, 9, 5, "", false, true },
	{ false, 1, 5, "&identities=new", false, false },
};

START_TEST(an_older_epoch_and_another_origin_are_said)
{
	static const char mac_text_of[] = "02:00:00:00:00:42";

	if (imports[_i].known != 0)
		ck_assert_int_eq(scratch_sql(&desk.scratch, text("INSERT INTO"
		    " identity VALUES(NULL,0,'020000000042','240000000020',0,"
		    "3,'gone','gone','gone','gone',NULL,1,2,3,%d)",
		    imports[_i].known)), 0);
	ck_assert_int_eq(import_from(imports[_i].own ? self.id : TAKER,
	    imports[_i].epoch, mac_text_of, imports[_i].query), 201);
	ck_assert_int_eq(says("EpochBehind"), imports[_i].behind);
	ck_assert_int_eq(says("Takeover"), imports[_i].takeover);
}
END_TEST

/* What is chosen about a profile of the document, and the slot that it has then;
 * p1 is at slot 1 already. */
static const struct {
	const char *profile;
	const char *option;		/* NULL: the default */
	bool asks, unknown;
	const char *slot;
} held[] = {
	{ "n1", NULL, true, false, "2" }, { "n1", "takeover", true, false, "2" },
	{ "n1", "hold", false, false, "" }, { "p1", "hold", true, true, "1" },
};

static void
choose(int i, const char *id)
{
	if (held[i].option == NULL)
		return;
	(void)desk_ask(&desk, text("PATCH /imports/%s {\"choices\":[{"
	    "\"conflict\":\"EpochBehind\",\"option\":\"%s\"}]}", id,
	    held[i].option));
	ck_assert_int_eq(desk_says(&desk, "ChoiceUnknown"),
	    held[i].unknown);
	desk_do(&desk, text("GET /imports/%s", id));
}

START_TEST(an_older_epoch_is_taken_all_the_same_or_held_back)
{
	const char *plan;

	ck_assert_int_eq(scratch_sql(&desk.scratch, "INSERT INTO identity"
	    " VALUES(NULL,0,'020000000042','240000000020',0,3,'gone','gone',"
	    "'gone','gone',NULL,1,2,3,5)"), 0);
	who = held[_i].profile;
	at_slot = "<assignment slot='2'/>";
	if (held[_i].unknown)
		at_slot = "";
	ck_assert_int_eq(import_from(self.id, 1, "02:00:00:00:00:42", ""), 201);
	who = "p1";
	at_slot = "";
	ck_assert(says("EpochBehind"));
	choose(_i, text("%s", desk_text(&desk, "id")));
	plan = text("%s", desk_text(&desk, "plan/id"));
	if (held[_i].asks)
		ck_assert_int_eq(desk_ask(&desk, text("POST /plans/%s:apply "
		    "{}", plan)), 409);
	desk_do(&desk, text("POST /plans/%s:apply {\"confirm\":[%s]}", plan,
	    held[_i].asks ? "\"EpochBehind\"" : ""));
	desk_do(&desk, text("GET /profiles/%s", held[_i].profile));
	ck_assert_str_eq(desk_text(&desk, "slot"), held[_i].slot);
}
END_TEST

/* A document of ours, a snapshot say, takes nothing back; one of the appliance
 * that has them does, confirmed by its name. */
START_TEST(only_a_takeover_brings_back_what_was_let_go)
{
	char plan[ID_TEXT];

	let_go();
	ck_assert_int_eq(import_from(self.id, 1, mac, ""), 201);
	ck_assert(!says("Takeover") && !says("IdentitySuspended"));
	ck_assert_int_eq(import_from(TAKER, 5, mac, "&identities=new"), 201);
	ck_assert(!says("Takeover"));
	ck_assert_int_eq(import_from(TAKER, 5, mac, ""), 201);
	ck_assert(says("Takeover") && says("IdentitySuspended"));
	snprintf(plan, sizeof(plan), "%s", desk_text(&desk, "plan/id"));
	ck_assert_int_eq(desk_ask(&desk, text("POST /plans/%s:apply "
	    "{\"confirm\":[\"Takeover\",\"IdentitySuspended\"]}", plan)), 409);
	desk_do(&desk, text("POST /plans/%s:apply {\"confirm\":[\"Takeover\","
	    "\"IdentitySuspended\"],\"origin\":\"rack-lon-2\"}", plan));
	desk_do(&desk, "GET /profiles/p1/vnics/net0");
	ck_assert_str_eq(desk_text(&desk, "suspended"), "false");
	ck_ok(store_appliance(desk.scratch.store, &self, &e), e);
	ck_assert_int_eq(self.identity_epoch, 6);
	/* The notice that made us let go is of yesterday now. */
	ck_assert_int_eq(send(usual(), signed_by(secret, usual()), ""), 422);
	ck_assert(desk_says(&desk, "EpochBehind"));
}
END_TEST

/* Who took over, and nobody told us. */
START_TEST(a_document_of_a_later_epoch_shows_a_split)
{
	struct split *list;
	size_t n;

	ck_assert_int_eq(import_from(TAKER, 1, mac, ""), 201);
	ck_ok(split_list(desk.scratch.store, desk.scratch.arena, &list, &n,
	    &e), e);
	ck_assert_uint_eq(n, 0);
	ck_assert_int_eq(import_from(TAKER, 4, mac, ""), 201);
	ck_ok(split_list(desk.scratch.store, desk.scratch.arena, &list, &n,
	    &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(list[0].name, "rack-lon-2");
	ck_assert_str_eq(list[0].example, mac);
}
END_TEST

/* ---- splits, as rows ---- */

START_TEST(a_split_lasts_until_one_lets_go)
{
	struct store *st = desk.scratch.store;
	struct split s = { .origin = TAKER, .name = "rack-lon-2",
		.seen_ms = 7, .epoch = 2, .count = 3, .example = "x" }, *list;
	size_t n;

	ck_ok(store_begin(st, &e), e);
	ck_ok(split_put(st, &s, &e), e);
	s.count = 4;
	ck_ok(split_put(st, &s, &e), e);
	ck_ok(store_commit(st, &e), e);
	ck_ok(split_list(st, desk.scratch.arena, &list, &n, &e), e);
	ck_assert_uint_eq(n, 1);
	ck_assert_uint_eq(list[0].count, 4);
	let_go();
	ck_ok(split_list(st, desk.scratch.arena, &list, &n, &e), e);
	ck_assert_uint_eq(n, 0);
}
END_TEST

SUITE("takeover")
{
	tcase_add_checked_fixture(tc, set_up, tear_down);
	tcase_add_test(tc, what_was_taken_is_released_and_stays_so);
	tcase_add_test(tc, a_notice_twice_is_nothing_new);
	tcase_add_test(tc, undoing_it_is_confirmed);
	tcase_add_test(tc, another_address_goes_on);
	tcase_add_test(tc, no_address_of_theirs_is_given_away);
	tcase_add_test(tc, a_strangers_notice_is_confirmed);
	tcase_add_test(tc, a_policy_may_refuse_strangers);
	tcase_add_test(tc, a_changed_notice_is_refused);
	tcase_add_test(tc, a_notice_for_others_is_refused);
	tcase_add_test(tc, a_notice_of_yesterday_is_refused);
	tcase_add_loop_test(tc, nonsense_is_malformed, 0, N_ROWS(nonsense));
	tcase_add_loop_test(tc, an_older_epoch_and_another_origin_are_said, 0,
	    N_ROWS(imports));
	tcase_add_test(tc, only_a_takeover_brings_back_what_was_let_go);
	tcase_add_loop_test(tc,
	    an_older_epoch_is_taken_all_the_same_or_held_back, 0,
	    N_ROWS(held));
	tcase_add_test(tc, a_document_of_a_later_epoch_shows_a_split);
	tcase_add_test(tc, a_split_lasts_until_one_lets_go);
}
