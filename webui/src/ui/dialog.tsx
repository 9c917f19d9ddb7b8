// Dialogs, menus and toasts.  A dialog is the browser's own <dialog>: it traps
// the focus, Escape closes it, and what had the focus gets it back.

import type { ComponentChildren, VNode } from "preact";
import { signal } from "@preact/signals";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { s } from "../strings";
import { Btn, Icon } from "./bits";

export const shown = signal<VNode | null>(null);

export function openDialog(v: VNode): void {
	shown.value = v;
}

export function closeDialog(): void {
	shown.value = null;
}

interface DialogProps {
	title: ComponentChildren;
	onClose?: () => void;
	cls?: string;
	label?: string;
	bare?: boolean;			/* no header of its own */
	children: ComponentChildren;
}

export function Dialog({ title, onClose = closeDialog, cls = "", label, bare, children }: DialogProps) {
	const ref = useRef<HTMLDialogElement>(null);
	const id = useId();
	useLayoutEffect(() => {
		const d = ref.current;
		if (!d) return;
		const before = document.activeElement;
		d.showModal();
		(d.querySelector("[data-focus]") as HTMLElement | null)?.focus();
		return () => {
			d.close();
			if (before instanceof HTMLElement && before.isConnected) before.focus();
		};
	}, []);
	return <dialog ref={ref} class={`dialog ${cls}`} aria-labelledby={label ? undefined : id} aria-label={label}
		onCancel={(e) => {
			e.preventDefault();
			onClose();
		}}>
		{!bare && <div class="hd"><h2 id={id} class="grow">{title}</h2><Btn kind="quiet" icon="x" label={s.close} onClick={onClose} /></div>}
		{children}
	</dialog>;
}

export interface Entry { text: string; icon: string; act: () => void; bad?: boolean; why?: string | null }

/** A button with a menu.  Arrow keys walk, Escape closes and gives the focus back. */
export function Menu({ label, icon, entries, small, button, cls = "" }: { label: string; icon?: string; entries: Entry[]; small?: boolean; button?: ComponentChildren; cls?: string }) {
	const [open, set] = useState(false);
	const box = useRef<HTMLSpanElement>(null);
	const id = useId();
	useEffect(() => {
		if (!open) return;
		const items = (): HTMLElement[] => [...(box.current?.querySelectorAll<HTMLElement>("[role=menuitem]") ?? [])];
		items()[0]?.focus();
		const away = (e: Event): void => {
			if (!box.current?.contains(e.target as Node)) set(false);
		};
		const key = (e: KeyboardEvent): void => {
			const all = items();
			const at = all.indexOf(document.activeElement as HTMLElement);
			const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
			if (step) all[(at + step + all.length) % all.length]?.focus();
			else if (e.key === "Home") all[0]?.focus();
			else if (e.key === "End") all[all.length - 1]?.focus();
			else if (e.key === "Escape") {
				set(false);
				box.current?.querySelector("button")?.focus();
			} else if (e.key === "Tab") {
				set(false);
				return;
			} else return;
			e.preventDefault();
			e.stopPropagation();
		};
		const el = box.current;
		document.addEventListener("pointerdown", away);
		el?.addEventListener("keydown", key);
		return () => {
			document.removeEventListener("pointerdown", away);
			el?.removeEventListener("keydown", key);
		};
	}, [open]);
	return <span class={`menu-at ${cls}`} ref={box}>
		<button type="button" class={button ? "who" : `btn ${small ? "quiet sm" : ""} icon`} aria-label={button ? undefined : label} title={label} aria-haspopup="menu" aria-expanded={open} aria-controls={open ? id : undefined}
			onClick={() => set(!open)}>{button ?? <Icon id={icon ?? "more"} />}</button>
		{open && <div class="menu" role="menu" id={id} aria-label={label}>{entries.map((e) =>
			<button key={e.text} type="button" role="menuitem" tabIndex={-1} class={e.bad ? "bad" : ""} aria-disabled={e.why ? "true" : undefined} title={e.why ?? undefined}
				onClick={() => {
					if (e.why) return;
					set(false);
					box.current?.querySelector("button")?.focus();
					e.act();
				}}><Icon id={e.icon} />{e.text}</button>)}</div>}
	</span>;
}
