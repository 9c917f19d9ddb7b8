/*
 * test_imports_hardware.c -- what a document asks of the hardware and the box has
 * not: every row of the matrix that the service finds, with its default and each
 * of its options, and what is here afterwards.
 *
 * A row is a whole import at the desk of support_desk.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "profiles/xml_matrix.h"
#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

static struct err e;

#define HEAD "<applianceConfig xmlns='urn:polyroot:config:1' " \
	"schemaVersion='1.0' kind='profile'>"
#define DOCUMENT(inside) HEAD "<profiles>" inside "</profiles>" \
	"</applianceConfig>"
#define WITH(hardware, inside) HEAD "<hardware>" hardware "</hardware>" \
	"<profiles>" inside "</profiles></applianceConfig>"
#define PROFILE(name, inside) "<profile name='" name "'>" inside "</profile>"
#define AT(slot) "<assignment slot='" slot "'/>"
#define BOUND_TO(slot, serial) "<assignment slot='" slot "' serverSerial='" \
	serial "' affinity='slot-and-server'/>"
#define VNIC(name, attrs, inside) "<vnic name='" name "' " attrs ">" inside \
	"<vlans><vlan network='prod'/></vlans></vnic>"
#define PIN(where) "<placement " where "/>"
#define QOS(what) "<qos " what "/>"
#define NIC4 "<module name='io7' bay='7' class='ethernet' model='X710' " \
	"ports='4' serial='Z9'/>"
#define THREE VNIC("a", "", "") VNIC("b", "", "") VNIC("c", "", "")
#define BIG PROFILE("n1", THREE AT("1")) PROFILE("n2", THREE AT("2")) \
	PROFILE("n3", VNIC("d", "", "") AT("3"))
#define GUARANTEED PROFILE("n1", "<vnic name='a'><vlans><vlan network='prod'/>" \
	"</vlans>" QOS("guaranteeMbps='2000'") "</vnic>" \
	AT("1"))
#define FAST PROFILE("n1", "<vhba name='h'><san name='san-a'/>" \
	QOS("limitMbps='1000'") "</vhba>" AT("1"))
#define DISK "<vdas name='d'><virtualDisk name='root' raid='RAID1' " \
	"capacityMiB='1024' guid='GONE:0' number='0'/></vdas>"

enum { SETUP = 3 };

static const struct row {
	const char *key;
	const char *setup[SETUP];	/* requests, or "SLOW" */
	const char *text;
	const char *option, *value;	/* NULL: the default */
	char severity;
	/* "PATH member=value" afterwards; NULL: blocked. */
	const char *after[2];
} rows[] = {
	{ "SlotAbsent", { NULL }, DOCUMENT(PROFILE("n1", AT("9"))), NULL, NULL,
	    'W', { "/profiles/n1 slot=" } },
	{ "SlotAbsent", { NULL }, DOCUMENT(PROFILE("n1", AT("9"))), "unassign",
	    NULL, 'W', { "/profiles/n1 slot=" } },
	{ "SlotAbsent", { NULL }, DOCUMENT(PROFILE("n1", AT("9"))), "remap", "2",
	    0, { "/profiles/n1 slot=2" } },
	{ "SlotAbsent", { NULL }, DOCUMENT(PROFILE("n1", AT("9"))), "refuse",
	    NULL, 'B', { NULL } },
	/* At a slot here: nothing takes it off but a choice to be confirmed. */
	{ "SlotAbsent", { "POST /profiles/p1:assign {\"slot\":1}" },
	    DOCUMENT(PROFILE("p1", AT("9"))), NULL, NULL, 'B', { NULL } },
	{ "SlotAbsent", { "POST /profiles/p1:assign {\"slot\":1}" },
	    DOCUMENT(PROFILE("p1", AT("9"))), "unassign", NULL, 'B', { NULL } },
	{ "SlotAbsent", { "POST /profiles/p1:assign {\"slot\":1}" },
	    DOCUMENT(PROFILE("p1", AT("9"))), "release", NULL, 'C',
	    { "/profiles/p1 slot=" } },

	{ "SlotOccupied", { "POST /profiles/p1:assign {\"slot\":1}" },
	    DOCUMENT(PROFILE("n1", AT("1"))), NULL, NULL, 'B', { NULL } },
	{ "SlotOccupied", { "POST /profiles/p1:assign {\"slot\":1}" },
	    DOCUMENT(PROFILE("n1", AT("1"))), "refuse", NULL, 'B', { NULL } },
	{ "SlotOccupied", { "POST /profiles/p1:assign {\"slot\":1}" },
	    DOCUMENT(PROFILE("n1", AT("1"))), "displace", NULL, 'C',
	    { "/profiles/n1 slot=1", "/profiles/p1 slot=" } },
	{ "SlotOccupied", { "POST /profiles/p1:assign {\"slot\":1}",
	    "POST /profiles/p2:assign {\"slot\":2}" },
	    DOCUMENT(PROFILE("p2", AT("1"))), "swap", NULL, 'W',
	    { "/profiles/p2 slot=1", "/profiles/p1 slot=2" } },

	{ "SlotNarrower", { NULL }, WITH("<slot number='1' linkWidth='16'/>",
	    PROFILE("n1", AT("1"))), NULL, NULL, 'W',
	    { "/profiles/n1 slot=1" } },
	{ "SlotNarrower", { NULL }, WITH("<slot number='1' linkWidth='16'/>",
	    PROFILE("n1", AT("1"))), "accept", NULL, 'W',
	    { "/profiles/n1 slot=1" } },

	{ "ServerDiffers", { NULL }, DOCUMENT(PROFILE("n1",
	    BOUND_TO("1", "OTHER"))), NULL, NULL, 'W',
	    { "/profiles/n1 slot=", "/profiles/n1 affinity=slot-and-server" } },
	{ "ServerDiffers", { NULL }, DOCUMENT(PROFILE("n1",
	    BOUND_TO("1", "OTHER"))), "hold", NULL, 'W',
	    { "/profiles/n1 slot=" } },
	{ "ServerDiffers", { NULL }, DOCUMENT(PROFILE("n1",
	    BOUND_TO("1", "OTHER"))), "rebind", NULL, 'C',
	    { "/profiles/n1 slot=1", "/profiles/n1 affinity=slot-and-server" } },
	{ "ServerDiffers", { NULL }, DOCUMENT(PROFILE("n1",
	    BOUND_TO("1", "OTHER"))), "refuse", NULL, 'B', { NULL } },
	{ "ServerDiffers", { "POST /profiles/p1:assign {\"slot\":2}" },
	    DOCUMENT(PROFILE("p1", BOUND_TO("1", "OTHER"))), NULL, NULL, 'B',
	    { NULL } },
	{ "ServerDiffers", { "POST /profiles/p1:assign {\"slot\":2}" },
	    DOCUMENT(PROFILE("p1", BOUND_TO("1", "OTHER"))), "release", NULL,
	    'C', { "/profiles/p1 slot=" } },

	{ "ModuleAbsent", { NULL }, WITH(NIC4, PROFILE("n1", VNIC("a", "",
	    PIN("module='io7' port='3'")) AT("1"))), NULL, NULL, 'W',
	    { "/profiles/n1 slot=", "/profiles/n1 vnics/0/placement/module=" } },
	{ "ModuleAbsent", { NULL }, WITH(NIC4, PROFILE("n1", VNIC("a", "",
	    PIN("module='io7'")) AT("1"))), "defer", NULL, 'W',
	    { "/profiles/n1 slot=" } },
	{ "ModuleAbsent", { NULL }, WITH(NIC4, PROFILE("n1", VNIC("a", "",
	    PIN("module='io7' port='3'")) AT("1"))), "remap", "io1/2", 0,
	    { "/profiles/n1 slot=1", "/profiles/n1 vnics/0/placement/port=2" } },
	{ "ModuleAbsent", { NULL }, WITH(NIC4, PROFILE("n1", VNIC("a", "",
	    PIN("module='io7'")) AT("1"))), "remap", "io6", 'B', { NULL } },
	{ "ModuleAbsent", { NULL }, WITH(NIC4, PROFILE("n1", VNIC("a", "",
	    PIN("module='io7'")) AT("1"))), "dropPin", NULL, 'W',
	    { "/profiles/n1 slot=1", "/profiles/n1 vnics/0/placement/module=" } },
	{ "ModuleAbsent", { NULL }, WITH(NIC4, PROFILE("n1", VNIC("a", "",
	    PIN("module='io7'")) AT("1"))), "refuse", NULL, 'B', { NULL } },
	{ "ModuleAbsent", { "POST /profiles/p1:assign {\"slot\":1}" }, WITH(NIC4,
	    PROFILE("p1", VNIC("net0", "", PIN("module='io7'")))), NULL, NULL,
	    'B', { NULL } },
	{ "ModuleAbsent", { "POST /profiles/p1:assign {\"slot\":1}" }, WITH(NIC4,
	    PROFILE("p1", VNIC("net0", "", PIN("module='io7'")))), "release",
	    NULL, 'C', { "/profiles/p1 slot=" } },
	/* The class: nothing of it is here. */
	{ "ModuleAbsent", { "PULL 1" }, DOCUMENT(PROFILE("n1", VNIC("a", "", "")
	    AT("1"))), NULL, NULL, 'W', { "/profiles/n1 slot=" } },

	{ "FewerFunctions", { NULL }, DOCUMENT(BIG), NULL, NULL, 'B', { NULL } },
	{ "FewerFunctions", { NULL }, DOCUMENT(BIG), "refuse", NULL, 'B',
	    { NULL } },
	{ "FewerFunctions", { NULL }, DOCUMENT(BIG), "unassignRest", NULL, 'C',
	    { "/profiles/n2 slot=2", "/profiles/n3 slot=" } },

	{ "PortSlower", { "SLOW" }, DOCUMENT(GUARANTEED), NULL, NULL, 'B',
	    { NULL } },
	{ "PortSlower", { "SLOW" }, DOCUMENT(GUARANTEED), "refuse", NULL, 'B',
	    { NULL } },
	{ "PortSlower", { "SLOW" }, DOCUMENT(GUARANTEED), "scaleGuarantees",
	    "10%", 'W', { "/profiles/n1 slot=1",
	    "/profiles/n1 vnics/0/qos/guaranteeMbps=200" } },
	{ "PortSlower", { "SLOW" }, DOCUMENT(GUARANTEED), "dropGuarantees",
	    NULL, 'W', { "/profiles/n1 vnics/0/qos/guaranteeMbps=0",
	    "/profiles/n1 slot=1" } },

	{ "AdapterCannot", { NULL }, DOCUMENT(FAST), NULL, NULL, 'B', { NULL } },
	{ "AdapterCannot", { NULL }, DOCUMENT(FAST), "refuse", NULL, 'B',
	    { NULL } },
	{ "AdapterCannot", { NULL }, DOCUMENT(FAST), "degrade", NULL, 'W',
	    { "/profiles/n1 slot=1", "/profiles/n1 vhbas/0/qos/limitMbps=0" } },
	{ "AdapterCannot", { "SLOW" }, DOCUMENT(PROFILE("n1", "<vnic name='a'>"
	    "<vlans><vlan network='prod'/></vlans>" QOS("limitMbps='4000'")
	    "</vnic>" AT("1"))), "degrade", NULL, 'W',
	    { "/profiles/n1 slot=1", "/profiles/n1 vnics/0/qos/limitMbps=1000" } },
	{ "AdapterCannot", { NULL }, DOCUMENT(PROFILE("n1", VNIC("a",
	    "mtu='9216'", "") AT("1"))), "degrade", NULL, 'W',
	    { "/profiles/n1 vnics/0/mtu=9000" } },

	{ "DiskAbsent", { NULL }, DOCUMENT(PROFILE("n1", VNIC("a", "", "") DISK
	    AT("1"))), NULL, NULL, 'W', { "/profiles/n1 vdas/0/state=missing",
	    "/profiles/n1 vdas/0/virtualDisks/0/state=missing" } },
	{ "DiskAbsent", { NULL }, DOCUMENT(PROFILE("n1", DISK AT("1"))),
	    "missing", NULL, 'W', { "/profiles/n1 vdas/0/state=missing" } },
	{ "DiskAbsent", { NULL }, DOCUMENT(PROFILE("n1", DISK AT("1"))),
	    "recreateEmpty", NULL, 'C',
	    { "/profiles/n1 vdas/0/virtualDisks/0/number=0" } },
};

