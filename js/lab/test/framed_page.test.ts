// @vitest-environment happy-dom
import { describe, expect, it } from "vitest";
import { readPageTheme, themedPage } from "../results/framed_page";

describe("themedPage", () => {
  it("puts colours behind the page's own and says light or dark on its body", () => {
    const page = "<html><head><style>:root { --page: #fff }</style></head><body class='x'>$& $1 <body</body></html>";
    const themed = themedPage(page, { light: false, values: [["--page", "#111</style><script>"]] });
    expect(themed).toContain(":root:root { --page: #111/stylescript }</style>");
    expect(themed).toContain(`<body data-jp-theme-light="false" class='x'>$& $1 <body</body>`);
    expect(themed.indexOf(":root:root")).toBeGreaterThan(themed.indexOf("--page: #fff"));
  });
});

describe("readPageTheme", () => {
  it("takes what is set and leaves out what is not", () => {
    document.body.dataset.jpThemeLight = "false";
    document.body.style.setProperty("--jp-layout-color0", "#123");
    const { light, values } = readPageTheme();
    expect(light).toBe(false);
    expect(Object.fromEntries(values)).toMatchObject({ "--page": "#123", "color-scheme": "dark" });
    expect(values.map(([name]) => name)).not.toContain("--jp-brand-color1");
  });
});
