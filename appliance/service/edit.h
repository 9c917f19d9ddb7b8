/*
 * edit.h -- the handlers of CHANGE rows: each edits a change set.
 *
 * A handler finds its objects through the change set (so that it sees what
 * earlier entries made), puts the wished values there, and says what the answer
 * shows and what the job is called.  It writes nothing and checks no rule that
 * looks at more than one value; those come afterwards, over the whole set.
 *
 * A value that breaks a rule by itself goes to edit->broken and the handler
 * goes on, so that all of them are reported at once.  Errors are for what cannot
 * be read (ERR_MALFORMED), is not there (ERR_NOT_FOUND), or is stale (If-Match).
 */
#ifndef SERVICE_EDIT_H
#define SERVICE_EDIT_H

#include "appliance/service/rules.h"

/* Reads the members of the body into an object; see field_from_json(). */
int edit_fields(struct edit *, const struct field_table *, bool making,
    void *object, struct err *) ERR_MUST_CHECK;
/* If-Match against a revision: ERR_STALE. */
int edit_match(struct edit *, int64_t revision, struct err *) ERR_MUST_CHECK;
/* ERR_MALFORMED when the body has a member that is not listed. */
int edit_only(struct edit *, const char *const *keys, struct err *)
    ERR_MUST_CHECK;
/* A broken rule at a member of the body. */
void edit_broken(struct edit *, const char *code, const char *member,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* The slot number of a path parameter; ERR_NOT_FOUND. */
int edit_slot_number(struct edit *, const char *text, uint32_t *number,
    struct err *) ERR_MUST_CHECK;

typedef int edit_fn(struct edit *, struct err *);

/* edit_object.c: networks, SANs, pools and classes */
edit_fn edit_network_add, edit_network_patch, edit_network_put,
    edit_network_remove, edit_san_add, edit_san_patch, edit_san_put,
    edit_san_remove, edit_pool_add, edit_pool_patch, edit_pool_put,
    edit_pool_remove, edit_class_add, edit_class_patch, edit_class_put,
    edit_class_remove;
/* edit_profile.c */
edit_fn edit_profile_add, edit_profile_patch, edit_profile_put,
    edit_profile_remove, edit_profile_clone, edit_profile_heal;
/* edit_revert.c */
edit_fn edit_profile_revert;
/* edit_assign.c */
edit_fn edit_assign, edit_release, edit_move, edit_swap;
/* edit_device.c */
edit_fn edit_vnic_add, edit_vhba_add, edit_vdas_add,
    edit_exclusive_add, edit_device_patch,
    edit_device_put, edit_device_remove;
/* edit_lease.c */
edit_fn edit_lease_add, edit_lease_patch, edit_lease_remove,
    edit_lease_begin, edit_lease_end, edit_lease_extend;
/* edit_slot.c */
edit_fn edit_slot_patch, edit_slot_locate, edit_slot_isolate;
/* edit_bay.c */
edit_fn edit_bay_patch, edit_bay_hold, edit_bay_evacuate, edit_bay_return,
    edit_bay_accept, edit_bay_follow, edit_bay_locate;
/* edit_port.c */
edit_fn edit_port_patch;

#endif
