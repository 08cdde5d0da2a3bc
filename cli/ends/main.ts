/** `labstead doctor <stack>`: when what lets somebody into a stack ends, by its real dates. */
import { environments } from "../../catalog";
import { parse } from "yaml";
import type { ExpiryPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { UserError } from "../failure";
import type { Pulumi } from "../recover/pulumi";
import { pulumiFor, type OutputsOptions } from "../stack-outputs";
import { lookIntoCluster, type ClusterSeen } from "./cluster";
import { endDates } from "./dates";
import { endsTable, judgeEnds, type JudgedEnd } from "./judge";
import type { Read } from "./read";

/** Prints the table; ends with 1 if something has ended. */
export async function runEnds(stack: string, options: OutputsOptions): Promise<void> {
  const judged = await stackEnds(stack, options, new Date());
  console.log(endsTable(stack, judged));
  if (judged.some(({ state }) => state === "ended")) process.exitCode = 1;
}

/** @throws UserError for a stack that was never brought up, and for a state that cannot be read */
export async function stackEnds(
  stack: string,
  options: OutputsOptions,
  now: Date,
): Promise<readonly JudgedEnd[]> {
  const { plan } = lab(environments.read(stackFile(options.directory ?? process.cwd(), stack)));
  const pulumi = pulumiFor(stack, options);
  const state = await pulumi?.export();
  if (pulumi === undefined || state === undefined || state.deployment.resources.length === 0)
    throw new UserError(
      `${stack} was never brought up here; what will end in it stands in: labstead plan ${stack}`,
    );
  const kubeconfig = await kubeconfigOf(pulumi);
  const cluster = await clusterOf(plan.expiries, kubeconfig, options);
  return judgeEnds(
    plan.expiries,
    endDates(plan.expiries, { state, kubeconfig: clientCertificate(kubeconfig), cluster }),
    now,
  );
}

async function kubeconfigOf(pulumi: Pulumi): Promise<Read> {
  const { kubeconfig } = await pulumi.outputs();
  return typeof kubeconfig === "string"
    ? { kind: "text", text: kubeconfig }
    : { kind: "unread", why: "the stack's outputs have no kubeconfig yet" };
}

/** Asks only where a date stands there: none of a tenant's does. */
function clusterOf(
  ends: readonly ExpiryPlan[],
  kubeconfig: Read,
  { rehearsed }: OutputsOptions,
): Promise<ClusterSeen> {
  const secrets = ends.flatMap(({ date }) => (date.kind === "tlsSecret" ? [date] : []));
  const asks = secrets.length > 0 || ends.some(({ date }) => date.kind === "annotation");
  if (rehearsed || !asks) {
    const why = rehearsed
      ? "the built-in cloud has no nodes that could be asked"
      : "nothing of it stands there";
    return Promise.resolve({ kind: "unread", why });
  }
  return kubeconfig.kind === "text" ? lookIntoCluster(kubeconfig.text, secrets) : Promise.resolve(kubeconfig);
}

interface Kubeconfig {
  readonly users?: readonly { readonly user?: Readonly<Record<string, unknown>> }[];
}

/** A token or a sign-in tells no date. */
function clientCertificate(kubeconfig: Read): Read {
  if (kubeconfig.kind === "unread") return kubeconfig;
  const { users } = parse(kubeconfig.text) as Kubeconfig;
  const data = users?.[0]?.user?.["client-certificate-data"];
  return typeof data === "string"
    ? { kind: "text", text: Buffer.from(data, "base64").toString() }
    : { kind: "unread", why: "the kubeconfig holds no certificate" };
}