static void
set_up(struct desk *d, const struct row *row)
{
	desk_new(d);
	for (size_t i = 0; i < SETUP && row->setup[i] != NULL; i++) {
		if (strcmp(row->setup[i], "SLOW") == 0) {
			desk_speed(d, 1, 1, 1000);
			desk_speed(d, 1, 2, 1000);
		} else if (strcmp(row->setup[i], "PULL 1") == 0) {
			desk_pull(d, 1);
		} else {
			desk_do(d, row->setup[i]);
		}
	}
}

static int
post(struct desk *d, const char *text, const char *query)
{
	struct xml_records *r = arena_alloc(d->scratch.arena, sizeof(*r));
	int status;

	ck_ok(xml_read(d->scratch.arena, text, strlen(text), r, &e), e);
	d->document = r;
	status = desk_ask(d, arena_printf(d->scratch.arena,
	    "POST /imports?%s {}", query));
	d->document = NULL;
	return status;
}

static const char *
chosen(struct desk *d, const struct row *row)
{
	return arena_printf(d->scratch.arena,
	    "{\"choices\":[{\"conflict\":\"%s\",\"option\":\"%s\","
	    "\"value\":\"%s\"}]}", row->key, row->option,
	    row->value != NULL ? row->value : "");
}

/* Imports it, and chooses; the last answer is the import's. */
static void
import(struct desk *d, const struct row *row)
{
	ck_assert_int_eq(post(d, row->text, "mode=merge"), 201);
	if (row->option == NULL)
		return;
	(void)desk_ask(d, arena_printf(d->scratch.arena, "PATCH /imports/%s %s",
	    desk_text(d, "id"), chosen(d, row)));
}

