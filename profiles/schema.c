/* schema.c -- see schema.h. */
/* table */
#include "profiles/schema.h"

#include <stdio.h>

#include "profiles/stmt.h"

#define HEX(column, digits) \
	"(length(" column ") = " #digits \
	" AND " column " NOT GLOB '*[^0-9A-F]*')"
#define IS_MAC(column) \
	"(" HEX(column, 12) " AND " column " GLOB '[0-9A-F][02468ACE]*'" \
	" AND " column " <> '000000000000')"
#define IS_WWN(column) \
	"(" HEX(column, 16) " AND (" column " GLOB '1000*' OR " \
	column " GLOB '2*' OR " column " GLOB '5*'))"
#define FLAG(column) column " INTEGER NOT NULL CHECK(" column " IN (0, 1))"
#define RANGE(column, from, to) \
	column " INTEGER NOT NULL CHECK(" column " BETWEEN " #from " AND " #to ")"
#define HEAD \
	"id TEXT NOT NULL PRIMARY KEY CHECK(length(id) = 36)," \
	"name TEXT COLLATE NOCASE NOT NULL UNIQUE" \
	" CHECK(length(name) BETWEEN 1 AND 63)," \
	"description TEXT NOT NULL," \
	"revision INTEGER NOT NULL CHECK(revision > 0)," \
	"created_ms INTEGER NOT NULL," \
	"modified_ms INTEGER NOT NULL,"

