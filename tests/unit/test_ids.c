/* Functions, addresses, UUIDs and names: exactly these texts, no others. */
#include <stdio.h>

#include "base/ids.h"
#include "tests/test.h"

static const struct {
	unsigned bay, port;
	enum fn_type type;
	unsigned index;
	fn_id id;
	const char *text;
} functions[] = {
	{ 1, 2, FN_VF, 7, 0x00122007, "io1.2.vf7" },
	{ 5, 1, FN_VD, 3, 0x00514003, "io5.1.vd3" },
	{ 3, 1, FN_NPIV, 0, 0x00313000, "io3.1.npiv0" },
	{ 1, 1, FN_PF, 0, 0x00111000, "io1.1.pf0" },
	{ 1023, 15, FN_NPIV, 4095, 0x3fff3fff, "io1023.15.npiv4095" },
};

START_TEST(a_function_in_its_three_forms)
{
	char text[FN_TEXT];
	fn_id id = fn_make(functions[_i].bay, functions[_i].port,
	    functions[_i].type, functions[_i].index), back;

	ck_assert_uint_eq(id, functions[_i].id);
	ck_assert(fn_valid(id));
	ck_assert_uint_eq(fn_bay(id), functions[_i].bay);
	ck_assert_uint_eq(fn_port(id), functions[_i].port);
	ck_assert_int_eq(fn_type(id), functions[_i].type);
	ck_assert_uint_eq(fn_index(id), functions[_i].index);
	ck_assert_str_eq(fn_text(id, text), functions[_i].text);
	ck_assert(fn_parse(text, &back));
	ck_assert_uint_eq(back, id);
}
END_TEST

static const struct {
	unsigned bay, port;
	int type;
	unsigned index;
} out_of_range[] = {
	{ 0, 1, FN_VF, 0 }, { 1024, 1, FN_VF, 0 }, { 1, 0, FN_VF, 0 },
	{ 1, 16, FN_VF, 0 }, { 1, 1, FN_NONE, 0 }, { 1, 1, FN_N_TYPES, 0 },
	{ 1, 1, FN_VF, 4096 }, { 4097, 1, FN_VF, 0 }, { 1, 1, 16 + FN_VF, 0 },
};

START_TEST(out_of_range_is_no_function)
{
	ck_assert_uint_eq(fn_make(out_of_range[_i].bay, out_of_range[_i].port,
	    (enum fn_type)out_of_range[_i].type, out_of_range[_i].index), 0);
}
END_TEST

static const fn_id invalid[] = { 0, 1, 0x00022007, 0x00102007, 0x00120007,
    0x00125007, 0x0012f007, 0x40012007, 0xffffffff };

START_TEST(an_invalid_id_is_told_and_can_be_shown)
{
	char text[FN_TEXT];
	fn_id back = 77;

	ck_assert(!fn_valid(invalid[_i]));
	ck_assert_str_ne(fn_text(invalid[_i], text), "");
	ck_assert(!fn_parse(text, &back));
	ck_assert_uint_eq(back, 77);
}
END_TEST

static const char *const not_functions[] = { "", "io", "io1", "io1.2",
    "io1.2.", "io1.2.vf", "io1.2.vf07", "io01.2.vf7", "io1.2.vf7 ",
    " io1.2.vf7", "IO1.2.vf7", "io1.2.VF7", "io0.2.vf7", "io1.0.vf7",
    "io1.16.vf7", "io1024.1.vf7", "io1.2.vf4096", "io1.2.xx7",
    "io1.2.vf-1", "io1.2.vf7.1", "io99999999999.1.vf0", "io-1.2.vf7",
    "io1..vf7", "none" };

START_TEST(not_a_function)
{
	fn_id back = 77;

	ck_assert(!fn_parse(not_functions[_i], &back));
	ck_assert_uint_eq(back, 77);
}
END_TEST

static const struct {
	const char *text;
	unsigned bay, port;		/* 0: it is none */
} ports[] = {
	{ "io1/1", 1, 1 }, { "io1023/15", 1023, 15 }, { "io12/2", 12, 2 },
	{ "", 0, 0 }, { "io1", 0, 0 }, { "io1/", 0, 0 }, { "io0/1", 0, 0 },
	{ "io1/0", 0, 0 }, { "io1/16", 0, 0 }, { "io1024/1", 0, 0 },
	{ "io01/1", 0, 0 }, { "io1/01", 0, 0 }, { "io1/1 ", 0, 0 },
	{ "io1.1", 0, 0 }, { "IO1/1", 0, 0 }, { "io99999999999/1", 0, 0 },
};

START_TEST(a_port_by_its_name)
{
	unsigned bay = 0, port = 0;
	char text[PORT_TEXT];

	ck_assert(port_parse(ports[_i].text, &bay, &port) ==
	    (ports[_i].bay != 0));
	ck_assert_uint_eq(bay, ports[_i].bay);
	ck_assert_uint_eq(port, ports[_i].port);
	if (bay != 0)
		ck_assert_str_eq(port_text(bay, port, text), ports[_i].text);
}
END_TEST

