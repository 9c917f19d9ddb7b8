// Time as people say it.  Ages are counted on the server's clock: a laptop
// whose clock is wrong must not make a stale value look fresh.

import { s } from "./strings";

/** "now", "4 s", "3 min", "6 h", "12 d"; "–" when unknown. */
export function span(ms: number): string {
	if (!Number.isFinite(ms)) return s.none;
	const sec = Math.max(0, Math.floor(ms / 1000));
	if (sec < 60) return s.unit.s(sec);
	if (sec < 3600) return s.unit.min(Math.floor(sec / 60));
	if (sec < 86400) return s.unit.h(Math.floor(sec / 3600));
	return s.unit.d(Math.floor(sec / 86400));
}

/** Length of a step: tenths below ten seconds. */
export function took(ms: number): string {
	if (!Number.isFinite(ms)) return "";
	return ms < 10_000 ? s.unit.s((Math.max(0, ms) / 1000).toFixed(1)) : span(ms);
}

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false });
const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const full = new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "medium" });

export const timeOf = (iso: string): string => clock.format(new Date(iso));
export const dayOf = (iso: string): string => day.format(new Date(iso));
export const bothOf = (iso: string): string => `${full.format(new Date(iso))} · ${iso}`;

/** The server's clock, carried forward from its last tick by our own counter. */
export class ServerClock {
	private at = NaN;
	private heard = 0;

	constructor(private readonly counter: () => number) {}

	set(iso: string): void {
		const t = Date.parse(iso);
		if (!Number.isFinite(t)) return;
		this.at = t;
		this.heard = this.counter();
	}

	now(): number {
		return Number.isFinite(this.at) ? this.at + (this.counter() - this.heard) : Date.now();
	}
}
