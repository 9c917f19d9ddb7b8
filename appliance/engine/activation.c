/* activation.c -- see activation.h. */
#include "appliance/engine/activation.h"

enum { POWER_ON = 2 };

const char *
activation_word(enum activation a)
{
	static const char *const words[] = { "hot", "unknown", "rescan",
		"reboot", "powerCycle" };

	return words[a];
}

const char *
activation_when(enum activation a)
{
	static const char *const words[] = { "at once",
		"when it finds it; the switch does not tell",
		"after a rescan of its bus", "after a reboot",
		"after a power cycle" };

	return words[a];
}

bool
activation_runs(const struct view *v, unsigned slot)
{
	const struct fabric_slot *s = view_slot(v, slot);

	return s != NULL && s->power == POWER_ON && s->link != 0;
}

enum activation
activation_of(const struct view *v, unsigned slot, unsigned bridge)
{
	const struct fabric_slot *s = view_slot(v, slot);

	if (s == NULL)
		return ACTIVATION_UNKNOWN;
	if (s->power != POWER_ON)
		return ACTIVATION_REBOOT;
	if (s->link == 0 && s->enabled != 0)
		return ACTIVATION_POWER_CYCLE;
	if (s->hotplug == HOTPLUG_UNKNOWN)
		return ACTIVATION_UNKNOWN;
	if (bridge >= s->buses || bridge >= s->mmio_mib)
		return ACTIVATION_REBOOT;
	return s->hotplug == HOTPLUG_READY ? ACTIVATION_HOT :
	    ACTIVATION_RESCAN;
}

const char *
activation_seen(const struct view *v, unsigned slot, unsigned bridge)
{
	const struct fabric_bridge *b = view_bridge(v, slot, bridge);

	if (b == NULL || b->state == BRIDGE_EMPTY || !b->presence)
		return "no";
	switch ((enum fabric_seen)b->seen) {
	case SEEN_YES: return "yes";
	case SEEN_NO: return "no";
	case SEEN_UNKNOWN: break;
	}
	return "unknown";
}
