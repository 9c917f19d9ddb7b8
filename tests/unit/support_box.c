/* support_box.c -- see support_box.h. */
#include "tests/unit/support_box.h"

#include <stdio.h>
#include <string.h>

#include "tests/test.h"

struct box
box_open(const char *name)
{
	struct box b = { .now = 1000, .term = 1, .op = 1 };
	char path[128];
	struct err e;
	json_t *file;

	(void)snprintf(path, sizeof(path), "chassis/%s.json", name);
	ck_ok(json_read_file(path, &file, &e), e);
	b.chassis = chassis_new(file, &e);
	if (b.chassis == NULL)
		ck_abort_msg("%s: %s %s", name, e.msg, e.field);
	json_decref(file);
	return b;
}

void
box_close(struct box *b)
{
	chassis_free(b->chassis);
}

uint16_t
box_base(unsigned bay)
{
	return (uint16_t)((1 + 2 * bay) << 8);
}

uint64_t
box_num(const uint8_t *at, unsigned n)
{
	uint64_t v = 0;

	while (n-- > 0)
		v = v << 8 | at[n];
	return v;
}

void
box_set(uint8_t *at, unsigned n, uint64_t value)
{
	for (unsigned i = 0; i < n; i++)
		at[i] = (uint8_t)(value >> (8 * i));
}

uint32_t
box_get(struct box *b, uint16_t rid, unsigned reg)
{
	uint8_t v[4];

	ck_assert_int_eq(chassis_cfg_read(b->chassis, b->now, rid,
	    BOX_CAP + reg, v, 4), 0);
	return (uint32_t)box_num(v, 4);
}

void
box_put(struct box *b, uint16_t rid, unsigned reg, uint32_t value)
{
	ck_assert_int_eq(chassis_cfg_write(b->chassis, b->now, rid,
	    BOX_CAP + reg, 4, value), 0);
}

void
box_row(struct box *b, uint16_t rid, unsigned table, uint32_t row,
    uint8_t out[MR_PERSONALITY_BYTES])
{
	uint32_t rows;

	box_put(b, rid, MR_SELECT, (uint32_t)table << 28 | row);
	rows = box_get(b, rid, MR_ROWS);
	ck_assert_uint_ge(rows & 0xffff, 1);
	ck_assert_int_eq(chassis_cfg_read(b->chassis, b->now, rid,
	    BOX_CAP + MR_WINDOW, out, rows >> 16), 0);
}

void
box_fn_row(struct box *b, fn_id id, unsigned table,
    uint8_t out[MR_PERSONALITY_BYTES])
{
	uint16_t rid = box_base(fn_bay(id));

	for (uint32_t i = 0;; i++) {
		box_row(b, rid, MR_TABLE_FN, i, out);
		if (box_num(out + MR_FN_ID, 4) == id) {
			box_row(b, rid, table, i, out);
			return;
		}
	}
}

unsigned
box_run(struct box *b, uint16_t rid, unsigned command)
{
	for (unsigned i = 0; i < MR_MB_BYTES; i += 4)
		box_put(b, rid, MR_MB_OPERAND + i,
		    (uint32_t)box_num(b->operand + i, 4));
	box_put(b, rid, MR_MB_TERM_LO, (uint32_t)b->term);
	box_put(b, rid, MR_MB_TERM_HI, (uint32_t)(b->term >> 32));
	box_put(b, rid, MR_MB_OP_LO, (uint32_t)b->op);
	box_put(b, rid, MR_MB_OP_HI, (uint32_t)(b->op >> 32));
	box_put(b, rid, MR_MB_COMMAND, command);
	memset(b->operand, 0, sizeof(b->operand));
	b->op++;
	return box_get(b, rid, MR_MB_RESULT);
}

unsigned
box_bind(struct box *b, unsigned slot, unsigned bridge, fn_id id)
{
	box_set(b->operand, 2, slot);
	b->operand[2] = (uint8_t)bridge;
	b->operand[3] = 1;
	box_set(b->operand + 4, 4, id);
	return box_run(b, BOX_UP, MR_CMD_BIND);
}

unsigned
box_unbind(struct box *b, unsigned slot, unsigned bridge, unsigned mode)
{
	box_set(b->operand, 2, slot);
	b->operand[2] = (uint8_t)bridge;
	b->operand[3] = (uint8_t)mode;
	return box_run(b, BOX_UP, MR_CMD_UNBIND);
}

unsigned
box_prepare(struct box *b, fn_id id, uint64_t mac)
{
	uint8_t *ps = b->operand + 8;

	box_set(b->operand, 4, id);
	ps[MR_PS_KIND] = 1;
	ps[MR_PS_N_VLANS] = 1;
	box_set(ps + MR_PS_VLANS, 2, 120);
	box_set(ps + MR_PS_LIMIT, 4, 1000);
	box_set(ps + MR_PS_MAC, 8, mac);
	return box_run(b, box_base(fn_bay(id)), MR_CMD_PREPARE);
}

unsigned
box_fn_command(struct box *b, unsigned command, fn_id id)
{
	box_set(b->operand, 4, id);
	return box_run(b, box_base(fn_bay(id)), command);
}

unsigned
box_slot_ctl(struct box *b, unsigned slot, unsigned what)
{
	box_set(b->operand, 2, slot);
	b->operand[2] = (uint8_t)what;
	return box_run(b, BOX_UP, MR_CMD_SLOT_CTL);
}

json_t *
box_ctl(struct box *b, const char *line)
{
	json_t *answer = chassis_ctl(b->chassis, b->now, line);

	ck_assert(json_is_object(answer));
	return answer;
}

void
box_do(struct box *b, const char *line)
{
	json_t *answer = box_ctl(b, line);
	const char *error = json_string_value(json_object_get(answer, "error"));

	if (error != NULL)
		ck_abort_msg("%s: %s", line, error);
	json_decref(answer);
}

void
box_do_all(struct box *b, const char *lines)
{
	char line[128];

	while (*lines != '\0') {
		size_t n = strcspn(lines, ";");

		ck_assert_uint_lt(n, sizeof(line));
		memcpy(line, lines, n);
		line[n] = '\0';
		box_do(b, line);
		lines += n + (lines[n] == ';');
	}
}

size_t
box_sees(struct box *b, unsigned slot)
{
	char line[32];
	json_t *answer;
	size_t n;

	(void)snprintf(line, sizeof(line), "server %u", slot);
	answer = box_ctl(b, line);
	n = json_array_size(json_object_get(answer, "functions"));
	json_decref(answer);
	return n;
}

size_t
box_violations(struct box *b, const char *kind)
{
	json_t *answer = box_ctl(b, "violations"), *v;
	size_t i, n = 0;

	json_array_foreach (json_object_get(answer, "items"), i, v)
		n += strcmp(json_string_value(json_object_get(v, "kind")),
		    kind) == 0;
	json_decref(answer);
	return n;
}
