/** A small, typed scaffold for Pulumi's provider protocol: implement {@link PackageHandler}, then {@link serve} it. */
export * from "./handler";
export { serve } from "./serve";
export type { ServeOptions, Serving } from "./serve";
export * from "./values";
export { decodeStruct, encodeStruct } from "./struct";
