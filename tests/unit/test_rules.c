/*
 * test_rules.c -- every row of the rules' table, broken and kept.
 *
 * A row here is a wish that breaks one rule and one beside it that does not.
 * The last test walks the table: a rule without a row here fails it.
 */
#include <stdio.h>

#include "appliance/service/rules.h"
#include "tests/test.h"
#include "tests/unit/support_desk.h"

enum { SETUP = 4 };

#define VNIC(rest) "POST /profiles/p1/vnics {\"name\":\"n1\"," rest "}"
#define VNIC2(rest) "POST /profiles/p2/vnics {\"name\":\"n1\"," rest "}"
#define VHBA(rest) \
	"POST /profiles/p1/vhbas {\"name\":\"h1\",\"san\":\"san-a\"," rest "}"
#define VDAS(rest) \
	"POST /profiles/p1/vdas {\"name\":\"d1\",\"virtualDisks\":[" rest "]}"
#define DISK(n) \
	"{\"name\":\"" n "\",\"raid\":\"RAID1\",\"capacityMiB\":1024}"
#define PROD "\"networks\":[\"prod\"]"
#define ASSIGN1 "POST /profiles/p1:assign {\"slot\":1}"
#define KEEP_BACK(port) "PATCH /ports/io1/" port " {\"reservePct\":50}"
#define FENCE(port) "PATCH /networks/free {\"allowedPorts\":[\"io1/" port \
	"\"]}"
#define ON(port) "\"placement\":{\"module\":\"io1\",\"port\":" port "}"
#define APART "\"placement\":{\"antiAffinity\":\"g\"}"
#define PINNED(port) "\"placement\":{\"antiAffinity\":\"g\",\"module\":" \
	"\"io1\",\"port\":" port "}"
#define FIVE "POST /pools {\"name\":\"five\",\"type\":\"mac\",\"blocks\":" \
	"[{\"from\":\"02:AA:00:00:01:00\",\"to\":\"02:AA:00:00:01:04\"}]}"
#define TWO_OF(p) "POST /profiles/" p "/vnics {\"name\":\"x\"," PROD "," \
	"\"macPool\":\"five\"}", "POST /profiles/" p "/vnics {\"name\":" \
	"\"y\"," PROD ",\"macPool\":\"five\"}"
#define EXCLUDING(from, to) "POST /pools {\"name\":\"b\",\"type\":\"mac\"," \
	"\"blocks\":[{\"from\":\"02:AB:00:00:00:00\"," \
	"\"to\":\"02:AB:00:00:00:0F\"}],\"exclusions\":[{\"from\":" \
	"\"02:AB:00:00:00:" from "\",\"to\":\"02:AB:00:00:00:" to "\"}," \
	"{\"from\":\"02:AB:00:00:00:00\",\"to\":\"02:AB:00:00:00:01\"}]}"
#define UUID1 "\"0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01\""
#define TINY "POST /pools {\"name\":\"tiny\",\"type\":\"mac\",\"blocks\":" \
	"[{\"from\":\"02:AA:00:00:00:00\",\"to\":\"02:AA:00:00:00:00\"}]}"

