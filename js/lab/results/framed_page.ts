/** A page made by `embwidget.to_html`, in the colours of JupyterLab, as it stands in a frame that reaches nothing. */

/** The variables that views take their colours and letters from. */
const VARIABLES = [
  "--jp-layout-color0",
  "--jp-layout-color1",
  "--jp-layout-color2",
  "--jp-content-font-color1",
  "--jp-ui-font-family",
  "--jp-brand-color1",
];

/** The page's own, by those of JupyterLab. */
const OWN = [
  ["--page", "--jp-layout-color0"],
  ["--ink", "--jp-content-font-color1"],
  ["--quiet", "--jp-ui-font-color2"],
  ["--line", "--jp-border-color2"],
] as const;

/** Takes the colours that its frame is told; runs inside the frame. */
const LISTEN = `addEventListener("message", ({ source, data }) => {
  if (source !== parent || !data.embwidgetTheme) return;
  const { light, values } = data.embwidgetTheme;
  for (const [name, value] of values) document.documentElement.style.setProperty(name, value);
  document.body.dataset.jpThemeLight = String(light);
});`;

interface PageTheme {
  readonly light: boolean;
  readonly values: readonly (readonly [string, string])[];
}

/** The colours of this document. */
export function readPageTheme(): PageTheme {
  const style = getComputedStyle(document.body);
  const light = document.body.dataset.jpThemeLight !== "false";
  const own = [...VARIABLES.map((name) => [name, name] as const), ...OWN];
  const values = own.map(([name, from]) => [name, style.getPropertyValue(from).trim()] as const);
  return { light, values: [...values.filter(([, value]) => value !== ""), ["color-scheme", light ? "light" : "dark"]] };
}

/** The page with these colours from its first moment on. */
export function themedPage(page: string, { light, values }: PageTheme): string {
  const rules = values.map(([name, value]) => `${name}: ${value.replace(/[<>{};]/g, "")}`).join("; ");
  // A function's result is put in as it is, whatever dollar signs it has.
  return page
    .replace("</head>", () => `<style>:root:root { ${rules} }</style>\n<script>${LISTEN}</script>\n</head>`)
    .replace("<body", () => `<body data-jp-theme-light="${light}"`);
}

/** Tells the frame when JupyterLab's theme changes, until the signal ends it. */
export function followTheme(frame: HTMLIFrameElement, signal: AbortSignal): void {
  const tell = () => frame.contentWindow?.postMessage({ embwidgetTheme: readPageTheme() }, "*");
  const observer = new MutationObserver(tell);
  observer.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "data-jp-theme-name"] });
  // The sheet of the new theme arrives after the attribute.
  document.head.addEventListener("load", tell, { capture: true, signal });
  signal.addEventListener("abort", () => observer.disconnect());
}
