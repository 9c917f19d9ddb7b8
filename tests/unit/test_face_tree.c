/* test_face_tree.c -- the tree like /sys: which paths are what, and say what. */
#include <errno.h>
#include <stdio.h>

#include "tests/test.h"
#include "tools/emulator/face_tree.h"

#define ROOT "/devices/pci0000:00"
#define UP ROOT "/0000:00:01.0/0000:01:00.0"
#define NIC UP "/0000:02:00.0/0000:03:00.1"

/* Bay 1 holds a card, bay 2 is empty. */
static const char box[] = "{\"format\":\"polyroot chassis 1\",\"name\":\"t\","
    "\"model\":4,\"slots\":[{\"count\":1}],\"bays\":[{\"card\":{\"model\":"
    "\"X520-SR2\",\"serial\":\"C1\"}},{\"count\":1}]}";

static struct chassis *
made(void)
{
	struct err e = { 0 };
	json_t *file = NULL;
	struct chassis *c;

	ck_ok(json_read(box, sizeof(box) - 1, 4096, &file, &e), e);
	c = chassis_new(file, &e);
	ck_assert_msg(c != NULL, "%s", e.msg);
	json_decref(file);
	return c;
}

static const struct {
	const char *path;
	int kind;			/* enum face_tree_kind, or -1 */
} paths[] = {
	{ "/", TREE_DIR },
	{ "/bus", TREE_DIR },
	{ "/bus/pci", TREE_DIR },
	{ "/bus/pci/devices", TREE_DIR },
	{ "/devices", TREE_DIR },
	{ ROOT, TREE_DIR },
	{ "/bus/pci/devices/0000:00:01.0", TREE_LINK },
	{ "/bus/pci/devices/0000:03:00.1", TREE_LINK },
	{ ROOT "/0000:00:01.0", TREE_DEVICE },
	{ UP, TREE_DEVICE },
	{ NIC, TREE_DEVICE },
	{ NIC "/config", TREE_CONFIG },
	{ NIC "/vendor", TREE_TEXT },
	{ UP "/resource", TREE_TEXT },
	{ "", -1 },
	{ "/bus/", -1 },
	{ "/bus/usb", -1 },
	{ "/bus/pci/devices/", -1 },
	{ "/bus/pci/devices/0000:05:00.0", -1 },	/* empty bay */
	{ "/bus/pci/devices/0000:03:00.2", -1 },
	{ "/bus/pci/devices/0000:03:00.1x", -1 },
	{ "/bus/pci/devices/0000:03:00.", -1 },
	{ "/bus/pci/devices/0000:3:00.01", -1 },
	{ "/bus/pci/devices/0000:03:20.0", -1 },	/* device 32 */
	{ "/bus/pci/devices/0001:03:00.0", -1 },
	{ "/bus/pci/devices/0000:+3:00.0", -1 },
	{ "/bus/pci/devices/0000:0A:00.0", -1 },
	{ "/bus/pci/devices/0000:03:00.1/config", -1 },	/* the kernel follows */
	{ ROOT "/", -1 },
	{ ROOT "/config", -1 },
	{ ROOT "/0000:03:00.1", -1 },			/* not where it is */
	{ ROOT "/0000:00:01.0/0000:03:00.1", -1 },
	{ UP "/0000:02:01.0/0000:03:00.1", -1 },	/* another port */
	{ NIC "/", -1 },
	{ NIC "/rom", -1 },
	{ NIC "/config/", -1 },
	{ NIC "/config/x", -1 },
	{ NIC "/config/config", -1 },
	{ NIC "/0000:03:00.1", -1 },
	{ "/devices/pci0000:01", -1 },
};

START_TEST(a_path)
{
	struct chassis *c = made();
	struct face_tree_node node;
	int rc = face_tree_find(c, paths[_i].path, &node);

	ck_assert_msg(rc == (paths[_i].kind < 0 ? -ENOENT : 0), "%s: %d",
	    paths[_i].path, rc);
	if (rc == 0)
		ck_assert_int_eq((int)node.kind, paths[_i].kind);
	chassis_free(c);
}
END_TEST

/* ---- lists ---- */

struct names {
	char text[1024];
	unsigned left;
};

static int
add(void *cookie, const char *name)
{
	struct names *n = cookie;
	size_t len = strlen(n->text);

	snprintf(n->text + len, sizeof(n->text) - len, " %s", name);
	return --n->left == 0;
}

#define FILES " vendor device class revision subsystem_vendor" \
	" subsystem_device irq resource numa_node config"

static const struct {
	const char *path, *names;
	unsigned stop;
} listings[] = {
	{ "/", " bus devices", 0 },
	{ "/", " bus", 1 },
	{ "/bus/pci/devices", " 0000:00:01.0 0000:01:00.0 0000:02:00.0"
	    " 0000:02:01.0 0000:03:00.0 0000:03:00.1", 0 },
	{ "/bus/pci/devices", " 0000:00:01.0 0000:01:00.0", 2 },
	{ ROOT, " 0000:00:01.0", 0 },
	{ UP, FILES " 0000:02:00.0 0000:02:01.0", 0 },
	{ UP "/0000:02:00.0", FILES " 0000:03:00.0 0000:03:00.1", 0 },
	{ UP "/0000:02:01.0", FILES, 0 },
	{ NIC, FILES, 0 },
	{ NIC, " vendor device", 2 },
};