static const json_t *
conflict(struct desk *d, const char *key)
{
	json_t *o;
	size_t i;

	json_array_foreach(json_object_get(d->json, "conflicts"), i, o)
		if (strcmp(json_string_value(json_object_get(o, "code")),
		    key) == 0)
			return o;
	return NULL;
}

static int
apply(struct desk *d, const char *plan, const char *confirm)
{
	int status = desk_ask(d, arena_printf(d->scratch.arena,
	    "POST /plans/%s:apply {\"confirm\":[%s]}", plan, confirm));

	desk_settle(d);
	return status;
}

static void
check_after(struct desk *d, const char *after)
{
	char path[64], member[96], text[96] = "";

	ck_assert_int_ge(sscanf(after, "%63s %95[^=]=%95s", path, member,
	    text), 2);
	ck_assert_int_eq(desk_ask(d, arena_printf(d->scratch.arena, "GET %s",
	    path)), 200);
	ck_assert_msg(strcmp(desk_text(d, member), text) == 0,
	    "%s: %s is \"%s\"", after, member, desk_text(d, member));
}

/* Chosen where it is not allowed: as if nothing was chosen. */
static bool
is_refused(const struct desk *d)
{
	return d->status == 422;
}

START_TEST(a_row)
{
	const struct row *row = &rows[_i];
	int64_t generation;
	const char *plan, *severity;
	char want[2] = { row->severity, '\0' };
	struct desk d;

	set_up(&d, row);
	generation = desk_generation(&d);
	import(&d, row);
	if (is_refused(&d)) {
		ck_assert_ptr_null(row->after[0]);
		ck_assert(desk_says(&d, "ChoiceUnknown"));
		desk_free(&d);
		return;
	}
	plan = desk_text(&d, "plan/id");
	ck_assert_msg(conflict(&d, row->key) != NULL, "%s is not met: %s",
	    row->key, json_text(d.json));
	severity = json_string_value(json_object_get(conflict(&d, row->key),
	    "severity"));
	if (row->value == NULL || row->after[0] != NULL)
		ck_assert_str_eq(severity != NULL ? severity : "", want);
	if (row->after[0] == NULL) {
		ck_assert_int_eq(apply(&d, plan, ""), 422);
		ck_assert_int_eq(desk_generation(&d), generation);
		desk_free(&d);
		return;
	}
	if (row->severity == 'C') {
		ck_assert_int_eq(apply(&d, plan, ""), 409);
		ck_assert(desk_says(&d, row->key));
		ck_assert_int_eq(desk_generation(&d), generation);
	}
	if (apply(&d, plan, arena_printf(d.scratch.arena, "\"%s\","
	    "\"QosGuaranteeUnsupported\"", row->key)) > 299)
		ck_abort_msg("%.900s", json_text(d.json));
	for (size_t i = 0; i < 2 && row->after[i] != NULL; i++)
		check_after(&d, row->after[i]);
	desk_free(&d);
}
END_TEST

