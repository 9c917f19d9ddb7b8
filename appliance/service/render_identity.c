/* render_identity.c -- see render_identity.h. */
#include "appliance/service/render_identity.h"

const char *
render_identity_state(enum id_state state)
{
	static const char *const words[] = {
		"reserved", "assigned", "quarantined", "retired"
	};

	return words[state];
}

const char *
render_identity_role(enum id_role role)
{
	static const char *const words[] = { "mac", "wwpn", "wwnn", "uuid" };

	return words[role];
}

json_t *
render_identity_value(const struct identity *id)
{
	char text[UUID_TEXT];

	return json_str(id->space == SPACE_MAC ? mac_text(id->value, text) :
	    id->space == SPACE_WWN ? wwn_text(id->value, text) :
	    uuid_text(id->high, id->value, text));
}

static json_t *
text_or_null(const char *text)
{
	return text[0] == '\0' ? json_null() : json_str(text);
}

json_t *
render_identity(const struct identity *id)
{
	json_t *o = json_object();

	json_put(o, "value", render_identity_value(id));
	json_put(o, "role", json_str(render_identity_role(id->role)));
	json_put(o, "state", json_str(render_identity_state(id->state)));
	json_put(o, "profile", text_or_null(id->profile_name));
	json_put(o, "device", text_or_null(id->device_name));
	json_put(o, "pool", text_or_null(id->pool));
	json_put(o, "since", json_time(id->since_ms));
	json_put(o, "until", json_time(id->until_ms));
	return o;
}
