/** Checked and known inputs, for the work on a machine. */
import { text } from "../inputs";
import { isList, isMap, reveal } from "../../provider-protocol";
import type { PropertyMap, PropertyValue } from "../../provider-protocol";
import type { Apply, Check } from "./agent";
import type { SshEndpoint, SshTarget, Via } from "./ssh";

/** Seconds that a machine may take to boot and to admit the pushing user. */
export const DEFAULT_TIMEOUT_SECONDS = 600;

export interface Settings {
  readonly server: string;
  readonly target: SshTarget;
  readonly group: string | undefined;
  readonly salt: string;
  /** Entry by path. */
  readonly entries: ReadonlyMap<string, string>;
  readonly handling: ReadonlyMap<string, Handling>;
  /** A program that ends when files can be pushed; empty: at once. */
  readonly awaits: readonly string[];
  /** Those that start, in their order. */
  readonly units: readonly string[];
  readonly checks: readonly Check[];
  readonly timeoutSeconds: number;
}

export interface Handling {
  readonly validate: readonly string[];
  readonly apply: Apply;
}

/** @param inputs as `Check` returned them, none unknown */
export function settings(inputs: PropertyMap): Settings {
  const plain = reveal(inputs);
  const { timeoutSeconds } = plain;
  return {
    server: text(plain["server"]),
    target: target(map(plain["connection"])),
    group: text(plain["group"]) || undefined,
    salt: text(plain["salt"]),
    entries: entriesOf(plain["files"]),
    handling: new Map(
      Object.entries(map(plain["handling"])).map(([path, each]) => [path, handling(map(each))]),
    ),
    awaits: words(plain["awaits"]),
    units: items(plain["units"]).map((unit) => text(map(unit)["name"])),
    checks: items(plain["checks"]).map((each) => check(map(each))),
    timeoutSeconds: typeof timeoutSeconds === "number" ? timeoutSeconds : DEFAULT_TIMEOUT_SECONDS,
  };
}

/** Known entries of a map of files: of checked inputs, or of the outputs in state. */
export function entriesOf(files: PropertyValue | undefined): ReadonlyMap<string, string> {
  const known = Object.entries(map(files)).flatMap(([path, entry]) =>
    typeof entry === "string" ? [[path, entry] as const] : [],
  );
  // The order of a map from the engine is undefined.
  return new Map(known.sort(([one], [other]) => (one < other ? -1 : 1)));
}

export function target(connection: PropertyMap): SshTarget {
  return { ...endpoint(connection), via: via(map(connection["via"])) };
}

function endpoint(given: PropertyMap): SshEndpoint {
  const { port } = given;
  return {
    host: text(given["host"]),
    port: typeof port === "number" ? port : 22,
    user: text(given["user"]),
    privateKey: text(given["privateKey"]),
    hostKey: text(given["hostKey"]),
  };
}

function via(given: PropertyMap): Via {
  switch (given["kind"]) {
    case "bastion":
      return { kind: "bastion", ...endpoint(given) };
    case "socks":
      return { kind: "socks", url: text(given["url"]) };
    default:
      return { kind: "direct" };
  }
}

function handling(given: PropertyMap): Handling {
  return { validate: words(given["validate"]), apply: apply(map(given["apply"])) };
}

function apply({ kind, unit }: PropertyMap): Apply {
  return kind === "reload" || kind === "restart" ? { kind, unit: text(unit) } : { kind: "none" };
}

function check(given: PropertyMap): Check {
  const { timeoutSeconds } = given;
  return {
    name: text(given["name"]),
    run: words(given["run"]),
    timeoutSeconds: typeof timeoutSeconds === "number" ? timeoutSeconds : 0,
  };
}

function map(value: PropertyValue | undefined): PropertyMap {
  return isMap(value) ? value : {};
}

function words(value: PropertyValue | undefined): readonly string[] {
  return items(value).map((word) => text(word));
}

function items(value: PropertyValue | undefined): readonly PropertyValue[] {
  return isList(value) ? value : [];
}
