/* store_network.c -- rows of networks and SANs; see store.h. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "profiles/stmt.h"

#define HEAD "id, name, description, revision, created_ms, modified_ms, "
#define NETWORK "SELECT " HEAD "vlan, isolation, mtu_max, ports, labels FROM network "
#define SAN "SELECT " HEAD "fabric, vsan, ports, labels FROM san "

/* "io1/1 io1/2" and back. */
static void
read_ports(struct stmt *q, struct arena *a, struct port_ref **out, size_t *n)
{
	const char *text = stmt_get_str(q, a);
	size_t cap = 0, len;

	for (; *text != '\0'; text += len + (text[len] != '\0')) {
		char word[PORT_TEXT];
		struct port_ref one;

		len = strcspn(text, " ");
		(void)snprintf(word, sizeof(word), "%.*s", (int)(len <
		    sizeof(word) ? len : sizeof(word) - 1), text);
		if (port_parse(word, &one.bay, &one.port))
			ARENA_PUSH(a, *out, *n, cap) = one;
	}
}

/* Binds the list and runs the statement: the text lives until then. */
static int
run_with_ports(struct stmt *q, const struct port_ref *ports, size_t n,
    const struct labels *labels, struct err *e)
{
	struct buf text = buf_new(SIZE_MAX);
	char name[PORT_TEXT];
	int rc;

	for (size_t i = 0; i < n; i++)
		buf_printf(&text, "%s%s", i > 0 ? " " : "",
		    port_text(ports[i].bay, ports[i].port, name));
	stmt_text(q, text.len > 0 ? text.data : "");
	stmt_labels(q, labels);
	rc = stmt_run(q, e);
	buf_free(&text);
	return rc;
}

static void
read_network(struct stmt *q, struct arena *a, struct network *n)
{
	stmt_get_head(q, &n->head);
	n->vlan = stmt_get_u32(q);
	n->isolation = stmt_get_u32(q);
	n->mtu_max = stmt_get_u32(q);
	read_ports(q, a, &n->ports, &n->n_ports);
	stmt_get_labels(q, a, &n->head.labels);
}

int
network_load(struct store *st, struct arena *a, const char *ref,
    struct network **out, struct err *e)
{
	static const char by_id[] = NETWORK "WHERE id = ?";
	static const char by_name[] = NETWORK "WHERE name = ?";
	struct stmt q = stmt_open_ref(st, by_id, by_name, ref);

	if (stmt_one(&q, "network", ref, e) < 0)
		return -1;
	*out = arena_alloc(a, sizeof(**out));
	read_network(&q, a, *out);
	stmt_close(&q);
	return 0;
}

int
network_list(struct store *st, struct arena *a, const char *after,
    size_t limit, struct network **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, NETWORK
	    "WHERE name > ? ORDER BY name LIMIT ?");
	struct network *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, after != NULL ? after : "");
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct network){ 0 };
		read_network(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

static int
network_remove(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM network WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

int
network_store(struct store *st, const struct network *before,
    const struct network *after, struct err *e)
{
	struct stmt q;

	if (after == NULL)
		return network_remove(st, before->head.id, e);
	q = stmt_open(st, "INSERT INTO network"
	    " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id) DO UPDATE SET"
	    " name = excluded.name, description = excluded.description,"
	    " revision = excluded.revision, modified_ms = excluded.modified_ms,"
	    " vlan = excluded.vlan, isolation = excluded.isolation,"
	    " mtu_max = excluded.mtu_max, ports = excluded.ports,"
	    " labels = excluded.labels");
	stmt_head(&q, &after->head);
	stmt_int(&q, after->vlan);
	stmt_int(&q, after->isolation);
	stmt_int(&q, after->mtu_max);
	return run_with_ports(&q, after->ports, after->n_ports,
	    &after->head.labels, e);
}

static void
read_san(struct stmt *q, struct arena *a, struct san *s)
{
	stmt_get_head(q, &s->head);
	s->fabric = stmt_get_u32(q);
	s->vsan = stmt_get_u32(q);
	read_ports(q, a, &s->ports, &s->n_ports);
	stmt_get_labels(q, a, &s->head.labels);
}

int
san_load(struct store *st, struct arena *a, const char *ref, struct san **out,
    struct err *e)
{
	static const char by_id[] = SAN "WHERE id = ?";
	static const char by_name[] = SAN "WHERE name = ?";
	struct stmt q = stmt_open_ref(st, by_id, by_name, ref);

	if (stmt_one(&q, "SAN", ref, e) < 0)
		return -1;
	*out = arena_alloc(a, sizeof(**out));
	read_san(&q, a, *out);
	stmt_close(&q);
	return 0;
}

int
san_list(struct store *st, struct arena *a, const char *after, size_t limit,
    struct san **out, size_t *n, struct err *e)
{
	struct stmt q = stmt_open(st, SAN
	    "WHERE name > ? ORDER BY name LIMIT ?");
	struct san *list = NULL, one;
	size_t len = 0, cap = 0;
	int rc;

	stmt_text(&q, after != NULL ? after : "");
	stmt_int(&q, (int64_t)limit);
	while ((rc = stmt_step(&q, e)) > 0) {
		one = (struct san){ 0 };
		read_san(&q, a, &one);
		ARENA_PUSH(a, list, len, cap) = one;
	}
	if (rc < 0)
		return -1;
	*out = list;
	*n = len;
	return 0;
}

static int
san_remove(struct store *st, const char *id, struct err *e)
{
	struct stmt q = stmt_open(st, "DELETE FROM san WHERE id = ?");

	stmt_text(&q, id);
	return stmt_run(&q, e);
}

int
san_store(struct store *st, const struct san *before, const struct san *after,
    struct err *e)
{
	struct stmt q;

	if (after == NULL)
		return san_remove(st, before->head.id, e);
	q = stmt_open(st, "INSERT INTO san VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
	    " ON CONFLICT(id) DO UPDATE SET"
	    " name = excluded.name, description = excluded.description,"
	    " revision = excluded.revision, modified_ms = excluded.modified_ms,"
	    " fabric = excluded.fabric, vsan = excluded.vsan,"
	    " ports = excluded.ports, labels = excluded.labels");
	stmt_head(&q, &after->head);
	stmt_int(&q, after->fabric);
	stmt_int(&q, after->vsan);
	return run_with_ports(&q, after->ports, after->n_ports,
	    &after->head.labels, e);
}
