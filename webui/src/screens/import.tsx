// A document up: the server reads it, and what it would change is a plan.

import { useState } from "preact/hooks";
import { importXml, Problem } from "../api";
import { s } from "../strings";
import { Btn, Field, ProblemView } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { review } from "../ui/plan";

function Import() {
	const [xml, setXml] = useState("");
	const [busy, setBusy] = useState(false);
	const [problem, setProblem] = useState<Problem | null>(null);
	async function send(): Promise<void> {
		setBusy(true);
		try {
			const got = await importXml(xml);
			closeDialog();
			let first = true;
			await review({ title: s.imp.planTitle, button: s.imp.apply(got.plan.steps.length), again: async () => {
				if (!first) return (await importXml(xml)).plan;
				first = false;
				return got.plan;
			} });
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			setProblem(e);
		} finally {
			setBusy(false);
		}
	}
	return <Dialog title={s.imp.title} cls="medium">
		<form class="form" id="f-imp" onSubmit={(e) => {
			e.preventDefault();
			if (xml && !busy) void send();
		}}>
			{problem && <ProblemView p={problem} />}
			<Field label={s.imp.file} hint={s.imp.hint}>{(p) => <input type="file" class="file" id={p.id} aria-describedby={p.describedBy} accept=".xml,application/xml,text/xml" data-focus="" onChange={(e) => {
				const f = e.currentTarget.files?.[0];
				if (f) void f.text().then(setXml);
			}} />}</Field>
			<Field label={s.imp.text}>{(p) => <textarea class="inp code" rows={10} id={p.id} aria-describedby={p.describedBy} spellcheck={false} value={xml} onInput={(e) => setXml(e.currentTarget.value)} />}</Field>
		</form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-imp" why={xml ? busy ? s.imp.reading : null : s.required}>{busy ? s.imp.reading : s.imp.go}</Btn></span></div>
	</Dialog>;
}

export function openImport(): void {
	openDialog(<Import />);
}
