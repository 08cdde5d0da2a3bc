/** The inputs of MachineFiles: rules, and what state and memory store of them. */
import { optionalSeconds, optionalText, requiredText, saltRule, text } from "../inputs";
import { containsUnknown, isList, isMap, reveal, Secret, Unknown, UNKNOWN } from "../../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider-protocol";
import { entryOf, sha256 } from "./entries";
import type { Remembered } from "./memory";
import { connectionFailures, fileFailures, stepFailures } from "./rules";

export const KNOWN = [
  "server",
  "machine",
  "connection",
  "group",
  "salt",
  "awaits",
  "files",
  "units",
  "checks",
  "mask",
  "timeoutSeconds",
];

/** What `Check` returns to the engine, and what stays in memory. */
export interface Checked {
  readonly inputs: PropertyMap;
  readonly failures: readonly CheckFailure[];
  readonly remembered: Remembered;
}

/**
 * Contents become entries, stored with the settings of their push; texts to be masked are omitted. Unknown files stay
 * unknown, individually.
 */
export function checked(given: PropertyMap): Checked {
  const plain = reveal(given);
  const files = plain["files"] ?? {};
  const entries: Record<string, PropertyValue> = {};
  const handling: Record<string, PropertyValue> = {};
  const remembered = new Map<string, { entry: string; content: string }>();
  for (const [path, file] of isMap(files) ? Object.entries(files) : []) {
    if (!isMap(file)) {
      entries[path] = UNKNOWN;
      continue;
    }
    handling[path] = { validate: file["validate"] ?? [], apply: file["apply"] ?? { kind: "none" } };
    const entry = entryIn(plain["salt"], path, file);
    entries[path] = entry ?? UNKNOWN;
    if (entry !== undefined) remembered.set(path, { entry, content: text(file["content"]) });
  }
  const inputs: PropertyMap = {
    server: plain["server"] ?? null,
    machine: plain["machine"] ?? null,
    connection: sealedConnection(plain["connection"]),
    salt: new Secret(plain["salt"] ?? null),
    files: files instanceof Unknown ? UNKNOWN : entries,
    handling,
    awaits: plain["awaits"] ?? [],
    units: plain["units"] ?? [],
    checks: plain["checks"] ?? [],
    ...optional(plain, "group"),
    ...optional(plain, "timeoutSeconds"),
  };
  return { inputs, failures: failures(plain), remembered: { files: remembered, mask: texts(plain["mask"]) } };
}

function entryIn(salt: PropertyValue | undefined, path: string, file: PropertyMap): string | undefined {
  const { content, owner, mode } = file;
  if ([salt, content, owner, mode].some((each) => each instanceof Unknown)) return undefined;
  return entryOf(text(salt), path, { sha256: sha256(text(content)), owner: text(owner), mode: text(mode) });
}

function optional(inputs: PropertyMap, name: string): PropertyMap {
  const value = inputs[name];
  return value === undefined || value === null ? {} : { [name]: value };
}

/** Private keys are secret even if the program does not mark them. */
export function sealedConnection(connection: PropertyValue | undefined): PropertyValue {
  if (!isMap(connection)) return connection ?? null;
  const { privateKey, via } = connection;
  return {
    ...connection,
    ...(privateKey === undefined ? {} : { privateKey: new Secret(privateKey) }),
    ...(via === undefined ? {} : { via: sealedConnection(via) }),
  };
}

function failures(plain: PropertyMap): readonly CheckFailure[] {
  const unknown = Object.keys(plain)
    .filter((name) => !KNOWN.includes(name) && !name.startsWith("__"))
    .map((property) => ({
      property,
      reason: `MachineFiles has no such input; it has ${KNOWN.join(", ")}`,
    }));
  const rules: Readonly<Record<string, (value: PropertyValue) => string | undefined>> = {
    server: requiredText,
    machine: requiredText,
    salt: saltRule,
    group: optionalText,
    timeoutSeconds: optionalSeconds,
  };
  const simple = Object.entries(rules).flatMap(([property, rule]) => {
    const value = plain[property] ?? null;
    const reason = value instanceof Unknown ? undefined : rule(value);
    return reason === undefined ? [] : [{ property, reason }];
  });
  return [
    ...unknown,
    ...simple,
    ...connectionFailures("connection", plain["connection"] ?? null),
    ...fileFailures(plain["files"] ?? null),
    ...stepFailures(plain),
  ];
}

/** Those that are known; an unknown text cannot be in a message yet. */
function texts(value: PropertyValue | undefined): readonly string[] {
  if (!isList(value)) return [];
  return value.filter((each) => !containsUnknown(each)).map((each) => text(each));
}
