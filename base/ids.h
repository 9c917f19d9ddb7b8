/*
 * ids.h -- the numbers and addresses that every room names things by.
 *
 * Values only, no behaviour beyond text and back.  A function is named by where
 * it sits: bay, port, type and index; the packed form is what crosses to the
 * privileged side and what the register map carries.
 *
 *	text  io1.2.vf7		bay 1, port 2, seventh VF (VFs count from 0)
 *	      io5.1.vd3		bay 5, port 1, RAID function 3
 *	      io3.1.npiv0  io1.1.pf0
 *	bits  31:20 bay  19:16 port  15:12 type  11:0 index
 *
 * Bays and ports count from 1, as printed on the box.
 */
#ifndef BASE_IDS_H
#define BASE_IDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

enum {
	SLOT_MAX = 1024,	/* slots count from 1 */
	BAY_MAX = 1023,
	PORT_MAX = 15,
	FN_INDEX_MAX = 4095,
	NAME_LEN = 63,		/* characters of a name */
	UUID_LEN = 36,
};

/* FN_PF: all of a port; its index is 0, on a card without connectors too. */
enum fn_type { FN_NONE, FN_PF, FN_VF, FN_NPIV, FN_VD, FN_N_TYPES };

/* A packed function id; 0 is "no function". */
typedef uint32_t fn_id;

fn_id fn_make(unsigned bay, unsigned port, enum fn_type type, unsigned index);
unsigned fn_bay(fn_id);
unsigned fn_port(fn_id);
enum fn_type fn_type(fn_id);
unsigned fn_index(fn_id);
/* True when every part is in range and the type is known. */
bool fn_valid(fn_id);
/* The kth physical function of a card that begins with `first`; see FN_PF. */
fn_id fn_beside(fn_id first, unsigned k);

enum { FN_TEXT = 24 };		/* bytes of the longest text form with its NUL */
/* Writes the text form; returns `text`. */
char *fn_text(fn_id, char text[FN_TEXT]);
/* Reads it back; false unless it is exactly such a text. */
bool fn_parse(const char *text, fn_id *out);

/* A port by itself: "io1/2". */
enum { PORT_TEXT = 16 };
char *port_text(unsigned bay, unsigned port, char text[PORT_TEXT]);
/* False unless it is exactly such a text, both in range. */
bool port_parse(const char *text, unsigned *bay, unsigned *port);

/* A bay by itself: "io1". */
enum { BAY_TEXT = 8 };
char *bay_text(unsigned bay, char text[BAY_TEXT]);
bool bay_parse(const char *text, unsigned *bay);

/* MAC: 48 bits in the low end; WWN: 64 bits.  First byte on the wire is the
 * most significant. */
enum { MAC_TEXT = 18, WWN_TEXT = 24 };
char *mac_text(uint64_t mac, char text[MAC_TEXT]);	/* "02:10:…", upper case */
char *wwn_text(uint64_t wwn, char text[WWN_TEXT]);

/*
 * Reads an address in any usual spelling: colons, hyphens, dots (aabb.ccdd.eeff)
 * or none, either case, "0x" allowed.  False unless it has exactly 12 (16)
 * hexadecimal digits.  Rules about the value are not checked here.
 */
bool mac_parse(const char *text, uint64_t *out);
bool wwn_parse(const char *text, uint64_t *out);

/* The value of a hexadecimal digit of either case; -1 when it is none. */
int hex_digit(char);
/*
 * The hexadecimal digits of any spelling, upper case, without separators, for
 * searching by a part; at most 16 digits.  False when `text` holds anything but
 * digits and separators.
 */
bool address_digits(const char *text, char digits[17]);

/* True for the 36-character form of RFC 4122, either case. */
bool uuid_valid(const char *text);
/* Such a text as two words and back, lower case. */
bool uuid_parse(const char *text, uint64_t *high, uint64_t *low);
enum { UUID_TEXT = 37 };
char *uuid_text(uint64_t high, uint64_t low, char text[UUID_TEXT]);

/* True for an object's name: 1-63 of [A-Za-z0-9._-], first alphanumeric, not
 * digits only, not of the form of a UUID. */
bool name_valid(const char *text);

#endif
