/**
 * What runs on one server, as data: computed from the plan alone. Each part (base, firewall, gateway, Kubernetes node,
 * …) declares its contribution and `machineConfig` joins them. User data and pushed files are rendered from it.
 */

/** A package to install and hold. */
export interface PackageConfig {
  readonly name: string;
  /** Pinned and held; if absent, the distribution's version, updated by its security updates. */
  readonly version?: string;
}

/** Starts or reloads the unit that reads a changed file. Reloading keeps connections; restarting does not. */
export type ApplyConfig =
  | { readonly kind: "none" }
  | { readonly kind: "reload"; readonly unit: string }
  | { readonly kind: "restart"; readonly unit: string };

/**
 * How a file is delivered to its server. `boot`: in user data, which is permanent (Nova's database, config drive,
 * state), so it must not contain long-lived secrets or change. `sealed`: pushed over SSH later, and again whenever it
 * changes.
 */
export type DeliveryConfig =
  | { readonly kind: "boot" }
  | {
      readonly kind: "sealed";
      /** Program and arguments that validate the file before it replaces the old one; `{}` is the candidate's path. */
      readonly validate?: readonly string[];
      readonly apply: ApplyConfig;
    };

export interface FileConfig {
  readonly path: string;
  /** `user:group`. */
  readonly owner: string;
  /** Four octal digits, such as `0644`. */
  readonly mode: string;
  /** Named values appear as markers; a boot file must not contain secrets except the server's own identity. */
  readonly content: string;
  readonly delivery: DeliveryConfig;
}

export interface UnitConfig {
  /** With its suffix: `haproxy.service`. */
  readonly name: string;
  /** The whole unit file; absent for a unit that a package installs. */
  readonly content?: string;
  /** Drop-ins by file name without suffix. */
  readonly dropIns?: Readonly<Record<string, string>>;
  readonly state: "enabled" | "disabled" | "masked";
  /** Sealed files that it needs; it starts once they exist. */
  readonly needs: readonly string[];
}

export interface MountConfig {
  /** Key of the Cinder volume; its device is found by the volume's id, never by its letter. */
  readonly volume: string;
  readonly use:
    | { readonly kind: "filesystem"; readonly type: "ext4" | "xfs"; readonly mountPoint: string }
    | { readonly kind: "raw"; readonly device: string }
    | { readonly kind: "swap" };
}

/** Run once at first boot, in order, after files and packages; must still be idempotent. */
export interface CommandConfig {
  readonly name: string;
  readonly run: readonly string[];
}

/** Checks that a part of the server works; run on the server, exit code 0 is success. */
export interface CheckConfig {
  readonly name: string;
  readonly run: readonly string[];
  readonly timeoutSeconds: number;
}

/** A person or service that can log in. */
export interface UserConfig {
  readonly name: string;
  readonly sshKeys: readonly string[];
  readonly sudo: boolean;
}

/** Contribution of one part to a server. */
export interface MachinePart {
  readonly packages?: readonly PackageConfig[];
  readonly users?: readonly UserConfig[];
  readonly files?: readonly FileConfig[];
  readonly units?: readonly UnitConfig[];
  readonly mounts?: readonly MountConfig[];
  readonly commands?: readonly CommandConfig[];
  readonly checks?: readonly CheckConfig[];
}

/** Everything that runs on one server. */
export interface MachineConfig extends Required<MachinePart> {
  /** Key of the server in the plan. */
  readonly server: string;
}

/**
 * Joins the parts of a server in order.
 * @throws Error naming every path, unit, package or user that two parts declare: a bug in the program.
 */
export function machineConfig(server: string, parts: readonly MachinePart[]): MachineConfig {
  const joined = {
    server,
    packages: once(parts.flatMap((part) => part.packages ?? [])),
    users: parts.flatMap((part) => part.users ?? []),
    files: parts.flatMap((part) => part.files ?? []),
    units: parts.flatMap((part) => part.units ?? []),
    mounts: parts.flatMap((part) => part.mounts ?? []),
    commands: parts.flatMap((part) => part.commands ?? []),
    checks: parts.flatMap((part) => part.checks ?? []),
  };
  const twice = [
    ...repeated(joined.packages.map(({ name }) => `package ${name}`)),
    ...repeated(joined.users.map(({ name }) => `user ${name}`)),
    ...repeated(joined.files.map(({ path }) => `file ${path}`)),
    ...repeated(joined.units.map(({ name }) => `unit ${name}`)),
    ...repeated(joined.commands.map(({ name }) => `command ${name}`)),
    ...repeated(joined.checks.map(({ name }) => `check ${name}`)),
  ];
  if (twice.length > 0) throw new Error(`${server}: two parts bring ${twice.join(", ")}`);
  return joined;
}

/** Several parts may need the same package; two different versions are both kept, and reported. */
function once(packages: readonly PackageConfig[]): readonly PackageConfig[] {
  const same = (one: PackageConfig, other: PackageConfig): boolean =>
    one.name === other.name && one.version === other.version;
  return packages.filter((each, index) => packages.findIndex((other) => same(each, other)) === index);
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

/** A file in user data, owned by root and readable by everyone. */
export function bootFile(path: string, content: string, mode = "0644"): FileConfig {
  return { path, owner: "root:root", mode, content, delivery: { kind: "boot" } };
}

/** A pushed file, readable by root only unless stated otherwise. */
export function sealedFile(
  path: string,
  content: string,
  options: {
    readonly apply?: ApplyConfig;
    readonly validate?: readonly string[];
    readonly mode?: string;
    readonly owner?: string;
  } = {},
): FileConfig {
  const { apply = { kind: "none" }, validate, mode = "0600", owner = "root:root" } = options;
  const delivery = validate === undefined ? { apply } : { apply, validate };
  return { path, owner, mode, content, delivery: { kind: "sealed", ...delivery } };
}
