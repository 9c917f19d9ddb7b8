// Addresses of pages.  Links are plain <a href>; this only keeps the browser
// from loading the whole page again.

import { signal } from "@preact/signals";

export const path = signal(location.pathname);

export function go(to: string, replace = false): void {
	if (to === location.pathname) return;
	history[replace ? "replaceState" : "pushState"](null, "", to);
	path.value = location.pathname;
}

export function startRouter(): void {
	addEventListener("popstate", () => {
		path.value = location.pathname;
	});
	document.addEventListener("click", (e) => {
		if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
		const a = (e.target as Element).closest("a[href]");
		if (!(a instanceof HTMLAnchorElement) || a.target || a.hasAttribute("download")) return;
		if (a.origin !== location.origin || a.hash || a.pathname.startsWith("/api/") || a.pathname.startsWith("/help/")) return;
		e.preventDefault();
		go(a.pathname);
	});
}

/** The pieces of a path, decoded; a piece that cannot be decoded stays as it is. */
export function pieces(p: string): string[] {
	return p.split("/").filter(Boolean).map((x) => {
		try {
			return decodeURIComponent(x);
		} catch {
			return x;
		}
	});
}