static const char *const step_1[] = {
"CREATE TABLE appliance("
	"one INTEGER PRIMARY KEY CHECK(one = 1),"
	"id TEXT NOT NULL,"
	"name TEXT NOT NULL,"
	"generation INTEGER NOT NULL CHECK(generation >= 0),"
	"changed_ms INTEGER NOT NULL,"
	"term INTEGER NOT NULL,"
	"identity_epoch INTEGER NOT NULL CHECK(identity_epoch > 0),"
	RANGE("mac_prefix", 0, 16777215) ","
	"number INTEGER NOT NULL CHECK(number >= 0)"
") STRICT;",

/* ---- wanted ---- */
"CREATE TABLE network(" HEAD
	RANGE("vlan", 1, 4094) ","
	RANGE("isolation", 0, 1) ","
	RANGE("mtu_max", 576, 9216)
") STRICT;"
"CREATE TABLE san(" HEAD
	RANGE("fabric", 0, 2) ","
	RANGE("vsan", 0, 4093)
") STRICT;",
"CREATE TABLE pool(" HEAD
	RANGE("type", 0, 3) ","
	RANGE("pick", 0, 1) ","
	"quarantine_s INTEGER NOT NULL CHECK(quarantine_s >= 0),"
	FLAG("is_default")
") STRICT;"
"CREATE UNIQUE INDEX pool_default ON pool(type) WHERE is_default = 1;"
"CREATE TABLE pool_block("
	"pool TEXT NOT NULL REFERENCES pool ON DELETE CASCADE,"
	"seq INTEGER NOT NULL,"
	"first TEXT NOT NULL,"
	"last TEXT NOT NULL CHECK(first <= last),"
	"PRIMARY KEY(pool, seq)"
") STRICT, WITHOUT ROWID;",
"CREATE TABLE slot("
	"number INTEGER PRIMARY KEY CHECK(number BETWEEN 1 AND 1024),"
	"label TEXT NOT NULL,"
	"cable_id TEXT NOT NULL,"
	RANGE("admin", 0, 2) ","
	FLAG("is_spare") ","
	"revision INTEGER NOT NULL CHECK(revision > 0)"
") STRICT;"
/* The module that is expected in a bay while something is bound on it. */
"CREATE TABLE module("
	"bay INTEGER PRIMARY KEY CHECK(bay BETWEEN 1 AND 1023),"
	RANGE("vendor", 0, 65535) ","
	RANGE("device", 0, 65535) ","
	"serial TEXT NOT NULL"
") STRICT;",
/* slot and placements may be NULL inside a transaction, so that a swap fits. */
"CREATE TABLE profile(" HEAD
	RANGE("affinity", 0, 1) ","
	"wwnn TEXT CHECK(" IS_WWN("wwnn") "),"
	"slot INTEGER UNIQUE CHECK(slot BETWEEN 1 AND 1024),"
	"server_serial TEXT NOT NULL,"
	"boot_order TEXT NOT NULL"	/* names with a blank between them */
") STRICT;",
"CREATE TABLE device("
	"id TEXT NOT NULL PRIMARY KEY CHECK(length(id) = 36),"
	"profile TEXT NOT NULL REFERENCES profile ON DELETE CASCADE,"
	"name TEXT COLLATE NOCASE NOT NULL CHECK(length(name) BETWEEN 1 AND 63),"
	RANGE("kind", 0, 2) ","
	"ord INTEGER NOT NULL,"		/* below 0 while orders change places */
	"address TEXT CHECK(CASE kind WHEN 0 THEN " IS_MAC("address")
	" WHEN 1 THEN " IS_WWN("address") " ELSE address IS NULL END),"
	RANGE("source", 0, 1) ","
	"pool TEXT REFERENCES pool,"
	"mtu INTEGER NOT NULL,"
	RANGE("vlan_mode", 0, 1) ","
	"limit_mbps INTEGER NOT NULL,"
	"guarantee_mbps INTEGER NOT NULL,"
	RANGE("pcp", 0, 7) ","
	FLAG("spoof_check") "," FLAG("trust") ","
	FLAG("promisc") "," FLAG("pxe") ","
	"san TEXT REFERENCES san,"
	"pin_bay INTEGER NOT NULL,"
	"pin_port INTEGER NOT NULL,"
	"placed INTEGER UNIQUE CHECK(placed > 0),"
	"bridge INTEGER CHECK(bridge >= 0),"
	"UNIQUE(profile, name),"
	"UNIQUE(profile, ord),"
	"UNIQUE(profile, bridge),"
	"CHECK((placed IS NULL) = (bridge IS NULL))"
") STRICT;"
"CREATE INDEX device_san ON device(san) WHERE san IS NOT NULL;"
"CREATE INDEX device_pool ON device(pool) WHERE pool IS NOT NULL;",
"CREATE TABLE device_vlan("
	"device TEXT NOT NULL REFERENCES device ON DELETE CASCADE,"
	"seq INTEGER NOT NULL,"
	"network TEXT NOT NULL REFERENCES network,"
	FLAG("native") ","
	"PRIMARY KEY(device, seq),"
	"UNIQUE(device, network)"
") STRICT, WITHOUT ROWID;"
"CREATE INDEX device_vlan_network ON device_vlan(network);"
"CREATE TABLE boot_target("
	"device TEXT NOT NULL REFERENCES device ON DELETE CASCADE,"
	"seq INTEGER NOT NULL,"
	RANGE("priority", 1, 4) ","
	"wwpn TEXT NOT NULL CHECK(" HEX("wwpn", 16) "),"
	"lun TEXT NOT NULL CHECK(" HEX("lun", 16) "),"
	"PRIMARY KEY(device, seq),"
	"UNIQUE(device, priority)"
") STRICT, WITHOUT ROWID;",
"CREATE TABLE disk("
	"id TEXT NOT NULL PRIMARY KEY CHECK(length(id) = 36),"
	"device TEXT NOT NULL REFERENCES device ON DELETE CASCADE,"
	"seq INTEGER NOT NULL,"
	"name TEXT COLLATE NOCASE NOT NULL,"
	"raid INTEGER NOT NULL CHECK(raid IN (0, 1, 5, 6, 10, 50, 60)),"
	"capacity_mib INTEGER NOT NULL CHECK(capacity_mib > 0),"
	"bay INTEGER CHECK(bay > 0),"
	"number INTEGER CHECK(number >= 0),"
	"UNIQUE(device, seq),"
	"UNIQUE(device, name),"
	"UNIQUE(bay, number),"
	"CHECK((bay IS NULL) = (number IS NULL))"
") STRICT;",
/* Outlives its profile: an undone removal goes on counting. */
"CREATE TABLE revision("
	"profile TEXT NOT NULL,"
	"revision INTEGER NOT NULL CHECK(revision > 0),"
	"at_ms INTEGER NOT NULL,"
	"job INTEGER NOT NULL,"
	"actor TEXT NOT NULL,"
	"digest TEXT NOT NULL,"
	"content TEXT NOT NULL,"
	"PRIMARY KEY(profile, revision)"
") STRICT, WITHOUT ROWID;",

/* ---- the ledger: any number of retired rows, at most one live ---- */
"CREATE TABLE identity("
	"row INTEGER PRIMARY KEY,"
	RANGE("space", 0, 2) ","	/* mac wwn uuid */
	"value TEXT NOT NULL,"
	"reversed TEXT NOT NULL CHECK(length(reversed) = length(value)),"
	RANGE("role", 0, 3) ","		/* mac wwpn wwnn uuid */
	RANGE("state", 0, 3) ","	/* reserved assigned quarantined retired */
	"profile TEXT NOT NULL,"
	"profile_name TEXT NOT NULL,"
	"device TEXT NOT NULL,"
	"device_name TEXT NOT NULL,"
	"pool TEXT,"
	"since_ms INTEGER NOT NULL,"
	"released_ms INTEGER,"		/* when the owner gave it up */
	"until_ms INTEGER NOT NULL,"
	"epoch INTEGER NOT NULL,"
	"CHECK(space <> 0 OR " IS_MAC("value") "),"
	"CHECK(space <> 1 OR " IS_WWN("value") "),"
	"CHECK(space <> 2 OR " HEX("value", 32) ")"
") STRICT;"
"CREATE UNIQUE INDEX identity_live ON identity(space, value) WHERE state <> 3;"
"CREATE INDEX identity_value ON identity(value);"
"CREATE INDEX identity_reversed ON identity(reversed);"
"CREATE INDEX identity_pool ON identity(pool, state) WHERE state <> 3;"
"CREATE INDEX identity_ends ON identity(until_ms) WHERE state IN (0, 2);",

/* ---- attempted ---- */
"CREATE TABLE job("
	"id INTEGER PRIMARY KEY,"
	"kind TEXT NOT NULL,"
	"title TEXT NOT NULL,"
	RANGE("state", 0, 6) ","
	"actor TEXT NOT NULL,"
	"created_ms INTEGER NOT NULL,"
	"started_ms INTEGER NOT NULL,"
	"ended_ms INTEGER NOT NULL,"
	"generation INTEGER NOT NULL,"
	"undoes INTEGER NOT NULL,"
	"undone_by INTEGER NOT NULL,"
	"rule TEXT NOT NULL,"
	"detail TEXT NOT NULL,"
	"sentence TEXT NOT NULL,"
	"forward TEXT NOT NULL,"
	"inverse TEXT NOT NULL,"
	"diff TEXT NOT NULL"
") STRICT;"
/* 4 applied, 5 rolled back: the ends that leave nothing to do. */
"CREATE INDEX job_open ON job(id) WHERE state NOT IN (4, 5);",
"CREATE TABLE step("
	"job INTEGER NOT NULL REFERENCES job,"
	"seq INTEGER NOT NULL CHECK(seq > 0),"
	"level INTEGER NOT NULL,"
	RANGE("phase", 0, 1) ","
	RANGE("verb", 0, 6) ","
	"slot INTEGER NOT NULL,"
	"bridge INTEGER NOT NULL,"
	"fn INTEGER NOT NULL,"
	"arg1 INTEGER NOT NULL,"
	"arg2 INTEGER NOT NULL,"
	"raid INTEGER NOT NULL,"
	"mib INTEGER NOT NULL,"
	"device TEXT NOT NULL,"
	RANGE("state", 0, 4) ","
	"op INTEGER NOT NULL,"
	"started_ms INTEGER NOT NULL,"
	"ended_ms INTEGER NOT NULL,"
	"error TEXT NOT NULL,"
	"PRIMARY KEY(job, seq)"
") STRICT, WITHOUT ROWID;"
"CREATE TABLE hold("
	RANGE("kind", 0, 4) ","		/* slot function identity object */
	"key TEXT NOT NULL,"
	"job INTEGER NOT NULL REFERENCES job,"
	"PRIMARY KEY(kind, key)"
") STRICT, WITHOUT ROWID;"
"CREATE INDEX hold_job ON hold(job);",
"CREATE TABLE binding("
	"row INTEGER PRIMARY KEY,"
	"fn INTEGER NOT NULL CHECK(fn > 0),"
	"slot INTEGER NOT NULL,"
	"bridge INTEGER NOT NULL,"
	"device TEXT NOT NULL,"
	RANGE("state", 0, 5) ","
	"op INTEGER NOT NULL,"
	"since_ms INTEGER NOT NULL"
") STRICT;"
/* A function belongs to one slot, unscrubbed states included; 5 = released. */
"CREATE UNIQUE INDEX binding_exclusive ON binding(fn) WHERE state <> 5;"
"CREATE TABLE event("
	"seq INTEGER PRIMARY KEY,"
	"at_ms INTEGER NOT NULL,"
	"generation INTEGER NOT NULL,"
	"job INTEGER NOT NULL,"
	"actor TEXT NOT NULL,"
	"source TEXT NOT NULL,"
	"action TEXT NOT NULL,"
	"type TEXT NOT NULL,"
	"id TEXT NOT NULL,"
	"name TEXT NOT NULL,"
	"prev_hash TEXT NOT NULL,"
	"hash TEXT NOT NULL CHECK(length(hash) = 64)"
") STRICT;",

/* ---- clients ---- */
"CREATE TABLE answered("
	"actor TEXT NOT NULL,"
	"key TEXT NOT NULL,"
	"body_digest TEXT NOT NULL,"
	"status INTEGER NOT NULL,"
	"headers TEXT NOT NULL,"
	"body TEXT NOT NULL,"
	"at_ms INTEGER NOT NULL,"
	"PRIMARY KEY(actor, key)"
") STRICT, WITHOUT ROWID;"
"CREATE INDEX answered_at ON answered(at_ms);"
"CREATE TABLE user("
	"name TEXT COLLATE NOCASE NOT NULL PRIMARY KEY,"
	"role TEXT NOT NULL,"
	"hash TEXT NOT NULL,"
	FLAG("disabled")
") STRICT;",
"CREATE TABLE session("
	"token_digest TEXT NOT NULL PRIMARY KEY CHECK(length(token_digest) = 64),"
	"user TEXT NOT NULL,"
	"role TEXT NOT NULL,"
	"csrf TEXT NOT NULL,"
	FLAG("cookie") ","
	"created_ms INTEGER NOT NULL,"
	"used_ms INTEGER NOT NULL,"
	"expires_ms INTEGER NOT NULL"
") STRICT, WITHOUT ROWID;"
"CREATE TABLE plan("
	"id TEXT NOT NULL PRIMARY KEY,"
	"actor TEXT NOT NULL,"
	"changes TEXT NOT NULL,"
	"body TEXT NOT NULL,"
	"digest TEXT NOT NULL,"
	"seed INTEGER NOT NULL,"
	"created_ms INTEGER NOT NULL,"
	"expires_ms INTEGER NOT NULL"
") STRICT;"
"CREATE INDEX plan_expires ON plan(expires_ms);",
	NULL
};

