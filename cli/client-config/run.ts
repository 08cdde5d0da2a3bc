/** `labstead client-config`: the files with which one person connects, from the plan and from the stack's outputs. */
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { hasRights } from "../../environment/plan/people";
import type { EnvironmentPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import {
  CLIENT_FILES,
  clientFiles,
  withPrivateKeyOf,
  type Client,
  type ClientFile,
} from "../../platform/clients";
import { publicFacts, clientFacts } from "./client-facts";
import { clientOf, ownersPlan } from "../shared/client";
import { writeWhole, type WholeFile } from "../shared/whole-file";
import { stackOutputs, type OutputsOptions } from "../shared/stack-outputs";

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
  const facts = clientFacts(plan, client, outputs);
  const folder = join(directory, options.out ?? "out", "clients", stack, person);
  const files = clientFiles(plan, client, facts);
  write(folder, files);
  console.log(summary(folder, plan, client, files, publicFacts(facts)));
}

/** Removes files of access that the person no longer has. Only their owner can read the others at any time. */
function write(folder: string, files: readonly ClientFile[]): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const wanted = files.map((file): WholeFile => {
    const path = join(folder, file.name);
    return { path, text: withOwnKey(path, file), mode: file.executable ? 0o700 : 0o600 };
  });
  writeWhole(...wanted);
  const names = new Set(files.map(({ name }) => name));
  for (const name of CLIENT_FILES) if (!names.has(name)) rmSync(join(folder, name), { force: true });
}

/** A person who writes their own files may have inserted the private key already. */
function withOwnKey(path: string, { name, content }: ClientFile): string {
  if (name !== "wg0.conf" || !existsSync(path)) return content;
  return withPrivateKeyOf(readFileSync(path, "utf8"), content);
}

const NO_KUBECONFIG =
  "none: run labstead up first; where the cluster is given (labstead:kubeconfig), its owner gives them";

/** Names and dates, without any content of the files. */
function summary(
  folder: string,
  { environment }: EnvironmentPlan,
  client: Client,
  files: readonly ClientFile[],
  { certificateEnds }: ReturnType<typeof publicFacts>,
): string {
  const has = (file: ClientFile["name"]) => files.some((each) => each.name === file);
  const ends = certificateEnds === undefined ? "" : `, until ${certificateEnds.toISOString().slice(0, 10)}`;
  return [
    `${client.name}'s access to ${environment}, in ${folder}:`,
    ...(has("wg0.conf") ? ["  wg0.conf    put the private key in, then: ./wg-up"] : []),
    ...(has("ssh_config") ? ["  ssh_config  ssh -F ssh_config <server>"] : []),
    ...(has("kubeconfig") ? [`  kubeconfig  kubectl --kubeconfig kubeconfig get pods${ends}`] : []),
    ...(hasRights(client) && !has("kubeconfig") ? [`  kubeconfig  ${NO_KUBECONFIG}`] : []),
    "  check       says which of them work",
    ...(has("kubeconfig") && certificateEnds !== undefined
      ? ["the kubeconfig holds a key: hand the folder over by a channel that nobody else can read"]
      : []),
  ].join("\n");
}
