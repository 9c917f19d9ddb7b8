/* Documents in: the way back changes nothing, everything else is told with its
 * place. */
#include <stdio.h>

#include "tests/test.h"
#include "tests/unit/support_document.h"

static struct err e;

#define HEAD "<applianceConfig xmlns='" XML_NAMESPACE "' schemaVersion='1.0' " \
	"kind='profile'>\n"
#define TAIL "</applianceConfig>"
/* Sections are imported themselves. */
#define LOGICAL "<applianceConfig xmlns='" XML_NAMESPACE "' " \
	"schemaVersion='1.0' kind='logical'>\n"

static void
no_problem(void)
{
	for (size_t i = 0; i < document_in.problems.n; i++)
		ck_abort_msg("%c %s line %u %s: %s",
		    document_in.problems.items[i].severity,
		    document_in.problems.items[i].code,
		    document_in.problems.items[i].line, document_in.problems.items[i].path,
		    document_in.problems.items[i].detail);
}

/* Imports what has no problem but those of `allowed`, and commits. */
static void
apply(const char *text, const char *allowed)
{
	struct change_set *cs = document_import(text);

	for (size_t i = 0; i < document_in.problems.n; i++)
		ck_assert_msg(strcmp(document_in.problems.items[i].code, allowed) == 0 &&
		    document_in.problems.items[i].severity != 'B', "%s %s: %s",
		    document_in.problems.items[i].code, document_in.problems.items[i].path,
		    document_in.problems.items[i].detail);
	ck_ok(scratch_commit(&document_box, cs, &e), e);
}

START_TEST(ones_own_export_changes_nothing)
{
	struct change_set *cs = document_import(document_export("web"));

	no_problem();
	ck_assert_uint_eq(document_in.n_profiles, 1);
	ck_assert_str_eq(document_in.first->head.name, "web");
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 0);
}
END_TEST

/* Onto an empty appliance: everything comes back but what is its own. */
START_TEST(an_export_builds_the_profile_again)
{
	struct xml_choice create = { "NetworkMissing", "create", "" };
	char *text = document_export("web"), *again;
	const struct device *a, *b;
	struct profile *was = document_load("web"), *now;
	struct scratch old = document_box;

	scratch_new(&document_box);
	text = document_edited(text, "<assignment affinity=\"slot\" slot=\"3\"/>", "");
	text = document_edited(text, " pool=\"macs\"", " ");
	text = document_edited(text, " pool=\"wwpns\"", " ");
	document_options.choices = &create;
	document_options.n_choices = 1;
	document_import(text);
	ck_assert_uint_eq(xml_problem_count(&document_in.problems, 'B'), 0);
	/* The seal; a disk. */
	ck_assert_uint_eq(xml_problem_count(&document_in.problems, 'C'), 2);
	/* Two networks, a SAN. */
	ck_assert_uint_eq(document_in.conflicts.n, 3);
	ck_assert(xml_import_ok(&document_in));
	{
		struct change_set *cs = document_import(text);

		ck_ok(scratch_commit(&document_box, cs, &e), e);
	}
	now = document_load("web");
	ck_assert_str_eq(now->head.id, was->head.id);
	ck_assert_str_eq(now->head.description, was->head.description);
	ck_assert_uint_eq(now->n_devices, was->n_devices);
	ck_assert_uint_eq(now->wwnn, was->wwnn);
	for (size_t i = 0; i < now->n_devices; i++) {
		a = &was->devices[i];
		b = &now->devices[i];
		ck_assert_str_eq(a->id, b->id);
		ck_assert_str_eq(a->name, b->name);
		ck_assert_uint_eq(a->address, b->address);
		ck_assert_uint_eq(a->n_vlans, b->n_vlans);
		ck_assert_uint_eq(a->n_boot, b->n_boot);
		ck_assert_uint_eq(a->n_disks, b->n_disks);
		ck_assert_uint_eq(a->source, b->source);
	}
	again = document_export("web");
	ck_assert_ptr_nonnull(strstr(again,
	    "<description>a  &lt;b&gt; &amp; \"c\" '</description>"));
	scratch_free(&old);
}
END_TEST

