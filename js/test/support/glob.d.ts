/** Files as text, as the test runner's bundler gives them. */
interface ImportMeta {
  glob(files: string | string[], how: { query: "?raw"; import: "default"; eager: true }): Record<string, string>;
}
