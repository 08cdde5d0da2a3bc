/** Looks people up in an LDAP directory, over TLS and with both time-outs: the client's own defaults wait without end. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { AndFilter, Client, EqualityFilter, InvalidCredentialsError, type Entry } from "ldapts";
import type { DirectoryConfig } from "../../../apps/user-pods/directory/configuration";
import { LARGEST_ID } from "../../../apps/user-pods/ids";
import { reasonOf, UserError } from "../../shared/failure";

/** What the directory has for one name. */
export type Found =
  | { readonly kind: "person"; readonly dn: string; readonly uid: number; readonly gid: number }
  | { readonly kind: "nobody" }
  | { readonly kind: "several"; readonly dns: readonly string[] }
  | { readonly kind: "unusable"; readonly dn: string; readonly problem: string };

export type LookUp = (name: string) => Promise<Found>;

/** Attributes of a posixAccount (RFC 2307). */
const [UID, GID] = ["uidNumber", "gidNumber"];

export interface Opening {
  readonly settings: DirectoryConfig;
  /** Of the stack file. */
  readonly folder: string;
  /** Of `bindDn`. */
  readonly password?: string;
}

/** Opens one connection for all look-ups of `use`. @throws UserError if the directory refuses it or does not answer */
export async function withDirectory<Result>(
  { settings, folder, password }: Opening,
  use: (lookUp: LookUp) => Promise<Result>,
): Promise<Result> {
  const tls = tlsOptions(settings, folder);
  const milliseconds = settings.timeoutSeconds * 1000;
  const isSecure = settings.url.startsWith("ldaps:");
  const client = new Client({
    url: settings.url,
    timeout: milliseconds,
    connectTimeout: milliseconds,
    ...(isSecure ? { tlsOptions: tls } : {}),
  });
  try {
    if (!isSecure) await client.startTLS(tls);
    if (settings.bindDn !== undefined) await client.bind(settings.bindDn, password);
    return await use(async (name) => foundOf(await entriesOf(client, settings, name)));
  } catch (error) {
    throw asProblem(error, settings);
  } finally {
    await client.unbind().catch(() => undefined);
  }
}

function tlsOptions({ certificateAuthority }: DirectoryConfig, folder: string): { readonly ca?: Buffer } {
  if (certificateAuthority === undefined) return {};
  const file = join(folder, certificateAuthority);
  try {
    return { ca: readFileSync(file) };
  } catch (error) {
    throw new UserError(
      `apps.userPods.directory.certificateAuthority: ${file} cannot be read (${reasonOf(error)}); write the path of the authority's certificate, from the folder of the stack file`,
    );
  }
}

/** The filter is built, not written as a text, so no character of a name means anything in it. */
async function entriesOf(
  client: Client,
  { base, nameAttribute, timeoutSeconds }: DirectoryConfig,
  name: string,
): Promise<readonly Entry[]> {
  const filter = new AndFilter({
    filters: [
      new EqualityFilter({ attribute: "objectClass", value: "posixAccount" }),
      new EqualityFilter({ attribute: nameAttribute, value: name }),
    ],
  });
  const options = { scope: "sub" as const, filter, attributes: [UID, GID], timeLimit: timeoutSeconds };
  return (await client.search(base, options)).searchEntries;
}

/** Exactly one entry with two usable ids. */
export function foundOf(entries: readonly Entry[]): Found {
  const [entry, ...others] = entries;
  if (entry === undefined) return { kind: "nobody" };
  if (others.length > 0) return { kind: "several", dns: entries.map(({ dn }) => dn) };
  const [uid, gid] = [idOf(entry, UID), idOf(entry, GID)];
  if (typeof uid === "string") return { kind: "unusable", dn: entry.dn, problem: uid };
  if (typeof gid === "string") return { kind: "unusable", dn: entry.dn, problem: gid };
  return { kind: "person", dn: entry.dn, uid, gid };
}

/** The number, or what is wrong with it. */
function idOf(entry: Entry, attribute: string): number | string {
  const value = entry[attribute];
  const text = Array.isArray(value) ? value.join(" and ") : String(value ?? "nothing");
  const id = /^[0-9]+$/.test(text) ? Number(text) : Number.NaN;
  if (id >= 1 && id <= LARGEST_ID) return id;
  return `its ${attribute} is ${text === "" ? "nothing" : text}, and a pod needs one number from 1, as 0 is root's, to ${String(LARGEST_ID)}`;
}

function asProblem(error: unknown, { url, bindDn, timeoutSeconds }: DirectoryConfig): unknown {
  if (error instanceof UserError) return error;
  if (error instanceof InvalidCredentialsError)
    return new UserError(
      `the directory ${url} refuses ${bindDn ?? "anonymous"}; set its password as $LABSTEAD_LDAP_PASSWORD`,
    );
  return new UserError(
    `the directory ${url} was asked without result: ${reasonOf(error)}; check apps.userPods.directory, and that the server answers from here within ${String(timeoutSeconds)} s`,
  );
}
