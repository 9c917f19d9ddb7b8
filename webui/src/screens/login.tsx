// The gate.  The same card signs in again, in place, when a session has ended.

import { useEffect, useRef, useState } from "preact/hooks";
import { call, get, Problem } from "../api";
import { enter, session } from "../store";
import { s } from "../strings";
import type { SessionInfo } from "../types";
import { Dialog } from "../ui/dialog";
import { ProblemView, Text } from "../ui/bits";

function Form({ user: first }: { user: string }) {
	const [user, setUser] = useState(first);
	const [password, setPassword] = useState("");
	const [busy, setBusy] = useState(false);
	const [bad, setBad] = useState<string | null>(null);
	const [problem, setProblem] = useState<Problem | null>(null);
	async function signIn(): Promise<void> {
		setBusy(true);
		setBad(null);
		setProblem(null);
		try {
			const made = await call<SessionInfo>("POST", "/sessions", { user, password, cookie: true });
			enter(made.csrf ? made : await get<SessionInfo>("/sessions/current"));
		} catch (e) {
			if (!(e instanceof Problem)) throw e;
			if (e.status === 401) setBad(s.login.bad);
			else setProblem(e);
			setPassword("");
		} finally {
			setBusy(false);
		}
	}
	const form = useRef<HTMLFormElement>(null);
	useEffect(() => form.current?.querySelector<HTMLElement>("[data-focus]")?.focus(), []);
	return <form class="form" ref={form} onSubmit={(e) => {
		e.preventDefault();
		if (!busy) void signIn();
	}}>
		{problem && <ProblemView p={problem} />}
		<Text label={s.login.user} value={user} set={setUser} auto="username" focus={!first} />
		<Text label={s.login.password} value={password} set={setPassword} type="password" auto="current-password" max={1024} bad={bad} focus={!!first} />
		<button type="submit" class="btn pri tall" aria-disabled={busy ? "true" : undefined}>{busy ? s.login.busy : s.login.go}</button>
		<p class="hint" role="status">{bad ?? s.login.key}</p>
	</form>;
}

export function Login() {
	return <div class="gate">
		<main class="cardl" id="main">
			<div class="brandl row"><span class="mark"><svg aria-hidden="true"><use href="#mark" /></svg></span><div><h1>{s.product}</h1><span class="mono mut">{location.host}</span></div></div>
			<Form user="admin" />
		</main>
		<footer>{s.login.foot}</footer>
	</div>;
}

export function SignInAgain() {
	return <Dialog title={s.login.again} cls="narrow" onClose={() => {}}><p class="in pad-b">{s.login.againText}</p><Form user={session.value?.user ?? ""} /></Dialog>;
}
