// Bundles the widgets into embwidget/static, a scene a bundle, and holds each to its size. `--watch` rebuilds on every change.
import { mkdirSync, readdirSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { context } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const out = join(root, "embwidget", "static");
const BUDGET = {
  "scene.js": 200_000,
  "scene.css": 40_000,
  "view.js": 600,
  "matrix.js": 60_000,
  "matrix.css": 16_000,
  "alignment.js": 110_000,
  "alignment.css": 24_000,
  "audit.js": 61_000,
  "audit.css": 18_000,
  "fitting.js": 20_000,
  "fitting.css": 10_000,
  "report.js": 6_000,
};

const report = {
  name: "report",
  setup(bundle) {
    bundle.onEnd(({ errors }) => {
      if (errors.length === 0) check();
    });
  },
};

function check() {
  const built = readdirSync(out);
  const missing = Object.keys(BUDGET).filter((file) => !built.includes(file));
  if (missing.length > 0) throw new Error(`expected ${missing.join(", ")} to be built but got ${built.join(", ")}`);
  for (const file of built) {
    const most = BUDGET[file];
    const { size } = statSync(join(out, file));
    process.stdout.write(`${file} ${size} bytes of ${most ?? "no budget"}\n`);
    if (most === undefined) throw new Error(`expected a budget for ${file} but js/build.mjs has none`);
    if (size > most) throw new Error(`expected ${file} to stay under ${most} bytes but got ${size}`);
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const bundle = await context({
  absWorkingDir: root,
  entryPoints: ["js/src/scenes/*.ts", "js/src/view.ts", "js/src/report/report.ts"],
  entryNames: "[name]",
  outdir: out,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2022",
  // JupyterLab has a RequireJS on the page: nothing here may register with it.
  define: { "define.amd": "false" },
  plugins: [report],
});
if (process.argv.includes("--watch")) await bundle.watch();
else {
  await bundle.rebuild();
  await bundle.dispose();
}
