/* A profile, and all, as a document: the same bytes each time, sealed, valid. */
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "profiles/xml_read.h"
#include "tests/test.h"
#include "tests/unit/support_document.h"

static struct err e;

/* Of one profile, and of all. */
static const char *const whose[] = { "web", NULL };

START_TEST(an_export_is_deterministic_and_sealed)
{
	char *text = document_export(whose[_i]);
	uint32_t seal;

	ck_assert_str_eq(text, document_export(whose[_i]));
	ck_ok(xml_read(document_box.arena, text, strlen(text),
	    &document_records, &e), e);
	seal = xml_first(&document_records, 0, "integrity");
	ck_assert_uint_ne(seal, 0);
	ck_assert_str_eq(document_records.elements[xml_first(&document_records, seal,
	    "documentDigest")].text, document_records.document_digest);
	ck_assert_str_eq(document_records.elements[xml_first(&document_records, seal,
	    "contentDigest")].text, document_records.content_digest);
}
END_TEST

/* Each of these stands in the export, word for word. */
static const char *const said[] = {
	"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<applianceConfig xmlns=\""
	    XML_NAMESPACE "\" schemaVersion=\"1.0\" kind=\"profile\">\n"
	    "  <origin applianceUuid=\"",
	"<ethernet id=\"", "name=\"prod\" vlan=\"120\" isolation=\"shared\" "
	    "mtuMax=\"9000\">",
	"<port name=\"io1/1\"/>", "<port name=\"io2/1\"/>",
	"<description>a  &lt;b&gt; &amp; \"c\" '</description>",
	"name=\"fabric-a\" fabric=\"A\" vsan=\"101\">",
	"<description> rack  4 \xc3\xa4 </description>",
	"name=\"net0\" order=\"0\" mtu=\"9000\" linkPolicy=\"followUplink\" "
	    "pxe=\"true\">",
	"<mac value=\"02:00:00:00:00:01\" source=\"static\"/>",
	"<vlans mode=\"trunk\">", "<vlans mode=\"access\">",
	"<vlan network=\"mgmt\" native=\"true\"/>",
	"<qos limitMbps=\"2000\" guaranteeMbps=\"500\" pcp=\"3\"/>",
	"<security spoofCheck=\"false\" trust=\"false\" promisc=\"false\"/>",
	"<san name=\"fabric-a\"/>",
	"<bootTarget wwpn=\"50:06:01:68:3B:A0:12:34\" lun=\"0001000000000000\""
	    " priority=\"2\"/>",
	"<placement requireClass=\"raid\" module=\"io5\" port=\"1\"/>",
	"raid=\"RAID1\" capacityMiB=\"1024\" access=\"exclusive\" "
	    "boot=\"false\"/>",
	"<failover trigger=\"manual\" hold=\"PT5M\" cooldown=\"PT1H\"/>",
	"drift=\"heal\" revision=\"1\">",
	"<bootOrder>\n        <entry device=\"hba0\"/>\n        "
	    "<entry device=\"net0\"/>\n      </bootOrder>",
	"<assignment affinity=\"slot\" slot=\"3\"/>",
	"  <integrity>\n    <documentDigest c14n=\"exc-c14n\">",
};

START_TEST(an_export_says)
{
	char *text = document_export("web");

	ck_assert_msg(strstr(text, said[_i]) != NULL, "%s\nis not in\n%s",
	    said[_i], text);
}
END_TEST

/* And these in that of the whole appliance, in that order. */
static const char *const all[] = {
	"kind=\"logical\">\n  <origin ", "  <chassis/>\n", "  <networks>\n    "
	    "<ethernet ", "    <san ", "  </networks>\n  <qosClasses/>\n",
	"  <pools>\n    <pool ", "name=\"macs\" type=\"mac\" order=\""
	    "sequential\" quarantine=\"PT24H\" default=\"true\">",
	"  <profiles>\n    <profile ", "  <leases/>\n  <extensions/>\n"
	    "  <integrity>",
};

START_TEST(all_of_it_says)
{
	const char *text = document_export(NULL), *at = text;

	for (int i = 0; i <= _i; i++) {
		at = strstr(at, all[i]);
		ck_assert_msg(at != NULL, "%s\nis not in\n%s", all[i], text);
	}
}
END_TEST

START_TEST(an_export_is_valid_for_the_schema)
{
	char lint[] = "/usr/bin/xmllint", nonet[] = "--nonet";
	char noout[] = "--noout", schema[] = "--schema", path[96];
	char xsd[] = "profiles/config-1.xsd", *env[] = { NULL };
	char *argv[] = { lint, nonet, noout, schema, xsd, path, NULL };
	char *text = document_export(whose[_i]);
	int status;
	pid_t pid;
	FILE *f;

	/* Nothing to compare with where there is no second reader. */
	if (access(lint, X_OK) < 0)
		return;
	snprintf(path, sizeof(path), "%s/web.xml", document_box.dir);
	f = fopen(path, "w");
	ck_assert_ptr_nonnull(f);
	ck_assert_int_ge(fputs(text, f), 0);
	fclose(f);
	ck_assert_int_eq(posix_spawn(&pid, lint, NULL, NULL, argv, env), 0);
	ck_assert_int_eq(waitpid(pid, &status, 0), pid);
	(void)unlink(path);
	ck_assert_int_eq(status, 0);
}
END_TEST

SUITE("xml_write")
{
	tcase_add_checked_fixture(tc, document_set_up, document_tear_down);
	tcase_add_loop_test(tc, an_export_is_deterministic_and_sealed, 0, 2);
	tcase_add_loop_test(tc, an_export_says, 0, N_ROWS(said));
	tcase_add_loop_test(tc, all_of_it_says, 0, N_ROWS(all));
	tcase_add_loop_test(tc, an_export_is_valid_for_the_schema, 0, 2);
}
