/** `labstead doctor <stack>`: when certificates, keys and credentials of a stack expire, by their real dates. */
import { parse } from "yaml";
import { environments } from "../../catalog";
import type { ExpiryPlan } from "../../environment/plan/types";
import { stackFile } from "../../environment/stack-file";
import { lab } from "../../lab";
import { UserError } from "../shared/failure";
import type { Pulumi } from "../shared/pulumi";
import { pulumiFor, type OutputsOptions } from "../shared/stack-outputs";
import { readCluster, type ClusterAnswer } from "./cluster";
import { expiryDates } from "./dates";
import { expiriesTable, judgeExpiries, type JudgedExpiry } from "./judge";
import type { ReadText } from "./read-text";

/** Prints the table; exits with 1 if something has expired. */
export async function runExpiries(stack: string, options: OutputsOptions): Promise<void> {
  const judged = await stackExpiries(stack, options, new Date());
  console.log(expiriesTable(stack, judged));
  if (judged.some(({ state }) => state === "ended")) process.exitCode = 1;
}

/** @throws UserError for a stack that was never brought up, and for a state that cannot be read */
export async function stackExpiries(
  stack: string,
  options: OutputsOptions,
  now: Date,
): Promise<readonly JudgedExpiry[]> {
  const { plan } = lab(environments.read(stackFile(options.directory ?? process.cwd(), stack)));
  const pulumi = pulumiFor(stack, options);
  const state = await pulumi?.export();
  if (pulumi === undefined || state === undefined || state.deployment.resources.length === 0)
    throw new UserError(
      `${stack} was never brought up here; what will end in it is listed by: labstead plan ${stack}`,
    );
  const kubeconfig = await kubeconfigOf(pulumi);
  const cluster = await clusterOf(plan.expiries, kubeconfig, options);
  return judgeExpiries(
    plan.expiries,
    expiryDates(plan.expiries, { state, kubeconfig: clientCertificate(kubeconfig), cluster }),
    now,
  );
}

async function kubeconfigOf(pulumi: Pulumi): Promise<ReadText> {
  const { kubeconfig } = await pulumi.outputs();
  return typeof kubeconfig === "string"
    ? { kind: "text", text: kubeconfig }
    : { kind: "unread", why: "the stack's outputs have no kubeconfig yet" };
}

/** Reads the cluster only if a date is stored there; no date of a tenant is. */
function clusterOf(
  ends: readonly ExpiryPlan[],
  kubeconfig: ReadText,
  { rehearsed }: OutputsOptions,
): Promise<ClusterAnswer> {
  const secrets = ends.flatMap(({ date }) => (date.kind === "tlsSecret" ? [date] : []));
  const asks = secrets.length > 0 || ends.some(({ date }) => date.kind === "annotation");
  if (rehearsed || !asks) {
    const why = rehearsed
      ? "the built-in cloud has no nodes that could be read"
      : "nothing that ends is stored there";
    return Promise.resolve({ kind: "unread", why });
  }
  return kubeconfig.kind === "text" ? readCluster(kubeconfig.text, secrets) : Promise.resolve(kubeconfig);
}

interface Kubeconfig {
  readonly users?: readonly { readonly user?: Readonly<Record<string, unknown>> }[];
}

/** A token or a sign-in has no date. */
function clientCertificate(kubeconfig: ReadText): ReadText {
  if (kubeconfig.kind === "unread") return kubeconfig;
  const { users } = parse(kubeconfig.text) as Kubeconfig;
  const data = users?.[0]?.user?.["client-certificate-data"];
  return typeof data === "string"
    ? { kind: "text", text: Buffer.from(data, "base64").toString() }
    : { kind: "unread", why: "the kubeconfig holds no certificate" };
}
