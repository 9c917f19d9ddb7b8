/* table */
/* routes.c -- the rows of route.h. */
#include "appliance/service/edit.h"
#include "appliance/service/imports.h"
#include "appliance/service/jobs.h"
#include "appliance/service/plans.h"
#include "appliance/service/read.h"
#include "appliance/service/session.h"

enum { SMALL = 16 << 10, LARGE = 1 << 20 };

#define READ(path_, query_, fn, name_, summary_) \
	{ .method = "GET", .path = path_, .kind = ROUTE_READ, \
	    .role = ROLE_AUDITOR, .read = fn, .query = query_, \
	    .name = name_, .summary = summary_ }
#define CHANGE(method_, path_, body_max_, fn, table, name_, summary_) \
	{ .method = method_, .path = path_, .kind = ROUTE_CHANGE, \
	    .role = ROLE_OPERATOR, .body_max = body_max_, .edit = fn, \
	    .body = table, .query = "", .name = name_, .summary = summary_ }
#define REPLACE(path_, fn, table, name_, summary_) \
	{ .method = "PUT", .path = path_, .kind = ROUTE_CHANGE, \
	    .role = ROLE_OPERATOR, .body_max = LARGE, .edit = fn, \
	    .body = table, .query = "", .flags = ROUTE_IF_MATCH, \
	    .name = name_, .summary = summary_ }