static const char *const step_2[] = {
"CREATE TABLE pool_exclusion("
	"pool TEXT NOT NULL REFERENCES pool ON DELETE CASCADE,"
	"seq INTEGER NOT NULL,"
	"first TEXT NOT NULL,"
	"last TEXT NOT NULL CHECK(first <= last),"
	"PRIMARY KEY(pool, seq)"
") STRICT, WITHOUT ROWID;",
	NULL
};

/* Any three digits or more of an address.  Rows never go and values never change,
 * so it needs no text of its own; what came after `row` is not in it yet. */
static const char *const step_3[] = {
"CREATE VIRTUAL TABLE identity_part USING fts5(value, content = '',"
	"columnsize = 0, tokenize = 'trigram case_sensitive 1');",
"CREATE TABLE identity_parted("
	"one INTEGER PRIMARY KEY CHECK(one = 1),"
	"row INTEGER NOT NULL"
") STRICT;",
"INSERT INTO identity_part(rowid, value) SELECT row, value FROM identity;",
"INSERT INTO identity_parted SELECT 1, coalesce(max(row), 0) FROM identity;",
	NULL
};

/* A step may set up a port: the list of verbs has grown by one. */
static const char *const step_4[] = {
"CREATE TABLE port("
	"bay INTEGER NOT NULL CHECK(bay BETWEEN 1 AND 1023),"
	"port INTEGER NOT NULL CHECK(port BETWEEN 1 AND 15),"
	RANGE("forwarding", 0, 2) ","
	RANGE("reserve_pct", 0, 50) ","
	RANGE("oversubscribe", 0, 2) ","
	"revision INTEGER NOT NULL CHECK(revision > 0),"
	"PRIMARY KEY(bay, port)"
") STRICT, WITHOUT ROWID;"
"CREATE TABLE step_grown("
	"job INTEGER NOT NULL REFERENCES job,"
	"seq INTEGER NOT NULL CHECK(seq > 0),"
	"level INTEGER NOT NULL,"
	RANGE("phase", 0, 1) ","
	RANGE("verb", 0, 7) ","
	"slot INTEGER NOT NULL,"
	"bridge INTEGER NOT NULL,"
	"fn INTEGER NOT NULL,"
	"arg1 INTEGER NOT NULL,"
	"arg2 INTEGER NOT NULL,"
	"raid INTEGER NOT NULL,"
	"mib INTEGER NOT NULL,"
	"device TEXT NOT NULL,"
	RANGE("state", 0, 4) ","
	"op INTEGER NOT NULL,"
	"started_ms INTEGER NOT NULL,"
	"ended_ms INTEGER NOT NULL,"
	"error TEXT NOT NULL,"
	"PRIMARY KEY(job, seq)"
") STRICT, WITHOUT ROWID;"
"INSERT INTO step_grown SELECT * FROM step;"
"DROP TABLE step;"
"ALTER TABLE step_grown RENAME TO step;",
	NULL
};

