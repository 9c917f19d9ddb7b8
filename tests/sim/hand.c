/* hand.c -- see hand.h. */
#include "tests/sim/hand.h"

#include <stdio.h>

#include "tests/test.h"

void
hand_settle(struct world *w)
{
	ck_assert(world_settle(w, HAND_LONG_MS));
}

void
hand_furnish(struct world *w, uint64_t seed, const char *drift)
{
	char body[80];

	world_new(w, seed);
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"prod\",\"vlan\":120}");
	world_do(w, 201, "POST", "/networks",
	    "{\"name\":\"test\",\"vlan\":130}");
	snprintf(body, sizeof(body), "{\"name\":\"web\",\"drift\":\"%s\"}",
	    drift);
	world_do(w, 201, "POST", "/profiles", body);
	world_do(w, 201, "POST", "/profiles/web/vnics", "{\"name\":\"a\","
	    "\"networks\":[\"prod\"],\"qos\":{\"limitMbps\":2000}}");
	world_do(w, 201, "POST", "/profiles/web/vnics",
	    "{\"name\":\"b\",\"networks\":[\"prod\"]}");
	world_do(w, 202, "POST", "/profiles/web:assign", "{\"slot\":1}");
	hand_settle(w);
	support_chassis_do(&w->chassis, "log clear");
}

char *
hand_seen(struct world *w)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server 1");
	char *text = json_text(json_object_get(server, "functions"));

	json_decref(server);
	return text;
}

void
hand_check_seen(struct world *w, const char *before, bool same)
{
	char *now = hand_seen(w);

	ck_assert_msg((strcmp(now, before) == 0) == same, "%s\n%s", before,
	    now);
	free(now);
}

size_t
hand_verbs(struct world *w)
{
	json_t *log = support_chassis_ctl(&w->chassis, "log"), *entry;
	size_t n = 0, i;

	json_array_foreach(json_object_get(log, "items"), i, entry)
		n += strcmp(json_string_value(json_object_get(entry, "verb")),
		    "hand") != 0;
	json_decref(log);
	return n;
}

void
hand_do(struct world *w, const char *list)
{
	json_t *server = support_chassis_ctl(&w->chassis, "server 1");
	json_t *fns = json_object_get(server, "functions");
	const char *a = json_string_value(json_object_get(json_array_get(fns,
	    0), "function"));
	const char *b = json_string_value(json_object_get(json_array_get(fns,
	    1), "function"));

	for (; *list != '\0'; list += *list == ';') {
		size_t n = strcspn(list, ";"), at = 0;
		char line[120] = "";

		for (size_t i = 0; i < n && at + 16 < sizeof(line); i++) {
			if (list[i] != '@')
				line[at++] = list[i];
			else
				at += (size_t)snprintf(line + at,
				    sizeof(line) - at, "%s",
				    list[i++ + 1] == 'a' ? a : b);
		}
		support_chassis_do(&w->chassis, "%s", line);
		list += n;
	}
	/* What hands do is not ours. */
	support_chassis_do(&w->chassis, "violations clear");
	json_decref(server);
}

size_t
hand_faults(struct world *w, const char *code)
{
	json_t *list = world_get(w, "/faults"), *item;
	size_t n = 0, i;

	json_array_foreach(json_object_get(list, "items"), i, item)
		n += strcmp(json_string_value(json_object_get(item, "code")),
		    code) == 0;
	json_decref(list);
	return n;
}
