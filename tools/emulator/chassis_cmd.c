/* table */
/*
 * chassis_cmd.c -- the commands of the mailbox: one table, one road.
 *
 * The road, in this order, and the first "no" ends it with nothing changed:
 *
 *	term or operation id 0		MR_ERR_OPERAND
 *	unknown, or not of this role	MR_ERR_COMMAND
 *	an older term			MR_ERR_TERM	(else it is the highest)
 *	not READY			MR_ERR_BUSY
 *	what it names			row->find	ABSENT, OPERAND
 *	that operation again		answers how it stands
 *	another under way there		MR_ERR_BUSY	unless row->first, or
 *							the other hangs
 *	what forbids it			row->check
 *	too many under way		MR_ERR_PARALLEL	unless row->first
 */
#include "tools/emulator/chassis_parts.h"

/* A null member: no check, nothing to begin, takes the verb's delay, waits its
 * turn, and the effect itself marks what it changed. */
static const struct command commands[] = {
	{ MR_CMD_BIND, MR_ROLE_SWITCH, V_BIND, "BIND",
	    .find = chassis_bind_find, .check = chassis_bind_check,
	    .begin = chassis_bind_begin, .undo = chassis_bind_undo,
	    .effect = chassis_bind_effect, .mark = chassis_bridge_mark },
	{ MR_CMD_UNBIND, MR_ROLE_SWITCH, V_UNBIND, "UNBIND",
	    .find = chassis_unbind_find, .begin = chassis_unbind_begin,
	    .effect = chassis_unbind_effect,
	    .takes = chassis_unbind_takes, .first = chassis_unbind_first,
	    .mark = chassis_bridge_mark },
	{ MR_CMD_SLOT_CTL, MR_ROLE_SWITCH, V_SLOT_CTL, "SLOT_CTL",
	    .find = chassis_slot_find, .check = chassis_slot_ctl_check,
	    .effect = chassis_slot_ctl_effect,
	    .first = chassis_slot_ctl_first },
	{ MR_CMD_SLOT_RESET, MR_ROLE_SWITCH, V_RESET, "SLOT_RESET",
	    .find = chassis_slot_find, .effect = chassis_slot_reset_effect },
	{ MR_CMD_BAY_CTL, MR_ROLE_SWITCH, V_MODULE_CTL, "BAY_CTL",
	    .find = chassis_bay_find, .check = chassis_bay_ctl_check,
	    .effect = chassis_bay_ctl_effect },
	{ MR_CMD_BAY_RESET, MR_ROLE_SWITCH, V_RESET, "BAY_RESET",
	    .find = chassis_bay_find, .check = chassis_bay_reset_check,
	    .effect = chassis_bay_reset_effect },
	{ MR_CMD_PREPARE, MR_ROLE_BASE, V_PREPARE, "PREPARE",
	    .find = chassis_prepare_find, .effect = chassis_prepare_effect,
	    .mark = chassis_fn_mark },
	{ MR_CMD_SCRUB, MR_ROLE_BASE, V_SCRUB, "SCRUB",
	    .find = chassis_fn_find, .effect = chassis_scrub_effect,
	    .mark = chassis_fn_mark },
	{ MR_CMD_FN_RESET, MR_ROLE_BASE, V_RESET, "FN_RESET",
	    .find = chassis_fn_find, .effect = chassis_fn_reset_effect,
	    .mark = chassis_fn_mark },
	{ MR_CMD_PORT_CTL, MR_ROLE_BASE, V_MODULE_CTL, "PORT_CTL",
	    .find = chassis_port_find, .check = chassis_port_ctl_check,
	    .effect = chassis_port_ctl_effect },
	{ MR_CMD_DISK_MAKE, MR_ROLE_BASE, V_DISK_MAKE, "DISK_MAKE",
	    .find = chassis_disk_find, .check = chassis_disk_make_check,
	    .effect = chassis_disk_make_effect, .mark = chassis_disk_mark },
	{ MR_CMD_DISK_DESTROY, MR_ROLE_BASE, V_DISK_DESTROY, "DISK_DESTROY",
	    .find = chassis_disk_find, .check = chassis_disk_destroy_check,
	    .effect = chassis_disk_destroy_effect, .mark = chassis_disk_mark },
};

static const struct command *
row_of(const struct order *o, uint32_t code)
{
	uint8_t role = o->module != NULL ? MR_ROLE_BASE : MR_ROLE_SWITCH;

	for (unsigned i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].code == code && commands[i].role == role)
			return &commands[i];
	return NULL;
}

/* Up to what it names. */
static int
admit(struct chassis *c, struct order *o, uint32_t code)
{
	if (o->term == 0 || o->op == 0)
		return MR_ERR_OPERAND;
	o->row = row_of(o, code);
	if (o->row == NULL)
		return MR_ERR_COMMAND;
	if (o->term < c->term)
		return MR_ERR_TERM;
	c->term = o->term;
	if (!chassis_ready(c))
		return MR_ERR_BUSY;
	return o->row->find(c, o);
}

static int
permit(struct chassis *c, struct order *o)
{
	bool first = o->row->first != NULL && o->row->first(o);
	size_t busy;
	int err;

	if (o->work->pending != NULL && !chassis_work_stuck(o->work) && !first)
		return MR_ERR_BUSY;
	err = o->row->check != NULL ? o->row->check(c, o) : MR_ERR_NONE;
	if (err != MR_ERR_NONE)
		return err;
	/* What hangs there gives its place to who comes instead. */
	busy = c->n_pending - (o->work->pending != NULL);
	return busy >= c->parallel && !first ? MR_ERR_PARALLEL : MR_ERR_NONE;
}

static unsigned
answer(unsigned res, int err)
{
	return res | (unsigned)err << 8;
}

unsigned
chassis_cmd_run(struct chassis *c, struct order *o, uint32_t code)
{
	int err = admit(c, o, code);
	bool again = err == MR_ERR_NONE && o->work->op == o->op;
	uint64_t n = chassis_log_order(c, o, code, again);
	unsigned result;

	if (again)
		result = answer(o->work->res, o->work->err);
	else {
		if (err == MR_ERR_NONE)
			err = permit(c, o);
		result = err != MR_ERR_NONE ? answer(MR_RES_FAILED, err) :
		    chassis_work_start(c, o, n);
	}
	chassis_log_result(c, n, result);
	if (!again)
		chassis_later_count(c);
	return result;
}
