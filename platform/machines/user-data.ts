/**
 * User data of a server for cloud-init: the boot files of its machine config. User data is permanent (Nova's database,
 * the config drive, state), so it must not contain secrets or change later, except for the server's own identity.
 */
import { stringify } from "yaml";
import { OPERATOR } from "../../environment/accounts";
import type { SoftwarePlan } from "../../environment/plan/types";
import type { ServerPlan } from "../../environment/plan/types";
import { composed, requiredReferences } from "../../values";
import { identityPrefix } from "../../environment/secrets";
import type { FileConfig, MachineConfig, UserConfig } from "./config";
import { aptSettings } from "./software";
import { unitCommands, unitFiles } from "./units";

/** cloud-init recognizes cloud-config by this first line. */
const HEADER = "#cloud-config\n";

export interface UserDataContext {
  readonly server: ServerPlan;
  readonly domain: string;
  readonly software: SoftwarePlan;
}

/**
 * The same machine config gives the same text. The whole text is compressed when it is registered.
 * @throws Error naming every file that contains a secret other than the server's own: a bug in the program
 */
export function userData(config: MachineConfig, { server, domain, software }: UserDataContext): string {
  const files = [...config.files.filter(isBoot), ...unitFiles(config.units)];
  checkSecrets(files, server);
  return `${HEADER}${stringify(
    {
      hostname: server.name,
      fqdn: `${server.name}.${domain}`,
      prefer_fqdn_over_hostname: false,
      manage_etc_hosts: "localhost",
      timezone: "Etc/UTC",
      ssh_pwauth: false,
      disable_root: true,
      ...accounts(config.users),
      ...aptSettings(software),
      write_files: files.map(fileEntry),
      runcmd: bootCommands(config),
    },
    { lineWidth: 0 },
  )}`;
}

function isBoot({ delivery }: FileConfig): boolean {
  return delivery.kind === "boot";
}

/** `user` renames the image's own account, to which cloud-init adds the server's key pair. */
function accounts(users: readonly UserConfig[]): object {
  const others = users.filter(({ name }) => name !== OPERATOR);
  return {
    user: { name: OPERATOR, lock_passwd: true, shell: "/bin/bash", sudo: "ALL=(ALL) NOPASSWD:ALL" },
    users: ["default", ...others.map(userEntry)],
  };
}

function userEntry({ name, sshKeys, sudo }: UserConfig): object {
  return {
    name,
    lock_passwd: true,
    shell: "/bin/bash",
    ...(sshKeys.length === 0 ? {} : { ssh_authorized_keys: sshKeys }),
    ...(sudo ? { sudo: "ALL=(ALL) NOPASSWD:ALL" } : {}),
  };
}

/** A value that is known later may contain line breaks, which would break YAML: such a file is encoded in base64. */
function fileEntry({ path, owner, mode, content }: FileConfig): object {
  const entry = { path, owner, permissions: mode };
  if (requiredReferences(content).length === 0) return { ...entry, content };
  return { ...entry, encoding: "b64", content: composed([content]).base64().toString() };
}

/** Kernel and systemd settings, then the commands, packages first, then all units at once. */
function bootCommands({ units, commands }: MachineConfig): readonly (readonly string[])[] {
  return [
    ["systemctl", "daemon-reload"],
    ["sysctl", "--system", "--quiet"],
    ...commands.map(({ run }) => run),
    ...unitCommands(units),
  ];
}

function checkSecrets(files: readonly FileConfig[], server: ServerPlan): void {
  const own = identityPrefix(server.key);
  const problems = files.flatMap(({ path, content }) =>
    requiredReferences(content)
      .filter(({ kind, name }) => kind === "secret" && !name.startsWith(own))
      .map(({ name }) => `${path} holds the secret ${name}`),
  );
  if (problems.length === 0) return;
  throw new Error(
    `${server.key}: ${problems.join("; ")}: user data is permanent; make the file a sealed one, or name the secret ${own}… if it is this server's own identity`,
  );
}
