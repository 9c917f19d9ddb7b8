/* random_wish.c -- see random.h: what an operator may want. */
#include <stdio.h>

#include "tests/sim/random.h"
#include "tests/test.h"

enum { NETWORKS = 5, SANS = 2, PROFILES = 5, VNICS = 4, VHBAS = 2, VDAS = 2,
	CARDS = 2 };

void
random_put(struct random_wish *x, const char *method, const char *body,
    const char *fmt, ...)
{
	va_list ap;

	snprintf(x->method, sizeof(x->method), "%s", method);
	snprintf(x->body, sizeof(x->body), "%s", body);
	va_start(ap, fmt);
	vsnprintf(x->path, sizeof(x->path), fmt, ap);
	va_end(ap);
}

void
random_body(struct random_wish *x, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(x->body, sizeof(x->body), fmt, ap);
	va_end(ap);
}

/* ---- networks and SANs ---- */

/* Mostly one that is there. */
static void
network_name(struct random_run *r, char name[8])
{
	if (r->n_networks > 0 && !random_one_in(r, 12))
		snprintf(name, 8, "%.7s", r->networks[random_below(r,
		    (unsigned)r->n_networks)].head.name);
	else
		snprintf(name, 8, "n%u", random_below(r, NETWORKS));
}

/* Mostly one that is not there yet. */
static void
new_network(struct random_run *r, char name[8])
{
	for (unsigned i = 0; i < 4; i++) {
		bool taken = false;

		snprintf(name, 8, "n%u", random_below(r, NETWORKS));
		for (size_t k = 0; k < r->n_networks; k++)
			taken = taken || strcmp(r->networks[k].head.name,
			    name) == 0;
		if (!taken)
			return;
	}
}

void
random_network_make(struct random_run *r, struct random_wish *x)
{
	char name[8];

	new_network(r, name);
	random_put(x, "POST", "", "/networks");
	random_body(x, "{\"name\":\"%s\",\"vlan\":%u}", name,
	    2 + random_below(r, 900));
}

void
random_network_rename(struct random_run *r, struct random_wish *x)
{
	char name[8], other[8];

	network_name(r, name);
	new_network(r, other);
	random_put(x, "PATCH", "", "/networks/%s", name);
	random_body(x, "{\"name\":\"%s\"}", other);
}

void
random_network_renumber(struct random_run *r, struct random_wish *x)
{
	char name[8];

	network_name(r, name);
	random_put(x, "PATCH", "", "/networks/%s", name);
	random_body(x, "{\"vlan\":%u}", 2 + random_below(r, 900));
}

void
random_network_remove(struct random_run *r, struct random_wish *x)
{
	char name[8];

	network_name(r, name);
	random_put(x, "DELETE", "", "/networks/%s", name);
}

void
random_san_make(struct random_run *r, struct random_wish *x)
{
	random_put(x, "POST", "", "/sans");
	random_body(x, "{\"name\":\"s%u\",\"fabric\":\"%s\"}",
	    random_below(r, SANS), random_one_in(r, 2) ? "A" : "B");
}

void
random_san_remove(struct random_run *r, struct random_wish *x)
{
	random_put(x, "DELETE", "", "/sans/s%u", random_below(r, SANS));
}

/* ---- profiles ---- */

/* Mostly one that is there. */
static const char *
any_profile(struct random_run *r, char name[8])
{
	if (r->n_profiles > 0 && !random_one_in(r, 12))
		snprintf(name, 8, "%.7s", r->profiles[random_below(r,
		    (unsigned)r->n_profiles)].head.name);
	else
		snprintf(name, 8, "p%u", random_below(r, PROFILES));
	return name;
}

/* Mostly one that is at a slot, or at none. */
static const char *
placed_profile(struct random_run *r, bool placed, char name[8])
{
	unsigned from = random_below(r, 64);

	for (size_t i = 0; i < r->n_profiles && !random_one_in(r, 12); i++) {
		const struct profile *p = &r->profiles[(from + i) %
		    r->n_profiles];

		if ((p->slot != 0) != placed)
			continue;
		snprintf(name, 8, "%.7s", p->head.name);
		return name;
	}
	return any_profile(r, name);
}

/* Mostly one that is not there yet. */
static void
new_profile(struct random_run *r, char name[8])
{
	for (unsigned i = 0; i < 8; i++) {
		bool taken = false;

		snprintf(name, 8, "p%u", random_below(r, PROFILES));
		for (size_t k = 0; k < r->n_profiles; k++)
			taken = taken || strcmp(r->profiles[k].head.name,
			    name) == 0;
		if (!taken)
			return;
	}
}

void
random_profile_make(struct random_run *r, struct random_wish *x)
{
	char name[8];

	new_profile(r, name);
	random_put(x, "POST", "", "/profiles");
	random_body(x, "{\"name\":\"%s\"}", name);
}

