// Find anything: an address in any spelling, or any part of it.

import { useEffect, useRef, useState } from "preact/hooks";
import { mark, spellings, understood } from "../addr";
import { dayOf } from "../age";
import { get, Problem } from "../api";
import { group, type Row } from "../find";
import { go } from "../router";
import { s } from "../strings";
import type { Hit, List } from "../types";
import { copyText, Icon, ProblemView } from "../ui/bits";
import { closeDialog, Dialog, openDialog } from "../ui/dialog";

const ICONS: Record<string, string> = { slot: "rack", profile: "profile", network: "net", san: "hba", job: "jobs", server: "chip", port: "chip", nic: "nic", hba: "hba" };

function When({ row }: { row: Row }) {
	const from = row.from ? dayOf(row.from) : "";
	return <span class="when">{row.until ? s.find.until(from, dayOf(row.until)) : from ? s.find.since(from) : ""}</span>;
}

function Title({ row, q }: { row: Row; q: string }) {
	if (!row.isAddress) return <b>{row.title}</b>;
	const [a, m, b] = mark(row.title, q);
	return <span class="mono">{a}{m && <mark>{m}</mark>}{b}</span>;
}

function Palette() {
	const [q, setQ] = useState("");
	const [got, setGot] = useState<{ q: string; hits: Hit[]; ms: number } | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	const [at, setAt] = useState(0);
	const list = useRef<HTMLDivElement>(null);
	useEffect(() => {
		const text = q.trim();
		if (!text) {
			setGot(null);
			return;
		}
		const stop = new AbortController();
		const id = setTimeout(() => {
			const t0 = performance.now();
			get<List<Hit>>(`/find?q=${encodeURIComponent(text)}`, { signal: stop.signal }).then((l) => {
				setGot({ q: text, hits: l.items, ms: Math.round(performance.now() - t0) });
				setProblem(null);
				setAt(0);
			}, (e: unknown) => {
				if (e instanceof Problem) setProblem(e);
			});
		}, 80);
		return () => {
			clearTimeout(id);
			stop.abort();
		};
	}, [q]);
	const g = group(got?.hits ?? [], s.slotLow);
	const rows = [...g.now, ...g.before, ...g.places];
	const address = rows[0]?.isAddress ? rows[0].title : null;
	const actions: Row[] = address ? spellings(address).map((sp, i) => ({ id: `act-${i}`, kind: "copy", title: sp.text, isAddress: false, path: [sp.name], from: null, until: null, to: null, slot: null })) : [];
	const all = [...rows, ...actions];
	const here = all[Math.min(at, Math.max(0, all.length - 1))];
	useEffect(() => {
		list.current?.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
	}, [here?.id]);
	function take(r: Row | undefined): void {
		if (!r) return;
		if (r.kind === "copy") {
			void copyText(r.title).then(closeDialog);
			return;
		}
		closeDialog();
		if (r.to) go(r.to);
	}
	function key(e: KeyboardEvent): void {
		const step = e.key === "ArrowDown" ? 1 : e.key === "ArrowUp" ? -1 : 0;
		if (step && all.length) setAt((Math.min(at, all.length - 1) + step + all.length) % all.length);
		else if (e.key === "Enter") take(here);
		else return;
		e.preventDefault();
	}
	const part = (title: string, rs: Row[]) => rs.length > 0 && <div role="group" aria-label={title}>
		<h3 class="cap" role="presentation">{title}</h3>
		{rs.map((r) => <div key={r.id} id={r.id} role="option" class="hit" aria-selected={r.id === here?.id} onClick={() => take(r)} onPointerMove={() => setAt(all.indexOf(r))}>
			<Icon id={r.kind === "copy" ? "copy" : ICONS[r.kind] ?? "search"} />{r.kind === "copy" ? <span class="mono">{r.title}</span> : <Title row={r} q={got?.q ?? ""} />}
			<span class="path clip">{r.path.map((p, i) => <span class="row" key={i}>{i > 0 && <Icon id="right" />}{p}</span>)}</span><When row={r} /></div>)}</div>;
	return <Dialog title="" bare label={s.find.title} cls="palette">
		<div class="q"><Icon id="search" big /><input role="combobox" data-focus="" aria-expanded={all.length > 0} aria-controls="hits" aria-label={s.find.label} aria-autocomplete="list"
			aria-activedescendant={here?.id} value={q} maxLength={128} autocomplete="off" spellcheck={false} onInput={(e) => setQ(e.currentTarget.value)} onKeyDown={key} />
			<span class="mut w-only">{q.trim() ? s.find[understood(q)] : ""}</span><button type="button" class="keyb" onClick={closeDialog}><span class="vh">{s.close}</span><kbd aria-hidden="true">{s.find.esc}</kbd></button></div>
		{problem && <ProblemView p={problem} />}
		<div class="hits" ref={list}>
			<div id="hits" role="listbox" aria-label={s.find.results} hidden={all.length === 0}>{part(s.find.now, g.now)}{part(s.find.before, g.before)}{part(s.find.places, g.places)}{address && part(s.find.actions(address), actions)}</div>
			{all.length === 0 && <p class="in mut" role="status">{got ? <><b>{s.find.none}</b> {s.find.noneText}</> : q.trim() ? s.find.searching : s.find.noneText}</p>}
		</div>
		<div class="ft"><span><kbd>↑</kbd> <kbd>↓</kbd> {s.find.choose}</span><span><kbd>Enter</kbd> {s.find.open}</span><span class="grow" />{got && <span role="status">{s.find.hits(rows.length, got.ms)}</span>}</div>
	</Dialog>;
}

export function openFind(): void {
	openDialog(<Palette />);
}
