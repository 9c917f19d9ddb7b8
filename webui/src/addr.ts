// Addresses: every usual spelling in, one spelling out.

/** The hexadecimal digits of an address in any spelling, upper case; "" when it is none. */
export function digits(text: string): string {
	const t = text.trim().replace(/^0x/i, "");
	if (!/^[0-9a-f](?:[:.\-\s]?[0-9a-f])*$/i.test(t)) return "";
	return t.replace(/[^0-9a-f]/gi, "").toUpperCase();
}

/** AA:BB:… of a string of digits. */
export function colons(hex: string): string {
	return hex.match(/.{1,2}/g)?.join(":") ?? "";
}

export interface Spelling { name: string; text: string }

/** The four spellings in which people need an address. */
export function spellings(value: string): Spelling[] {
	const d = digits(value);
	const low = d.toLowerCase();
	return [
		{ name: "AA:BB", text: colons(d) },
		{ name: "aa-bb", text: low.match(/.{2}/g)?.join("-") ?? "" },
		{ name: "aabb.ccdd", text: low.match(/.{4}/g)?.join(".") ?? "" },
		{ name: "bare", text: low },
	];
}

/** Index in `value` just before its nth hexadecimal digit. */
function place(value: string, n: number): number {
	let seen = 0;
	for (let i = 0; i < value.length; i++) {
		if (!/[0-9a-f]/i.test(value[i] ?? "")) continue;
		if (seen === n) return i;
		seen++;
	}
	return value.length;
}

/** Where the digits asked for stand in an address: [before, match, after]. */
export function mark(value: string, query: string): [string, string, string] {
	const q = digits(query);
	const all = digits(value);
	if (q.length < 2 || !all) return [value, "", ""];
	const from = all.endsWith(q) ? all.length - q.length : all.indexOf(q);
	if (from < 0) return [value, "", ""];
	const a = place(value, from);
	let b = place(value, from + q.length);
	while (b > a && !/[0-9a-f]/i.test(value[b - 1] ?? "")) b--;
	return [value.slice(0, a), value.slice(a, b), value.slice(b)];
}

/** What a query looks like, so that the page can say how it was understood. */
export function understood(query: string): "whole" | "part" | "words" {
	const d = digits(query);
	if (d.length === 12 || d.length === 16) return "whole";
	return d.length >= 4 && /[:.\-a-f]|^\d{4,}$/i.test(query) ? "part" : "words";
}
