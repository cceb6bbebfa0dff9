declare module "embwidget:notebooks" {
  const notebooks: readonly import("./notebooks").Bundled[];
  export default notebooks;
}

declare module "*.svg" {
  const text: string;
  export default text;
}