/* What the default made of it is as the document says: nothing is asked again. */
START_TEST(a_dry_run_says_the_same_and_keeps_nothing)
{
	const struct row *row = &rows[_i];
	struct desk d;

	set_up(&d, row);
	ck_assert_int_eq(post(&d, row->text, "mode=merge&dryRun=true"), 200);
	ck_assert(conflict(&d, row->key) != NULL);
	ck_assert_int_eq(desk_ask(&d, "GET /imports"), 200);
	ck_assert_str_eq(desk_text(&d, "items/0/id"), "");
	desk_free(&d);
}
END_TEST

static bool
is_tested(const char *key, const char *option)
{
	for (int i = 0; i < N_ROWS(rows); i++)
		if (strcmp(rows[i].key, key) == 0 && (option == NULL ?
		    rows[i].option == NULL : rows[i].option != NULL &&
		    rows[i].after[0] != NULL && strcmp(rows[i].option,
		    option) == 0))
			return true;
	return false;
}

START_TEST(every_row_and_option_of_the_service_has_a_test)
{
	for (size_t i = 0; i < xml_matrix_n; i++) {
		const struct xml_matrix_row *m = &xml_matrix[i];

		/* Users and settings are no hardware: test_system.c; nor are
		 * epochs: test_takeover.c. */
		if (m->by != XML_BY_SERVICE ||
		    strcmp(m->key, "EpochBehind") == 0 || (strlen(m->key) > 6 &&
		    strcmp(m->key + strlen(m->key) - 6, "Differ") == 0))
			continue;
		ck_assert_msg(is_tested(m->key, NULL), "%s", m->key);
		for (size_t k = 0; k < XML_MATRIX_OPTIONS &&
		    m->options[k].word != NULL; k++) {
			bool refuse = strcmp(m->options[k].word,
			    "refuse") == 0;

			ck_assert_msg(refuse || is_tested(m->key,
			    m->options[k].word), "%s %s", m->key,
			    m->options[k].word);
		}
	}
}
END_TEST