static const char *const step_5[] = {
"ALTER TABLE profile ADD COLUMN system_uuid TEXT"
	" CHECK(length(system_uuid) = 36);",
	NULL
};

static const char *const step_6[] = {
"ALTER TABLE device ADD COLUMN"
	" admission_mbps INTEGER NOT NULL DEFAULT 0;",
	NULL
};

/* Names of ports with a blank between them; none: all ports. */
static const char *const step_7[] = {
"ALTER TABLE network ADD COLUMN ports TEXT NOT NULL DEFAULT '';"
"ALTER TABLE san ADD COLUMN ports TEXT NOT NULL DEFAULT '';",
	NULL
};

static const char *const step_8[] = {
"ALTER TABLE device ADD COLUMN anti_affinity TEXT NOT NULL DEFAULT '';",
	NULL
};

/* A value that was never set has no row: its default is the program's. */
static const char *const step_9[] = {
"CREATE TABLE setting("
	"name TEXT NOT NULL PRIMARY KEY,"
	"value TEXT NOT NULL"
") STRICT, WITHOUT ROWID;",
	NULL
};

/* The document comes last: a list does not read it. */
static const char *const step_10[] = {
"CREATE TABLE snapshot("
	"id INTEGER PRIMARY KEY CHECK(id > 0),"
	"at_ms INTEGER NOT NULL,"
	"generation INTEGER NOT NULL,"
	"digest TEXT NOT NULL CHECK(length(digest) = 64),"
	"reason TEXT NOT NULL,"
	"actor TEXT NOT NULL,"
	RANGE("pinned", 0, 1) ","
	"bytes INTEGER NOT NULL CHECK(bytes > 0),"
	"xml TEXT NOT NULL"
") STRICT;",
	NULL
};

