/* table */
/* support_rules.c -- the rows of support_rules.h. */
#include "tests/unit/support_rules.h"

#define VNIC(rest) "POST /profiles/p1/vnics {\"name\":\"n1\"," rest "}"
#define VNIC2(rest) "POST /profiles/p2/vnics {\"name\":\"n1\"," rest "}"
#define VHBA(rest) \
	"POST /profiles/p1/vhbas {\"name\":\"h1\",\"san\":\"san-a\"," rest "}"
#define HBAS(n) "POST /profiles/p1/vhbas {\"name\":\"x{n}\",\"count\":" n \
	",\"san\":\"san-a\"}"
#define VDAS(rest) \
	"POST /profiles/p1/vdas {\"name\":\"d1\",\"virtualDisks\":[" rest "]}"
#define DISK(n) \
	"{\"name\":\"" n "\",\"raid\":\"RAID1\",\"capacityMiB\":1024}"
#define PROD "\"networks\":[\"prod\"]"
#define CARD(where) "POST /profiles/p1/exclusives {\"name\":\"c1\"," \
	"\"extent\":\"card\",\"placement\":{" where "}}"
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

#define TIMES(from, to) "\"start\":\"2040-03-" from "\",\"end\":\"2040-03-" \
	to "\""
#define WHOLE "\"vnic\":{\"name\":\"c1\"," PROD ",\"placement\":{\"module\":" \
	"\"io1\",\"port\":2,\"sharing\":\"exclusive\"}}"
#define NIC "\"vnic\":{\"name\":\"n1\"," PROD "}"
#define LEASE(name, profile, rest) "POST /leases {\"name\":\"" name "\"," \
	"\"profile\":\"" profile "\"," rest "}"
#define SURE(name, rest) "POST /leases?confirm=QosGuaranteeUnsupported " \
	"{\"name\":\"" name "\",\"profile\":\"p2\"," rest "}"
#define ASSIGN2 "POST /profiles/p2:assign {\"slot\":2}"
#define PROMISED(mbps) "\"vnic\":{\"name\":\"n1\"," PROD "," ON("1") "," \
	"\"qos\":{\"guaranteeMbps\":" mbps "}}"