static const struct row {
	const char *code;
	char severity;
	const char *setup[SETUP];
	const char *bad, *good;
	const char *mend;		/* between the bad and the good one */
	const char *where;		/* pointer of the bad one; NULL any */
} rows[] = {
	{ "MacSyntax", 'B', { NULL }, VNIC(PROD ",\"mac\":\"zz\""),
	    VNIC(PROD ",\"mac\":\"02-00-00-00-00-01\""), NULL, "/mac" },
	{ "MacMulticast", 'B', { NULL },
	    VNIC(PROD ",\"mac\":\"03:00:00:00:00:01\""),
	    VNIC(PROD ",\"mac\":\"02:00:00:00:00:01\""), NULL, "/mac" },
	{ "MacNotLocal", 'W', { NULL },
	    VNIC(PROD ",\"mac\":\"00:10:18:00:00:01\""),
	    VNIC(PROD ",\"mac\":\"02:10:18:00:00:01\""), NULL, "/mac" },
	{ "MacHardwareClash", 'B', { NULL },
	    VNIC(PROD ",\"mac\":\"00:1B:21:00:00:01\""),
	    VNIC(PROD ",\"mac\":\"00:1B:21:00:00:07\""), NULL, "/mac" },
	{ "MacDuplicate", 'B', { VNIC2(PROD ",\"mac\":\"02:00:00:00:00:05\"") },
	    VNIC(PROD ",\"mac\":\"0200.0000.0005\""),
	    VNIC(PROD ",\"mac\":\"0200.0000.0006\""), NULL, "/mac" },
	{ "WwnSyntax", 'B', { NULL },
	    VHBA("\"wwpn\":\"60:00:00:00:00:00:00:01\""),
	    VHBA("\"wwpn\":\"50:00:00:00:00:00:00:01\""), NULL, "/wwpn" },
	{ "WwnEmbeddedMulticast", 'B', { NULL },
	    VHBA("\"wwpn\":\"20:00:01:00:00:00:00:01\""),
	    VHBA("\"wwpn\":\"20:00:02:77:00:00:00:01\""), NULL, "/wwpn" },
	{ "WwnDuplicate", 'B',
	    { "POST /profiles/p2/vhbas {\"name\":\"h1\",\"san\":\"san-a\","
	    "\"wwpn\":\"50:00:00:00:00:00:00:01\"}" },
	    VHBA("\"wwpn\":\"5000000000000001\""),
	    VHBA("\"wwpn\":\"5000000000000002\""), NULL, "/wwpn" },
	{ "WwnDuplicate", 'B',
	    { "POST /profiles/p2/vhbas {\"name\":\"h1\",\"san\":\"san-a\","
	    "\"wwpn\":\"50:00:00:00:00:00:00:01\"}" },
	    "PATCH /profiles/p1 {\"wwnn\":\"5000000000000001\"}",
	    "PATCH /profiles/p1 {\"wwnn\":\"5000000000000002\"}", NULL,
	    "/wwnn" },
	{ "WwnnScope", 'B',
	    { "PATCH /profiles/p2 {\"wwnn\":\"2001020000000009\"}" },
	    "PATCH /profiles/p1 {\"wwnn\":\"20:01:02:00:00:00:00:09\"}",
	    "PATCH /profiles/p1 {\"wwnn\":\"20:01:02:00:00:00:00:0A\"}", NULL,
	    "/wwnn" },
	{ "UuidSyntax", 'B', { NULL },
	    "PATCH /profiles/p1 {\"systemUuid\":\"0f6b9f0c\"}",
	    "PATCH /profiles/p1 {\"systemUuid\":\"pool\"}", NULL,
	    "/systemUuid" },
	{ "UuidSyntax", 'B', { NULL },
	    "PATCH /profiles/p1 {\"systemUuid\":"
	    "\"0f6b9f0c-7a58-4b7a-ca9d-0d1f5c7c1d01\"}",
	    "PATCH /profiles/p1 {\"systemUuid\":" UUID1 "}", NULL,
	    "/systemUuid" },
	{ "UuidDuplicate", 'B',
	    { "PATCH /profiles/p2 {\"systemUuid\":" UUID1 "}" },
	    "PATCH /profiles/p1 {\"systemUuid\":"
	    "\"0F6B9F0C-7A58-4B7A-8A9D-0D1F5C7C1D01\"}",
	    "PATCH /profiles/p1 {\"systemUuid\":"
	    "\"0F6B9F0C-7A58-4B7B-8A9D-0D1F5C7C1D01\"}", NULL,
	    "/systemUuid" },
	{ "IdentityQuarantined", 'C',
	    { VNIC2(PROD ",\"mac\":\"02:00:00:00:00:05\""),
	    "DELETE /profiles/p2/vnics/n1" },
	    VNIC(PROD ",\"mac\":\"02:00:00:00:00:05\""),
	    VNIC(PROD ",\"mac\":\"02:00:00:00:00:06\""), NULL, "/mac" },
	{ "PoolExhausted", 'B', { TINY, VNIC2(PROD ",\"macPool\":\"tiny\"") },
	    VNIC(PROD ",\"macPool\":\"tiny\""), VNIC(PROD), NULL, NULL },
	{ "PoolOverlap", 'B', { TINY },
	    "POST /pools {\"name\":\"b\",\"type\":\"mac\",\"blocks\":[{\"from\":"
	    "\"02:A9:FF:FF:FF:FF\",\"to\":\"02:AA:00:00:00:03\"}]}",
	    "POST /pools {\"name\":\"b\",\"type\":\"mac\",\"blocks\":[{\"from\":"
	    "\"02:AA:00:00:00:01\",\"to\":\"02:AA:00:00:00:03\"}]}",
	    NULL, "/blocks" },
	{ "PoolOverlap", 'B', { NULL }, EXCLUDING("0F", "10"),
	    EXCLUDING("0E", "0F"), NULL, "/exclusions/0" },
	{ "PoolOverlap", 'B', { NULL }, EXCLUDING("01", "03"),
	    EXCLUDING("02", "03"), NULL, "/exclusions/1" },
	{ "PoolOverlap", 'B', { TINY },
	    "POST /pools {\"name\":\"b\",\"type\":\"mac\",\"blocks\":[{\"from\":"
	    "\"02:AB:00:00:00:00\",\"to\":\"02:AB:00:10:00:00\"}]}",
	    "POST /pools {\"name\":\"b\",\"type\":\"mac\",\"blocks\":[{\"from\":"
	    "\"02:AB:00:00:00:00\",\"to\":\"02:AB:00:0F:FF:FF\"}]}",
	    NULL, "/blocks/0" },
	{ "PoolLow", 'W', { FIVE, TWO_OF("p2"), VNIC2(PROD
	    ",\"macPool\":\"five\"") }, VNIC(PROD ",\"macPool\":\"five\""),
	    VNIC(PROD ",\"macPool\":\"macs\""), NULL, "/mac" },
	{ "IdentityOutOfPool", 'W', { FIVE, "PATCH /pools/five {\"exclusions\":"
	    "[{\"from\":\"02AA00000103\",\"to\":\"02AA00000104\"}]}" },
	    VNIC(PROD ",\"mac\":\"02:AA:00:00:01:02\""),
	    VNIC(PROD ",\"mac\":\"02:AA:00:00:01:03\""), NULL, "/mac" },
	{ "VlanRange", 'B', { NULL },
	    "POST /networks {\"name\":\"x\",\"vlan\":4095}",
	    "POST /networks {\"name\":\"x\",\"vlan\":4094}", NULL, "/vlan" },
	{ "VlanRange", 'W', { NULL },
	    "POST /networks {\"name\":\"x\",\"vlan\":1002}",
	    "POST /networks {\"name\":\"x\",\"vlan\":1006}", NULL, "/vlan" },
	{ "VlanMode", 'B', { NULL }, VNIC("\"networks\":[]"), VNIC(PROD),
	    NULL, "/networks" },
	{ "NetworkNotAllowedHere", 'B', { ASSIGN1, FENCE("2") },
	    VNIC("\"networks\":[\"free\"],\"placement\":{\"module\":\"io1\","
	    "\"port\":1}"),
	    VNIC("\"networks\":[\"free\"],\"placement\":{\"module\":\"io1\","
	    "\"port\":2}"), NULL, "" },
	{ "NetworkNotAllowedHere", 'B', { ASSIGN1 },
	    "PATCH /networks/prod {\"allowedPorts\":[\"io1/2\"]}",
	    "PATCH /networks/prod {\"allowedPorts\":[\"io1/2\",\"io1/1\"]}",
	    NULL, "/allowedPorts" },
	{ "MtuRange", 'B', { NULL },
	    VNIC("\"networks\":[\"stor\"],\"mtu\":1501"),
	    VNIC("\"networks\":[\"stor\"],\"mtu\":1500"), NULL, "/mtu" },
	{ "MtuPortScope", 'B', { ASSIGN1 }, VNIC(PROD ",\"mtu\":9000," ON("1")),
	    VNIC(PROD ",\"mtu\":9000," ON("2")), NULL, "" },
	{ "MtuPortScope", 'B', { ASSIGN1, VNIC(PROD "," ON("1")) },
	    "PATCH /profiles/p1/vnics/net0 {\"mtu\":9000}",
	    "PATCH /profiles/p1/vnics/net0 {\"mtu\":1500}", NULL, "/mtu" },
	{ "QosLimitRange", 'B', { ASSIGN1 },
	    VNIC(PROD ",\"qos\":{\"limitMbps\":5}"),
	    VNIC(PROD ",\"qos\":{\"limitMbps\":11}"), NULL,
	    "/qos/limitMbps" },
	{ "QosLimitBelowGuarantee", 'B', { NULL },
	    VNIC(PROD ",\"qos\":{\"limitMbps\":100,\"guaranteeMbps\":200}"),
	    VNIC(PROD ",\"qos\":{\"limitMbps\":0,\"guaranteeMbps\":200}"),
	    NULL, "/qos/limitMbps" },
	{ "QosGuaranteeUnsupported", 'C', { ASSIGN1 },
	    VNIC(PROD ",\"qos\":{\"guaranteeMbps\":200}"), VNIC(PROD), NULL,
	    "/qos/guaranteeMbps" },
	{ "QosOversubscribed", 'B', { ASSIGN1 },
	    VNIC(PROD ",\"qos\":{\"guaranteeMbps\":10001}"),
	    VNIC(PROD ",\"qos\":{\"guaranteeMbps\":10000}"), NULL,
	    "/qos/guaranteeMbps" },
	{ "QosOversubscribed", 'B', { ASSIGN1, KEEP_BACK("1"), KEEP_BACK("2") },
	    VNIC(PROD ",\"qos\":{\"guaranteeMbps\":5001}"),
	    VNIC(PROD ",\"qos\":{\"guaranteeMbps\":5000}"), NULL,
	    "/qos/guaranteeMbps" },
	{ "QosOversubscribed", 'B', { ASSIGN1, "PATCH /profiles/p1/vnics/net0"
	    "?confirm=QosGuaranteeUnsupported {\"qos\":{\"guaranteeMbps\":"
	    "9000}}" }, "PATCH /ports/io1/1 {\"reservePct\":11}",
	    "PATCH /ports/io1/1 {\"reservePct\":10}", NULL, "/reservePct" },
	{ "ForwardingUnsupported", 'B', { NULL },
	    "PATCH /ports/io2/1 {\"forwardingMode\":\"vepa\"}",
	    "PATCH /ports/io1/1 {\"forwardingMode\":\"vepa\"}", NULL,
	    "/forwardingMode" },
	{ "PcpRange", 'B', { NULL }, VNIC(PROD ",\"qos\":{\"pcp\":8}"),
	    VNIC(PROD ",\"qos\":{\"pcp\":7}"), NULL, NULL },
	{ "FunctionLimit", 'B', { NULL },
	    VDAS(DISK("a") "," DISK("b") "," DISK("c") "," DISK("d") ","
	    DISK("e")), VDAS(DISK("a")), NULL, NULL },
	{ "KindUnsupported", 'B', { NULL },
	    VNIC(PROD ",\"placement\":{\"module\":\"io2\"}"),
	    VNIC(PROD ",\"placement\":{\"module\":\"io1\"}"), NULL,
	    "/placement/module" },
	{ "SlotDisabled", 'B', { "PATCH /slots/1 {\"adminState\":\"disabled\"}" },
	    ASSIGN1, "POST /profiles/p1:assign {\"slot\":2}", NULL, "/slot" },
	{ "SlotMaintenance", 'C',
	    { "PATCH /slots/1 {\"adminState\":\"maintenance\"}" },
	    ASSIGN1, "POST /profiles/p1:assign {\"slot\":2}", NULL, "/slot" },
	{ "SlotIsSpare", 'B', { "PATCH /slots/1 {\"isSpare\":true}" },
	    ASSIGN1, "POST /profiles/p1:assign {\"slot\":2}", NULL, "/slot" },
	{ "SlotHasProfile", 'B', { "POST /profiles/p2:assign {\"slot\":1}" },
	    ASSIGN1, "POST /profiles/p1:assign {\"slot\":2}", NULL, "/slot" },
	{ "SlotHasProfile", 'B', { ASSIGN1 },
	    "PATCH /slots/1 {\"isSpare\":true}",
	    "PATCH /slots/2 {\"isSpare\":true}", NULL, "/isSpare" },
	{ "ProfileHasSlot", 'B', { ASSIGN1 },
	    "POST /profiles/p1:assign {\"slot\":2}",
	    "POST /profiles/p1:move {\"slot\":2}", NULL, "/slot" },
	{ "AffinityMismatch", 'C', { "PATCH /profiles/p1 {\"affinity\":"
	    "\"slot-and-server\"}", ASSIGN1, "POST /profiles/p1:release {}" },
	    "POST /profiles/p1:assign {\"slot\":2}", ASSIGN1, NULL, "/slot" },
	{ "BootTargetCount", 'B', { NULL },
	    VHBA("\"bootTargets\":["
	    "{\"wwpn\":\"5000000000000001\",\"lun\":0,\"priority\":1},"
	    "{\"wwpn\":\"5000000000000002\",\"lun\":0,\"priority\":2},"
	    "{\"wwpn\":\"5000000000000003\",\"lun\":0,\"priority\":3},"
	    "{\"wwpn\":\"5000000000000004\",\"lun\":0,\"priority\":4},"
	    "{\"wwpn\":\"5000000000000005\",\"lun\":0,\"priority\":4}]"),
	    VHBA("\"bootTargets\":["
	    "{\"wwpn\":\"5000000000000001\",\"lun\":0,\"priority\":1}]"), NULL,
	    NULL },
	{ "BootTargetSyntax", 'B', { NULL },
	    VHBA("\"bootTargets\":["
	    "{\"wwpn\":\"6000000000000001\",\"lun\":0,\"priority\":1}]"),
	    VHBA("\"bootTargets\":["
	    "{\"wwpn\":\"5000000000000001\",\"lun\":0,\"priority\":1}]"), NULL,
	    "/bootTargets/0/wwpn" },
	{ "BootTargetSyntax", 'B', { NULL },
	    VHBA("\"bootTargets\":["
	    "{\"wwpn\":\"5000000000000001\",\"lun\":0,\"priority\":1},"
	    "{\"wwpn\":\"5000000000000001\",\"lun\":0,\"priority\":2}]"),
	    VHBA("\"bootTargets\":["
	    "{\"wwpn\":\"5000000000000001\",\"lun\":0,\"priority\":1},"
	    "{\"wwpn\":\"5000000000000002\",\"lun\":0,\"priority\":2}]"),
	    NULL, NULL },
	{ "BootOrderDangling", 'B', { NULL },
	    "PATCH /profiles/p1 {\"bootOrder\":[\"net0\"]}",
	    "PATCH /profiles/p1 {\"bootOrder\":[\"net0\"]}",
	    "PATCH /profiles/p1/vnics/net0 {\"pxe\":true}", "/bootOrder/0" },
	{ "SanSameFabricPair", 'W', { VHBA(APART),
	    "POST /sans {\"name\":\"b\",\"fabric\":\"B\"}" },
	    "POST /profiles/p1/vhbas {\"name\":\"h2\",\"san\":\"san-a\","
	    APART "}", "POST /profiles/p1/vhbas {\"name\":\"h2\",\"san\":"
	    "\"b\"," APART "}", NULL, "/san" },
	{ "SanSameFabricPair", 'W', { VHBA(APART), ASSIGN1,
	    "POST /sans {\"name\":\"b\",\"fabric\":\"B\"}" },
	    "POST /profiles/p1/vhbas {\"name\":\"h2\",\"san\":\"b\"," APART
	    "}", "POST /profiles/p1/vhbas {\"name\":\"h2\",\"san\":\"b\"}",
	    NULL, "/placement/antiAffinity" },
	{ "AntiAffinityUnsatisfiable", 'B', { ASSIGN1,
	    "PATCH /profiles/p1/vnics/net0 {" PINNED("1") "}" },
	    VNIC(PROD "," PINNED("1")), VNIC(PROD "," PINNED("2")), NULL,
	    NULL },
	{ "RaidDriveCount", 'B', { ASSIGN1 },
	    VDAS("{\"name\":\"a\",\"raid\":\"RAID60\",\"capacityMiB\":9}"),
	    VDAS("{\"name\":\"a\",\"raid\":\"RAID50\",\"capacityMiB\":9}"),
	    NULL, "/virtualDisks/0/raid" },
	{ "RaidCapacity", 'B', { NULL },
	    VDAS("{\"name\":\"a\",\"raid\":\"RAID1\",\"capacityMiB\":0}"),
	    VDAS(DISK("a")), NULL, NULL },
	{ "DestroysData", 'C', { VDAS(DISK("a")), ASSIGN1 },
	    "DELETE /profiles/p1/vdas/d1", "POST /profiles/p1:release {}",
	    NULL, NULL },
	{ "VdasUnreachable", 'B', { VDAS(DISK("a")), ASSIGN1 },
	    "PATCH /profiles/p1/vdas/d1 {\"placement\":{\"module\":\"io4\"}}",
	    "PATCH /profiles/p1/vdas/d1 {\"placement\":{\"module\":\"io3\"}}",
	    NULL, NULL },
	{ "NameSyntax", 'B', { NULL }, "POST /profiles {\"name\":\"a b\"}",
	    "POST /profiles {\"name\":\"a-b\"}", NULL, "/name" },
	{ "NameTaken", 'B', { NULL }, "POST /profiles {\"name\":\"P1\"}",
	    "POST /profiles {\"name\":\"P3\"}", NULL, "/name" },
	{ "NameTaken", 'B', { NULL },
	    "POST /profiles/p1/vnics {\"name\":\"NET0\"," PROD "}",
	    "POST /profiles/p1/vnics {\"name\":\"NET1\"," PROD "}", NULL,
	    "/name" },
	{ "NameReserved", 'B', { NULL },
	    "POST /networks {\"name\":\"Pool\",\"vlan\":7}",
	    "POST /networks {\"name\":\"Pool1\",\"vlan\":7}", NULL, "/name" },
	{ "DeviceOrder", 'B', { NULL }, VNIC(PROD ",\"order\":0"),
	    VNIC(PROD ",\"order\":7"), NULL, "/order" },
	{ "ModuleMissing", 'B', { ASSIGN1, "PULL 2" }, VHBA("\"wwpn\":\"pool\""),
	    VNIC(PROD), NULL, NULL },
	{ "MissingDependency", 'B', { NULL }, VNIC("\"networks\":[\"nix\"]"),
	    VNIC(PROD), NULL, NULL },
	{ "InUse", 'B', { NULL }, "DELETE /networks/prod",
	    "DELETE /networks/free", NULL, NULL },
	{ "InUse", 'B', { "POST /pools {\"name\":\"bare\",\"type\":\"mac\"}",
	    FIVE, VNIC2(PROD ",\"macPool\":\"five\""),
	    "PATCH /pools/five {\"blocks\":[]}" },
	    "PATCH /pools/five {\"type\":\"wwpn\"}",
	    "PATCH /pools/bare {\"type\":\"wwpn\"}", NULL, "/type" },
	{ "InUse", 'B', { FIVE }, "DELETE /pools/macs", "DELETE /pools/five",
	    NULL, NULL },
	{ "InUse", 'B', { NULL }, "PATCH /pools/macs {\"default\":false}",
	    "PATCH /pools/macs {\"quarantine\":\"PT1H\"}", NULL, NULL },
	{ "SlotUnknown", 'B', { NULL },
	    "POST /profiles/p1:assign {\"slot\":5}",
	    "POST /profiles/p1:assign {\"slot\":4}", NULL, "/slot" },
	{ "NoSpare", 'B', { ASSIGN1 },
	    "POST /profiles/p1:move {\"policy\":\"spare\"}",
	    "POST /profiles/p1:move {\"policy\":\"spare\"}",
	    "PATCH /slots/3 {\"isSpare\":true}", "/policy" },
};