void
random_profile_remove(struct random_run *r, struct random_wish *x)
{
	char name[8];

	random_put(x, "DELETE", "", "/profiles/%s", any_profile(r, name));
}

void
random_profile_clone(struct random_run *r, struct random_wish *x)
{
	char name[8], other[8];

	new_profile(r, other);
	random_put(x, "POST", "", "/profiles/%s:clone", any_profile(r, name));
	random_body(x, "{\"name\":\"%s\"}", other);
}

void
random_profile_change(struct random_run *r, struct random_wish *x)
{
	char name[8];

	random_put(x, "PATCH", "", "/profiles/%s", any_profile(r, name));
	if (random_one_in(r, 3))
		random_body(x, "{\"description\":\"as of %u\"}", r->op);
	else if (random_one_in(r, 2))
		random_body(x, "{\"failover\":{\"trigger\":\"%s\","
		    "\"hold\":\"PT20S\",\"cooldown\":\"PT1M\"}}",
		    random_one_in(r, 4) ? "manual" : "auto");
	else
		random_body(x, "{\"bootOrder\":[\"e0\"]}");
}

/* ---- devices ---- */

/* Mostly one of that kind that is there, or a name that is free. */
static void
device_path(struct random_run *r, struct random_wish *x, const char *method,
    enum device_kind kind)
{
	static const char *const lists[] = { "vnics", "vhbas", "vdas",
		"exclusives" };
	static const char letters[] = "efdk";
	static const unsigned most[] = { VNICS, VHBAS, VDAS, CARDS };
	const struct device *d = NULL;
	char name[8];

	any_profile(r, name);
	if (strcmp(method, "POST") == 0) {
		random_put(x, method, "", "/profiles/%s/%s", name, lists[kind]);
		return;
	}
	for (unsigned i = 0; i < 8 && d == NULL && r->n_profiles > 0; i++) {
		const struct profile *p = &r->profiles[random_below(r,
		    (unsigned)r->n_profiles)];

		if (p->n_devices == 0)
			continue;
		d = &p->devices[random_below(r, (unsigned)p->n_devices)];
		if (d->kind != kind)
			d = NULL;
		else
			random_put(x, method, "", "/profiles/%s/%s/%s",
			    p->head.name, lists[kind], d->name);
	}
	if (d == NULL)
		random_put(x, method, "", "/profiles/%s/%s/%c%u", name, lists[kind],
		    letters[kind], random_below(r, most[kind]));
}

static void
networks_text(struct random_run *r, char *out, size_t size)
{
	char a[8], b[8];

	network_name(r, a);
	network_name(r, b);
	if (strcmp(a, b) == 0 || random_one_in(r, 2))
		snprintf(out, size, "\"networks\":[\"%s\"]", a);
	else if (random_one_in(r, 2))
		snprintf(out, size, "\"networks\":[\"%s\",\"%s\"]", a, b);
	else
		snprintf(out, size, "\"networks\":[\"%s\",\"%s\"],"
		    "\"native\":\"%s\"", a, b, a);
}

/* Mostly a name that the profile of the path has not. */
static unsigned
device_number(struct random_run *r, const struct random_wish *x, char letter,
    unsigned most)
{
	unsigned number = 0;

	for (unsigned i = 0; i < 4; i++) {
		bool taken = false;
		char name[8];

		number = random_below(r, most);
		snprintf(name, sizeof(name), "%c%u", letter, number);
		for (size_t k = 0; k < r->n_profiles; k++)
			taken = taken || (strncmp(x->path + strlen(
			    "/profiles/"), r->profiles[k].head.name,
			    strlen(r->profiles[k].head.name)) == 0 &&
			    profile_device(&r->profiles[k], name) != NULL);
		if (!taken)
			break;
	}
	return number;
}

/* Two of them make a port full; a few want too much. */
static void
qos_text(struct random_run *r, char *out, size_t size)
{
	static const unsigned rates[] = { 0, 0, 500, 3000, 4000, 6000, 9000,
		11000 };
	unsigned guarantee = rates[random_below(r, N_ROWS(rates))];
	unsigned limit = random_one_in(r, 2) ? 0 : guarantee + 100 *
	    random_below(r, 10);

	snprintf(out, size, "\"qos\":{\"guaranteeMbps\":%u,\"limitMbps\":%u,"
	    "\"pcp\":%u}", guarantee, random_one_in(r, 12) ? 100 : limit,
	    random_below(r, 8));
}

/* Left to us, or one port that many want. */
static const char *
place_text(struct random_run *r)
{
	return random_one_in(r, 2) ? "" :
	    ",\"placement\":{\"module\":\"io1\",\"port\":1}";
}

