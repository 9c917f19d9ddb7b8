// Builds the browser interface into dist/: no inline script or style, so
// that the strictest Content-Security-Policy holds.
//
//	node build.mjs          dist/{index.html,app.js,chunk-*.js,more-*.js,styles.css,favicon.svg}
//	node build.mjs --test   ../build/webui-test/*.mjs, for `node --test`
import { build } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));
const at = (...p) => join(here, ...p);
const common = {
	bundle: true,
	format: "esm",
	target: ["chrome123", "firefox120", "safari17.5"],
	jsx: "automatic",
	jsxImportSource: "preact",
	logLevel: "warning",
	absWorkingDir: here,
};

async function app() {
	await mkdir(at("dist"), { recursive: true });
	for (const f of await readdir(at("dist")))
		if (/\.(js|css|html|svg)$/.test(f)) await rm(at("dist", f));
	const { metafile } = await build({
		...common,
		metafile: true,
		entryPoints: ["src/app.tsx", "src/styles.css"],
		entryNames: "[name]",
		chunkNames: "[name]-[hash]",
		splitting: true,
		outdir: "dist",
		minify: true,
		legalComments: "none",
		define: { "process.env.NODE_ENV": '"production"' },
	});
	const html = await readFile(at("index.html"), "utf8");
	const first = metafile.outputs["dist/app.js"].imports.filter((i) => i.kind === "import-statement")
		.map((i) => `<link rel="modulepreload" href="/${basename(i.path)}">`);
	await writeFile(at("dist/index.html"), html.replace("</head>", `${first.join("")}</head>`).replace(/>\s*\n\s*</g, "><"));
	await copyFile(at("favicon.svg"), at("dist/favicon.svg"));
}

async function tests() {
	await build({
		...common,
		entryPoints: ["test/addr.test.ts", "test/age.test.ts", "test/changes.test.ts",
			"test/stream.test.ts", "test/find.test.ts", "test/budget.test.ts"],
		platform: "node",
		target: "node18",
		outdir: process.env.TEST_DIR ?? "../build/webui-test",
		outExtension: { ".js": ".mjs" },
	});
}

await (process.argv.includes("--test") ? tests() : app());