/* A document of this very box is nobody's conflict, whatever is out or slow. */
START_TEST(an_unchanged_profile_asks_nothing)
{
	struct desk d;

	desk_new(&d);
	desk_do(&d, "POST /profiles/p1:assign {\"slot\":1}");
	desk_pull(&d, 1);
	ck_assert_int_eq(post(&d, WITH("<module name='io1' bay='1' "
	    "class='ethernet' model='X520-SR2' ports='2'/>", PROFILE("p1",
	    AT("1"))), "mode=merge"), 201);
	ck_assert_str_eq(desk_text(&d, "conflicts/0/code"), "");
	ck_assert_str_eq(desk_text(&d, "plan/applicable"), "true");
	ck_assert_str_eq(desk_text(&d, "plan/diff/0/name"), "");
	desk_free(&d);
}
END_TEST

/* A card that is in another bay here is known by its serial; but an appliance's
 * own document means the bays that it names. */
START_TEST(a_card_that_moved_takes_its_pins_along)
{
	static const char module[] = "<module name='io7' bay='7' "
	    "class='ethernet' model='X520-SR2' ports='2' serial='CARD'/>";
	struct appliance self;
	const char *text;
	struct desk d;

	desk_new(&d);
	text = arena_printf(d.scratch.arena, "%s<hardware>%s</hardware>"
	    "<profiles>%s</profiles></applianceConfig>", HEAD, module,
	    PROFILE("n1", VNIC("a", "", PIN("module='io7' port='2'")) AT("1")));
	ck_assert_int_eq(post(&d, text, "mode=merge&dryRun=true"), 200);
	ck_assert_str_eq(desk_text(&d, "hardware/modules/0/confidence"),
	    "exact");
	ck_assert_str_eq(desk_text(&d, "hardware/modules/0/here/name"), "io1");
	ck_assert_str_eq(desk_text(&d, "plan/applicable"), "true");
	ck_ok(store_appliance(d.scratch.store, &self, &e), e);
	text = arena_printf(d.scratch.arena, "%s<origin applianceUuid='%s' "
	    "name='a' software='1' generation='1' identityEpoch='1' "
	    "exportedAt='2026-01-01T00:00:00Z'/>%s", HEAD, self.id,
	    text + strlen(HEAD));
	ck_assert_int_eq(post(&d, text, "mode=merge&dryRun=true"), 200);
	ck_assert_str_eq(desk_text(&d, "hardware/modules/0/confidence"),
	    "exact");
	ck_assert_str_eq(desk_text(&d, "plan/applicable"), "false");
	desk_free(&d);
}
END_TEST

