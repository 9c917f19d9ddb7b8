// A card that nobody shares, or one function of it: for one server.

import { useState } from "preact/hooks";
import * as make from "../changes";
import { bays, use } from "../store";
import { s } from "../strings";
import { m } from "../strings_more";
import type { Module } from "../types";
import { Pick, Text } from "../ui/bits";
import { openDialog } from "../ui/dialog";
import { Frame, type Target, useNames, whereOf } from "./add";

const optionOf = (x: Module): [string, string] =>
	[x.name, m.card.option(x.name, x.model ?? `${m.card.unknown} ${x.pciId}`, s.hardware.classes[x.class] ?? x.class)];

function AddCard({ target }: { target: Target }) {
	const cards = (use(bays) ?? []).flatMap((b) => b.module?.physical ? [b.module] : []);
	const have = useNames(target, "exclusives");
	const [typedModule, setModule] = useState<string | null>(null);
	const [extent, setExtent] = useState("card");
	const [typedName, setName] = useState<string | null>(null);
	// Who asks for a card seldom means one that many share.
	const first = cards.find((x) => !x.functions.max) ?? cards[0];
	const module = typedModule ?? first?.name ?? "";
	const name = typedName ?? make.nextName("card", have.devices);
	const changes = have.ready && module && name ? make.addCard(target, { name, module, extent }, have.profiles) : null;
	return <Frame title={m.card.title} kind="exclusive" target={target} changes={changes} newProfile={have.newProfile} button={m.card.go(whereOf(target))}>{() => <>
		{cards.length ? <Pick label={m.card.module} value={module} set={setModule} options={cards.map(optionOf)} /> : <p class="hint">{m.card.none}</p>}
		<Pick label={m.card.extent} value={extent} set={setExtent} options={[["card", m.card.card], ["function", m.card.fn]]} />
		<Text label={s.dev.name} value={name} set={setName} hint={m.card.hint} />
	</>}</Frame>;
}

export const openAddCard = (t: Target): void => openDialog(<AddCard target={t} />);
