/** What the parts of the plugin need of the application: its services, its words, its settings, its files. */
import type { JupyterFrontEnd } from "@jupyterlab/application";
import type { IDefaultFileBrowser } from "@jupyterlab/filebrowser";
import type { ISettingRegistry } from "@jupyterlab/settingregistry";
import type { TranslationBundle } from "@jupyterlab/translation";

export interface Desk {
  readonly app: JupyterFrontEnd;
  readonly trans: TranslationBundle;
  /** The file browser at the side, where there is one. */
  readonly browser: IDefaultFileBrowser | null;
  /** The settings as they are now; their defaults until they are read. */
  readonly preferences: () => Preferences;
}

/** As declared in schema/plugin.json. */
export interface Preferences {
  readonly metric: string;
  readonly k: number;
  readonly maps: string;
  readonly opens: "page" | "notebook";
}

export const DEFAULTS: Preferences = { metric: "cosine", k: 10, maps: "pca", opens: "page" };

/** Asks for the settings at each use, once they are there. */
export function followSettings(registry: ISettingRegistry | null, plugin: string): () => Preferences {
  let settings: ISettingRegistry.ISettings | undefined;
  void registry?.load(plugin).then(
    (loaded) => {
      settings = loaded;
    },
    // Without its schema, as where only the scripts were copied, the defaults hold.
    () => undefined,
  );
  return () => ({ ...DEFAULTS, ...(settings?.composite as Partial<Preferences> | undefined) });
}

/** Paths of what is selected in the file browser. */
export const selectedPaths = ({ browser }: Desk): string[] =>
  browser ? [...browser.selectedItems()].map((item) => item.path) : [];

/** A kernel of Python to be begun: the server's default where that is one, else the first. */
export function pythonSpec({ app }: Desk): { name: string; display_name: string } {
  const { specs } = app.serviceManager.kernelspecs;
  const python = Object.values(specs?.kernelspecs ?? {}).filter((one) => one?.language.toLowerCase() === "python");
  const found = python.find((one) => one?.name === specs?.default) ?? python[0];
  return { name: found?.name ?? "python3", display_name: found?.display_name ?? "Python 3" };
}