/* An edit of the export, and what it does to the profile. */
static const struct {
	const char *from, *to;
	const char *now;		/* in the next export; NULL = no change */
	const char *gone;		/* not in it, or NULL */
} edits[] = {
	{ "limitMbps=\"2000\"", "limitMbps=\"3000\"", "limitMbps=\"3000\"",
	    "limitMbps=\"2000\"" },
	{ " limitMbps=\"2000\"", "", NULL, NULL },
	{ " rack  4 \xc3\xa4 ", "", "<description/>", "rack" },
	{ "<description> rack  4 \xc3\xa4 </description>", "", NULL, NULL },
	{ " rack  4 \xc3\xa4 ", "\n  two\n\twords  ",
	    "<description>two words</description>", "rack" },
	{ "<vlan network=\"mgmt\" native=\"true\"/>", "",
	    "<vlans mode=\"trunk\">\n          <vlan network=\"prod\" "
	    "native=\"false\"/>\n        </vlans>", NULL },
	{ "<entry device=\"hba0\"/>", "", "<bootOrder>\n        <entry "
	    "device=\"net0\"/>\n      </bootOrder>", NULL },
	{ "pxe=\"true\"", "pxe=\"false\"", "pxe=\"false\"", "pxe=\"true\"" },
	{ "<mac value=\"02:00:00:00:00:01\" source=\"static\"/>",
	    "<mac source=\"pool\"/>", "source=\"pool\"",
	    "02:00:00:00:00:01" },
	{ "<mac value=\"02:00:00:00:00:01\" source=\"static\"/>",
	    "<mac/>", NULL, NULL },
	{ "<mac value=\"02:00:00:00:00:01\" source=\"static\"/>",
	    "<mac value=\"0200.0000.0002\"/>",
	    "<mac value=\"02:00:00:00:00:02\" source=\"static\"/>",
	    "02:00:00:00:00:01" },
	{ "<bootTarget wwpn=\"50:06:01:68:3B:A0:12:34\" lun=\"0001000000000000"
	    "\" priority=\"2\"/>", "", "<bootTarget", "50:06:01:68" },
	{ "name=\"net0\" order", "name=\"lan0\" order",
	    "<entry device=\"net0\"/>", NULL },
	{ "slot=\"3\"", "slot=\"4\"", "slot=\"4\"", "slot=\"3\"" },
	{ " slot=\"3\"", "", NULL, NULL },
	{ "revision=\"", "revision=\"9", NULL, NULL },
	{ "requireClass=\"raid\" module=\"io5\"",
	    "requireClass=\"raid\" module=\"io4\"", "module=\"io4\"",
	    "module=\"io5\"" },
};

START_TEST(an_edit)
{
	char *before = document_export("web"), *after;
	char *text = document_edited(before, edits[_i].from, edits[_i].to);
	size_t n;

	apply(text, "DocumentModified");
	after = document_export("web");
	n = (size_t)(strstr(before, "<integrity>") - strstr(before,
	    "<networks>"));
	if (edits[_i].now == NULL) {
		before = strstr(before, "<networks>");
		after = strstr(after, "<networks>");
		ck_assert_msg(strncmp(before, after, n) == 0, "%s", after);
		return;
	}
	ck_assert_msg(strstr(after, edits[_i].now) != NULL, "%s", after);
	if (edits[_i].gone != NULL)
		ck_assert_msg(strstr(after, edits[_i].gone) == NULL, "%s",
		    after);
}
END_TEST

START_TEST(a_renamed_device_keeps_its_id)
{
	struct profile *p = document_load("web");
	char id[ID_TEXT];

	memcpy(id, p->devices[1].id, sizeof(id));
	apply(document_edited(document_export("web"), "name=\"net1\"", "name=\"lan\""),
	    "DocumentModified");
	ck_assert_str_eq(profile_device(document_load("web"), "lan")->id, id);
}
END_TEST

START_TEST(a_small_document_makes_a_profile)
{
	const struct device *d;
	struct profile *p;

	apply(HEAD "<profiles><profile name='tiny'><vnic name='n'>"
	    "<mac source='pool'/><vlans><vlan network='PROD'/></vlans></vnic>"
	    "<vhba name='h'><san name='fabric-a'/></vhba>"
	    "</profile></profiles>" TAIL, "");
	p = document_load("tiny");
	ck_assert_uint_eq(p->n_devices, 2);
	d = &p->devices[0];
	ck_assert_uint_ne(d->address, 0);
	ck_assert_uint_eq(d->source, SOURCE_POOL);
	ck_assert_uint_eq(d->mtu, 1500);
	ck_assert(d->spoof_check);
	ck_assert_uint_eq(d->vlan_mode, VLAN_ACCESS);
	ck_assert(d->vlans[0].native);
	ck_assert_uint_eq(d->vlans[0].vlan, 120);
	ck_assert_uint_ne(p->devices[1].address, 0);
	ck_assert_uint_ne(p->wwnn, 0);
	ck_assert_uint_eq(document_load("web")->n_devices, 5);
}
END_TEST