START_TEST(a_bay_by_its_name)
{
	static const char *const bad[] = { "", "io", "io0", "io1024", "io01",
		"1", "io1/1", "IO1" };
	char text[BAY_TEXT];
	unsigned bay = 0;

	ck_assert(bay_parse("io1", &bay) && bay == 1);
	ck_assert(bay_parse(bay_text(BAY_MAX, text), &bay) && bay == BAY_MAX);
	for (size_t i = 0; i < N_ROWS(bad); i++)
		ck_assert(!bay_parse(bad[i], &bay));
}
END_TEST

static const struct {
	const char *text;
	uint64_t mac;
	bool good;
} macs[] = {
	{ "02:10:AB:CD:EF:01", 0x0210abcdef01, true },
	{ "02:10:ab:cd:ef:01", 0x0210abcdef01, true },
	{ "02-10-ab-cd-ef-01", 0x0210abcdef01, true },
	{ "0210.abcd.ef01", 0x0210abcdef01, true },
	{ "0210ABcdef01", 0x0210abcdef01, true },
	{ "0x0210abcdef01", 0x0210abcdef01, true },
	{ "0X0210abcdef01", 0x0210abcdef01, true },
	{ "00:00:00:00:00:00", 0, true },
	{ "FF:FF:FF:FF:FF:FF", 0xffffffffffff, true },
	{ "", 0, false },
	{ "0x", 0, false },
	{ "02:10:AB:CD:EF", 0, false },
	{ "02:10:AB:CD:EF:01:02", 0, false },
	{ "02:10:AB:CD:EF:0", 0, false },
	{ "02:10:AB:CD:EF:0G", 0, false },
	{ "02:10-AB:CD-EF:01", 0, false },
	{ "02:10:AB:CD:EF:01:", 0, false },
	{ ":02:10:AB:CD:EF:01", 0, false },
	{ "02::10:AB:CD:EF:01", 0, false },
	{ "0210AB:CDEF01", 0, false },
	{ "021:0AB:CDE:F01", 0, false },
	{ "02 10 AB CD EF 01", 0, false },
	{ " 0210ABCDEF01", 0, false },
	{ "0210ABCDEF01 ", 0, false },
	{ "0210ABCDEF012", 0, false },
	{ "50:06:01:60:3B:A0:11:22", 0, false },
};

START_TEST(a_mac_in_any_usual_spelling)
{
	uint64_t mac = 77;
	char text[MAC_TEXT];

	ck_assert_msg(mac_parse(macs[_i].text, &mac) == macs[_i].good, "%s",
	    macs[_i].text);
	ck_assert_uint_eq(mac, macs[_i].good ? macs[_i].mac : 77);
	if (macs[_i].good) {
		ck_assert_uint_eq(strlen(mac_text(mac, text)), 17);
		ck_assert(mac_parse(text, &mac));
		ck_assert_uint_eq(mac, macs[_i].mac);
	}
}
END_TEST

static const struct {
	const char *text;
	uint64_t wwn;
	bool good;
} wwns[] = {
	{ "50:06:01:60:3B:A0:11:22", 0x500601603ba01122, true },
	{ "500601603ba01122", 0x500601603ba01122, true },
	{ "0x500601603ba01122", 0x500601603ba01122, true },
	{ "50-06-01-60-3b-a0-11-22", 0x500601603ba01122, true },
	{ "5006.0160.3ba0.1122", 0x500601603ba01122, true },
	{ "FFFFFFFFFFFFFFFF", UINT64_MAX, true },
	{ "02:10:AB:CD:EF:01", 0, false },
	{ "50:06:01:60:3B:A0:11:22:33", 0, false },
	{ "500601603ba0112", 0, false },
	{ "500601603ba01122ff", 0, false },
};

START_TEST(a_wwn_in_any_usual_spelling)
{
	uint64_t wwn = 77;
	char text[WWN_TEXT];

	ck_assert_msg(wwn_parse(wwns[_i].text, &wwn) == wwns[_i].good, "%s",
	    wwns[_i].text);
	ck_assert_uint_eq(wwn, wwns[_i].good ? wwns[_i].wwn : 77);
	if (wwns[_i].good) {
		ck_assert_uint_eq(strlen(wwn_text(wwn, text)), 23);
		ck_assert(wwn_parse(text, &wwn));
		ck_assert_uint_eq(wwn, wwns[_i].wwn);
	}
}
END_TEST

START_TEST(addresses_are_written_upper_case_with_colons)
{
	char mac[MAC_TEXT], wwn[WWN_TEXT];

	ck_assert_str_eq(mac_text(0x0210abcdef01, mac), "02:10:AB:CD:EF:01");
	ck_assert_str_eq(wwn_text(0x500601603ba01122, wwn),
	    "50:06:01:60:3B:A0:11:22");
}
END_TEST

static const struct {
	const char *text, *digits;	/* NULL: refused */
} parts[] = {
	{ "ef:01", "EF01" }, { "EF01", "EF01" }, { "ef-0", "EF0" },
	{ "abcd.ef", "ABCDEF" }, { "0xab", "AB" }, { ":ab:", "AB" },
	{ "0123456789abcdef", "0123456789ABCDEF" },
	{ "0123456789abcdef0", NULL }, { "", NULL }, { "::", NULL },
	{ "slot3", NULL }, { "ab cd", NULL }, { "0x", NULL },
	{ "ab\n", NULL },
};

