/** A change of one key of a configuration. */
import type { Changes, Json } from "../configs";

export interface Case {
  /** Of the base, before the change. @default nothing */
  readonly on?: Changes;
  readonly change: Changes;
  /** What the checks say of it: then it cannot be done. @default they pass it */
  readonly refused?: string;
  /** Another environment altogether, in place of the change. @default the changed one */
  readonly whole?: Json;
}

export type Cases = Readonly<Record<string, Case>>;

/** Another value of a key of that path. @param on of the base, before */
export const set = (path: string, value: unknown, on: Changes = {}): Cases => ({
  [path]: { on, change: { [path]: value } },
});

/** Another value of the keys below a path; the key in the table has another name for an entry. */
export const below = (
  { table, path }: { readonly table: string; readonly path: string },
  values: Readonly<Record<string, unknown>>,
  on: Changes = {},
): Cases =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `${table}.${key}`,
      { on, change: { [`${path}.${key}`]: value } },
    ]),
  );

/** A public key of 32 equal bytes, or nearly. */
export const sshKey = (letter: string): string => `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${letter.repeat(43)}`;