START_TEST(a_servers_uuid_comes_and_goes_with_the_document)
{
	char *text;

	apply(HEAD "<profiles><profile name='tiny'><identity systemUuid="
	    "'0F6B9F0C-7A58-4B7A-8A9D-0D1F5C7C1D01'/></profile></profiles>"
	    TAIL, "");
	ck_assert_str_eq(document_load("tiny")->system_uuid,
	    "0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01");
	text = document_export("tiny");
	ck_assert_ptr_nonnull(strstr(text, "systemUuid="
	    "\"0f6b9f0c-7a58-4b7a-8a9d-0d1f5c7c1d01\""));
	document_import(text);
	no_problem();
	apply(HEAD "<profiles><profile name='tiny'><description>x</description>"
	    "</profile></profiles>" TAIL, "");
	ck_assert_str_ne(document_load("tiny")->system_uuid, "");
}
END_TEST

START_TEST(a_network_that_was_renamed_here_is_known_by_its_id)
{
	char *text = document_export("web");
	struct change_set *cs = document_changes();
	struct network *n;

	ck_ok(change_network(cs, "prod", &n, &e), e);
	scratch_name(n->head.name, "production");
	ck_ok(scratch_commit(&document_box, cs, &e), e);
	cs = document_import(text);
	no_problem();
	ck_ok(change_resolve(cs, &e), e);
	ck_assert_uint_eq(cs->n, 0);
}
END_TEST

START_TEST(a_copied_profile_gets_devices_of_its_own)
{
	char *text = document_export("web"), *id = strstr(text, "<profile id=");
	struct profile *p;

	text = document_edited(text, arena_printf(document_box.arena, "%.*s", 50, id),
	    "<profile");
	text = document_edited(text, "name=\"web\"", "name=\"copy\"");
	text = document_edited(text, "value=\"02:00:00:00:00:01\"",
	    "value=\"02:00:00:00:00:09\"");
	text = document_edited(text, "<assignment affinity=\"slot\" slot=\"3\"/>", "");
	document_import(text);
	ck_assert_uint_eq(xml_problem_count(&document_in.problems, 'B'), 0);
	p = profile_copy(document_box.arena, document_in.first);
	ck_assert_str_eq(p->head.name, "copy");
	for (size_t i = 0; i < p->n_devices; i++)
		ck_assert_ptr_null(profile_device(document_load("web"),
		    p->devices[i].id));
}
END_TEST

/* ---- everything that is wrong, with its place ---- */

#define PROFILE(inside) HEAD "<profiles>\n<profile name='p'>\n" inside \
	"</profile></profiles>" TAIL