START_TEST(the_digits_of_a_part)
{
	char digits[17] = "-";
	bool good = parts[_i].digits != NULL;

	ck_assert(address_digits(parts[_i].text, digits) == good);
	ck_assert_str_eq(digits, good ? parts[_i].digits : "-");
}
END_TEST

static const struct {
	const char *text;
	bool uuid, name;
} names[] = {
	{ "6ba7b810-9dad-41d1-80b4-00c04fd430c8", true, false },
	{ "6BA7B810-9DAD-41D1-80B4-00C04FD430C8", true, false },
	{ "6ba7b810-9dad-41d1-80b4-00c04fd430c", false, true },
	{ "6ba7b810-9dad-41d1-80b4-00c04fd430c88", false, true },
	{ "6ba7b810x9dad-41d1-80b4-00c04fd430c8", false, true },
	{ "6ba7b810-9dad-41d1-80b4-00c04fd430cg", false, true },
	{ "6ba7b8109dad41d180b400c04fd430c8", false, true },
	{ "web01", false, true }, { "a", false, true },
	{ "prod.web_01-a", false, true }, { "1a", false, true },
	{ "Z", false, true }, { "0-0", false, true },
	{ "", false, false }, { "12", false, false }, { "0", false, false },
	{ "-a", false, false }, { ".a", false, false }, { "_a", false, false },
	{ "a b", false, false }, { "a/b", false, false },
	{ "a:b", false, false }, { "caf\xc3\xa9", false, false },
	{ "a\n", false, false },
};

START_TEST(a_uuid_or_a_name)
{
	ck_assert_msg(uuid_valid(names[_i].text) == names[_i].uuid, "uuid %s",
	    names[_i].text);
	ck_assert_msg(name_valid(names[_i].text) == names[_i].name, "name %s",
	    names[_i].text);
}
END_TEST

START_TEST(a_name_has_at_most_63_characters)
{
	char text[80];

	for (size_t n = 1; n < sizeof(text); n++) {
		memset(text, 'a', n);
		text[n] = '\0';
		ck_assert(name_valid(text) == (n <= NAME_LEN));
	}
}
END_TEST

START_TEST(a_hexadecimal_digit_of_either_case)
{
	const char digits[] = "0123456789abcdef0123456789ABCDEF";

	for (int i = 0; digits[i] != '\0'; i++)
		ck_assert_int_eq(hex_digit(digits[i]), i % 16);
	for (const char *c = "/:@G`g -\x80"; *c != '\0'; c++)
		ck_assert_int_eq(hex_digit(*c), -1);
	ck_assert_int_eq(hex_digit('\0'), -1);
}
END_TEST

START_TEST(a_uuid_is_two_words)
{
	uint64_t high = 1, low = 2;
	char text[UUID_TEXT];

	ck_assert(uuid_parse("0F6B9F0C-7a58-4B7A-8a9d-0d1f5c7c1d01", &high,
	    &low));
	ck_assert_uint_eq(high, 0x0F6B9F0C7A584B7A);
	ck_assert_uint_eq(low, 0x8A9D0D1F5C7C1D01);
	ck_assert_str_eq(uuid_text(high, low, text),
	    "0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01");
	ck_assert_str_eq(uuid_text(0, 1, text),
	    "00000000-0000-0000-0000-000000000001");
	ck_assert(!uuid_parse("0F6B9F0C7a584B7A8a9d0d1f5c7c1d01", &high,
	    &low));
	ck_assert_uint_eq(low, 0x8A9D0D1F5C7C1D01);
}
END_TEST

SUITE("ids")
{
	tcase_add_loop_test(tc, a_function_in_its_three_forms, 0,
	    N_ROWS(functions));
	tcase_add_loop_test(tc, out_of_range_is_no_function, 0,
	    N_ROWS(out_of_range));
	tcase_add_loop_test(tc, an_invalid_id_is_told_and_can_be_shown, 0,
	    N_ROWS(invalid));
	tcase_add_loop_test(tc, not_a_function, 0, N_ROWS(not_functions));
	tcase_add_test(tc, a_bay_by_its_name);
	tcase_add_loop_test(tc, a_port_by_its_name, 0, N_ROWS(ports));
	tcase_add_loop_test(tc, a_mac_in_any_usual_spelling, 0, N_ROWS(macs));
	tcase_add_loop_test(tc, a_wwn_in_any_usual_spelling, 0, N_ROWS(wwns));
	tcase_add_test(tc, addresses_are_written_upper_case_with_colons);
	tcase_add_loop_test(tc, the_digits_of_a_part, 0, N_ROWS(parts));
	tcase_add_test(tc, a_hexadecimal_digit_of_either_case);
	tcase_add_test(tc, a_uuid_is_two_words);
	tcase_add_loop_test(tc, a_uuid_or_a_name, 0, N_ROWS(names));
	tcase_add_test(tc, a_name_has_at_most_63_characters);
}
