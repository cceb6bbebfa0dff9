/** The sources and tests as text, by their paths from js/, and who imports what from whom. */

const found = import.meta.glob(["../../src/**/*.{ts,css}", "../**/*.ts"], {
  query: "?raw",
  import: "default",
  eager: true,
});

export const FILES: ReadonlyMap<string, string> = new Map(
  Object.entries(found).map(([file, text]) => [resolve("test/support", file), text]),
);

export interface Import {
  from: string;
  to: string;
  names: string[];
}

export function resolve(folder: string, path: string): string {
  const parts = folder.split("/");
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

export const folderOf = (file: string): string => file.slice(0, file.lastIndexOf("/"));

/** Types too: who knows what something looks like depends on it. */
export function importsOf(file: string, text: string): Import[] {
  const said = text.matchAll(
    /^(?:import|export)\s+(?:(?:type\s+)?(\w+\s*,\s*)?(?:\{([^}]*)\}|\w+)?\s*from\s+)?"(\.[^"]+)";/gm,
  );
  return [...said].map(([, , names = "", path]) => {
    const to = resolve(folderOf(file), path);
    const own = names.split(",").map((name) =>
      name
        .trim()
        .replace(/^type /, "")
        .replace(/ as \w+$/, ""),
    );
    return { from: file, to: to.endsWith(".css") ? to : `${to}.ts`, names: own.filter(Boolean) };
  });
}

export const IMPORTS: readonly Import[] = [...FILES].flatMap(([file, text]) => importsOf(file, text));
export const SOURCES: readonly string[] = [...FILES.keys()].filter((file) => file.startsWith("src/"));
