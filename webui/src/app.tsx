// The door of the interface: which page an address means.

import { render, type VNode } from "preact";
import { path, pieces, startRouter } from "./router";
import { appliance, ended, known, session, start, use } from "./store";
import { s } from "./strings";
import { setTheme, theme } from "./theme";
import { Btn, Void } from "./ui/bits";
import { later, load, more, soon } from "./lazy";
import { Login, SignInAgain } from "./screens/login";
import { Rack } from "./screens/rack";
import { Shell } from "./screens/shell";

function Missing() {
	return <div class="page"><Void page icon="search" title={s.missing.title} text={s.missing.text}><Btn icon="search" kind="pri" onClick={() => later((m) => m.openFind())}>{s.missing.find}</Btn><a class="btn" href="/">{s.missing.rack}</a></Void></div>;
}

function page(p: string): [title: string, node: VNode] {
	const [room = "", id] = pieces(p);
	const n = Number(id);
	if (!room) return [s.rack.title, <Rack open={null} />];
	if (room === "slots" && Number.isInteger(n) && n > 0) return [s.slot(n), <Rack open={n} />];
	const m = more.value;
	if (!m) {
		void load().catch(() => {});
		return [s.loading, <p class="page mut">{s.loading}</p>];
	}
	if (room === "profiles") return id ? [id, <m.ProfilePage key={id} name={id} />] : [s.profiles.title, <m.Profiles />];
	if (room === "jobs") return id ? [s.job(id), <m.JobPage key={id} id={id} />] : [s.jobs.title, <m.Jobs />];
	if (room === "plans" && id) return [s.plan.crumb, <m.PlanPage key={id} id={id} />];
	if (room === "restore") return [m.words.restore.title, <m.Restore id={id} />];
	if (room === "leases") return [m.words.lease.title, <m.Leases />];
	if (room === "networks") return [s.networks.title, <m.Networks />];
	if (room === "pools") return [s.pools.title, <m.Pools />];
	if (room === "hardware") return [s.hardware.title, <m.Hardware />];
	if (room === "faults") return [s.faults.title, <m.Faults />];
	return [s.missing.title, <Missing />];
}

function Inside() {
	use(appliance);
	const [title, node] = page(path.value);
	return <><Shell page={title}>{node}</Shell>{ended.value && <SignInAgain />}</>;
}

function App() {
	if (!known.value) return null;
	return session.value ? <Inside /> : <Login />;
}

setTheme(theme.value);
startRouter();
const root = document.getElementById("root");
if (root) render(<App />, root);
void start().then(soon);
