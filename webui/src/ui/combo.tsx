// A text field with a list under it: choose what exists or type what does not.
// The list is the ARIA combobox pattern; the choice itself is the caller's.

import type { ComponentChildren } from "preact";
import { useId, useState } from "preact/hooks";
import { s } from "../strings";
import { Icon } from "./bits";

export interface Option { key: string; text: string; small?: string; tag?: string }

interface Props {
	label: string;
	text: string;
	set: (text: string) => void;
	options: Option[];			/* those that fit `text`, best first */
	choose: (key: string) => void;
	chips?: { key: string; text: string; small: string }[];
	drop?: (key: string) => void;
	placeholder: string;
	hint: ComponentChildren;
	bad?: boolean;
	focus?: boolean;
}

export function Combo({ label, text, set, options, choose, chips = [], drop, placeholder, hint, bad, focus }: Props) {
	const id = useId();
	const [open, setOpen] = useState(false);
	const [at, setAt] = useState(0);
	const here = Math.min(at, Math.max(0, options.length - 1));
	const take = (o: Option | undefined): void => {
		if (!o) return;
		choose(o.key);
		setOpen(false);
		setAt(0);
	};
	const key = (e: KeyboardEvent): void => {
		if (e.key === "ArrowDown" || e.key === "ArrowUp") {
			if (open) setAt((here + (e.key === "ArrowDown" ? 1 : options.length - 1)) % Math.max(1, options.length));
			setOpen(true);
		} else if (e.key === "Enter" && open && options.length) take(options[here]);
		else if (e.key === "Escape" && open) setOpen(false);
		else if (e.key === "Backspace" && !text && chips.length) {
			drop?.(chips[chips.length - 1]?.key ?? "");
			return;
		} else return;
		e.preventDefault();
		e.stopPropagation();
	};
	const shown = open && options.length > 0;
	return <div class="field">
		<label for={id}>{label}</label>
		<div class="combo">
			{chips.map((c) => <span class="chip" key={c.key}>{c.text} <small>{c.small}</small>
				<button type="button" class="copy x" aria-label={s.nic.removeNet(c.text)} onClick={() => drop?.(c.key)}><Icon id="x" /></button></span>)}
			<input id={id} role="combobox" autocomplete="off" spellcheck={false} aria-expanded={shown} aria-controls={`${id}-l`} aria-autocomplete="list" aria-invalid={!!bad}
				aria-activedescendant={shown ? `${id}-${here}` : undefined} aria-describedby={`${id}-h`} placeholder={placeholder} value={text} maxLength={63} data-focus={focus ? "" : undefined}
				onInput={(e) => {
					set(e.currentTarget.value);
					setOpen(true);
					setAt(0);
				}}
				onClick={() => setOpen(true)} onKeyDown={key} onBlur={() => setOpen(false)} />
			<Icon id="down" />
			<ul id={`${id}-l`} role="listbox" aria-label={label} class="pop" hidden={!shown}>
				{shown && options.map((o, i) => <li key={o.key} id={`${id}-${i}`} role="option" aria-selected={i === here}
					onPointerDown={(e) => {
						e.preventDefault();
						take(o);
					}}><span class="grow">{o.text}</span>{o.small && <small class="mono">{o.small}</small>}{o.tag && <span class="tag">{o.tag}</span>}</li>)}
			</ul>
		</div>
		<p class={bad ? "hint bad" : "hint"} id={`${id}-h`}>{hint}</p>
	</div>;
}
