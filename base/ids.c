/* ids.c -- see ids.h. */
#include "base/ids.h"

#include <stdio.h>
#include <string.h>

static const char *const type_words[FN_N_TYPES] = {
	[FN_NONE] = "", [FN_PF] = "pf", [FN_VF] = "vf", [FN_NPIV] = "npiv",
	[FN_VD] = "vd",
};

fn_id
fn_make(unsigned bay, unsigned port, enum fn_type type, unsigned index)
{
	fn_id id;

	if (bay > BAY_MAX || port > PORT_MAX || index > FN_INDEX_MAX ||
	    (unsigned)type >= FN_N_TYPES)
		return 0;
	id = bay << 20 | port << 16 | (unsigned)type << 12 | index;
	return fn_valid(id) ? id : 0;
}

unsigned
fn_bay(fn_id id)
{
	return id >> 20;
}

unsigned
fn_port(fn_id id)
{
	return id >> 16 & 15;
}

enum fn_type
fn_type(fn_id id)
{
	return (enum fn_type)(id >> 12 & 15);
}

unsigned
fn_index(fn_id id)
{
	return id & FN_INDEX_MAX;
}

fn_id
fn_beside(fn_id first, unsigned k)
{
	return k == 0 ? first : fn_make(fn_bay(first), fn_port(first) + k,
	    FN_PF, 0);
}

bool
fn_valid(fn_id id)
{
	unsigned type = id >> 12 & 15;

	return fn_bay(id) >= 1 && fn_bay(id) <= BAY_MAX && fn_port(id) >= 1 &&
	    type > FN_NONE && type < FN_N_TYPES;
}

char *
fn_text(fn_id id, char text[FN_TEXT])
{
	/* What is not a function still has to be seen in a log. */
	if (!fn_valid(id))
		(void)snprintf(text, FN_TEXT, id == 0 ? "none" : "0x%08x", id);
	else
		(void)snprintf(text, FN_TEXT, "io%u.%u.%s%u", fn_bay(id),
		    fn_port(id), type_words[fn_type(id)], fn_index(id));
	return text;
}

/* At most four digits; anything longer fails the comparison in fn_parse(). */
static unsigned
take_number(const char **s)
{
	unsigned value = 0;

	for (int n = 0; n < 4 && **s >= '0' && **s <= '9'; n++, (*s)++)
		value = value * 10 + (unsigned)(**s - '0');
	return value;
}

static enum fn_type
take_type(const char **s)
{
	for (enum fn_type t = FN_PF; t < FN_N_TYPES; t++) {
		size_t n = strlen(type_words[t]);

		if (strncmp(*s, type_words[t], n) == 0) {
			*s += n;
			return t;
		}
	}
	return FN_NONE;
}

bool
fn_parse(const char *text, fn_id *out)
{
	char again[FN_TEXT];
	const char *s = text;
	unsigned bay, port;
	enum fn_type type;
	fn_id id;

	if (strncmp(s, "io", 2) != 0)
		return false;
	s += 2;
	bay = take_number(&s);
	if (*s++ != '.')
		return false;
	port = take_number(&s);
	if (*s++ != '.')
		return false;
	type = take_type(&s);
	id = fn_make(bay, port, type, take_number(&s));
	/* One spelling only: no leading zeros, nothing behind it. */
	if (id == 0 || strcmp(fn_text(id, again), text) != 0)
		return false;
	*out = id;
	return true;
}

char *
port_text(unsigned bay, unsigned port, char text[PORT_TEXT])
{
	(void)snprintf(text, PORT_TEXT, "io%u/%u", bay & BAY_MAX,
	    port & PORT_MAX);
	return text;
}

bool
port_parse(const char *text, unsigned *bay, unsigned *port)
{
	char again[PORT_TEXT];
	const char *s = text;
	unsigned b, p;

	if (strncmp(s, "io", 2) != 0)
		return false;
	s += 2;
	b = take_number(&s);
	if (*s++ != '/')
		return false;
	p = take_number(&s);
	if (b < 1 || b > BAY_MAX || p < 1 || p > PORT_MAX ||
	    strcmp(port_text(b, p, again), text) != 0)
		return false;
	*bay = b;
	*port = p;
	return true;
}

char *
bay_text(unsigned bay, char text[BAY_TEXT])
{
	(void)snprintf(text, BAY_TEXT, "io%u", bay & BAY_MAX);
	return text;
}