static const struct {
	const char *text, *code;
	char severity;
	unsigned line;
	const char *path;
} wrong[] = {
	{ "<config xmlns='" XML_NAMESPACE "'/>", "DocumentRoot", 'B', 1,
	    "/config" },
	{ "<applianceConfig schemaVersion='1.0' kind='profile'/>",
	    "DocumentRoot", 'B', 1, "/Q{}applianceConfig" },
	{ "<applianceConfig xmlns='urn:polyroot:config:2'/>", "DocumentRoot",
	    'B', 1, "/Q{urn:polyroot:config:2}applianceConfig" },
	{ "<applianceConfig xmlns='" XML_NAMESPACE "' kind='profile'/>",
	    "DocumentMissing", 'B', 1, "/applianceConfig/@schemaVersion" },
	{ "<applianceConfig xmlns='" XML_NAMESPACE "' kind='profile' "
	    "schemaVersion='1.7'><bogus/></applianceConfig>",
	    "DocumentUnknown", 'W', 1, "/applianceConfig/bogus" },
	{ "<applianceConfig xmlns='" XML_NAMESPACE "' kind='profile' "
	    "schemaVersion='2.0'/>", "DocumentVersion", 'B', 1,
	    "/applianceConfig/@schemaVersion" },
	{ "<applianceConfig xmlns='" XML_NAMESPACE "' kind='other' "
	    "schemaVersion='1.0'/>", "DocumentKind", 'B', 1,
	    "/applianceConfig/@kind" },
	{ HEAD TAIL, "DocumentMissing", 'B', 1, "/applianceConfig" },
	{ HEAD "<profiles/>" TAIL, "DocumentMissing", 'B', 2,
	    "/applianceConfig/profiles" },
	{ HEAD "<bogus/>" TAIL, "DocumentUnknown", 'B', 2,
	    "/applianceConfig/bogus" },
	{ HEAD "<x xmlns='urn:x'/>" TAIL, "DocumentUnknown", 'B', 2,
	    "/applianceConfig/Q{urn:x}x" },
	{ HEAD "<extensions><x must='true' xmlns='urn:x'/></extensions>" TAIL,
	    "DocumentExtension", 'B', 2,
	    "/applianceConfig/extensions/Q{urn:x}x" },
	{ HEAD "<extensions>hello</extensions>" TAIL, "DocumentText", 'B', 2,
	    "/applianceConfig/extensions" },
	{ HEAD "<profiles/><networks/>" TAIL, "DocumentOrder", 'B', 2,
	    "/applianceConfig/networks" },
	{ HEAD "<networks/><networks/>" TAIL, "DocumentRepeated", 'B', 2,
	    "/applianceConfig/networks[2]" },
	{ HEAD "<networks>hello</networks>" TAIL, "DocumentText", 'B', 2,
	    "/applianceConfig/networks" },
	{ HEAD "<leases><lease id='x' profile='p' start='a' end='b'/></leases>"
	    TAIL, "DocumentPartIgnored", 'C', 2, "/applianceConfig/leases" },
	{ HEAD "<profiles><profile/></profiles>" TAIL, "DocumentMissing", 'B',
	    2, "/applianceConfig/profiles/profile/@name" },
	{ HEAD "<profiles><profile name='1'/></profiles>" TAIL, "NameSyntax",
	    'B', 2, "/applianceConfig/profiles/profile/@name" },
	{ HEAD "<profiles><profile name='a'/><profile name='A'/></profiles>"
	    TAIL, "DocumentDuplicate", 'B', 2,
	    "/applianceConfig/profiles/profile[2]/@name" },
	{ HEAD "<profiles><profile name='a' id='7'/></profiles>" TAIL,
	    "DocumentValue", 'B', 2,
	    "/applianceConfig/profiles/profile/@id" },
	{ HEAD "<profiles><profile name='web' id='0f6b9f0c-7a58-4b7a-8a9d-"
	    "0d1f5c7c1d01'/></profiles>" TAIL, "ProfileNameTaken", 'B', 2,
	    "/applianceConfig/profiles/profile/@name" },
	{ LOGICAL "<networks><ethernet name='prod' vlan='121'/></networks>" TAIL,
	    "NetworkDiffers", 'B', 2,
	    "/applianceConfig/networks/ethernet/@vlan" },
	{ PROFILE("<vnic name='n' color='red'/>"), "DocumentUnknown", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/@color" },
	{ PROFILE("<vnic name='n'><color/></vnic>"), "DocumentUnknown", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/color" },
	{ PROFILE("<vnic name='n' mtu='100'/>"), "MtuRange", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/@mtu" },
	{ PROFILE("<vnic name='n' mtu=''/>"), "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/@mtu" },
	{ PROFILE("<vnic name='n' mtu='1e3'/>"), "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/@mtu" },
	{ PROFILE("<vnic name='n' pxe='yes'/>"), "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/@pxe" },
	{ PROFILE("<vnic name='n'/>\n<vhba name='N'/>"), "DocumentDuplicate",
	    'B', 5, "/applianceConfig/profiles/profile/vhba/@name" },
	{ PROFILE("<vnic name='n'>\n<mac value='03:00:00:00:00:01'/></vnic>"),
	    "MacMulticast", 'B', 5,
	    "/applianceConfig/profiles/profile/vnic/mac/@value" },
	{ PROFILE("<vnic name='n'><mac value='zz'/></vnic>"), "MacSyntax", 'B',
	    4, "/applianceConfig/profiles/profile/vnic/mac/@value" },
	{ PROFILE("<vnic name='n'><mac source='static'/></vnic>"),
	    "DocumentMissing", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/mac/@value" },
	{ PROFILE("<vnic name='n'><mac source='hardware'/></vnic>"),
	    "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/mac/@source" },
	{ PROFILE("<vnic name='n'><mac pool='none'/></vnic>"),
	    "PoolMissing", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/mac" },
	{ PROFILE("<vnic name='n'><vlans><vlan network='none'/></vlans>"
	    "</vnic>"), "NetworkMissing", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/vlans/vlan" },
	{ PROFILE("<vnic name='n'><vlans><vlan network='prod'/><vlan "
	    "network='prod'/></vlans></vnic>"), "DocumentDuplicate", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/vlans/vlan[2]/@network" },
	{ PROFILE("<vnic name='n'><vlans mode='access'><vlan network='prod'/>"
	    "<vlan network='mgmt'/></vlans></vnic>"), "VlanMode", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/vlans/@mode" },
	{ PROFILE("<vnic name='n'><placement module='7'/></vnic>"),
	    "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/placement/@module" },
	{ PROFILE("<vnic name='n'><placement sharing='dedicated'/></vnic>"),
	    "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/placement/@sharing" },
	{ PROFILE("<vnic name='n'><placement antiAffinity='a b'/></vnic>"),
	    "NameSyntax", 'B', 4,
	    "/applianceConfig/profiles/profile/vnic/placement/@antiAffinity" },
	{ PROFILE("<vnic name='n'><security acl='a'/></vnic>"),
	    "DocumentPartIgnored", 'C', 4,
	    "/applianceConfig/profiles/profile/vnic/security/@acl" },
	{ PROFILE("<failover trigger='later'/>"), "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/failover/@trigger" },
	{ PROFILE("<vhba name='h'/>"), "DocumentMissing", 'B', 4,
	    "/applianceConfig/profiles/profile/vhba" },
	{ PROFILE("<vhba name='h'><san name='none'/></vhba>"),
	    "NetworkMissing", 'B', 4,
	    "/applianceConfig/profiles/profile/vhba/san" },
	{ PROFILE("<vhba name='h'><san name='fabric-a'/><bootTarget "
	    "priority='9' wwpn='50:06:01:60:3B:A0:12:34' lun='0'/></vhba>"),
	    "BootTargetSyntax", 'B', 4,
	    "/applianceConfig/profiles/profile/vhba/bootTarget/@priority" },
	{ PROFILE("<vdas name='d'/>"), "DocumentMissing", 'B', 4,
	    "/applianceConfig/profiles/profile/vdas" },
	{ PROFILE("<vdas name='d'><virtualDisk name='x' raid='RAID9' "
	    "capacityMiB='1'/></vdas>"), "DocumentValue", 'B', 4,
	    "/applianceConfig/profiles/profile/vdas/virtualDisk/@raid" },
	{ PROFILE("<vdas name='d'><virtualDisk name='x' raid='RAID1' "
	    "capacityMiB='1'/></vdas>"), "VirtualDiskEmpty", 'C', 4,
	    "/applianceConfig/profiles/profile/vdas/virtualDisk" },
	{ PROFILE("<assignment slot='0'/>"), "ValueRange", 'B', 4,
	    "/applianceConfig/profiles/profile/assignment/@slot" },
	{ PROFILE("<identity wwnn='33:00:00:00:00:00:00:00'/>"), "WwnSyntax",
	    'B', 4, "/applianceConfig/profiles/profile/identity/@wwnn" },
	{ PROFILE("<identity systemUuid='0f6b9f0c-7a58-4b7a-1a9d-0d1f5c7c1d01"
	    "'/>"), "UuidSyntax", 'B', 4,
	    "/applianceConfig/profiles/profile/identity/@systemUuid" },
	{ LOGICAL "<networks><ethernet name='new'/></networks><profiles><profile "
	    "name='p'><vnic name='n'><vlans><vlan network='new'/></vlans>"
	    "</vnic></profile></profiles>" TAIL, "DocumentMissing", 'B', 2,
	    "/applianceConfig/networks/ethernet/@vlan" },
	{ HEAD "<networks><ethernet name='new' vlan='7'/></networks><profiles>"
	    "<profile name='p'><vnic name='n'><vlans><vlan network='new'/>"
	    "</vlans></vnic></profile></profiles>" TAIL, "NetworkMissing",
	    'B', 2, "/applianceConfig/networks/ethernet" },
	{ LOGICAL "<networks><ethernet name='new' vlan='7'><allowedPorts><port "
	    "name='1/1'/></allowedPorts></ethernet></networks><profiles>"
	    "<profile name='p'><vnic name='n'><vlans><vlan network='new'/>"
	    "</vlans></vnic></profile></profiles>" TAIL,
	    "NetworkNotAllowedHere", 'B', 2,
	    "/applianceConfig/networks/ethernet/allowedPorts/port/@name" },
	{ HEAD "<integrity><documentDigest>x</documentDigest><contentDigest>"
	    "y</contentDigest></integrity>" TAIL, "DocumentModified", 'C', 2,
	    "/applianceConfig/integrity" },
};

START_TEST(a_wrong_document)
{
	bool found = false;

	document_import(wrong[_i].text);
	for (size_t i = 0; i < document_in.problems.n; i++) {
		const struct xml_problem *p = &document_in.problems.items[i];

		found = found || (strcmp(p->code, wrong[_i].code) == 0 &&
		    p->severity == wrong[_i].severity &&
		    p->line == wrong[_i].line &&
		    strcmp(p->path, wrong[_i].path) == 0 &&
		    p->detail[0] != '\0');
	}
	for (size_t i = 0; i < document_in.conflicts.n; i++) {
		const struct xml_conflict *c = &document_in.conflicts.items[i];

		found = found || (strcmp(c->row->key, wrong[_i].code) == 0 &&
		    c->severity == wrong[_i].severity &&
		    c->line == wrong[_i].line &&
		    strcmp(c->path, wrong[_i].path) == 0 &&
		    c->detail[0] != '\0');
	}
	if (!found && document_in.problems.n > 0)
		no_problem();
	ck_assert_msg(found, "nothing was found");
}
END_TEST

START_TEST(all_problems_are_listed)
{
	document_import(PROFILE("<vnic name='n' mtu='1' pxe='x' color='y'>"
	    "<mac value='q'/><vlans><vlan network='u'/><vlan network='v'/>"
	    "</vlans></vnic><vhba name='h'/><failover bogus='1'/>"));
	ck_assert_uint_eq(xml_problem_count(&document_in.problems, 'B'), 6);
	ck_assert_uint_eq(xml_conflict_count(&document_in.conflicts, 'B'), 2);
}
END_TEST

START_TEST(problems_are_bounded)
{
	struct buf b = buf_new(1 << 20);

	buf_str(&b, HEAD "<profiles>");
	for (int i = 0; i < 3000; i++)
		buf_printf(&b, "<profile name='p%d' x='1'/>", i);
	buf_str(&b, "</profiles>" TAIL);
	document_import(b.data);
	ck_assert_uint_eq(document_in.problems.n, XML_MAX_PROBLEMS);
	ck_assert_uint_eq(document_in.problems.more, 3000 - XML_MAX_PROBLEMS);
	buf_free(&b);
}
END_TEST

START_TEST(a_disk_that_the_document_does_not_name_stays)
{
	char *text = document_edited(document_export("web"),
	    "name=\"boot\"", "name=\"data\"");

	/* Without its seal it cannot be broken. */
	*strstr(text, "<integrity>") = '\0';
	apply(arena_printf(document_box.arena, "%s" TAIL, text), "VirtualDiskEmpty");
	ck_assert_uint_eq(profile_device(document_load("web"), "das0")->n_disks, 2);
}
END_TEST

SUITE("xml_import")
{
	tcase_add_checked_fixture(tc, document_set_up, document_tear_down);
	tcase_add_test(tc, ones_own_export_changes_nothing);
	tcase_add_test(tc, an_export_builds_the_profile_again);
	tcase_add_loop_test(tc, an_edit, 0, N_ROWS(edits));
	tcase_add_test(tc, a_renamed_device_keeps_its_id);
	tcase_add_test(tc, a_small_document_makes_a_profile);
	tcase_add_test(tc, a_servers_uuid_comes_and_goes_with_the_document);
	tcase_add_test(tc, a_network_that_was_renamed_here_is_known_by_its_id);
	tcase_add_test(tc, a_copied_profile_gets_devices_of_its_own);
	tcase_add_loop_test(tc, a_wrong_document, 0, N_ROWS(wrong));
	tcase_add_test(tc, all_problems_are_listed);
	tcase_add_test(tc, problems_are_bounded);
	tcase_add_test(tc, a_disk_that_the_document_does_not_name_stays);
}