void
random_vnic_make(struct random_run *r, struct random_wish *x)
{
	char networks[64], qos[80], mac[48] = "";

	device_path(r, x, "POST", DEVICE_VNIC);
	networks_text(r, networks, sizeof(networks));
	qos_text(r, qos, sizeof(qos));
	if (random_one_in(r, 3))
		snprintf(mac, sizeof(mac), ",\"macPool\":\"few\"");
	else if (random_one_in(r, 3))	/* few, so that they meet again */
		snprintf(mac, sizeof(mac), ",\"mac\":\"02:AA:00:00:00:0%u\"",
		    random_below(r, 4));
	random_body(x, "{\"name\":\"e%u\",%s,%s%s%s}",
	    device_number(r, x, 'e', VNICS), networks, qos, place_text(r), mac);
}

void
random_vnic_change(struct random_run *r, struct random_wish *x)
{
	char text[80];

	device_path(r, x, "PATCH", DEVICE_VNIC);
	switch (random_below(r, 8)) {
	case 7:
		random_body(x, "{\"placement\":{\"sharing\":\"%s\"}}",
		    random_one_in(r, 2) ? "exclusive" : "any");
		break;
	case 6:
		random_body(x, "{\"qos\":{\"class\":\"c%u\"}}",
		    random_below(r, 3));
		break;
	case 0:
		networks_text(r, text, sizeof(text));
		random_body(x, strstr(text, "native") != NULL ? "{%s}" :
		    "{\"native\":null,%s}", text);
		break;
	case 1:
		random_body(x, "{\"pxe\":%s%s}", random_one_in(r, 2) ? "true" :
		    "false", place_text(r));
		break;
	case 2:
		random_body(x, "{\"name\":\"e%u\"}", random_below(r, VNICS));
		break;
	case 3:
		random_body(x, "{\"spoofCheck\":%s,\"pxe\":%s}",
		    random_one_in(r, 2) ? "true" : "false",
		    random_one_in(r, 2) ? "true" : "false");
		break;
	case 4:
		random_body(x, "{\"mac\":\"%s\"}", random_one_in(r, 2) ? "pool" :
		    "02:AA:00:00:00:01");
		break;
	default:
		random_body(x, "{\"mtu\":%u}", random_one_in(r, 2) ? 9000 : 1500);
		break;
	}
}

void
random_vnic_rates(struct random_run *r, struct random_wish *x)
{
	char text[80];

	device_path(r, x, "PATCH", DEVICE_VNIC);
	qos_text(r, text, sizeof(text));
	random_body(x, "{%s}", text);
}

void
random_vnic_remove(struct random_run *r, struct random_wish *x)
{
	device_path(r, x, "DELETE", DEVICE_VNIC);
}

static void
boot_text(struct random_run *r, char *out, size_t size)
{
	if (random_one_in(r, 2))
		snprintf(out, size, "\"bootTargets\":[]");
	else
		snprintf(out, size, "\"bootTargets\":[{\"wwpn\":"
		    "\"50:06:01:60:00:00:00:0%u\",\"lun\":\"%u\","
		    "\"priority\":1}]", random_below(r, 9), random_below(r, 9));
}

void
random_vhba_make(struct random_run *r, struct random_wish *x)
{
	char boot[128];

	device_path(r, x, "POST", DEVICE_VHBA);
	boot_text(r, boot, sizeof(boot));
	random_body(x, "{\"name\":\"f%u\",\"san\":\"s%u\",%s}",
	    device_number(r, x, 'f', VHBAS), random_below(r, SANS), boot);
}

void
random_vhba_change(struct random_run *r, struct random_wish *x)
{
	char boot[128];

	device_path(r, x, "PATCH", DEVICE_VHBA);
	boot_text(r, boot, sizeof(boot));
	if (random_one_in(r, 3))
		random_body(x, "{\"san\":\"s%u\"}", random_below(r, SANS));
	else
		random_body(x, "{%s}", boot);
}

void
random_vhba_remove(struct random_run *r, struct random_wish *x)
{
	device_path(r, x, "DELETE", DEVICE_VHBA);
}

static void
disks_text(struct random_run *r, char *out, size_t size)
{
	static const char *const levels[] = { "RAID0", "RAID1", "RAID5" };
	unsigned capacity = 1000 * (1 + random_below(r, 3));

	if (random_one_in(r, 2))
		snprintf(out, size, "\"virtualDisks\":[{\"name\":\"a\","
		    "\"raid\":\"%s\",\"capacityMiB\":%u}]",
		    levels[random_below(r, 3)], capacity);
	else
		snprintf(out, size, "\"virtualDisks\":[{\"name\":\"a\","
		    "\"raid\":\"RAID1\",\"capacityMiB\":1000},{\"name\":\"b\","
		    "\"raid\":\"%s\",\"capacityMiB\":%u}]",
		    levels[random_below(r, 3)], capacity);
}