const struct rules_row rules_rows[] = {
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
	{ "KindUnsupported", 'B', { NULL }, CARD("\"antiAffinity\":\"g\""),
	    CARD("\"requireClass\":\"other\""), NULL, "/placement" },
	{ "KindUnsupported", 'B', { NULL },
	    CARD("\"module\":\"io1\",\"requireClass\":\"raid\""),
	    CARD("\"module\":\"io1\",\"requireClass\":\"ethernet\""), NULL,
	    "/placement/requireClass" },
	{ "KindUnsupported", 'B', { NULL },
	    CARD("\"module\":\"io1\",\"port\":1"),
	    CARD("\"module\":\"io1\""), NULL, "/placement/port" },
	{ "SlotHotplugUnready", 'C', { "NOROOM 1" }, ASSIGN1,
	    "POST /profiles/p1:assign {\"slot\":2}", NULL, NULL },
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
	{ "LunBudget", 'W', { NULL }, HBAS("17"), HBAS("16"), NULL,
	    "/vhbas" },
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
	/* A port is lent to one at a time; who waits in line may overlap. */
	{ "LeaseOverlap", 'B', { "POST /profiles/p2:assign {\"slot\":2}",
	    "POST /profiles {\"name\":\"p3\"}",
	    "POST /profiles/p3:assign {\"slot\":3}",
	    LEASE("night", "p2", TIMES("10T22:00", "11T04:00") "," WHOLE) },
	    LEASE("late", "p3", TIMES("11T03:59", "11T05:00") "," WHOLE),
	    LEASE("late", "p3", TIMES("11T04:00", "11T05:00") "," WHOLE),
	    NULL, "" },
	{ "LeaseOverlap", 'B', { ASSIGN2, SURE("night",
	    TIMES("10T22:00", "11T04:00") ",\"recurrence\":\"FREQ=DAILY\","
	    PROMISED("6000")) },
	    LEASE("late", "p2", TIMES("20T03:00", "20T05:00") ",\"vnic\":{"
	    "\"name\":\"n2\"," PROD "," ON("1") ",\"qos\":{\"guaranteeMbps\":"
	    "5000}}"),
	    LEASE("late", "p2", TIMES("20T04:00", "20T05:00") ",\"vnic\":{"
	    "\"name\":\"n2\"," PROD "," ON("1") ",\"qos\":{\"guaranteeMbps\":"
	    "5000}}"), NULL, "" },
	/* What is there for good may not take what a lease will need. */
	{ "LeaseOverlap", 'B', { ASSIGN2, SURE("night",
	    TIMES("10T22:00", "11T04:00") "," PROMISED("6000")) },
	    VNIC2(PROD "," ON("1") ",\"order\":5,\"qos\":{\"guaranteeMbps\":"
	    "5000}"),
	    "POST /profiles/p2/vnics {\"name\":\"n2\"," PROD "," ON("1")
	    ",\"qos\":{\"guaranteeMbps\":4000}}", NULL, NULL },
	{ "LeaseOverlap", 'B', { NULL }, LEASE("daily", "p2",
	    TIMES("10T22:00", "12T04:00") ",\"recurrence\":\"FREQ=DAILY\"," NIC),
	    LEASE("daily", "p2", TIMES("10T22:00", "11T22:00")
	    ",\"recurrence\":\"FREQ=DAILY\"," NIC), NULL, "/end" },
	{ "LeasePast", 'B', { NULL }, LEASE("l", "p2", "\"start\":"
	    "\"2001-03-10T22:00\",\"end\":\"2001-03-11T04:00\"," NIC),
	    LEASE("l", "p2", TIMES("10T22:00", "11T04:00") "," NIC), NULL,
	    "/start" },
	{ "LeaseTooShort", 'B', { NULL },
	    LEASE("l", "p2", TIMES("10T22:00", "10T22:04") "," NIC),
	    LEASE("l", "p2", TIMES("10T22:00", "10T22:05") "," NIC), NULL,
	    "/end" },
	{ "LeaseTooShort", 'B', { NULL },
	    LEASE("l", "p2", TIMES("10T22:00", "10T21:00") "," NIC),
	    LEASE("l", "p2", TIMES("10T22:00", "10T23:00") "," NIC), NULL,
	    "/end" },
	{ "ZoneUnknown", 'B', { NULL }, LEASE("l", "p2", TIMES("10T22:00",
	    "11T04:00") ",\"timeZone\":\"Mars/Phobos\"," NIC),
	    LEASE("l", "p2", TIMES("10T22:00", "11T04:00")
	    ",\"timeZone\":\"Asia/Tokyo\"," NIC), NULL, "/timeZone" },
	{ "ZoneUnknown", 'B', { NULL }, LEASE("l", "p2", TIMES("10T22:00",
	    "11T04:00") ",\"timeZone\":\"../etc/passwd\"," NIC),
	    LEASE("l", "p2", TIMES("10T22:00", "11T04:00")
	    ",\"timeZone\":\"UTC\"," NIC), NULL, "/timeZone" },
	{ "ScheduleAmbiguousLocalTime", 'W', { NULL },
	    LEASE("l", "p2", TIMES("10T01:30", "10T04:00")
	    ",\"recurrence\":\"FREQ=DAILY\",\"timeZone\":\"Europe/London\","
	    NIC),
	    LEASE("l", "p2", TIMES("10T02:30", "10T04:00")
	    ",\"recurrence\":\"FREQ=DAILY\",\"timeZone\":\"Europe/London\","
	    NIC), NULL, "/start" },
	{ "LeaseNotDue", 'B', { LEASE("l", "p2", TIMES("10T22:00",
	    "11T04:00") "," NIC) }, "POST /leases/l:begin {}",
	    "DELETE /leases/l", NULL, "" },
	{ "DeviceLeased", 'B', { LEASE("l", "p2", TIMES("10T22:00",
	    "11T04:00") "," NIC) }, "PATCH /profiles/p2/vnics/n1 {\"mtu\":1400}",
	    "PATCH /leases/l {\"vnic\":{\"mtu\":1400}}", NULL, "" },
	{ "InUse", 'B', { NULL }, "DELETE /networks/prod",
	    "DELETE /networks/free", NULL, NULL },
	{ "InUse", 'B', { "POST /pools {\"name\":\"bare\",\"type\":\"mac\"}",
	    FIVE, VNIC2(PROD ",\"macPool\":\"five\""),
	    "PATCH /pools/five {\"blocks\":[]}" },
	    "PATCH /pools/five {\"type\":\"wwpn\"}",
	    "PATCH /pools/bare {\"type\":\"wwpn\"}", NULL, "/type" },
	{ "InUse", 'B', { FIVE }, "DELETE /pools/macs", "DELETE /pools/five",
	    NULL, NULL },
	{ "InUse", 'B', { "POST /qosClasses {\"name\":\"used\"}",
	    VNIC2(PROD ",\"qos\":{\"class\":\"used\"}") },
	    "DELETE /qosClasses/used", "DELETE /qosClasses/gold", NULL, NULL },
	{ "InUse", 'B', { NULL }, "PATCH /pools/macs {\"default\":false}",
	    "PATCH /pools/macs {\"quarantine\":\"PT1H\"}", NULL, NULL },
	{ "SlotUnknown", 'B', { NULL },
	    "POST /profiles/p1:assign {\"slot\":5}",
	    "POST /profiles/p1:assign {\"slot\":4}", NULL, "/slot" },
	{ "SourceStillUp", 'C', { ASSIGN1,
	    "PATCH /slots/3 {\"isSpare\":true}" },
	    "POST /profiles/p1:move {\"policy\":\"spare\",\"force\":true}",
	    "POST /profiles/p1:move {\"policy\":\"spare\"}", NULL, "/force" },
	{ "OsNotOnSan", 'W', { "POST /profiles/p1:assign {\"slot\":4}",
	    "PATCH /slots/3 {\"isSpare\":true}" },
	    "POST /profiles/p1:move {\"policy\":\"spare\"}",
	    "POST /profiles/p1:move {\"policy\":\"spare\"}",
	    VHBA("\"bootTargets\":[{\"wwpn\":\"50:00:00:00:00:00:00:09\","
	    "\"lun\":0,\"priority\":1}]"), "/policy" },
	{ "NothingToHeal", 'B', { NULL }, "POST /profiles/p1:heal {}",
	    "POST /profiles/p1:heal {}", ASSIGN1, "" },
	{ "BayServiced", 'B', { ASSIGN1, "POST /bays/2:hold {}" },
	    VHBA("\"wwpn\":\"pool\""), VHBA("\"wwpn\":\"pool\""),
	    "POST /bays/2:return {}", NULL },
	{ "NotEvacuated", 'C', { ASSIGN1 }, "POST /bays/1:evacuate {}",
	    "POST /bays/2:evacuate {}", NULL, NULL },
	{ "NothingToAccept", 'B', { NULL }, "POST /bays/1:accept {}",
	    "POST /bays/1:return {}", NULL, "" },
	{ "NothingToFollow", 'B', { NULL }, "POST /bays/1:follow {}",
	    "POST /bays/1:hold {}", NULL, "/to" },
	{ "NothingToSwap", 'B', { ASSIGN1 },
	    "POST /profiles/p1:swap {\"with\":\"p2\"}",
	    "POST /profiles/p1:swap {\"with\":\"p2\"}",
	    "POST /profiles/p2:assign {\"slot\":2}", "/with" },
	{ "NoSpare", 'B', { ASSIGN1 },
	    "POST /profiles/p1:move {\"policy\":\"spare\"}",
	    "POST /profiles/p1:move {\"policy\":\"spare\"}",
	    "PATCH /slots/3 {\"isSpare\":true}", "/policy" },
};

const size_t rules_n_rows = sizeof(rules_rows) / sizeof(rules_rows[0]);
