// Bundles the JupyterLab plugin with the notebooks inside, then lets JupyterLab's builder wrap it as a prebuilt extension.
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = join(root, "notebooks");
const out = join(root, "js", "lib");

/** "Compare – Do two models see the same neighbours?": the subject from the file name, then the first heading. */
function title(path) {
  const subject = basename(path, ".ipynb").replace(/^\d+_/, "").replaceAll("_", " ");
  const cells = JSON.parse(readFileSync(path, "utf8")).cells;
  const source = cells.find((cell) => cell.cell_type === "markdown")?.source ?? "";
  const heading = /^#\s+(.+)$/m.exec(Array.isArray(source) ? source.join("") : source);
  const named = subject.charAt(0).toUpperCase() + subject.slice(1);
  return heading ? `${named} – ${heading[1].trim()}` : named;
}

/** `import notebooks from "embwidget:notebooks"`: names and titles at once, each notebook's cells only when it is opened. */
const notebooks = {
  name: "notebooks",
  setup(bundle) {
    bundle.onResolve({ filter: /^embwidget:notebooks$/ }, ({ path }) => ({ path, namespace: "notebooks" }));
    bundle.onLoad({ filter: /.*/, namespace: "notebooks" }, () => {
      const found = existsSync(folder) ? readdirSync(folder) : [];
      const files = found.filter((file) => file.endsWith(".ipynb")).sort();
      const entries = files.map((file) => {
        const path = join(folder, file);
        return `{ file: ${JSON.stringify(file)}, title: ${JSON.stringify(title(path))}, load: () => import(${JSON.stringify(path)}) }`;
      });
      return { contents: `export default [${entries.join(",\n")}];`, resolveDir: root };
    });
  },
};

rmSync(out, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ["js/lab/index.ts"],
  outdir: out,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  packages: "external",
  external: ["@jupyterlab/*", "@lumino/*"],
  loader: { ".ipynb": "json", ".svg": "text", ".css": "text" },
  plugins: [notebooks],
});

const require = createRequire(import.meta.url);
const builder = require.resolve("@jupyter/builder/lib/build-labextension.js");
const core = require.resolve("@jupyterlab/core-meta/core.package.json");
execFileSync(process.execPath, [builder, "--core-package-file", core, "."], { cwd: root, stdio: "inherit" });
