/** Which role each server of an existing lab has: by a person's choice, else by its name. */
import { UserError } from "../shared/failure";

/** Roles that have pools; `workers.<pool>` besides. */
const ROLES = ["bastion", "gateway", "loadBalancer", "controlPlane", "gluster", "nfs"] as const;
type SingleRole = (typeof ROLES)[number];

/** Key of a pool in the program: `bastion`, `workers.general`. */
export type PoolKey = SingleRole | `workers.${string}`;

/** The choice of a person: servers by name, where `*` is any text. */
export interface RoleChoice {
  readonly servers: RegExp;
  readonly pool: PoolKey;
}

/** Words that people write into names, in the order in which they are looked for. */
const WORDS: readonly (readonly [words: RegExp, pool: PoolKey])[] = [
  [/^(bastion|jump|jumphost)$/, "bastion"],
  [/^(gateway|gw|wireguard|vpn)$/, "gateway"],
  [/^(loadbalancer|haproxy|lb)$/, "loadBalancer"],
  [/^(controlplane|master|cp)$/, "controlPlane"],
  [/^gluster(fs)?$/, "gluster"],
  [/^nfs$/, "nfs"],
  [/^(workers?|nodes?|compute)$/, "workers.general"],
];

/** The pool of a server by its name; undefined if no word of it says so. */
export function poolOf(name: string, choices: readonly RoleChoice[]): PoolKey | undefined {
  const chosen = choices.find(({ servers }) => servers.test(name));
  if (chosen !== undefined) return chosen.pool;
  const joined = name
    .toLowerCase()
    .replaceAll(/control[-_.]plane/g, "controlplane")
    .replaceAll(/load[-_.]balancer/g, "loadbalancer");
  const words = joined.split(/[^a-z]+/);
  return WORDS.find(([pattern]) => words.some((word) => pattern.test(word)))?.[1];
}

/** @param texts `<server>=<role>`. @throws UserError for anything else */
export function roleChoices(texts: readonly string[]): readonly RoleChoice[] {
  return texts.map((each) => {
    const [servers, pool] = splitAt(each);
    if (servers === "" || !isPoolKey(pool))
      throw new UserError(
        `--role ${each}: write <server>=<role>, such as node-*=workers.general; roles: ${ROLES.join(", ")}, workers.<pool>`,
      );
    return { servers: pattern(servers), pool };
  });
}

function splitAt(each: string): readonly [string, string] {
  const at = each.lastIndexOf("=");
  return at < 0 ? [each, ""] : [each.slice(0, at), each.slice(at + 1)];
}

function isPoolKey(text: string): text is PoolKey {
  return ROLES.some((role) => role === text) || /^workers\.[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/.test(text);
}

function pattern(glob: string): RegExp {
  const parts = glob.split("*").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`);
}
