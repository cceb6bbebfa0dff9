declare module "embwidget:notebooks" {
  const notebooks: readonly import("./notebooks").Bundled[];
  export default notebooks;
}

declare module "*.css" {
  const text: string;
  export default text;
}

declare module "*.svg" {
  const text: string;
  export default text;
}
