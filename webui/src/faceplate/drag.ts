// Dragging a profile from slot to slot with pointer, pen or finger.  Nothing
// happens on a drop: the caller opens a plan.  Everything a drag can do, the
// menu and the key m can do too.

export interface DragHandlers {
	/** may this slot be picked up? its profile's name, or null */
	name(slot: number): string | null;
	pick(slot: number): void;
	over(slot: number | null): void;
	drop(from: number, to: number): void;
	cancel(): void;
}

const FAR = 6;			/* px before a press is a drag */
const HOLD = 400;		/* ms before a resting finger is one */

/** The slot that an element belongs to. */
function slotOf(el: Element | null): number | null {
	const v = el?.closest<HTMLElement>("[data-slot]")?.dataset.slot;
	return v ? Number(v) : null;
}

export function dragging(root: HTMLElement, on: DragHandlers): () => void {
	let from: number | null = null;
	let over: number | null = null;
	let active = false;
	let x0 = 0;
	let y0 = 0;
	let ghost: HTMLElement | null = null;
	let hold: ReturnType<typeof setTimeout> | undefined;

	function begin(): void {
		if (from == null) return;
		active = true;
		ghost = document.createElement("div");
		ghost.className = "ghost";
		ghost.textContent = on.name(from);
		document.body.append(ghost);
		place(x0, y0);
		on.pick(from);
	}
	function place(x: number, y: number): void {
		ghost?.style.setProperty("transform", `translate(${x + 12}px, ${y + 12}px)`);
	}
	function end(): void {
		clearTimeout(hold);
		ghost?.remove();
		ghost = null;
		from = over = null;
		active = false;
		removeEventListener("pointermove", moved);
		removeEventListener("pointerup", up);
		removeEventListener("pointercancel", stop);
		removeEventListener("keydown", key, true);
	}
	function stop(): void {
		const was = active;
		end();
		if (was) on.cancel();
	}
	function moved(e: PointerEvent): void {
		if (!active) {
			if (Math.hypot(e.clientX - x0, e.clientY - y0) < FAR) return;
			if (e.pointerType === "touch") return stop();	// that was a scroll
			begin();
		}
		place(e.clientX, e.clientY);
		scroll(e.clientY);
		const now = slotOf(document.elementFromPoint(e.clientX, e.clientY));
		if (now !== over) on.over(over = now);
	}
	function scroll(y: number): void {
		const page = root.closest<HTMLElement>(".page");
		if (!page) return;
		const r = page.getBoundingClientRect();
		if (y < r.top + 32) page.scrollBy(0, -12);
		else if (y > r.bottom - 32) page.scrollBy(0, 12);
	}
	function up(): void {
		const was = active;
		const a = from;
		const b = over;
		end();
		if (!was) return;
		deaf();
		if (a != null && b != null && a !== b) on.drop(a, b);
		else on.cancel();
	}
	// The click that follows a drag is not meant for the tile under it.
	function deaf(): void {
		addEventListener("click", swallow, { capture: true, once: true });
		setTimeout(() => removeEventListener("click", swallow, true), 0);
	}
	function swallow(e: Event): void {
		e.preventDefault();
		e.stopPropagation();
	}
	function key(e: KeyboardEvent): void {
		if (e.key !== "Escape" || !active) return;
		swallow(e);
		addEventListener("pointerup", deaf, { once: true });
		stop();
	}
	function down(e: PointerEvent): void {
		const at = slotOf(e.target as Element);
		if (e.button !== 0 || at == null || (e.target as Element).closest("button") || on.name(at) == null) return;
		from = at;
		x0 = e.clientX;
		y0 = e.clientY;
		if (e.pointerType === "touch") hold = setTimeout(begin, HOLD);
		addEventListener("pointermove", moved);
		addEventListener("pointerup", up);
		addEventListener("pointercancel", stop);
		addEventListener("keydown", key, true);
	}
	const still = (e: Event): void => {
		if (active) e.preventDefault();
	};
	root.addEventListener("pointerdown", down);
	root.addEventListener("touchmove", still, { passive: false });
	return () => {
		root.removeEventListener("pointerdown", down);
		root.removeEventListener("touchmove", still);
		stop();
	};
}
