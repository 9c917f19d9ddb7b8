// Light, dark, or what the system says.  The choice is kept in this browser.

import { signal } from "@preact/signals";

export type Theme = "system" | "light" | "dark";
const ORDER: Theme[] = ["system", "light", "dark"];

function kept(): Theme {
	const v = localStorage.getItem("theme");
	return v === "light" || v === "dark" ? v : "system";
}

export const theme = signal<Theme>(kept());

export function nextTheme(t: Theme): Theme {
	return ORDER[(ORDER.indexOf(t) + 1) % ORDER.length] ?? "system";
}

export function setTheme(t: Theme): void {
	theme.value = t;
	if (t === "system") {
		localStorage.removeItem("theme");
		delete document.documentElement.dataset.theme;
	} else {
		localStorage.setItem("theme", t);
		document.documentElement.dataset.theme = t;
	}
}
