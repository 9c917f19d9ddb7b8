// The event stream on a clock of our own: silence, cuts, refusals, resets.
import assert from "node:assert/strict";
import test from "node:test";
import { Live, LOST, type Source } from "../src/stream";

class Fake implements Source {
	readyState = 1;
	closed = false;
	private fns = new Map<string, ((e: { data?: string }) => void)[]>();
	close(): void {
		this.closed = true;
		this.readyState = 2;
	}
	addEventListener(type: string, fn: (e: { data?: string }) => void): void {
		this.fns.set(type, [...(this.fns.get(type) ?? []), fn]);
	}
	fire(type: string, data?: unknown): void {
		for (const f of this.fns.get(type) ?? []) f(data === undefined ? {} : { data: JSON.stringify(data) });
	}
}

function world() {
	let t = 0;
	let id = 0;
	const due = new Map<number, { at: number; fn: () => void }>();
	const opened: Fake[] = [];
	const log: string[] = [];
	const live = new Live({
		open: () => {
			const f = new Fake();
			opened.push(f);
			return f;
		},
		now: () => t,
		later: (fn, ms) => {
			due.set(++id, { at: t + ms, fn });
			return id;
		},
		cancel: (k) => due.delete(k as number),
	}, {
		event: (k, d) => log.push(`${k} ${JSON.stringify(d)}`),
		resync: () => log.push("resync"),
		state: (on) => log.push(on ? "live" : "lost"),
		refused: () => log.push("refused"),
	});
	function run(ms: number): void {
		const end = t + ms;
		for (;;) {
			const next = [...due].filter(([, d]) => d.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
			if (!next) break;
			t = next[1].at;
			due.delete(next[0]);
			next[1].fn();
		}
		t = end;
	}
	const last = (): Fake => opened[opened.length - 1] as Fake;
	return { live, opened, log, run, last };
}

test("open: live, and everything is read once", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	assert.deepEqual(w.log, ["live", "resync"]);
	w.last().fire("change", { seq: 1 });
	assert.equal(w.log[2], 'change {"seq":1}');
});

test("ticks keep it live, silence of more than 5 s does not", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	for (let i = 0; i < 5; i++) {
		w.run(2000);
		w.last().fire("tick", { at: "x" });
	}
	assert.ok(!w.log.includes("lost"));
	w.run(LOST);
	assert.ok(!w.log.includes("lost"), "not before 5 s have passed");
	w.run(1000);
	assert.ok(w.log.includes("lost"), "but within 6 s");
});

test("a dead line that still looks open is opened again, and read from the start", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	w.run(14_000);
	assert.equal(w.opened.length, 2);
	assert.ok(w.opened[0]?.closed);
	w.opened[0]?.fire("tick", {});
	assert.ok(!w.log.includes("tick {}"), "the old source is not heard any more");
	w.last().fire("open");
	assert.deepEqual(w.log.slice(-2), ["live", "resync"]);
});

test("a cut that the browser repairs by itself is left to it", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	w.last().readyState = 0;
	w.last().fire("error");
	w.run(1000);
	assert.equal(w.opened.length, 1);
	assert.ok(!w.log.includes("refused"));
});

test("a refusal is tried again, ever slower, and says so each time", () => {
	const w = world();
	w.live.start();
	const at: number[] = [];
	for (let i = 0, t = 0; i < 6; i++) {
		w.last().readyState = 2;
		w.last().fire("error");
		const n = w.opened.length;
		while (w.opened.length === n) {
			w.run(100);
			t += 100;
		}
		at.push(t);
	}
	const waits = at.map((x, i) => x - (at[i - 1] ?? 0));
	assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 8000]);
	assert.equal(w.log.filter((x) => x === "refused").length, 6);
});

test("reset: close, open, read everything", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	w.last().fire("reset");
	assert.equal(w.opened.length, 2);
	assert.ok(w.opened[0]?.closed);
	w.last().fire("open");
	assert.equal(w.log.filter((x) => x === "resync").length, 2);
});

test("rubbish is not passed on, but it is a sign of life", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	const f = w.last() as unknown as { fns: Map<string, ((e: { data?: string }) => void)[]> };
	for (const fn of f.fns.get("change") ?? []) fn({ data: "{" });
	assert.deepEqual(w.log, ["live", "resync"]);
});

test("stopped and started again: live anew, everything is read", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	w.live.stop();
	w.run(60_000);
	w.live.start();
	w.last().fire("open");
	assert.deepEqual(w.log, ["live", "resync", "live", "resync"]);
});

test("stopped means stopped", () => {
	const w = world();
	w.live.start();
	w.last().fire("open");
	w.live.stop();
	w.run(60_000);
	assert.equal(w.opened.length, 1);
	assert.ok(!w.log.includes("lost"));
});
