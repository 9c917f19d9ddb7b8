/* table */
/* xml_matrix.c -- see xml_matrix.h. */
#include "profiles/xml_matrix.h"

#include <string.h>

#define REFUSE { "refuse", 'B', false }

const struct xml_matrix_row xml_matrix[] = {
	/* ---- profiles ---- */
	{ "ProfileDiffers", XML_BY_IMPORTER,
	  "a profile of that id is here and is not the same",
	  "update", NULL, NULL,
	  { { "update", 0, false }, REFUSE, { "skip", 0, false } } },
	{ "ProfileNameTaken", XML_BY_IMPORTER,
	  "a profile of that name is here and has another id",
	  "refuse", NULL, NULL,
	  { REFUSE, { "skip", 'W', false }, { "rename", 0, true },
	    { "replace", 'C', false } } },
	{ "ProfileNotInDocument", XML_BY_IMPORTER,
	  "a profile here, in the scope, at no slot, is not in the document",
	  "remove", NULL, NULL,
	  { { "remove", 'W', false }, { "keep", 0, false }, REFUSE } },
	{ "AssignedNotInDocument", XML_BY_IMPORTER,
	  "a profile here, in the scope, at a slot, is not in the document",
	  "remove", NULL, NULL,
	  { { "remove", 'C', false }, { "keep", 0, false }, REFUSE } },
	{ "ProfileUnassigned", XML_BY_IMPORTER,
	  "mode replace; a profile is at a slot here and at none there",
	  "unassign", NULL, NULL,
	  { { "unassign", 'C', false }, { "keep", 0, false }, REFUSE } },

	/* ---- identities ---- */
	{ "IdentityTaken", XML_BY_IMPORTER,
	  "an address of the document has another live owner here",
	  "refuse", NULL, NULL,
	  { REFUSE, { "newForConflicting", 'W', false },
	    { "newForProfile", 'W', false }, { "takeover", 'C', false } } },
	{ "IdentityQuarantined", XML_BY_IMPORTER,
	  "an address of the document rests here after another owner",
	  "accept", NULL, NULL,
	  { { "accept", 'C', false }, { "new", 'W', false } } },

	/* ---- networks, SANs, classes ---- */
	{ "NetworkDiffers", XML_BY_IMPORTER,
	  "a network of that name has another VLAN here",
	  "refuse", "useImported", "mode replace, and it is the same network",
	  { REFUSE, { "keepLocal", 'W', false }, { "useImported", 'C', false },
	    { "mapTo", 0, true } } },
	{ "VlanElsewhere", XML_BY_IMPORTER,
	  "a new network has a VLAN that a network of another name has here",
	  "keepBoth", NULL, NULL,
	  { { "keepBoth", 'W', false }, { "mapTo", 0, true } } },
	{ "NetworkMissing", XML_BY_IMPORTER,
	  "a network, SAN or class of the document is not here",
	  "refuse", "create", "the document is not of kind profile and has it",
	  { REFUSE, { "create", 0, false }, { "mapTo", 0, true } } },
	{ "ObjectNotInDocument", XML_BY_IMPORTER,
	  "a network, SAN, class or pool here, in the scope, is not there",
	  "remove", NULL, NULL,
	  { { "remove", 'W', false }, { "keep", 0, false }, REFUSE } },

	/* ---- pools ---- */
	{ "PoolOverlap", XML_BY_IMPORTER,
	  "a block of the document's pool is also in another pool here",
	  "refuse", NULL, NULL,
	  { REFUSE, { "keepLocal", 'W', false }, { "shrink", 'W', false } } },
	{ "PoolDiffers", XML_BY_IMPORTER,
	  "a pool of that name has other blocks here",
	  "refuse", "replaceUnused", "nothing of it was given away here",
	  { REFUSE, { "keepLocal", 'W', false }, { "useImported", 'C', false },
	    { "mapTo", 0, true }, { "replaceUnused", 0, false } } },
	{ "PoolMissing", XML_BY_IMPORTER,
	  "a pool that the document names is not here",
	  "refuse", "create", "the document is not of kind profile and has it",
	  { REFUSE, { "create", 0, false }, { "mapTo", 0, true },
	    { "default", 'W', false } } },

	/* ---- the document ---- */
	{ "DocumentModified", XML_BY_IMPORTER,
	  "the document is not as it was exported",
	  "accept", NULL, NULL, { { "accept", 'C', false } } },
	{ "OlderThanCurrent", XML_BY_IMPORTER,
	  "mode replace with an older generation of this same appliance",
	  "accept", NULL, NULL, { { "accept", 'C', false } } },
	{ "NewerMinor", XML_BY_IMPORTER,
	  "the document is of a newer minor version",
	  "refuse", NULL, NULL, { REFUSE } },

	/* ---- hardware ---- */
	{ "SlotAbsent", XML_BY_SERVICE,
	  "a profile is at a slot that this box does not have",
	  "unassign", "refuse", "the profile is at a slot here",
	  { { "unassign", 'W', false }, { "remap", 0, true },
	    { "release", 'C', false }, REFUSE } },
	{ "SlotOccupied", XML_BY_SERVICE,
	  "another profile is at the slot",
	  "refuse", NULL, NULL,
	  { REFUSE, { "swap", 'W', false }, { "displace", 'C', false } } },
	{ "SlotNarrower", XML_BY_SERVICE,
	  "the cable of a slot has fewer lanes here than there",
	  "accept", NULL, NULL, { { "accept", 'W', false } } },
	{ "ServerDiffers", XML_BY_SERVICE,
	  "a profile is bound to a server, and another one is at its slot",
	  "hold", "refuse", "the profile is at a slot here",
	  { { "hold", 'W', false }, { "rebind", 'C', false },
	    { "release", 'C', false }, REFUSE } },
	{ "ModuleAbsent", XML_BY_SERVICE,
	  "a device is pinned to a module without a match, or no module of its "
	  "class is here",
	  "defer", "refuse", "the profile is at a slot here",
	  { { "defer", 'W', false }, { "remap", 0, true },
	    { "dropPin", 'W', false }, { "release", 'C', false }, REFUSE } },
	{ "FewerFunctions", XML_BY_SERVICE,
	  "there is no function or bridge for each device",
	  "refuse", NULL, NULL,
	  { REFUSE, { "unassignRest", 'C', false } } },
	{ "PortSlower", XML_BY_SERVICE,
	  "the guarantees exceed the budget of a port",
	  "refuse", NULL, NULL,
	  { REFUSE, { "scaleGuarantees", 'W', true },
	    { "dropGuarantees", 'W', false } } },
	{ "AdapterCannot", XML_BY_SERVICE,
	  "no card here can do what a device asks",
	  "refuse", NULL, NULL, { REFUSE, { "degrade", 'W', false } } },
	{ "DiskAbsent", XML_BY_SERVICE,
	  "a virtual disk of the document is on no module here",
	  "missing", NULL, NULL,
	  { { "missing", 'W', false }, { "recreateEmpty", 'C', false } } },

	/* ---- another appliance ---- */
	{ "EpochBehind", XML_BY_SERVICE,
	  "an address of a profile that is at a slot went on elsewhere since",
	  "takeover", NULL, NULL,
	  { { "takeover", 'C', false }, { "hold", 'W', false } } },

	/* ---- the appliance's own ---- */
	{ "UsersDiffer", XML_BY_SERVICE,
	  "users of the document are not those of this appliance",
	  "keepLocal", NULL, NULL,
	  { { "keepLocal", 'W', false }, { "merge", 'C', false },
	    { "replace", 'C', false } } },
	{ "SettingsDiffer", XML_BY_SERVICE,
	  "settings of the document are not those of this appliance",
	  "keepLocal", "useImported", "mode replace",
	  { { "keepLocal", 'W', false }, { "useImported", 'C', false } } },
	{ "TrustKeysDiffer", XML_BY_SERVICE,
	  "trust keys of the document are not those of this appliance",
	  "keepLocal", "merge", "mode replace",
	  { { "keepLocal", 'W', false }, { "merge", 'C', false },
	    { "replace", 'C', false } } },

	/* ---- leases ---- */
	{ "LeaseDiffers", XML_BY_IMPORTER,
	  "a lease of the document is another one here",
	  "update", NULL, NULL,
	  { { "update", 0, false }, { "skip", 0, false }, REFUSE } },
	{ "LeaseNotInDocument", XML_BY_IMPORTER,
	  "mode replace, and a lease in the scope is not in the document",
	  "remove", NULL, NULL,
	  { { "remove", 'W', false }, { "keep", 0, false }, REFUSE } },

	/* ---- every plan ---- */
	{ "Held", XML_BY_ROAD,
	  "a job that runs holds what the import needs",
	  "refuse", NULL, NULL, { { "refuse", 'W', false } } },
	{ "StalePlan", XML_BY_ROAD,
	  "planning again gives another outcome",
	  "refuse", NULL, NULL, { REFUSE } },
};

const size_t xml_matrix_n = sizeof(xml_matrix) / sizeof(xml_matrix[0]);

const struct xml_matrix_row *
xml_matrix_find(const char *key)
{
	for (size_t i = 0; i < xml_matrix_n; i++)
		if (strcmp(xml_matrix[i].key, key) == 0)
			return &xml_matrix[i];
	return NULL;
}

const struct xml_matrix_option *
xml_matrix_option(const struct xml_matrix_row *row, const char *word)
{
	for (size_t i = 0; i < XML_MATRIX_OPTIONS &&
	    row->options[i].word != NULL; i++)
		if (strcmp(row->options[i].word, word) == 0)
			return &row->options[i];
	return NULL;
}
