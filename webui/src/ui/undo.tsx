// Undo: the inverse change, as a plan that is seen first.

import { previewUndo, undo } from "../api";
import { s } from "../strings";
import { review } from "./plan";

export function startUndo(job: string): void {
	void review({ title: s.plan.undoTitle(job), button: s.plan.undoGo, again: () => previewUndo(job),
		apply: (_plan, confirm) => undo(job, confirm) });
}