/* Doors that are no wishes; each has a test of its own, named here. */
static const char *const elsewhere[] = {
	"SlotLinkOversubscribed",	/* test_admission.c */
	"ServerRunning",		/* tests/sim/test_port.c */
	"ModuleMismatch",		/* another_module_is_confirmed */
	"FunctionBusy",			/* a_busy_function_is_not_given_back */
	"StalePlan", "PlanExpired",	/* test_planning.c */
	"ConfirmationNeeded",
	"IdempotencyConflict",		/* test_service.c */
	"Held", "NotUndoable", "NotStuck",	/* test_jobs.c */
	/* test_xml_scan.c, test_xml_read.c, test_xml_import.c, xml.test.mjs */
	"DocumentEmpty", "DocumentEncoding", "DocumentDoctype",
	"DocumentLimit", "DocumentMalformed", "DocumentRoot",
	"DocumentVersion", "DocumentKind", "DocumentUnknown",
	"DocumentMissing", "DocumentRepeated", "DocumentOrder",
	"DocumentText", "DocumentExtension", "DocumentValue",
	"DocumentDuplicate", "DocumentModified", "DocumentPartIgnored",
	"NetworkDiffers", "VirtualDiskEmpty",
};

static void
prepare(struct desk *d, const struct row *row)
{
	desk_new(d);
	for (int i = 0; i < SETUP && row->setup[i] != NULL; i++)
		if (strncmp(row->setup[i], "PULL ", 5) == 0)
			desk_pull(d, (unsigned)atoi(row->setup[i] + 5));
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
	const struct row *row = &rows[_i];
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
	const struct row *row = &rows[_i];
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
	const struct row *row = &rows[_i];
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

		for (int k = 0; k < N_ROWS(rows); k++)
			known = known ||
			    strcmp(rows[k].code, rules[i].code) == 0;
		for (int k = 0; k < N_ROWS(elsewhere); k++)
			known = known ||
			    strcmp(elsewhere[k], rules[i].code) == 0;
		if (!known)
			ck_abort_msg("%s is not tested", rules[i].code);
		ck_assert_str_ne(rules[i].remedy, "");
		ck_assert_str_ne(rules[i].what, "");
		ck_assert_ptr_eq(rules_find(rules[i].code), &rules[i]);
	}
	for (int k = 0; k < N_ROWS(rows); k++)
		if (rules_find(rows[k].code) == NULL)
			ck_abort_msg("%s is no rule", rows[k].code);
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

SUITE("rules")
{
	tcase_add_loop_test(tc, a_broken_rule_is_said, 0, N_ROWS(rows));
	tcase_add_loop_test(tc, a_broken_rule_holds_the_change_up, 0,
	    N_ROWS(rows));
	tcase_add_loop_test(tc, a_kept_rule_is_silent, 0, N_ROWS(rows));
	tcase_add_test(tc, every_rule_has_a_row);
	tcase_add_test(tc, all_violations_come_at_once);
	tcase_add_test(tc, a_node_name_is_not_given_twice);
	tcase_add_test(tc, a_busy_function_is_not_given_back);
	tcase_add_test(tc, another_module_is_confirmed);
	tcase_add_test(tc, a_profile_follows_its_server);
	tcase_add_test(tc, an_old_sin_does_not_hinder_a_release);
}
