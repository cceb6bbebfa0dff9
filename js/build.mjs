// Bundles the widgets into embwidget/static and holds them to their size. `--watch` rebuilds on every change.
import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
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
  for (const [file, most] of Object.entries(BUDGET)) {
    const path = join(out, file);
    if (!existsSync(path)) throw new Error(`expected ${file} to be built but it was not`);
    const { size } = statSync(path);
    process.stdout.write(`${file} ${size} bytes of ${most}\n`);
    if (size > most) throw new Error(`expected ${file} to stay under ${most} bytes but got ${size}`);
  }
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const bundle = await context({
  absWorkingDir: root,
  entryPoints: ["js/src/scenes/*.ts", "js/src/view.ts"],
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
