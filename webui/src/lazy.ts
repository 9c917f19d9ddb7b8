// The part of the interface that comes after the first look.

import { signal } from "@preact/signals";
import { s } from "./strings";
import { say } from "./ui/bits";

type More = typeof import("./screens/more");

export const more = signal<More | null>(null);
let coming: Promise<More> | null = null;

export function load(): Promise<More> {
	coming ??= import("./screens/more").then((m) => (more.value = m), (e: unknown) => {
		coming = null;		// a cut line: the next click tries again
		say(s.offline.title);
		throw e;
	});
	return coming;
}

/** Fetch it as soon as the browser is idle. */
export function soon(): void {
	const later = window.requestIdleCallback ?? ((fn: () => void) => setTimeout(fn, 200));
	later(() => void load().catch(() => {}));
}

/** Call one of its functions, when it is there. */
export function later(fn: (m: More) => void): void {
	const m = more.value;
	if (m) fn(m);
	else void load().then(fn, () => {});
}
