// What is round every page: who we are, how fresh the page is, where one can
// go, and the job that runs now.

import { useEffect } from "preact/hooks";
import type { ComponentChildren } from "preact";
import { span, timeOf } from "../age";
import { pieces, path, go } from "../router";
import { appliance, faults, jobs, lastHeard, live, now, session, signOut, use, viewMark } from "../store";
import { s } from "../strings";
import { nextTheme, setTheme, theme } from "../theme";
import { Banner, Btn, Glyph, Icon, lookOf, say, spoken, Ticks, wordOf } from "../ui/bits";
import { Dialog, Menu, openDialog, shown, closeDialog } from "../ui/dialog";
import { doneOf, endedJob, sizeOf, Toast } from "../ui/toast";
import { later } from "../lazy";

const NAV: { to: string; icon: string; word: string }[][] = [
	[
		{ to: "/", icon: "rack", word: s.nav.rack },
		{ to: "/profiles", icon: "profile", word: s.nav.profiles },
		{ to: "/hardware", icon: "chip", word: s.nav.hardware },
		{ to: "/networks", icon: "net", word: s.nav.networks },
		{ to: "/pools", icon: "pool", word: s.nav.pools },
	],
	[
		{ to: "/jobs", icon: "jobs", word: s.nav.jobs },
		{ to: "/restore", icon: "box", word: s.nav.restore },
		{ to: "/faults", icon: "alert", word: s.nav.faults },
	],
];

const openFind = (): void => later((m) => m.openFind());

function isHere(to: string): boolean {
	const p = path.value;
	return to === "/" ? p === "/" || p.startsWith("/slots/") : p === to || p.startsWith(`${to}/`);
}

function Rail({ count }: { count: number }) {
	return <nav class="rail" aria-label={s.nav.main}>{NAV.map((g, i) => <ul key={i}>{g.map((e) =>
		<li key={e.to}><a href={e.to} aria-current={isHere(e.to) ? "page" : undefined}><Icon id={e.icon} big /><span>{e.word}</span>
			{e.to === "/faults" && count > 0 && <span class="n" aria-hidden="true">{count}</span>}</a></li>)}</ul>)}</nav>;
}

/** How old the page is.  Never says live when nobody has looked. */
function LiveDot() {
	const l = live.value;
	const at = viewMark.value?.at;
	if (l === false) return <span class="live lost"><Glyph id="unknown" />{s.top.stale}</span>;
	if (l === null || !at) return <span class="live"><Glyph id="work" />{s.top.starting}</span>;
	return <span class="live"><i />{s.top.live(span(now.value - Date.parse(at)))}</span>;
}

function ThemeButton() {
	const t = theme.value;
	const label = s.top.theme(s.top.themes[t], s.top.themes[nextTheme(t)]);
	return <Btn kind="quiet" icon="theme" label={label} onClick={() => {
		setTheme(nextTheme(t));
		say(s.top.theme(s.top.themes[theme.value], s.top.themes[nextTheme(theme.value)]));
	}} />;
}

function Top({ count }: { count: number }) {
	const box = use(appliance);
	const user = session.value?.user ?? "";
	return <header class="top">
		<a class="brand" href="/"><span class="mark"><svg aria-hidden="true"><use href="#mark" /></svg></span><span class="brand-t"><b class="clip">{box?.name ?? s.product}</b><small>{box ? s.top.on(box.model) : ""}</small></span></a>
		<button class="omni" type="button" aria-haspopup="dialog" aria-keyshortcuts="/ Control+K" onClick={openFind}><Icon id="search" /><span class="grow clip">{s.top.find}</span><kbd aria-hidden="true">/</kbd></button>
		<LiveDot />
		<a class="btn quiet icon bell" href="/faults" aria-label={s.top.faults(count)} title={s.top.faults(count)}><Icon id="bell" big />{count > 0 && <span class="n" aria-hidden="true">{count}</span>}</a>
		<ThemeButton />
		<Menu label={s.top.account(user)} cls="right" entries={[{ text: s.top.signOut, icon: "power", act: () => void signOut() }]}
			button={<><span class="ava" aria-hidden="true">{user.slice(0, 2).toUpperCase()}</span><span class="vh">{s.top.account(user)}</span><span class="n w-only" aria-hidden="true">{user}</span><Icon id="down" /></>} />
	</header>;
}