const struct route routes[] = {
	/* ---- the appliance ---- */
	READ("/appliance", "", read_appliance, "appliance show",
	    "The appliance, its face, and how old the view is"),
	{ .method = "GET", .path = "/openapi.json", .kind = ROUTE_READ,
	    .role = ROLE_NONE, .read = read_openapi, .query = "",
	    .name = "openapi show", .summary = "This description" },
	READ("/find", "q,at", find_any, "find any",
	    "Addresses, names, slots, servers and jobs by any spelling"),
	READ("/faults", "", read_faults, "fault list", "What is wrong now"),
	READ("/audit", "limit,after", read_audit, "audit list",
	    "Who did what, oldest first"),
	{ .method = "GET", .path = "/events", .kind = ROUTE_STREAM,
	    .role = ROLE_AUDITOR, .query = "after", .name = "event follow",
	    .summary = "Server-sent events" },

	/* ---- sessions ---- */
	{ .method = "POST", .path = "/sessions", .kind = ROUTE_WRITE,
	    .role = ROLE_NONE, .body_max = 4096, .query = "",
	    .flags = ROUTE_SLOW | ROUTE_NO_DRY_RUN, .name = "session login",
	    .summary = "Sign in; {\"user\",\"password\",\"cookie\"}" },
	READ("/sessions/current", "", service_session_read, "session show",
	    "Who you are"),
	{ .method = "DELETE", .path = "/sessions/current",
	    .kind = ROUTE_WRITE, .role = ROLE_AUDITOR,
	    .read = service_session_end, .query = "",
	    .flags = ROUTE_NO_DRY_RUN, .name = "session logout",
	    .summary = "Sign out" },

	/* ---- what is ---- */
	READ("/slots", "limit,after", read_slots, "slot list",
	    "All slots with what sits there"),
	READ("/slots/{n}", "", read_slot, "slot show", "One slot"),
	CHANGE("PATCH", "/slots/{n}", SMALL, edit_slot_patch, &field_slot,
	    "slot change", "Label, spare, admin state of a slot"),
	CHANGE("POST", "/slots/{n}:locate", SMALL, edit_slot_locate, NULL,
	    "slot locate", "Turn its lamp on or off; {\"on\":true}"),
	CHANGE("POST", "/slots/{n}:isolate", SMALL, edit_slot_isolate, NULL,
	    "slot isolate", "Switch it off at once, whatever runs there"),
	READ("/bays", "", read_bays, "bay list", "Places for cards"),
	READ("/modules", "", read_modules, "module list", "Cards"),
	READ("/ports", "", read_ports, "port list",
	    "External connectors of cards"),
	READ("/functions", "limit,after", read_functions, "function list",
	    "What can be bound, and where it is"),
	READ("/disks", "", read_disks, "disk list",
	    "Virtual disks on the modules"),
	READ("/bindings", "", read_bindings, "binding list",
	    "Which function realises which device"),

	/* ---- networks, SANs, pools ---- */
	READ("/networks", "limit,after", read_networks, "network list",
	    "VLANs by name"),
	CHANGE("POST", "/networks", SMALL, edit_network_add, &field_network,
	    "network add", "Make a network"),
	READ("/networks/{id}", "", read_network, "network show",
	    "One network"),
	REPLACE("/networks/{id}", edit_network_put, &field_network,
	    "network replace", "Replace a network"),
	CHANGE("PATCH", "/networks/{id}", SMALL, edit_network_patch,
	    &field_network, "network change", "Change a network"),
	CHANGE("DELETE", "/networks/{id}", 0, edit_network_remove, NULL,
	    "network remove", "Remove a network that nothing uses"),
	READ("/sans", "limit,after", read_sans, "san list",
	    "Fibre Channel fabrics by name"),
	CHANGE("POST", "/sans", SMALL, edit_san_add, &field_san, "san add",
	    "Make a SAN"),
	READ("/sans/{id}", "", read_san, "san show", "One SAN"),
	REPLACE("/sans/{id}", edit_san_put, &field_san, "san replace",
	    "Replace a SAN"),
	CHANGE("PATCH", "/sans/{id}", SMALL, edit_san_patch, &field_san,
	    "san change", "Change a SAN"),
	CHANGE("DELETE", "/sans/{id}", 0, edit_san_remove, NULL, "san remove",
	    "Remove a SAN that nothing uses"),
	READ("/pools", "limit,after", read_pools, "pool list",
	    "Where addresses come from"),
	CHANGE("POST", "/pools", LARGE, edit_pool_add, &field_pool,
	    "pool add", "Make a pool"),
	READ("/pools/{id}", "", read_pool, "pool show", "One pool"),
	REPLACE("/pools/{id}", edit_pool_put, &field_pool, "pool replace",
	    "Replace a pool"),
	CHANGE("PATCH", "/pools/{id}", LARGE, edit_pool_patch, &field_pool,
	    "pool change", "Change a pool"),
	CHANGE("DELETE", "/pools/{id}", 0, edit_pool_remove, NULL,
	    "pool remove", "Remove a pool that nothing uses"),
	READ("/identities", "q,profile,limit", read_identities,
	    "identity list", "Who has which address, and who had it"),

	/* ---- profiles ---- */
	READ("/profiles", "limit,after", read_profiles, "profile list",
	    "What servers should have"),
	CHANGE("POST", "/profiles", SMALL, edit_profile_add, &field_profile,
	    "profile add", "Make a profile"),
	READ("/profiles/{p}", "", read_profile, "profile show",
	    "One profile with its devices"),
	REPLACE("/profiles/{p}", edit_profile_put, &field_profile,
	    "profile replace", "Replace a profile's own values"),
	CHANGE("PATCH", "/profiles/{p}", SMALL, edit_profile_patch,
	    &field_profile, "profile change", "Change a profile"),
	CHANGE("DELETE", "/profiles/{p}", 0, edit_profile_remove, NULL,
	    "profile remove", "Remove a profile with its devices"),
	READ("/profiles/{p}/revisions", "", read_revisions,
	    "profile revisions", "What it was before"),
	CHANGE("POST", "/profiles/{p}:assign", SMALL, edit_assign, NULL,
	    "profile assign", "Assign it to a slot; {\"slot\":3}"),
	CHANGE("POST", "/profiles/{p}:release", SMALL, edit_release, NULL,
	    "profile release", "Take it away from its slot"),
	CHANGE("POST", "/profiles/{p}:move", SMALL, edit_move, NULL,
	    "profile move",
	    "Move it; {\"slot\":4} or {\"policy\":\"spare\"}"),
	CHANGE("POST", "/profiles/{p}:clone", SMALL, edit_profile_clone,
	    &field_profile, "profile clone",
	    "Make another like it, with addresses of its own"),

	/* ---- devices ---- */
	READ("/profiles/{p}/vnics", "", read_vnics, "vnic list",
	    "vNICs of a profile"),
	CHANGE("POST", "/profiles/{p}/vnics", SMALL, edit_vnic_add,
	    &field_vnic, "vnic add", "Add a vNIC"),
	READ("/profiles/{p}/vnics/{d}", "", read_device, "vnic show",
	    "One vNIC"),
	REPLACE("/profiles/{p}/vnics/{d}", edit_device_put, &field_vnic,
	    "vnic replace", "Replace a vNIC; its address stays"),
	CHANGE("PATCH", "/profiles/{p}/vnics/{d}", SMALL, edit_device_patch,
	    &field_vnic, "vnic change", "Change a vNIC"),
	CHANGE("DELETE", "/profiles/{p}/vnics/{d}", 0, edit_device_remove,
	    NULL, "vnic remove", "Remove a vNIC"),
	READ("/profiles/{p}/vhbas", "", read_vhbas, "vhba list",
	    "vHBAs of a profile"),
	CHANGE("POST", "/profiles/{p}/vhbas", SMALL, edit_vhba_add,
	    &field_vhba, "vhba add", "Add a vHBA"),
	READ("/profiles/{p}/vhbas/{d}", "", read_device, "vhba show",
	    "One vHBA"),
	REPLACE("/profiles/{p}/vhbas/{d}", edit_device_put, &field_vhba,
	    "vhba replace", "Replace a vHBA; its address stays"),
	CHANGE("PATCH", "/profiles/{p}/vhbas/{d}", SMALL, edit_device_patch,
	    &field_vhba, "vhba change", "Change a vHBA"),
	CHANGE("DELETE", "/profiles/{p}/vhbas/{d}", 0, edit_device_remove,
	    NULL, "vhba remove", "Remove a vHBA"),
	READ("/profiles/{p}/vdas", "", read_vdas, "vdas list",
	    "Virtual direct-attached storage of a profile"),
	CHANGE("POST", "/profiles/{p}/vdas", SMALL, edit_vdas_add,
	    &field_vdas, "vdas add", "Add a vDAS with its disks"),
	READ("/profiles/{p}/vdas/{d}", "", read_device, "vdas show",
	    "One vDAS"),
	REPLACE("/profiles/{p}/vdas/{d}", edit_device_put, &field_vdas,
	    "vdas replace", "Replace a vDAS; disks of the same name stay"),
	CHANGE("PATCH", "/profiles/{p}/vdas/{d}", SMALL, edit_device_patch,
	    &field_vdas, "vdas change", "Change a vDAS"),
	CHANGE("DELETE", "/profiles/{p}/vdas/{d}", 0, edit_device_remove,
	    NULL, "vdas remove", "Remove a vDAS and destroy its disks"),

	/* ---- plans and jobs ---- */
	{ .method = "POST", .path = "/plans", .kind = ROUTE_WRITE,
	    .role = ROLE_OPERATOR, .body_max = LARGE, .read = plans_make,
	    .query = "", .name = "plan make",
	    .summary = "Plan a list of changes; {\"changes\":[…]}" },
	READ("/plans/{id}", "", plans_read, "plan show", "One plan"),
	{ .method = "POST", .path = "/plans/{id}:apply", .kind = ROUTE_WRITE,
	    .role = ROLE_OPERATOR, .body_max = SMALL, .read = plans_apply,
	    .query = "", .name = "plan apply",
	    .summary = "Do what a plan says; {\"confirm\":[…]}" },
	{ .method = "POST", .path = "/imports", .kind = ROUTE_WRITE,
	    .role = ROLE_OPERATOR, .body_max = IMPORTS_BODY,
	    .read = imports_make, .query = "mode", .flags = ROUTE_SLOW,
	    .name = "import make",
	    .summary = "Plan what a document (application/xml) says" },
	CHANGE("POST", "/imports:merge", IMPORTS_BODY, imports_merge, NULL,
	    "import merge", "Merge a document's records, as imports plan it"),
	READ("/jobs", "limit,after", jobs_list, "job list",
	    "What was done, newest first"),
	READ("/jobs/{id}", "wait", jobs_read, "job show",
	    "One job; wait=30 answers when it has ended"),
	{ .method = "POST", .path = "/jobs/{id}:undo", .kind = ROUTE_WRITE,
	    .role = ROLE_OPERATOR, .body_max = SMALL, .read = jobs_undo,
	    .query = "confirm", .name = "job undo",
	    .summary = "Take back what a job did" },
	{ .method = "POST", .path = "/jobs/{id}:retry", .kind = ROUTE_WRITE,
	    .role = ROLE_OPERATOR, .body_max = SMALL, .read = jobs_retry,
	    .query = "", .flags = ROUTE_NO_DRY_RUN, .name = "job retry",
	    .summary = "Go on with a rollback that failed" },
	{ .method = "POST", .path = "/jobs/{id}:abandon", .kind = ROUTE_WRITE,
	    .role = ROLE_OPERATOR, .body_max = SMALL, .read = jobs_abandon,
	    .query = "", .flags = ROUTE_NO_DRY_RUN, .name = "job abandon",
	    .summary = "Give up what a failed rollback holds" },
};

const size_t n_routes = sizeof(routes) / sizeof(routes[0]);
