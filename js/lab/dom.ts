/** Elements made with their properties and children; texts go in as texts. */
type Child = Node | string;

/** What has no property of its own (`role`, `for`, `list`, `aria-…`) is given as an attribute. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  given: Partial<HTMLElementTagNameMap[K]> = {},
  attributes: Record<string, string> = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  Object.assign(element, given);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A choice of one value of several. */
export function makeSelect(id: string, options: readonly (readonly [value: string, text: string])[], value: string) {
  const select = make("select", { id, className: "jp-mod-styled" });
  fillSelect(select, options, value);
  return select;
}

export function fillSelect(
  select: HTMLSelectElement,
  options: readonly (readonly [value: string, text: string])[],
  value: string,
): void {
  select.replaceChildren(...options.map(([one, text]) => make("option", { value: one, textContent: text })));
  select.value = options.some(([one]) => one === value) ? value : (options[0]?.[0] ?? "");
}