bool
bay_parse(const char *text, unsigned *bay)
{
	char again[BAY_TEXT];
	const char *s = text;
	unsigned b;

	if (strncmp(s, "io", 2) != 0)
		return false;
	s += 2;
	b = take_number(&s);
	if (b < 1 || b > BAY_MAX || strcmp(bay_text(b, again), text) != 0)
		return false;
	*bay = b;
	return true;
}

static char *
address_text(uint64_t value, unsigned bytes, char *text)
{
	static const char hex[] = "0123456789ABCDEF";
	char *t = text;

	for (unsigned i = bytes; i-- > 0; ) {
		*t++ = hex[value >> (i * 8 + 4) & 15];
		*t++ = hex[value >> (i * 8) & 15];
		*t++ = i > 0 ? ':' : '\0';
	}
	return text;
}

char *
mac_text(uint64_t mac, char text[MAC_TEXT])
{
	return address_text(mac, 6, text);
}

char *
wwn_text(uint64_t wwn, char text[WWN_TEXT])
{
	return address_text(wwn, 8, text);
}

int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
is_separator(char c)
{
	return c == ':' || c == '-' || c == '.';
}

static const char *
skip_0x(const char *s)
{
	return s[0] == '0' && (s[1] == 'x' || s[1] == 'X') ? s + 2 : s;
}

/* Groups of two or four digits with one kind of separator, or no separator. */
static bool
address_parse(const char *text, size_t want, uint64_t *out)
{
	size_t digits = 0, in_group = 0, group = 0;
	uint64_t value = 0;
	char separator = '\0';

	for (const char *s = skip_0x(text); ; s++) {
		int d = hex_digit(*s);

		if (d >= 0 && digits < want) {
			value = value << 4 | (unsigned)d;
			digits++;
			in_group++;
			continue;
		}
		if (group == 0)
			group = in_group;
		if (in_group == 0 || in_group != group)
			return false;
		in_group = 0;
		if (*s == '\0')
			break;
		if (!is_separator(*s) || (separator && *s != separator))
			return false;
		separator = *s;
	}
	if (digits != want || (separator && group != 2 && group != 4))
		return false;
	*out = value;
	return true;
}

bool
mac_parse(const char *text, uint64_t *out)
{
	return address_parse(text, 12, out);
}

bool
wwn_parse(const char *text, uint64_t *out)
{
	return address_parse(text, 16, out);
}

bool
address_digits(const char *text, char digits[17])
{
	char found[17];
	size_t n = 0;

	for (const char *s = skip_0x(text); *s != '\0'; s++) {
		int d = hex_digit(*s);

		if (d < 0 && is_separator(*s))
			continue;
		if (d < 0 || n == 16)
			return false;
		found[n++] = "0123456789ABCDEF"[d];
	}
	if (n == 0)
		return false;
	found[n] = '\0';
	memcpy(digits, found, n + 1);
	return true;
}

bool
uuid_valid(const char *text)
{
	for (int i = 0; i < UUID_LEN; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? text[i] != '-' : hex_digit(text[i]) < 0)
			return false;
	}
	return text[UUID_LEN] == '\0';
}

bool
uuid_parse(const char *text, uint64_t *high, uint64_t *low)
{
	uint64_t words[2] = { 0, 0 };
	int n = 0;

	if (!uuid_valid(text))
		return false;
	for (; *text != '\0'; text++)
		if (*text != '-') {
			words[n / 16] = words[n / 16] << 4 |
			    (uint64_t)hex_digit(*text);
			n++;
		}
	*high = words[0];
	*low = words[1];
	return true;
}

char *
uuid_text(uint64_t high, uint64_t low, char text[UUID_TEXT])
{
	(void)snprintf(text, UUID_TEXT, "%08x-%04x-%04x-%04x-%012llx",
	    (unsigned)(high >> 32), (unsigned)(high >> 16 & 0xffff),
	    (unsigned)(high & 0xffff), (unsigned)(low >> 48),
	    (unsigned long long)(low & 0xffffffffffff));
	return text;
}

static bool
is_number(char c)
{
	return c >= '0' && c <= '9';
}

static bool
is_alphanumeric(char c)
{
	return is_number(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool
name_valid(const char *text)
{
	bool numbers_only = true;
	size_t n = 0;

	if (!is_alphanumeric(text[0]))
		return false;
	for (; text[n] != '\0'; n++) {
		char c = text[n];

		if (n == NAME_LEN)
			return false;
		if (!is_alphanumeric(c) && c != '.' && c != '_' && c != '-')
			return false;
		numbers_only = numbers_only && is_number(c);
	}
	return !numbers_only && !uuid_valid(text);
}
