// The small things every page is made of.

import type { ComponentChildren, JSX } from "preact";
import { signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { bothOf, span } from "../age";
import { Problem } from "../api";
import { live, now } from "../store";
import { s } from "../strings";
import type { Device } from "../types";

export function Icon({ id, big }: { id: string; big?: boolean }) {
	return <svg class={big ? "i l" : "i"} aria-hidden="true"><use href={`#${id}`} /></svg>;
}

export function Glyph({ id }: { id: string }) {
	return <svg class="g" aria-hidden="true"><use href={`#g-${id}`} /></svg>;
}

/* --------------------------------------------------------------- speaking */

export const spoken = signal("");

/** Say something to whoever does not see the screen. */
export function say(text: string): void {
	spoken.value = text;
}

/* ----------------------------------------------------------------- states */

// One row per state: the shape and the colour.  The word is in strings.ts.
const LOOK: Record<string, [glyph: string, cls: string]> = {
	empty: ["empty", "empty"], spare: ["spare", "spare"], bound: ["bound", "bound"],
	binding: ["work", "work"], failed: ["failed", "failed"], drift: ["drift", "drift"], missing: ["failed", "failed"],
	unknown: ["unknown", "unknown"], disabled: ["off", "empty"], maintenance: ["wait", "reboot"],
	unbound: ["open", "empty"], releasing: ["work", "work"], scrubbing: ["work", "work"],
	unassigned: ["empty", "empty"],
	queued: ["wait", "empty"], running: ["work", "work"], waiting: ["wait", "reboot"],
	rollingBack: ["work", "reboot"], applied: ["bound", "bound"], rolledBack: ["back", "reboot"],
	rollbackFailed: ["failed", "failed"], planned: ["empty", "empty"], intent: ["work", "work"],
	done: ["check", "bound"],
	critical: ["failed", "failed"], major: ["failed", "failed"], minor: ["drift", "drift"],
	warning: ["drift", "drift"], info: ["open", "unknown"],
};

export const lookOf = (state: string): [string, string] => LOOK[state] ?? ["unknown", "unknown"];
/** What holds: its own limit, else that of its class; 0 none. */
export const rateOf = (d: Device): number => d.qos?.limitMbps || d.qos?.classLimitMbps || 0;

export const wordOf = (state: string): string => s.state[state] ?? state;

/**
 * Shape, word and colour of a state.  `seen` says that it was read from the
 * hardware: while the stream is silent it is then told as something past.
 */
export function State({ is, pill, word, seen }: { is: string; pill?: boolean; word?: string | undefined; seen?: boolean }) {
	const gone = seen && live.value === false;
	const [glyph, cls] = gone ? ["unknown", "unknown"] : lookOf(is);
	const text = word ?? wordOf(is);
	return <span class={`state ${cls}${pill ? " pill" : ""}`}><Glyph id={glyph} />{gone ? s.was(text) : text}</span>;
}

/* ------------------------------------------------------------------ times */

/** "4 s ago", with the full time on hover; counted on the server's clock. */
export function Ago({ at, f = s.ago }: { at: string | null | undefined; f?: (t: string) => string }) {
	if (!at) return <>{s.none}</>;
	return <time dateTime={at} title={bothOf(at)}>{f(span(now.value - Date.parse(at)))}</time>;
}

/* ---------------------------------------------------------------- buttons */

interface BtnProps {
	onClick?: (e: MouseEvent) => void;
	kind?: "pri" | "bad" | "quiet";
	small?: boolean;
	icon?: string;
	label?: string;			/* for a button that is only an icon */
	why?: string | null;		/* why it cannot be done now */
	type?: "button" | "submit";
	form?: string;
	pressed?: boolean;
	children?: ComponentChildren;
}

/** A button that cannot be used says why, and stays where it is. */
export function Btn({ onClick, kind, small, icon, label, why, type = "button", form, pressed, children }: BtnProps) {
	const id = useId();
	const cls = ["btn", kind ?? "", small ? "sm" : "", children == null ? "icon" : ""].filter(Boolean).join(" ");
	return <>
		<button type={type} class={cls} aria-label={label} title={why ?? (children == null ? label : undefined)} form={form}
			aria-disabled={why ? "true" : undefined} aria-describedby={why ? id : undefined} aria-pressed={pressed}
			onClick={(e) => {
				if (why) e.preventDefault();
				else onClick?.(e);
			}}>
			{icon && <Icon id={icon} />}{children}
		</button>
		{why && <span class="vh" id={id}>{why}</span>}
	</>;
}

export async function copyText(text: string): Promise<void> {
	await navigator.clipboard.writeText(text);
	say(s.copied(text));
}

export function Copy({ text, what }: { text: string; what: string }) {
	return <button type="button" class="copy" aria-label={s.copyThis(what)} title={s.copyThis(what)} onClick={() => void copyText(text)}><Icon id="copy" /></button>;
}

/** An address is one thing: mono, never broken, copy beside it. */
export function Addr({ value, word }: { value: string; word: string }) {
	return <span class="addr"><span>{value}</span><Copy text={value} what={`${word} ${value}`} /></span>;
}

/* ----------------------------------------------------------------- fields */

interface FieldProps {
	label: string;
	hint?: ComponentChildren;
	bad?: string | null;
	children: (p: { id: string; describedBy: string; invalid: boolean }) => JSX.Element;
}

export function Field({ label, hint, bad, children }: FieldProps) {
	const id = useId();
	return <div class="field">
		<label for={id}>{label}</label>
		{children({ id, describedBy: `${id}-h`, invalid: !!bad })}
		<p class={bad ? "hint bad" : "hint"} id={`${id}-h`}>{bad ?? hint}</p>
	</div>;
}

interface TextProps {
	label: string; value: string; set: (v: string) => void;
	hint?: ComponentChildren; bad?: string | null; type?: string; focus?: boolean; mono?: boolean; max?: number; auto?: string;
}

export function Text({ label, value, set, hint, bad, type = "text", focus, mono, max = 63, auto = "off" }: TextProps) {
	return <Field label={label} hint={hint} bad={bad ?? null}>{(p) =>
		<input class={mono ? "inp mono" : "inp"} id={p.id} type={type} value={value} maxLength={max} autocomplete={auto as never} spellcheck={false}
			aria-describedby={p.describedBy} aria-invalid={p.invalid} data-focus={focus ? "" : undefined}
			onInput={(e) => set(e.currentTarget.value)} />}
	</Field>;
}

export function Pick({ label, value, set, options, hint }: { label: string; value: string; set: (v: string) => void; options: [value: string, text: string][]; hint?: string }) {
	return <Field label={label} hint={hint}>{(p) =>
		<span class="pick"><select class="inp" id={p.id} aria-describedby={p.describedBy} value={value} onChange={(e) => set(e.currentTarget.value)}>
			{options.map(([v, t]) => <option key={v} value={v}>{t}</option>)}
		</select><Icon id="down" /></span>}
	</Field>;
}

/* ---------------------------------------------------------------- banners */

export function Banner({ kind, icon, children }: { kind?: "info" | "warn" | "bad" | "ok"; icon: string; children: ComponentChildren }) {
	return <div class={`banner ${kind ?? ""}`}><Icon id={icon} /><div>{children}</div></div>;
}

/** What failed, what to do, and the code to look it up by. */
export function ProblemView({ p }: { p: Problem }) {
	return <div class="banner bad" role="alert"><Icon id="alert" /><div class="txt">
		<b>{p.title || s.problem.failed}</b> {p.detail && p.detail !== p.title ? p.detail : ""}
		{p.errors.length > 0 && <ul class="items">{p.errors.map((e, i) =>
			<li key={i}>{e.detail !== p.detail && e.detail} {e.remedy && <span class="mut">{e.remedy}</span>} <span class="mono mut">{e.code}{e.pointer ? ` ${e.pointer}` : ""}</span></li>)}</ul>}
		{p.errors.length === 0 && p.code && <span class="mono mut"> {p.code}</span>}
	</div></div>;
}

/** Why there is nothing, and the one next thing to do. */
export function Void({ title, text, icon, page, children }: { title: string; text: string; icon: string; page?: boolean; children?: ComponentChildren }) {
	return <div class="void"><svg class="art" aria-hidden="true"><use href={`#${icon}`} /></svg>{page ? <h1>{title}</h1> : <h2>{title}</h2>}<p class="mut">{text}</p>{children && <div class="row pad">{children}</div>}</div>;
}

/* ------------------------------------------------------------------- bars */

export function Bar({ parts, tall }: { parts: [cls: string, percent: number][]; tall?: boolean }) {
	let x = 0;
	return <svg class={tall ? "bar m" : "bar"} aria-hidden="true">{parts.map(([cls, w], i) => {
		const at = x;
		const wide = Math.max(0, Math.min(100 - at, w));
		x += wide;
		return <rect key={i} class={cls} x={`${at}%`} width={`${wide}%`} height="100%" />;
	})}</svg>;
}

/** A progress of n steps: done, running, to do. */
export function Ticks({ done, of, running }: { done: number; of: number; running: boolean }) {
	const shown = Math.min(of, 16);
	const upTo = of > 16 ? Math.floor(done * 16 / of) : done;
	return <span class="ticks" role="img" aria-label={s.jobs.stepOf(Math.min(done + (running ? 1 : 0), of), of)}>
		{Array.from({ length: shown }, (_, i) => <i key={i} class={i < upTo ? "d" : i === upTo && running ? "n" : ""} />)}
	</span>;
}
