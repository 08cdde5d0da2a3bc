/** Where a cloud is and as whom to log in: an entry of clouds.yaml, or the OS_ variables, as OpenStack's own clients read them. */
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { parse } from "yaml";

/** How Keystone is asked for a token: the `auth` of `POST /v3/auth/tokens`. */
export type Auth =
  | {
      readonly kind: "password";
      readonly user: Named;
      readonly password: string;
      /** Absent: the user's default project. */
      readonly project?: Named;
    }
  | {
      readonly kind: "applicationCredential";
      /** By id, or by name together with its user. */
      readonly credential: { readonly id: string } | { readonly name: string; readonly user: Named };
      readonly secret: string;
    };

/** A user or project: by id, or by name within a domain. */
export type Named =
  { readonly id: string } | { readonly name: string; readonly domain: { id: string } | { name: string } };

/** Where Keystone is, and how it is asked for a token. */
export interface CloudLogin {
  /** For messages: `cloud lab` or `the OS_ variables`. */
  readonly source: string;
  /** Keystone's URL, with or without `/v3`. */
  readonly authUrl: string;
  readonly auth: Auth;
  /** Absent: the first region of the catalog. */
  readonly region?: string;
  readonly interface: "public" | "internal" | "admin";
}

/** What decides which cloud is meant. */
export interface CloudChoice {
  /** Entry of clouds.yaml. @default OS_CLOUD; without it the OS_ variables are used alone */
  readonly cloud?: string;
  /** @default OS_CLIENT_CONFIG_FILE, else clouds.yaml in the working, the user's and the system's folder */
  readonly cloudsFile?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
type Settings = Readonly<Record<string, unknown>>;

/**
 * How to log in to a cloud, from clouds.yaml or the OS_ variables.
 * @throws Error with the file, entry or variable that is missing
 */
export function loginOf(choice: CloudChoice, environment: Environment = process.env): CloudLogin {
  const name = choice.cloud ?? environment["OS_CLOUD"];
  if (name === undefined) return loginFrom(fromVariables(environment), "the OS_ variables");
  const file = cloudsFile(choice, environment);
  const entry = entryOf(file, name);
  const region = entry["region_name"] ?? environment["OS_REGION_NAME"];
  return loginFrom({ ...entry, region_name: region }, `cloud ${name} of ${file}`);
}

function cloudsFile({ cloudsFile: given }: CloudChoice, environment: Environment): string {
  const named = given ?? environment["OS_CLIENT_CONFIG_FILE"];
  const candidates =
    named === undefined
      ? [".", join(homedir(), ".config/openstack"), "/etc/openstack"].map((folder) =>
          join(folder, "clouds.yaml"),
        )
      : [named];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined)
    throw new Error(
      `no clouds.yaml at ${candidates.join(", ")}; write one, or name it by OS_CLIENT_CONFIG_FILE`,
    );
  return found;
}

/** The entry, with what a secure.yaml beside it adds. */
function entryOf(file: string, name: string): Settings {
  const known = settings(settings(parse(readFileSync(file, "utf8")))["clouds"]);
  if (!(name in known))
    throw new Error(`${file} has no cloud "${name}"; it has: ${Object.keys(known).join(", ") || "none"}`);
  const entry = settings(known[name]);
  const secure = join(dirname(file), "secure.yaml");
  if (!existsSync(secure)) return entry;
  const secrets = settings(settings(settings(parse(readFileSync(secure, "utf8")))["clouds"])[name]);
  return { ...entry, ...secrets, auth: { ...settings(entry["auth"]), ...settings(secrets["auth"]) } };
}

function fromVariables(environment: Environment): Settings {
  const auth = Object.fromEntries(
    Object.entries(environment)
      .filter(([name, value]) => name.startsWith("OS_") && value !== undefined && value !== "")
      .map(([name, value]) => [name.slice("OS_".length).toLowerCase(), value]),
  );
  return {
    auth,
    auth_type: auth["auth_type"],
    region_name: auth["region_name"],
    interface: auth["interface"],
  };
}

function loginFrom(entry: Settings, source: string): CloudLogin {
  const auth = settings(entry["auth"]);
  const region = optional(entry["region_name"]);
  return {
    source,
    authUrl: needed(auth, "auth_url", source).replace(/\/+$/, ""),
    auth: authOf(auth, source),
    interface: interfaceOf(optional(entry["interface"])),
    ...(region === undefined ? {} : { region }),
  };
}

function authOf(auth: Settings, source: string): Auth {
  const [id, name] = [
    optional(auth["application_credential_id"]),
    optional(auth["application_credential_name"]),
  ];
  if (id === undefined && name === undefined) {
    const password = needed(auth, "password", source);
    const project = named(auth, "project") ?? named(auth, "tenant");
    const login = { kind: "password" as const, user: userOf(auth, source), password };
    return project === undefined ? login : { ...login, project };
  }
  const secret = needed(auth, "application_credential_secret", source);
  const credential = id === undefined ? { name: name ?? "", user: userOf(auth, source) } : { id };
  return { kind: "applicationCredential", credential, secret };
}

function userOf(auth: Settings, source: string): Named {
  const user = named({ user_name: auth["username"], ...auth }, "user");
  if (user === undefined) throw new Error(`${source} names no user (username or user_id)`);
  return user;
}

function named(auth: Settings, what: string): Named | undefined {
  const [id, name] = [optional(auth[`${what}_id`]), optional(auth[`${what}_name`])];
  if (id !== undefined) return { id };
  if (name === undefined) return undefined;
  const domainId = optional(auth[`${what}_domain_id`]) ?? optional(auth["domain_id"]);
  if (domainId !== undefined) return { name, domain: { id: domainId } };
  const domainName = optional(auth[`${what}_domain_name`]) ?? optional(auth["domain_name"]);
  return { name, domain: domainName === undefined ? { id: "default" } : { name: domainName } };
}

function interfaceOf(text: string | undefined): CloudLogin["interface"] {
  const bare = (text ?? "public").replace(/URL$/, "");
  return bare === "internal" || bare === "admin" ? bare : "public";
}

function needed(from: Settings, name: string, source: string): string {
  const value = optional(from[name]);
  if (value === undefined) throw new Error(`${source} gives no ${name}`);
  return value;
}

function optional(value: unknown): string | undefined {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== "" ? value : undefined;
}

function settings(value: unknown): Settings {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Settings) : {};
}