/** What runs now, what ran last, how to take it back. */
function Strip() {
	const all = use(jobs) ?? [];
	const running = all.find((j) => !endedJob(j));
	const last = all.find(endedJob);
	const step = running?.steps?.find((x) => x.state === "intent");
	return <footer class="strip" aria-label={s.jobs.strip}>
		{running ? <>
			<span class={lookOf(running.state)[1]}><Glyph id={lookOf(running.state)[0]} /></span>
			<span class="clip"><b>{s.job(running.id)}</b> {running.title}</span>
			<Ticks done={doneOf(running)} of={sizeOf(running)} running />
			<span class="mut clip w-only">{s.jobs.of(Math.min(doneOf(running) + 1, sizeOf(running)), sizeOf(running))}{step ? `, ${step.text}` : ""}, {span(now.value - Date.parse(running.startedAt ?? running.createdAt))}</span>
			<a href={`/jobs/${running.id}`}>{s.jobs.details}</a>
		</> : <span class="mut">{s.jobs.idle}</span>}
		{last && <span class="last">
			<span class={`row ${lookOf(last.state)[1]}`}><Glyph id={lookOf(last.state)[0]} /></span>
			<a class="clip" href={`/jobs/${last.id}`}>{s.job(last.id)}: {last.title}</a>
			<span class="w-only">{wordOf(last.state)} {last.endedAt ? timeOf(last.endedAt) : ""}</span>
			<Btn small icon="undo" why={last.undo?.possible ? null : last.undo?.why ?? s.jobs.cannot} onClick={() => later((m) => m.startUndo(last.id))}>{s.jobs.undo}</Btn></span>}
		<span class="sep" />
		<a class="row" href="/jobs">{s.jobs.all} <Icon id="up" /></a>
	</footer>;
}

/** Amber, whenever what is shown may not be so any more. */
function Freshness() {
	const v = viewMark.value;
	if (live.value === false) return <div class="fresh" role="alert"><Banner kind="warn" icon="alert"><b>{s.lost.title(span(now.value - lastHeard.value))}</b> {lastHeard.value ? s.lost.text(timeOf(new Date(lastHeard.value).toISOString())) : s.lost.never}</Banner></div>;
	if (v && v.state === "unreachable") return <div class="fresh" role="alert"><Banner kind="warn" icon="alert">{s.unreachable(span(now.value - Date.parse(v.at)))}</Banner></div>;
	return null;
}

function KeysHelp() {
	const rows: [string, string][] = [["/", s.keysHelp.find], ["Ctrl K", s.keysHelp.find], ["← → ↑ ↓", s.keysHelp.walk], ["Enter", s.keysHelp.open],
		["m", s.rack.keys.move], ["l", s.rack.keys.locate], ["c", s.rack.keys.copy], ["Esc", s.keysHelp.esc], ["?", s.keysHelp.help]];
	return <Dialog title={s.keysHelp.title} cls="narrow"><dl class="kv form">{rows.map(([k, t]) => [<dt key={k}><kbd>{k}</kbd></dt>, <dd key={`${k}t`}>{t}</dd>])}</dl>
		<div class="ft"><span class="r"><Btn onClick={closeDialog}>{s.close}</Btn></span></div></Dialog>;
}

export function typing(e: Event): boolean {
	return e.target instanceof HTMLElement && e.target.closest("input, textarea, select, [role=menu]") != null;
}

function globalKeys(e: KeyboardEvent): void {
	if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === "k") {
		e.preventDefault();
		openFind();
		return;
	}
	if (e.ctrlKey || e.metaKey || e.altKey || typing(e) || document.querySelector("dialog[open]")) return;
	if (e.key === "/") {
		e.preventDefault();
		openFind();
	} else if (e.key === "?") openDialog(<KeysHelp />);
}

export function Shell({ page, children }: { page: string; children: ComponentChildren }) {
	const count = use(faults)?.length ?? 0;
	const box = appliance.data.value?.name ?? s.product;
	useEffect(() => {
		document.addEventListener("keydown", globalKeys);
		return () => document.removeEventListener("keydown", globalKeys);
	}, []);
	useEffect(() => {
		document.title = s.title(page, box);
	}, [page, box]);
	// A page that was opened by a link is read from its heading on.
	const first = pieces(path.value)[0] ?? "";
	useEffect(() => {
		if (first !== "slots" && document.activeElement === document.body) document.getElementById("main")?.focus();
	}, [path.value]);
	return <>
		<a class="skip" href="#main" onClick={(e) => {
			e.preventDefault();
			document.getElementById("main")?.focus();
		}}>{s.skip}</a>
		<div class="app">
			<Top count={count} />
			<Rail count={count} />
			<div class="mid"><Freshness /><main class="main" id="main" tabIndex={-1}>{children}</main></div>
			<Strip />
		</div>
		<Toast />
		{shown.value}
		<div class="vh" aria-live="polite">{spoken.value}</div>
	</>;
}

/** Crumbs above a page's heading. */
export function Crumbs({ up, here }: { up: [to: string, word: string][]; here: string }) {
	return <nav class="crumb" aria-label={s.profiles.crumb}>{up.map(([to, word]) => <span class="row" key={to}><a href={to}>{word}</a><Icon id="right" /></span>)}<span aria-current="page">{here}</span></nav>;
}

export { go };
