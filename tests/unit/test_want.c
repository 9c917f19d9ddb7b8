/* test_want.c -- a profile, in the hardware's words. */
#include "appliance/engine/view.h"
#include "appliance/engine/want.h"
#include "tests/test.h"

START_TEST(vlans_rise_and_the_native_one_is_marked)
{
	struct vlan_ref vlans[] = { { .vlan = 130 }, { .vlan = 10,
	    .native = true }, { .vlan = 120 } };
	struct device d = { .kind = DEVICE_VNIC, .address = 0x02aa,
		.mtu = 9000, .vlans = vlans, .n_vlans = 3, .limit_mbps = 100,
		.guarantee_mbps = 50, .pcp = 3, .spoof_check = true,
		.pxe = true };
	struct profile p = { .slot = 3 };
	struct capability hw = { .guarantee = GUARANTEE_HW };
	struct capability admission = { .guarantee = GUARANTEE_ADMISSION };
	struct personality out;

	/* A number for cards that can keep it, and for no others. */
	want_persona(&admission, &p, &d, &out);
	ck_assert_uint_eq(out.guarantee_mbps, 0);
	want_persona(NULL, &p, &d, &out);
	ck_assert_uint_eq(out.guarantee_mbps, 0);
	want_persona(&hw, &p, &d, &out);
	ck_assert_uint_eq(out.kind, PERSONA_NIC);
	ck_assert_uint_eq(out.n_vlans, 3);
	ck_assert_uint_eq(out.vlans[0], 10);
	ck_assert_uint_eq(out.vlans[1], 120);
	ck_assert_uint_eq(out.vlans[2], 130);
	ck_assert_uint_eq(out.native, 10);
	ck_assert_uint_eq(out.mac, 0x02aa);
	ck_assert_uint_eq(out.mtu, 9000);
	ck_assert_uint_eq(out.limit_mbps, 100);
	ck_assert_uint_eq(out.guarantee_mbps, 50);
	ck_assert_uint_eq(out.pcp, 3);
	ck_assert_uint_eq(out.flags, PERSONA_SPOOF_CHECK | PERSONA_PXE);
}
END_TEST

START_TEST(boot_targets_go_by_priority)
{
	struct boot_target boot[] = { { 0x50, 1, 3 }, { 0x51, 2, 1 },
		{ 0x52, 3, 2 } };
	struct device d = { .kind = DEVICE_VHBA, .address = 0x2000,
		.boot = boot, .n_boot = 3 };
	struct profile p = { .slot = 3, .wwnn = 0x2001 };
	struct personality out;

	want_persona(NULL, &p, &d, &out);
	ck_assert_uint_eq(out.kind, PERSONA_FC);
	ck_assert_uint_eq(out.wwpn, 0x2000);
	ck_assert_uint_eq(out.wwnn, 0x2001);
	ck_assert_uint_eq(out.n_boot, 3);
	ck_assert_uint_eq(out.boot[0].wwpn, 0x51);
	ck_assert_uint_eq(out.boot[1].wwpn, 0x52);
	ck_assert_uint_eq(out.boot[2].lun, 1);
}
END_TEST

START_TEST(only_placed_devices_of_assigned_profiles_are_wanted)
{
	struct disk disks[] = { { .bay = 5, .number = 9, .raid = 1,
	    .capacity_mib = 100 }, { .bay = 0 } };
	struct device devices[] = {
		{ .id = "a", .kind = DEVICE_VDAS, .placed = 7, .bridge = 2,
		  .disks = disks, .n_disks = 2 },
		{ .id = "b", .kind = DEVICE_VNIC },
	};
	struct profile p = { .slot = 3, .devices = devices, .n_devices = 2 };
	struct arena *a = arena_new();
	struct view *v = view_copy(NULL);
	struct want *want;
	size_t n;

	want_of_profile(a, v, &p, &want, &n);
	ck_assert_uint_eq(n, 1);
	ck_assert_str_eq(want[0].device, "a");
	ck_assert_uint_eq(want[0].slot, 3);
	ck_assert_uint_eq(want[0].bridge, 2);
	ck_assert_uint_eq(want[0].n_disks, 1);
	ck_assert_uint_eq(want[0].persona.n_disks, 1);
	ck_assert_uint_eq(want[0].persona.disks[0], 9);
	p.slot = 0;
	want_of_profile(a, v, &p, &want, &n);
	ck_assert_uint_eq(n, 0);
	view_free(v);
	arena_free(a);
}
END_TEST

SUITE("want")
{
	tcase_add_test(tc, vlans_rise_and_the_native_one_is_marked);
	tcase_add_test(tc, boot_targets_go_by_priority);
	tcase_add_test(tc, only_placed_devices_of_assigned_profiles_are_wanted);
}