/* Labels are a JSON object, "" none; extensions are canonical XML, "" none. */
static const char *const step_11[] = {
"CREATE TABLE qos_class(" HEAD
	"labels TEXT NOT NULL,"
	"guarantee_mbps INTEGER NOT NULL CHECK(guarantee_mbps >= 0),"
	"limit_mbps INTEGER NOT NULL CHECK(limit_mbps >= 0),"
	RANGE("pcp", 0, 7) ","
	RANGE("weight", 0, 255)
") STRICT;",
"ALTER TABLE network ADD COLUMN labels TEXT NOT NULL DEFAULT '';"
"ALTER TABLE san ADD COLUMN labels TEXT NOT NULL DEFAULT '';"
"ALTER TABLE pool ADD COLUMN labels TEXT NOT NULL DEFAULT '';"
"ALTER TABLE slot ADD COLUMN description TEXT NOT NULL DEFAULT '';"
"ALTER TABLE slot ADD COLUMN labels TEXT NOT NULL DEFAULT '';"
"ALTER TABLE port ADD COLUMN description TEXT NOT NULL DEFAULT '';"
"ALTER TABLE port ADD COLUMN labels TEXT NOT NULL DEFAULT '';",
"ALTER TABLE profile ADD COLUMN labels TEXT NOT NULL DEFAULT '';"
"ALTER TABLE profile ADD COLUMN drift INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE profile ADD COLUMN failover INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE profile ADD COLUMN hold_s INTEGER NOT NULL DEFAULT 300;"
"ALTER TABLE profile ADD COLUMN cooldown_s INTEGER NOT NULL DEFAULT 3600;"
"ALTER TABLE profile ADD COLUMN extensions TEXT NOT NULL DEFAULT '';",
"ALTER TABLE device ADD COLUMN description TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN labels TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN extensions TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN nic_kind TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN intended_use TEXT NOT NULL DEFAULT '';"
"ALTER TABLE device ADD COLUMN queues INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN link_policy INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN protocol INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN queue_depth INTEGER NOT NULL DEFAULT 0;",
/* What its class says stands beside it, so that sums need no join. */
"ALTER TABLE device ADD COLUMN qos_class TEXT REFERENCES qos_class;"
"ALTER TABLE device ADD COLUMN class_limit_mbps INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN class_guarantee_mbps"
	" INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN class_pcp INTEGER NOT NULL DEFAULT 0;"
"CREATE INDEX device_class ON device(qos_class) WHERE qos_class IS NOT NULL;",
"ALTER TABLE disk ADD COLUMN access INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE disk ADD COLUMN boot INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE disk ADD COLUMN strip_kib INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE disk ADD COLUMN read_policy TEXT NOT NULL DEFAULT '';"
"ALTER TABLE disk ADD COLUMN write_policy TEXT NOT NULL DEFAULT '';"
"ALTER TABLE disk ADD COLUMN guid TEXT NOT NULL DEFAULT '';"
"ALTER TABLE disk ADD COLUMN drives TEXT NOT NULL DEFAULT '';",
"ALTER TABLE appliance ADD COLUMN extensions TEXT NOT NULL DEFAULT '';"
"ALTER TABLE appliance ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;",
	NULL
};

