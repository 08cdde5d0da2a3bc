/** Problems of a connection, a file, a unit or a check. Unknown values are not checked. */
import { requiredSeconds, requiredText, text } from "../inputs";
import type { Rule } from "../inputs";
import { isList, isMap, Unknown } from "../../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue } from "../../provider-protocol";
import { isPrivateKey, isPublicKey } from "./ssh";

/** Pulumi's text of an Output in a template string. Source: `Output.toString` of @pulumi/pulumi. */
const LOST_OUTPUT = "Calling [toString] on an [Output<T>]";

const portRule: Rule = (value) =>
  value === null || (typeof value === "number" && Number.isInteger(value) && value > 0 && value < 65536)
    ? undefined
    : "is a port from 1 to 65535";

/** Messages never contain the values. */
const privateKeyRule: Rule = (value) =>
  isPrivateKey(text(value))
    ? undefined
    : "is no private key in OpenSSH's format without a passphrase; give privateKeyOpenssh of a tls.PrivateKey";

const hostKeyRule: Rule = (value) =>
  isPublicKey(text(value))
    ? undefined
    : "is no public host key, such as `ssh-ed25519 AAAA…` (publicKeyOpenssh of a tls.PrivateKey)";

const ENDPOINT: Readonly<Record<string, Rule>> = {
  host: requiredText,
  port: portRule,
  user: requiredText,
  privateKey: privateKeyRule,
  hostKey: hostKeyRule,
};

export function connectionFailures(property: string, connection: PropertyValue): readonly CheckFailure[] {
  if (connection instanceof Unknown) return [];
  if (!isMap(connection))
    return [{ property, reason: "is missing; give host, user, privateKey, hostKey and via" }];
  const own = ruled(property, connection, ENDPOINT);
  return property === "connection" ? [...own, ...viaFailures(connection["via"] ?? null)] : own;
}

const VIAS = 'is one of {kind: "direct"}, {kind: "bastion", host, …}, {kind: "socks", url}';

function viaFailures(via: PropertyValue): readonly CheckFailure[] {
  const property = "connection.via";
  if (via instanceof Unknown) return [];
  if (!isMap(via)) return [{ property, reason: VIAS }];
  switch (via["kind"]) {
    case "direct":
      return [];
    case "bastion":
      return connectionFailures(property, via);
    case "socks":
      return ruled(property, via, {
        url: (value) =>
          /^socks5:\/\/[^@\s]+:\d+$/.test(text(value))
            ? undefined
            : "is a URL such as socks5://127.0.0.1:1080",
      });
    default:
      return [{ property, reason: VIAS }];
  }
}

export function fileFailures(files: PropertyValue): readonly CheckFailure[] {
  if (files instanceof Unknown) return [];
  if (!isMap(files))
    return [{ property: "files", reason: "is a map of files by path; an empty one removes what was pushed" }];
  return Object.entries(files).flatMap(([path, file]) => {
    const property = `files["${path}"]`;
    const wrongPath = isCleanPath(path)
      ? []
      : [{ property, reason: "is no absolute path without `.`, `..` and double slashes" }];
    if (file instanceof Unknown) return wrongPath;
    if (!isMap(file))
      return [...wrongPath, { property, reason: "is a file: {content, owner, mode, validate?, apply?}" }];
    return [...wrongPath, ...ruled(property, file, FILE)];
  });
}

function isCleanPath(path: string): boolean {
  const [first, ...names] = path.split("/");
  return first === "" && names.length > 0 && names.every((name) => !["", ".", ".."].includes(name));
}

const FILE: Readonly<Record<string, Rule>> = {
  content: (value) => {
    if (typeof value !== "string") return "is a text";
    return value.includes(LOST_OUTPUT)
      ? "holds an Output that was put into a text; bind it with pulumi.interpolate"
      : undefined;
  },
  owner: (value) =>
    /^[a-z_][\w.-]*:[a-z_][\w.-]*$/.test(text(value)) ? undefined : "is user:group, such as root:root",
  mode: (value) => (/^[0-7]{4}$/.test(text(value)) ? undefined : "is four octal digits, such as 0644"),
  validate: (value) => {
    if (value === null) return undefined;
    const words = isList(value) ? value.map((each) => text(each)) : [];
    return words.length === 0 || words.some((word) => word.includes("{}"))
      ? undefined
      : "is a program and its arguments, with {} for the candidate's path";
  },
  apply: (value) => {
    if (value === null) return undefined;
    const { kind, unit } = isMap(value) ? value : {};
    if (kind === "none") return undefined;
    const named = (kind === "reload" || kind === "restart") && isUnit(text(unit));
    return named ? undefined : 'is {kind: "none"}, or {kind: "reload" or "restart", unit: "haproxy.service"}';
  },
};

function isUnit(name: string): boolean {
  return /^[\w@:.\\-]+\.(service|socket|timer|target|mount|path|swap)$/.test(name);
}

/** Units and checks, which run in order after the files are replaced. */
export function stepFailures(plain: PropertyMap): readonly CheckFailure[] {
  const { files } = plain;
  const units = listed(plain, "units", (property, unit) => {
    const name: Rule = (value) =>
      isUnit(text(value)) ? undefined : "is a unit with its suffix, such as haproxy.service";
    const needs: Rule = (value) => {
      if (!isList(value)) return "is a list of paths";
      const absent = isMap(files) ? value.map((each) => text(each)).filter((path) => !(path in files)) : [];
      return absent.length === 0 ? undefined : `${absent.join(", ")} is not among the files`;
    };
    return ruled(property, unit, { name, needs });
  });
  const checks = listed(plain, "checks", (property, check) => {
    const run: Rule = (value) =>
      isList(value) && value.length > 0 && value.every((each) => typeof each === "string")
        ? undefined
        : "is a program and its arguments";
    return ruled(property, check, { name: requiredText, run, timeoutSeconds: requiredSeconds });
  });
  return [...units, ...checks];
}

function listed(
  plain: PropertyMap,
  name: string,
  failuresOf: (property: string, item: PropertyMap) => readonly CheckFailure[],
): readonly CheckFailure[] {
  const list = plain[name] ?? [];
  if (list instanceof Unknown) return [];
  if (!isList(list)) return [{ property: name, reason: "is a list" }];
  return list.flatMap((item, index) => {
    const property = `${name}[${index}]`;
    if (item instanceof Unknown) return [];
    return isMap(item) ? failuresOf(property, item) : [{ property, reason: "is not as it should be" }];
  });
}

function ruled(
  property: string,
  given: PropertyMap,
  rules: Readonly<Record<string, Rule>>,
): readonly CheckFailure[] {
  return Object.entries(rules).flatMap(([name, rule]) => {
    const value = given[name] ?? null;
    const reason = value instanceof Unknown ? undefined : rule(value);
    return reason === undefined ? [] : [{ property: `${property}.${name}`, reason }];
  });
}
