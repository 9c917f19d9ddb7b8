// If somebody else changes it at the switch: what a profile's policy is.

import { useState } from "preact/hooks";
import { seg } from "../api";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Profile } from "../types";
import { Btn, Pick } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";
import { propose } from "./actions";

function Edit({ p }: { p: Profile }) {
	const [drift, setDrift] = useState(p.drift);
	return <Dialog title={m.drift.edit(p.name)} cls="narrow">
		<form class="form" id="f-drift" onSubmit={(e) => {
			e.preventDefault();
			closeDialog();
			propose(m.drift.edit(p.name), m.fail.go, [{ method: "PATCH", path: `/profiles/${seg(p.name)}`, body: { drift } }]);
		}}>
			<Pick label={m.fail.policy} value={drift} set={(v) => setDrift(v as Profile["drift"])} hint={m.drift.hint} options={Object.entries(m.drift.words).map(([k, t]) => [k, `${k}: ${t}`])} />
		</form>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.cancel}</Btn><Btn kind="pri" type="submit" form="f-drift">{s.move.go}</Btn></span></div>
	</Dialog>;
}

export function Drift({ p }: { p: Profile }) {
	const heal = (): void => propose(m.drift.healTitle(p.name), m.fault.offers.heal, [{ method: "POST", path: `/profiles/${seg(p.name)}:heal`, body: {} }]);
	return <section class="card"><header><h2>{m.drift.title}</h2><span class="r"><Btn kind="quiet" small onClick={() => openDialog(<Edit p={p} />)}>{m.fail.change}</Btn></span></header>
		<div class="in"><dl class="kv"><dt>{m.fail.policy}</dt><dd>{p.drift} <span class="mut">{m.drift.words[p.drift]}</span></dd>
			{p.state === "drift" && <><dt>{m.drift.now}</dt><dd><Btn small icon="undo" onClick={heal}>{m.fault.offers.heal}</Btn></dd></>}</dl></div></section>;
}