/*
 * An exclusive device stands among the vDAS (kind 2): it has no address either,
 * and its extent, which no vDAS has, tells it from them.
 */
static const char *const step_12[] = {
"ALTER TABLE device ADD COLUMN extent INTEGER CHECK(extent IN (0, 1));"
"ALTER TABLE device ADD COLUMN require_class INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN sharing INTEGER NOT NULL DEFAULT 0;"
"ALTER TABLE device ADD COLUMN n_placed INTEGER NOT NULL DEFAULT 0;",
	NULL
};

/* Whose signatures count; one of them is ours, its secret stands apart.  What was
 * taken over from other appliances, with the notice for them; who was seen to
 * have what we have; since which start of the switch we may bind. */
static const char *const step_13[] = {
"CREATE TABLE trust_key(" HEAD
	"key_id TEXT NOT NULL UNIQUE CHECK(length(key_id) = 16),"
	"public_key TEXT NOT NULL,"
	RANGE("purpose", 0, 2) ","
	"not_after_ms INTEGER NOT NULL CHECK(not_after_ms >= 0),"
	FLAG("own")
") STRICT;"
"CREATE TABLE signing_key("
	"one INTEGER PRIMARY KEY CHECK(one = 1),"
	"trust_key TEXT NOT NULL REFERENCES trust_key,"
	"secret TEXT NOT NULL"
") STRICT;",
"CREATE TABLE takeover("
	"id TEXT NOT NULL PRIMARY KEY CHECK(length(id) = 36),"
	"at_ms INTEGER NOT NULL,"
	"actor TEXT NOT NULL,"
	"job INTEGER NOT NULL,"
	"epoch INTEGER NOT NULL CHECK(epoch > 0),"
	"origin TEXT NOT NULL,"
	"origin_name TEXT NOT NULL,"
	"notice TEXT NOT NULL"
") STRICT;"
"CREATE TABLE identity_split("
	"origin TEXT NOT NULL PRIMARY KEY,"
	"name TEXT NOT NULL,"
	"seen_ms INTEGER NOT NULL,"
	"epoch INTEGER NOT NULL,"
	"count INTEGER NOT NULL CHECK(count > 0),"
	"example TEXT NOT NULL"
") STRICT, WITHOUT ROWID;"
"CREATE TABLE start_gate("
	"one INTEGER PRIMARY KEY CHECK(one = 1),"
	"boots INTEGER NOT NULL CHECK(boots >= 0)"
") STRICT;",
"ALTER TABLE device ADD COLUMN suspended INTEGER NOT NULL DEFAULT 0;",
	NULL
};

/* Records in the form of xml_wire.h, last: a list does not read them. */
static const char *const step_14[] = {
"CREATE TABLE import_doc("
	"id TEXT NOT NULL PRIMARY KEY,"
	"name TEXT NOT NULL,"
	"actor TEXT NOT NULL,"
	"created_ms INTEGER NOT NULL,"
	"expires_ms INTEGER NOT NULL,"
	"options TEXT NOT NULL,"
	"body TEXT NOT NULL,"
	"plan TEXT NOT NULL,"
	"form INTEGER NOT NULL,"
	"records BLOB NOT NULL"
") STRICT;",
	NULL
};

