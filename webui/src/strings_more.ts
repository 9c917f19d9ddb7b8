// Words of pages that come after the first look; the rest is in strings.ts.

export const m = {
	card: {
		title: "Add a card", module: "Card", extent: "How much of it",
		card: "The whole card", fn: "One of its functions",
		hint: "Its server has it alone and sees it as it is, with its own addresses. It cannot be shared meanwhile.",
		none: "No bay has a card in it.", unknown: "unknown model",
		option: (name: string, what: string, klass: string) => `${name}: ${what}, ${klass}`,
		go: (where: string) => `Add card ${where}`,
	},
};