/* A disk that is back is found with the next change of its profile, even one
 * that changes nothing else. */
START_TEST(a_disk_that_comes_back_is_taken)
{
	static const char text[] = DOCUMENT(PROFILE("n1", "<vdas name='d'>"
	    "<virtualDisk name='root' raid='RAID1' capacityMiB='1024' "
	    "guid='CARD:5' number='5'/></vdas>" AT("1")));
	struct desk d;

	desk_new(&d);
	ck_assert_int_eq(post(&d, text, "mode=merge"), 201);
	ck_assert_int_lt(apply(&d, desk_text(&d, "plan/id"), ""), 300);
	check_after(&d, "/profiles/n1 vdas/0/state=missing");
	ck_assert_int_eq(post(&d, text, "mode=merge"), 201);
	ck_assert_str_eq(desk_text(&d, "plan/diff/0/name"), "");
	ck_assert_int_eq(apply(&d, desk_text(&d, "plan/id"), ""), 200);
	/* One of the number and another size is another disk. */
	desk_disk(&d, 3, 4);
	ck_assert_int_eq(post(&d, text, "mode=merge"), 201);
	ck_assert_str_eq(desk_text(&d, "plan/steps/0/verb"), "");
	desk_disk(&d, 3, 5);
	ck_assert_int_eq(desk_ask(&d, "POST /profiles/n1:assign "
	    "{\"slot\":1}"), 202);
	desk_settle(&d);
	check_after(&d, "/profiles/n1 vdas/0/virtualDisks/0/number=5");
	check_after(&d, "/profiles/n1 vdas/0/virtualDisks/0/state=optimal");
	desk_free(&d);
}
END_TEST

/* All that a dry run says, to the last byte. */
static char *
said(struct desk *d, const struct row *row, const char *id, bool ahead)
{
	uint64_t seed = d->seed;
	char *text;

	d->ahead = ahead;
	if (row->option == NULL)
		(void)post(d, row->text, "mode=merge&dryRun=true");
	else
		(void)desk_ask(d, arena_printf(d->scratch.arena,
		    "PATCH /imports/%s?dryRun=true %s", id, chosen(d, row)));
	text = json_text(d->json);
	d->ahead = false;
	d->seed = seed;
	return text;
}

START_TEST(planned_before_the_writer_it_comes_to_the_same)
{
	const struct row *row = &rows[_i];
	char *ahead, *then;
	const char *id;
	struct desk d;

	set_up(&d, row);
	ck_assert_int_eq(post(&d, row->text, "mode=merge"), 201);
	id = arena_strdup(d.scratch.arena, desk_text(&d, "id"));
	ahead = said(&d, row, id, true);
	then = said(&d, row, id, false);
	ck_assert(d.status == 200 || desk_says(&d, "ChoiceUnknown"));
	ck_assert(strcmp(ahead, then) == 0);
	free(ahead);
	free(then);
	desk_free(&d);
}
END_TEST

SUITE("imports_hardware")
{
	tcase_add_loop_test(tc, a_row, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, a_dry_run_says_the_same_and_keeps_nothing, 0,
	    N_ROWS(rows));
	tcase_add_loop_test(tc,
	    planned_before_the_writer_it_comes_to_the_same, 0, N_ROWS(rows));
	tcase_add_test(tc, every_row_and_option_of_the_service_has_a_test);
	tcase_add_test(tc, an_unchanged_profile_asks_nothing);
	tcase_add_test(tc, a_card_that_moved_takes_its_pins_along);
	tcase_add_test(tc, a_disk_that_comes_back_is_taken);
}