/* The newest of each profile: what has to wait counts from it. */
static const char *const step_15[] = {
"ALTER TABLE profile ADD COLUMN home_slot INTEGER NOT NULL DEFAULT 0;"
"CREATE TABLE failover("
	"profile TEXT NOT NULL PRIMARY KEY REFERENCES profile"
	" ON DELETE CASCADE,"
	"at_ms INTEGER NOT NULL,"
	"job INTEGER NOT NULL"
") STRICT, WITHOUT ROWID;"
"CREATE INDEX failover_at ON failover(at_ms);",
	NULL
};

/* Of which faults people were told; what is wrong is never a row. */
static const char *const step_16[] = {
"CREATE TABLE fault_told("
	"id TEXT NOT NULL PRIMARY KEY,"
	"code TEXT NOT NULL,"
	"severity TEXT NOT NULL,"
	"type TEXT NOT NULL,"
	"object TEXT NOT NULL,"
	"slot INTEGER NOT NULL,"
	"text TEXT NOT NULL,"
	"at_ms INTEGER NOT NULL,"
	"acked_by TEXT NOT NULL,"
	"acked_ms INTEGER NOT NULL"
") STRICT, WITHOUT ROWID;",
	NULL
};

static const char *const step_17[] = {
"ALTER TABLE profile ADD COLUMN wwnn_from INTEGER NOT NULL DEFAULT 0"
	" CHECK(wwnn_from BETWEEN 0 AND 1);",
	NULL
};

/* A search by key reads whole rows on its way: large answers stand aside. */
static const char *const step_aside[] = {
"CREATE TABLE answered_large("
	"id INTEGER PRIMARY KEY,"
	"body TEXT NOT NULL"
") STRICT;"
"ALTER TABLE answered ADD COLUMN large INTEGER;",
	NULL
};

/* A step may switch a bay: the list of verbs has grown by one again. */
static const char *const step_18[] = {
"CREATE TABLE bay("
	"number INTEGER PRIMARY KEY CHECK(number BETWEEN 1 AND 1023),"
	"label TEXT NOT NULL,"
	RANGE("service", 0, 2) ","
	RANGE("power", 0, 1) ","
	"accepted TEXT NOT NULL,"
	"revision INTEGER NOT NULL CHECK(revision > 0),"
	"description TEXT NOT NULL,"
	"labels TEXT NOT NULL"
") STRICT;"
"CREATE TABLE step_grown("
	"job INTEGER NOT NULL REFERENCES job,"
	"seq INTEGER NOT NULL CHECK(seq > 0),"
	"level INTEGER NOT NULL,"
	RANGE("phase", 0, 1) ","
	RANGE("verb", 0, 8) ","
	"slot INTEGER NOT NULL,"
	"bridge INTEGER NOT NULL,"
	"fn INTEGER NOT NULL,"
	"arg1 INTEGER NOT NULL,"
	"arg2 INTEGER NOT NULL,"
	"raid INTEGER NOT NULL,"
	"mib INTEGER NOT NULL,"
	"device TEXT NOT NULL,"
	RANGE("state", 0, 4) ","
	"op INTEGER NOT NULL,"
	"started_ms INTEGER NOT NULL,"
	"ended_ms INTEGER NOT NULL,"
	"error TEXT NOT NULL,"
	"PRIMARY KEY(job, seq)"
") STRICT, WITHOUT ROWID;"
"INSERT INTO step_grown SELECT * FROM step;"
"DROP TABLE step;"
"ALTER TABLE step_grown RENAME TO step;",
	NULL
};

/* A leased device is one of its profile, idle outside of its times. */
static const char *const step_19[] = {
"CREATE TABLE lease(" HEAD
	"labels TEXT NOT NULL,"
	"profile TEXT NOT NULL REFERENCES profile ON DELETE CASCADE,"
	"device TEXT NOT NULL,"
	"start_min INTEGER NOT NULL,"
	"end_min INTEGER NOT NULL CHECK(end_min > start_min),"
	RANGE("days", 0, 127) ","
	"until_min INTEGER NOT NULL,"
	"zone TEXT NOT NULL,"
	"grace_s INTEGER NOT NULL,"
	RANGE("on_end", 0, 2) ","
	"force_after_s INTEGER NOT NULL,"
	RANGE("priority", 0, 255) ","
	FLAG("queue") ","
	"since_ms INTEGER NOT NULL,"
	"served_ms INTEGER NOT NULL,"
	"ends_ms INTEGER NOT NULL"
") STRICT;"
"CREATE INDEX lease_profile ON lease(profile);",
"ALTER TABLE device ADD COLUMN lease TEXT CHECK(length(lease) = 36);"
"ALTER TABLE device ADD COLUMN idle INTEGER NOT NULL DEFAULT 0"
	" CHECK(idle IN (0, 1));",
"ALTER TABLE appliance ADD COLUMN newest_ms INTEGER NOT NULL DEFAULT 0;"
"UPDATE appliance SET newest_ms = changed_ms;",
	NULL
};