void
random_vdas_make(struct random_run *r, struct random_wish *x)
{
	char disks[200];

	device_path(r, x, "POST", DEVICE_VDAS);
	disks_text(r, disks, sizeof(disks));
	random_body(x, "{\"name\":\"d%u\",%s}",
	    device_number(r, x, 'd', VDAS), disks);
}

void
random_vdas_change(struct random_run *r, struct random_wish *x)
{
	char disks[200];

	device_path(r, x, "PATCH", DEVICE_VDAS);
	disks_text(r, disks, sizeof(disks));
	random_body(x, "{%s}", disks);
}

void
random_vdas_remove(struct random_run *r, struct random_wish *x)
{
	device_path(r, x, "DELETE", DEVICE_VDAS);
}

/* The tape controller in bay 4, or a function of it, or a port that others
 * share. */
static const char *const cards[] = {
	"\"extent\":\"card\",\"placement\":{\"requireClass\":\"other\"}",
	"\"extent\":\"function\",\"placement\":{\"requireClass\":\"other\"}",
	"\"extent\":\"function\",\"placement\":{\"requireClass\":\"ethernet\","
	    "\"module\":\"io1\",\"port\":2}",
};

void
random_card_make(struct random_run *r, struct random_wish *x)
{
	device_path(r, x, "POST", DEVICE_EXCLUSIVE);
	random_body(x, "{\"name\":\"k%u\",%s}", device_number(r, x, 'k',
	    CARDS), cards[random_below(r, 3)]);
}

void
random_card_change(struct random_run *r, struct random_wish *x)
{
	device_path(r, x, "PATCH", DEVICE_EXCLUSIVE);
	random_body(x, "{\"extent\":\"%s\"}", random_one_in(r, 2) ? "card" :
	    "function");
}

void
random_card_remove(struct random_run *r, struct random_wish *x)
{
	device_path(r, x, "DELETE", DEVICE_EXCLUSIVE);
}

/* ---- places ---- */

/* Mostly an empty one; now and then one that is not there. */
static unsigned
any_slot(struct random_run *r)
{
	unsigned slot = 0;

	for (unsigned i = 0; i < 4; i++) {
		bool taken = false;

		slot = 1 + random_below(r, RANDOM_SLOTS);
		for (size_t k = 0; k < r->n_profiles; k++)
			taken = taken || r->profiles[k].slot == slot;
		if (!taken)
			break;
	}
	return random_one_in(r, 40) ? 9 : slot;
}

void
random_assign(struct random_run *r, struct random_wish *x)
{
	char name[8];

	random_put(x, "POST", "", "/profiles/%s:assign",
	    placed_profile(r, false, name));
	random_body(x, "{\"slot\":%u}", any_slot(r));
}

void
random_release(struct random_run *r, struct random_wish *x)
{
	char name[8];

	random_put(x, "POST", "{}", "/profiles/%s:release",
	    placed_profile(r, true, name));
}

void
random_move(struct random_run *r, struct random_wish *x)
{
	char name[8];

	random_put(x, "POST", "", "/profiles/%s:move",
	    placed_profile(r, true, name));
	random_body(x, "{\"slot\":%u}", any_slot(r));
}

void
random_spare(struct random_run *r, struct random_wish *x)
{
	char name[8];

	random_put(x, "POST", "{\"policy\":\"spare\"}", "/profiles/%s:move",
	    placed_profile(r, true, name));
}

void
random_swap(struct random_run *r, struct random_wish two[2])
{
	const struct profile *a = NULL, *b = NULL;

	for (size_t i = 0; i < r->n_profiles; i++) {
		if (r->profiles[i].slot == 0)
			continue;
		b = a;
		a = &r->profiles[i];
		if (b != NULL && random_one_in(r, 2))
			break;
	}
	if (b == NULL) {
		random_move(r, &two[0]);
		random_release(r, &two[1]);
		return;
	}
	random_put(&two[0], "POST", "", "/profiles/%s:move", a->head.name);
	random_body(&two[0], "{\"slot\":%u}", b->slot);
	random_put(&two[1], "POST", "", "/profiles/%s:move", b->head.name);
	random_body(&two[1], "{\"slot\":%u}", a->slot);
}

void
random_any(struct random_run *r, struct random_wish *x)
{
	static random_wish_fn *const all[] = { random_network_make,
		random_network_renumber, random_network_remove,
		random_san_make, random_profile_make, random_profile_remove,
		random_profile_clone, random_profile_change, random_vnic_make,
		random_vnic_make, random_vnic_change, random_vnic_remove,
		random_vhba_make, random_vhba_change, random_vdas_make,
		random_vdas_remove, random_assign, random_assign,
		random_release, random_move, random_slot_admin,
		random_slot_spare };

	all[random_below(r, N_ROWS(all))](r, x);
}
