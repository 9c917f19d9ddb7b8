// Everything that the first look at the rack does not need: loaded when the
// browser has nothing to do, so that it is there before anyone asks for it.

export { openAddDisk, openAddHba, openAddNic } from "./add";
export { openAddCard } from "./card";
export { openAssign, openLabel, openMove, openNewProfile, reviewIsolate, reviewMove, reviewRelease, reviewRemove, reviewSlot } from "./actions";
export { Faults } from "./faults";
export { openFind } from "./find";
export { JobPage, Jobs } from "./jobs";
export { Leases } from "./leases";
export { PlanPage } from "./planpage";
export { ProfilePage, Profiles } from "./profiles";
export { Hardware, Networks, Pools } from "./tables";
export { Restore } from "./restore";
export { m as words } from "../strings_more";
export { startUndo } from "../ui/undo";