/* Who may ask without signing in; of the secret only its digest. */
static const char *const step_tokens[] = {
"CREATE TABLE token("
	"id TEXT NOT NULL PRIMARY KEY CHECK(length(id) = 36),"
	"name TEXT COLLATE NOCASE NOT NULL UNIQUE,"
	"role TEXT NOT NULL CHECK(role IN ('auditor', 'operator', 'admin')),"
	"actor TEXT NOT NULL,"
	"digest TEXT NOT NULL UNIQUE CHECK(length(digest) = 64),"
	"operations TEXT NOT NULL,"
	"created_ms INTEGER NOT NULL,"
	"expires_ms INTEGER NOT NULL CHECK(expires_ms > created_ms),"
	"used_ms INTEGER NOT NULL"
") STRICT;",
	NULL
};

const struct schema_step schema_steps[] = {
	{ "what is wanted, the ledger, the journal, clients", step_1 },
	{ "addresses that a pool never gives", step_2 },
	{ "addresses by any part", step_3 },
	{ "what is wanted of ports", step_4 },
	{ "UUIDs of servers", step_5 },
	{ "limits for the guarantees of others", step_6 },
	{ "ports of networks and SANs", step_7 },
	{ "devices that are kept apart", step_8 },
	{ "settings", step_9 },
	{ "snapshots", step_10 },
	{ "labels, classes of service, policies, extensions", step_11 },
	{ "whole cards, and who shares a port", step_12 },
	{ "trust keys, takeovers", step_13 },
	{ "imports", step_14 },
	{ "what spares took over", step_15 },
	{ "faults that people were told of", step_16 },
	{ "where node names come from", step_17 },
	{ "large answers of clients", step_aside },
	{ "what is wanted of bays", step_18 },
	{ "leases", step_19 },
	{ "tokens of machines", step_tokens },
};

int
schema_n_steps(void)
{
	return (int)(sizeof(schema_steps) / sizeof(schema_steps[0]));
}

/* Prepared by hand: the schema may change under a kept statement. */
static int
version(struct store *st, int *out, struct err *e)
{
	sqlite3_stmt *s;
	int rc;

	rc = sqlite3_prepare_v2(st->db, "PRAGMA user_version", -1, &s, NULL);
	if (rc != SQLITE_OK)
		return stmt_failed(st, rc, e);
	rc = sqlite3_step(s);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int(s, 0);
	(void)sqlite3_finalize(s);
	return rc == SQLITE_ROW ? 0 : stmt_failed(st, rc, e);
}

static int
run_all(struct store *st, const char *const *sql, struct err *e)
{
	for (; *sql != NULL; sql++)
		if (stmt_exec(st, *sql, e) < 0)
			return -1;
	return 0;
}

static int
apply(struct store *st, int step, struct err *e)
{
	char number[40];

	(void)snprintf(number, sizeof(number), "PRAGMA user_version = %d",
	    step + 1);
	if (store_begin(st, e) < 0)
		return -1;
	if (run_all(st, schema_steps[step].sql, e) < 0 ||
	    stmt_exec(st, number, e) < 0 || store_commit(st, e) < 0) {
		store_rollback(st);
		return err_wrap(e, "schema step %d", step + 1);
	}
	return 0;
}

int
schema_upgrade(struct store *st, struct err *e)
{
	int have = 0;

	if (version(st, &have, e) < 0)
		return -1;
	if (have > schema_n_steps())
		return err_set(e, ERR_UNSUPPORTED, "the database has schema %d; "
		    "this program knows up to %d", have, schema_n_steps());
	st->upgraded = have > 0 && have < schema_n_steps();
	for (; have < schema_n_steps(); have++)
		if (apply(st, have, e) < 0)
			return -1;
	return 0;
}

int
schema_check(struct store *st, struct err *e)
{
	int have = 0;

	if (version(st, &have, e) < 0)
		return -1;
	if (have != schema_n_steps())
		return err_set(e, ERR_UNAVAILABLE,
		    "the database has schema %d, not %d", have,
		    schema_n_steps());
	return 0;
}
