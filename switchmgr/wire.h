/*
 * wire.h -- what crosses between a fabric's user and polyroot-switchmgr.
 *
 * One SOCK_SEQPACKET message is one request or one reply, at most WIRE_MAX bytes.
 * Both ends run on one machine and are built from one tree, so the structs cross
 * as they lie in memory; the hello proves that both mean the same by them.
 *
 *	request  struct wire_head, then the struct of its verb
 *	reply    struct wire_reply, then what the verb gives (answer >= 0), or
 *		 the words of the refusal (answer -1), at most WIRE_WORDS
 *
 * Towards the privileged side only numbers go, in structs of fixed size: no
 * text, no path, no length.  Every verb that changes something carries its tag.
 *
 * observe: cursor 0 takes a snapshot and gives its first page; each page names
 * the snapshot and the cursor of the next one (0: the last).  A page whose
 * snapshot number is another one than that of the page before means: begin again.
 * A record crosses as its kind, its size, and its bytes without the zeros at
 * the end.
 *
 * This module only encodes, decodes and checks; server.h and drv_remote.c talk.
 */
#ifndef SWITCHMGR_WIRE_H
#define SWITCHMGR_WIRE_H

#include <stddef.h>

#include "switchmgr/fabric.h"

enum {
	WIRE_MAGIC = 0x50525357,	/* "PRSW" */
	WIRE_VERSION = 1,
	WIRE_MAX = 4096,
	WIRE_WORDS = 256,		/* bytes, with NUL */
	WIRE_PAGE = 3968,		/* bytes of records in a page */
};

enum wire_verb {
	WIRE_HELLO = 1, WIRE_PREPARE, WIRE_BIND, WIRE_UNBIND, WIRE_SCRUB,
	WIRE_SLOT_CTL, WIRE_MODULE_CTL, WIRE_RESET, WIRE_DISK_MAKE,
	WIRE_DISK_DESTROY, WIRE_OBSERVE, WIRE_NEXT_EVENT, WIRE_CAPS, WIRE_HEALTH,
	WIRE_N_VERBS,
};

struct wire_head {
	uint32_t verb;
	uint32_t seq;			/* comes back in the reply */
	struct fabric_tag tag;		/* zero where nothing changes */
};

struct wire_reply {
	uint32_t verb, seq;
	int32_t answer;			/* enum fabric_answer, 0 or 1; or -1 */
	uint32_t code;			/* enum err_code, ERR_NONE unless -1 */
};

/* hello, both ways: who I am and how large my structs are. */
struct wire_hello {
	uint32_t magic, version;
	uint32_t head, reply, personality, record[REC_N_KINDS], event;
};

struct wire_prepare {
	fn_id fn;
	uint32_t reserved;
	struct personality persona;
};
struct wire_bind {
	uint32_t slot, bridge, n;
	fn_id fn[FABRIC_BRIDGE_FNS];
};
struct wire_unbind {
	uint32_t slot, bridge, how;
};
struct wire_scrub {
	fn_id fn;
};
struct wire_slot_ctl {
	uint32_t slot, ctl;
};
struct wire_module_ctl {
	uint32_t bay, port, ctl, value;
};
struct wire_reset {
	uint32_t scope, number;
};
struct wire_disk {			/* destroy: raid and mib 0 */
	uint32_t bay, number, raid, mib;
};
struct wire_observe {
	uint32_t scope, number;
	uint64_t snapshot;		/* 0 with cursor 0 */
	uint32_t cursor, reserved;
};

/* Reply of observe; `bytes` of records follow. */
struct wire_page {
	uint64_t snapshot;
	uint32_t next, bytes;
};

/* The sizes are the contract between two builds; the hello compares them. */
_Static_assert(sizeof(struct wire_head) == 24, "wire");
_Static_assert(sizeof(struct wire_reply) == 16, "wire");
_Static_assert(sizeof(struct wire_hello) == 56, "wire");
_Static_assert(sizeof(struct wire_bind) == 44, "wire");
_Static_assert(sizeof(struct wire_observe) == 24, "wire");
_Static_assert(sizeof(struct wire_page) == 16, "wire");
_Static_assert(sizeof(struct personality) == 304, "wire");
_Static_assert(sizeof(struct wire_prepare) == 312, "wire");
_Static_assert(sizeof(struct fabric_switch) == 32, "wire");
_Static_assert(sizeof(struct wire_reply) + sizeof(struct wire_page) +
    WIRE_PAGE <= WIRE_MAX, "wire");

/* Ours, for either direction; and whether theirs says the same. */
struct wire_hello wire_hello(void);
bool wire_hello_fits(const struct wire_hello *);

/* Bytes of the struct that follows the head of a request; verb in range. */
size_t wire_request_size(enum wire_verb);

/*
 * A record into `out` (room for WIRE_RECORD_MAX): returns its bytes, a multiple
 * of 8.  And back from the n bytes at `bytes`: *used of them; ERR_DEVICE when
 * they are not a record whose counts, states and text are sane.
 */
enum { WIRE_RECORD_MAX = 8 + sizeof(struct fabric_record) };
size_t wire_put_record(uint8_t *out, const struct fabric_record *);
int wire_get_record(const uint8_t *bytes, size_t n, struct fabric_record *,
    size_t *used, struct err *) ERR_MUST_CHECK;

/* The same sanity for what else comes back. */
int wire_check_switch(const struct fabric_switch *, struct err *) ERR_MUST_CHECK;
int wire_check_event(const struct fabric_event *, struct err *) ERR_MUST_CHECK;

#endif
