/* test_show.c -- JSON as people read it. */
#include "tests/test.h"

#include <stdio.h>

#include "tools/polyroot/show.h"

static char *
shown(void (*show)(FILE *, const json_t *), const char *text)
{
	json_t *v = json_loads(text, 0, NULL);
	char *out = NULL;
	size_t n;
	FILE *f = open_memstream(&out, &n);

	ck_assert_ptr_nonnull(v);
	ck_assert_ptr_nonnull(f);
	show(f, v);
	ck_assert_int_eq(fclose(f), 0);
	json_decref(v);
	return out;
}

static const struct {
	void (*show)(FILE *, const json_t *);
	const char *json, *want;
} rows[] = {
	{ show_json, "{\"items\":[{\"id\":\"x\",\"name\":\"prod\",\"vlan\":7},"
	    "{\"id\":\"y\",\"name\":\"m\",\"vlan\":120}],\"next\":null}",
	    "name  vlan\nprod  7\nm     120\n" },
	{ show_json, "{\"items\":[{\"number\":3,\"profile\":{\"id\":\"i\","
	    "\"name\":\"esx\"},\"faults\":[],\"isSpare\":false}]}",
	    "number  profile  faults  isSpare\n"
	    "3       esx              no\n" },
	{ show_json, "{\"items\":[]}", "" },
	{ show_json, "{\"name\":\"a\",\"vlans\":[1,2]}",
	    "name           a\nvlans          1,2\n" },
	{ show_json, "{\"name\":\"a\\u001b[31mb\"}",
	    "name           a?[31mb\n" },
	{ show_problem, "{\"title\":\"t\",\"detail\":\"d\",\"errors\":[{\"code\":"
	    "\"VlanRange\",\"pointer\":\"/vlan\",\"detail\":\"too large\","
	    "\"remedy\":\"choose 1-4094\"}]}",
	    "polyroot: d\n  t\n  VlanRange /vlan: too large\n"
	    "      choose 1-4094\n" },
	{ show_plan, "{\"sentence\":\"Gives slot 3 a vNIC.\",\"diff\":[{\"op\":"
	    "\"add\",\"type\":\"vnic\",\"name\":\"net0\"}],\"steps\":[{\"text\":"
	    "\"bind it\"}],\"checks\":[]}",
	    "Gives slot 3 a vNIC.\n  add vnic net0\n  1. bind it\n" },
	{ show_plan, "{\"sentence\":\"s\",\"diff\":[{\"op\":\"change\",\"type\":"
	    "\"vnic\",\"name\":\"net0\",\"of\":\"web\",\"fields\":[{\"name\":"
	    "\"mtu\",\"before\":1500,\"after\":9000},{\"name\":\"pxe\","
	    "\"before\":null,\"after\":true}]},{\"op\":\"remove\",\"type\":"
	    "\"san\",\"name\":\"a\",\"of\":null,\"fields\":[{\"name\":"
	    "\"vsan\",\"before\":1,\"after\":null}]}]}",
	    "s\n  change vnic web/net0\n      mtu: 1500 -> 9000\n"
	    "      pxe: - -> yes\n  remove san a\n" },
	{ show_import, "{\"kind\":\"logical\",\"origin\":{\"name\":\"lon\","
	    "\"generation\":\"7\",\"exportedAt\":\"then\"},\"hardware\":{"
	    "\"slots\":[{\"confidence\":\"exact\",\"document\":{\"number\":3},"
	    "\"here\":{\"number\":3}},{\"confidence\":\"none\",\"document\":"
	    "{\"number\":9},\"here\":null}],\"modules\":[{\"confidence\":"
	    "\"class\",\"document\":{\"name\":\"io1\"},\"here\":{\"name\":"
	    "\"io2\"}}]},\"conflicts\":[{\"id\":\"c1\",\"code\":"
	    "\"NetworkDiffers\",\"severity\":\"B\",\"detail\":\"d\","
	    "\"option\":\"refuse\",\"chosen\":false,\"value\":null,"
	    "\"options\":[{\"option\":\"refuse\",\"severity\":\"B\"},"
	    "{\"option\":\"mapTo\",\"severity\":null,\"needsValue\":true}]}],"
	    "\"plan\":{\"sentence\":\"Nothing.\"}}",
	    "document of kind logical from lon, generation 7, then\n"
	    "  slot 9 is nowhere here (none)\n"
	    "  module io1 is io2 (class)\n"
	    "  B c1 NetworkDiffers: d\n"
	    "      default: refuse; options: refuse(B) mapTo=VALUE\n"
	    "Nothing.\n" },
};

START_TEST(a_value_is_shown)
{
	char *out = shown(rows[_i].show, rows[_i].json);

	ck_assert_str_eq(out, rows[_i].want);
	free(out);
}
END_TEST

SUITE("show")
{
	tcase_add_loop_test(tc, a_value_is_shown, 0, N_ROWS(rows));
}
