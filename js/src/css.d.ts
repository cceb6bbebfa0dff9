/** What a view imports to have its looks in the bundle; there is nothing to use. Owns no state. */
declare module "*.css";