START_TEST(a_listing)
{
	struct chassis *c = made();
	struct names n = { .left = listings[_i].stop };
	struct face_tree_node node;

	ck_assert_int_eq(face_tree_find(c, listings[_i].path, &node), 0);
	face_tree_list(c, &node, add, &n);
	ck_assert_str_eq(n.text, listings[_i].names);
	chassis_free(c);
}
END_TEST

/* Whatever a directory lists can be found below it. */
START_TEST(what_is_listed_is_there)
{
	static const char *const dirs[] = { "/bus/pci/devices", ROOT, UP, NIC };
	struct chassis *c = made();

	for (size_t i = 0; i < sizeof(dirs) / sizeof(dirs[0]); i++) {
		struct names n = { .left = 0 };
		struct face_tree_node node;
		char path[256], *name, *rest = n.text;

		ck_assert_int_eq(face_tree_find(c, dirs[i], &node), 0);
		face_tree_list(c, &node, add, &n);
		while ((name = strtok_r(rest, " ", &rest)) != NULL) {
			snprintf(path, sizeof(path), "%s/%s", dirs[i], name);
			ck_assert_msg(face_tree_find(c, path, &node) == 0, "%s",
			    path);
		}
	}
	chassis_free(c);
}
END_TEST

/* ---- contents ---- */

static const struct {
	const char *path, *text;
} texts[] = {
	{ NIC "/vendor", "0x8086\n" },
	{ NIC "/device", "0x10fb\n" },
	{ NIC "/class", "0x020000\n" },
	{ NIC "/revision", "0x01\n" },
	{ NIC "/subsystem_vendor", "0x8086\n" },
	{ NIC "/subsystem_device", "0x7a11\n" },
	{ NIC "/irq", "11\n" },
	{ NIC "/numa_node", "-1\n" },
	{ UP "/class", "0x060400\n" },
	{ UP "/subsystem_vendor", "0x10b5\n" },	/* from its capability */
	{ UP "/subsystem_device", "0x8696\n" },
	{ "/bus/pci/devices/0000:00:01.0", "../../.." ROOT "/0000:00:01.0" },
	{ "/bus/pci/devices/0000:03:00.1", "../../.." NIC },
};

START_TEST(a_text)
{
	struct chassis *c = made();
	struct face_tree_node node;
	char text[FACE_TREE_TEXT];
	int want = (int)strlen(texts[_i].text);

	ck_assert_int_eq(face_tree_find(c, texts[_i].path, &node), 0);
	for (int size = 1; size <= want + 1; size++) {
		int n = (node.kind == TREE_LINK ? face_tree_link :
		    face_tree_text)(c, &node, text, (size_t)size);

		ck_assert_int_eq(n, size - 1);
		ck_assert_int_eq(strncmp(text, texts[_i].text, (size_t)n), 0);
		ck_assert_int_eq(text[n], '\0');
	}
	chassis_free(c);
}
END_TEST

START_TEST(resource_has_its_lines)
{
	struct chassis *c = made();
	struct face_tree_node node;
	char text[FACE_TREE_TEXT];
	int n, lines = 0;

	ck_assert_int_eq(face_tree_find(c, UP "/resource", &node), 0);
	n = face_tree_text(c, &node, text, sizeof(text));
	for (int i = 0; i < n; i++)
		lines += text[i] == '\n';
	ck_assert_int_eq(lines, 17);
	ck_assert_int_eq(n, 17 * 57);
	chassis_free(c);
}
END_TEST

/* A card is pulled between two questions. */
START_TEST(what_goes_is_gone)
{
	struct chassis *c = made();
	struct face_tree_node node, again;
	char text[FACE_TREE_TEXT];

	ck_assert_int_eq(face_tree_find(c, NIC "/vendor", &node), 0);
	json_decref(chassis_ctl(c, 1, "pull bay 1"));
	ck_assert_int_eq(face_tree_text(c, &node, text, sizeof(text)),
	    -ENODEV);
	ck_assert_int_eq(face_tree_find(c, NIC "/vendor", &again), -ENOENT);
	chassis_free(c);
}
END_TEST

SUITE("face_tree")
{
	tcase_add_loop_test(tc, a_path, 0, N_ROWS(paths));
	tcase_add_loop_test(tc, a_listing, 0, N_ROWS(listings));
	tcase_add_test(tc, what_is_listed_is_there);
	tcase_add_loop_test(tc, a_text, 0, N_ROWS(texts));
	tcase_add_test(tc, resource_has_its_lines);
	tcase_add_test(tc, what_goes_is_gone);
}
