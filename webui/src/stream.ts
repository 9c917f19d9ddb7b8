// The event stream, and what to believe while it is silent.
//
// The server ticks every 2 s.  Silence of more than LOST means that nothing on
// the page may be called current; the page then says so.  A browser reconnects
// by itself after a cut (with Last-Event-ID); after an HTTP error it gives up,
// and a dead peer may look open for minutes, so both are opened again here.
// Whoever comes back asks for everything once: a gap is then impossible.

export const LOST = 5_000;
const DEAD = 12_000;
const FIRST = 500;
const LONGEST = 8_000;

export interface Source {
	readyState: number;
	close(): void;
	addEventListener(type: string, fn: (e: { data?: string }) => void): void;
}

export interface Deps {
	open(): Source;
	now(): number;
	later(fn: () => void, ms: number): unknown;
	cancel(id: unknown): void;
}

export interface Handlers {
	event(type: "change" | "view" | "job" | "tick", data: unknown): void;
	/** connected again, or told to: read everything once */
	resync(): void;
	state(live: boolean, since: number): void;
	/** the server refused the stream: perhaps the session ended */
	refused(): void;
}

const KINDS = ["change", "view", "job", "tick"] as const;

export class Live {
	private source: Source | null = null;
	private heardAt = 0;
	private openedAt = 0;
	private live = false;
	private wait = FIRST;
	private watch: unknown = null;
	private retry: unknown = null;

	constructor(private readonly deps: Deps, private readonly on: Handlers) {}

	start(): void {
		if (this.source) return;
		this.heardAt = this.deps.now();
		this.connect();
		this.guard();
	}

	stop(): void {
		this.source?.close();
		this.source = null;
		this.live = false;
		this.deps.cancel(this.watch);
		this.deps.cancel(this.retry);
	}

	private connect(): void {
		const src = this.deps.open();
		this.source?.close();
		this.source = src;
		this.openedAt = this.deps.now();
		const mine = (fn: (e: { data?: string }) => void) => (e: { data?: string }) => {
			if (this.source === src) fn(e);
		};
		src.addEventListener("open", mine(() => {
			this.heard();
			this.on.resync();
		}));
		src.addEventListener("error", mine(() => this.failed(src)));
		src.addEventListener("reset", mine(() => {
			this.heard();
			this.connect();
		}));
		for (const k of KINDS)
			src.addEventListener(k, mine((e) => this.take(k, e.data)));
	}

	private take(kind: (typeof KINDS)[number], data: string | undefined): void {
		this.heard();
		let v: unknown;
		try {
			v = JSON.parse(data ?? "null");
		} catch {
			return;
		}
		this.on.event(kind, v);
	}

	private heard(): void {
		this.heardAt = this.deps.now();
		this.wait = FIRST;
		if (!this.live) {
			this.live = true;
			this.on.state(true, this.heardAt);
		}
	}

	private failed(src: Source): void {
		if (src.readyState !== 2) return;	// the browser tries again by itself
		this.on.refused();
		this.again();
	}

	private again(): void {
		this.deps.cancel(this.retry);
		this.retry = this.deps.later(() => this.source && this.connect(), this.wait);
		this.wait = Math.min(this.wait * 2, LONGEST);
	}

	private guard(): void {
		this.watch = this.deps.later(() => {
			const now = this.deps.now();
			if (this.live && now - this.heardAt > LOST) {
				this.live = false;
				this.on.state(false, this.heardAt);
			}
			if (now - Math.max(this.heardAt, this.openedAt) > DEAD && this.source) this.connect();
			this.guard();
		}, 500);
	}
}
