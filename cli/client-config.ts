/** `labstead client-config`: the files that one person comes in with, from the plan and from what stands. */
import { environments } from "../catalog";
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { hasRights } from "../environment/plan/people";
import type { EnvironmentPlan } from "../environment/plan/types";
import { stackFile } from "../environment/stack-file";
import { lab } from "../lab";
import {
  CLIENT_FILES,
  clientFiles,
  clients,
  hasWayIn,
  withPrivateKeyOf,
  type Client,
  type ClientFile,
} from "../platform/clients";
import { knownPublicly, standingFor } from "./client-standing";
import { UserError } from "./failure";
import { stackOutputs, type OutputsOptions } from "./stack-outputs";

export interface ClientConfigOptions extends OutputsOptions {
  /** Where to write. @default out */
  readonly out?: string;
}

export async function runClientConfig(
  person: string,
  stack: string,
  options: ClientConfigOptions = {},
): Promise<void> {
  const directory = options.directory ?? process.cwd();
  const plan = ownersPlan(directory, stack, `client-config ${person}`);
  const client = clientOf(plan, person, basename(stackFile(directory, stack)));
  const outputs = await stackOutputs(plan.environment, options);
  const standing = standingFor(plan, client, outputs);
  const folder = join(directory, options.out ?? "out", "clients", stack, person);
  const files = clientFiles(plan, client, standing);
  write(folder, files);
  console.log(told(folder, plan, client, files, knownPublicly(standing)));
}

/** @throws UserError for a tenant: whoever comes in does so by its owner's servers and cluster */
export function ownersPlan(directory: string, stack: string, command: string): EnvironmentPlan {
  const { plan } = lab(environments.read(stackFile(directory, stack)));
  if (plan.tenancy.kind === "owner") return plan;
  const { owner } = plan.cluster;
  throw new UserError(
    `${stack} is a tenant of ${owner}, where people come in; run: labstead ${command} ${owner}`,
  );
}

/** @throws UserError for somebody who is not there, or has no way in */
export function clientOf(plan: EnvironmentPlan, person: string, file: string): Client {
  const all = clients(plan);
  const client = all.find(({ name }) => name === person);
  if (client === undefined) {
    const names = all.map(({ name }) => name).join(", ");
    const there = names === "" ? "people is empty" : `there are ${names}`;
    throw new UserError(`${person} is nobody of ${file}: ${there}; docs/people.md says how somebody joins`);
  }
  if (hasWayIn(client)) return client;
  throw new UserError(
    `people.${person} of ${file} has no way in; give ssh, wireguard or kubernetes, then: labstead up ${plan.environment}`,
  );
}

/** Files of a way that the person no longer has are gone. Nobody but their owner can read the others at any time. */
function write(folder: string, files: readonly ClientFile[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  for (const name of CLIENT_FILES) {
    const path = join(folder, name);
    const file = files.find((each) => each.name === name);
    const content = file === undefined ? undefined : withOwnKey(path, file);
    // Made anew: an old file may have another mode, or be open elsewhere.
    rmSync(path, { force: true });
    if (content === undefined) continue;
    writeFileSync(path, content, { mode: file?.runs === true ? 0o700 : 0o600, flag: "wx" });
  }
}

/** Who makes the files for himself has put his private key in already. */
function withOwnKey(path: string, { name, content }: ClientFile): string {
  if (name !== "wg0.conf" || !existsSync(path)) return content;
  return withPrivateKeyOf(readFileSync(path, "utf8"), content);
}

const NO_KUBECONFIG =
  "none: run labstead up first; where the cluster is given (labstead:kubeconfig), its owner gives them";

/** Names and dates, and nothing of what is in the files. */
function told(
  folder: string,
  { environment }: EnvironmentPlan,
  client: Client,
  files: readonly ClientFile[],
  { certificateEnds }: ReturnType<typeof knownPublicly>,
): string {
  const has = (file: ClientFile["name"]) => files.some((each) => each.name === file);
  const ends = certificateEnds === undefined ? "" : `, until ${certificateEnds.toISOString().slice(0, 10)}`;
  return [
    `${client.name}'s ways into ${environment}, in ${folder}:`,
    ...(has("wg0.conf") ? ["  wg0.conf    put the private key in, then: ./wg-up"] : []),
    ...(has("ssh_config") ? ["  ssh_config  ssh -F ssh_config <server>"] : []),
    ...(has("kubeconfig") ? [`  kubeconfig  kubectl --kubeconfig kubeconfig get pods${ends}`] : []),
    ...(hasRights(client) && !has("kubeconfig") ? [`  kubeconfig  ${NO_KUBECONFIG}`] : []),
    "  check       says which of them work",
    ...(has("kubeconfig") && certificateEnds !== undefined
      ? ["the kubeconfig holds a key: hand the folder over on a way that nobody else can read"]
      : []),
  ].join("\n");
}
