/* table */
/* fault_kinds.c -- the catalogue of faults; see fault_book.h. */
#include "appliance/engine/fault_book.h"

#include <string.h>

/* What passes by itself within seconds soaks; what is certain does not. */
enum { AT_ONCE = 0, SOAK = 10000 };

const struct fault_kind fault_kinds[] = {
	{ "SwitchUnreachable", "critical", SOAK,
	  "The switch or its manager does not answer" },
	{ "SwitchTaken", "critical", AT_ONCE,
	  "Another controller drives the switch" },
	{ "CommitRefused", "critical", AT_ONCE,
	  "The store does not take what was done" },
	{ "SlotLinkDown", "major", SOAK,
	  "The cable of a slot with devices has no link" },
	{ "SlotServerChanged", "major", SOAK,
	  "Another server than the bound one is at a slot" },
	{ "ModuleMissing", "major", SOAK,
	  "The module of a wanted device is not there" },
	{ "ModuleMismatch", "major", AT_ONCE,
	  "A bay holds another module than the expected one" },
	{ "PortLinkDown", "major", SOAK,
	  "A port that devices are on has no link" },
	{ "PortSpeedReduced", "warning", SOAK,
	  "A port runs slower than it can" },
	{ "QosOversubscribed", "major", SOAK,
	  "Guarantees of a port exceed its present budget" },
	{ "QosLost", "minor", SOAK,
	  "A function has other rates than wanted" },
	{ "BindingDrift", "critical", AT_ONCE,
	  "A function is elsewhere than it should be" },
	{ "FunctionHeld", "major", AT_ONCE,
	  "A device waits for what a stuck job holds" },
	{ "AdoptionRefused", "major", AT_ONCE,
	  "What somebody else changed cannot become wanted" },
	{ "OsNotVisible", "info", SOAK,
	  "A server that runs has not found a device that it was given" },
	{ "UnknownBinding", "major", SOAK,
	  "Somebody else bound a function" },
	{ "IdentitySplit", "critical", AT_ONCE,
	  "Two servers see one address" },
	{ "IdentityLeak", "major", SOAK,
	  "Ledger and profiles disagree about an address" },
	{ "HardwareMacClash", "critical", AT_ONCE,
	  "A card has an address that a device was given" },
	{ "PoolLow", "warning", AT_ONCE,
	  "A pool has given away most of its addresses" },
	{ "PoolExhausted", "major", AT_ONCE,
	  "A pool has hardly an address left" },
	{ "VirtualDiskMissing", "critical", SOAK, "A virtual disk is gone" },
	{ "VirtualDiskDegraded", "major", SOAK,
	  "A virtual disk has lost drives" },
	{ "ReconcileLoop", "major", AT_ONCE,
	  "A slot is put right again and again" },
	{ "StartHeld", "major", AT_ONCE,
	  "After a power cut nothing is bound until somebody says so" },
	{ "NoSpare", "major", AT_ONCE,
	  "A profile should move to a spare, and none fits" },
	{ "FailoverSuspended", "major", AT_ONCE,
	  "Several servers are gone at once: no profile moves by itself" },
	{ "FailoverLimited", "major", AT_ONCE,
	  "As many profiles moved by themselves as may in an hour" },
	{ "FailoverBlocked", "major", AT_ONCE,
	  "A profile should move to a spare, and the move was refused" },
	{ "LeaseMissed", "major", SOAK,
	  "A lease is due and did not begin, or its time passed without it" },
	{ "LeaseReleaseOverdue", "major", SOAK,
	  "A lease is over and its device is not back" },
	{ "ClockSkew", "critical", AT_ONCE,
	  "The clock is behind what was committed: nothing goes by it" },
	{ "BackupFailed", "major", AT_ONCE,
	  "The last backup could not be made or not be restored" },
	{ "BackupStale", "major", AT_ONCE,
	  "There was no good backup for two periods" },
	{ "RollbackFailed", "critical", AT_ONCE,
	  "A job could neither be applied nor rolled back" },
};

const size_t n_fault_kinds = sizeof(fault_kinds) / sizeof(fault_kinds[0]);

const struct fault_kind *
fault_kind_find(const char *code)
{
	for (size_t i = 0; i < n_fault_kinds; i++)
		if (strcmp(fault_kinds[i].code, code) == 0)
			return &fault_kinds[i];
	return NULL;
}
