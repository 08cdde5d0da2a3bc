/** Outputs of a stack that a client's files need. */
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { hasRights } from "../../environment/plan/people";
import type { EnvironmentPlan } from "../../environment/plan/types";
import type { Client, ClientFacts } from "../../platform/clients";
import { UserError } from "../shared/failure";
import { innerAddresses, outerAddresses, stackFacts, type StackFacts } from "../shared/stack-facts";
import type { Outputs } from "../shared/stack-outputs";

/** @throws UserError if the stack does not have the configured resources yet */
export function clientFacts(plan: EnvironmentPlan, client: Client, outputs: Outputs): ClientFacts {
  const known = stackFacts(plan.environment, outputs);
  const later = (what: string) =>
    new UserError(`${what}: the configuration says so, and it does not exist yet; first run: ${outputs.up}`);
  for (const { key, name } of plan.servers)
    if (known.sshHostKeys[key] === undefined) throw later(`server ${name}`);
  const kubeconfig = known.personKubeconfigs[client.name];
  // Without any, others run the cluster and issue its kubeconfigs.
  const issuesKubeconfigs = Object.keys(known.personKubeconfigs).length > 0;
  const hasOther = client.ssh !== undefined || client.peer !== undefined;
  if (hasRights(client) && kubeconfig === undefined && (issuesKubeconfigs || !hasOther))
    throw later(`people.${client.name}.kubernetes`);
  return {
    addresses: { inner: innerAddresses(known), outer: outerAddresses(known) },
    hostKeys: new Map(Object.entries(known.sshHostKeys)),
    ...gatewayOf(plan, client, known, later),
    ...(kubeconfig === undefined || !hasRights(client) ? {} : { kubeconfig }),
  };
}

function gatewayOf(
  { wireguard }: EnvironmentPlan,
  { peer }: Client,
  known: StackFacts,
  later: (what: string) => UserError,
): Pick<ClientFacts, "gateway"> {
  if (wireguard === undefined || peer === undefined) return {};
  const { endpoint } = wireguard;
  const key = endpoint.kind === "vip" ? `vip/${endpoint.vip}` : `server/${endpoint.server}`;
  const [address, publicKey] = [known.floatingIps[key], known.wireGuardPublicKey];
  if (address === undefined || publicKey === undefined) throw later("the WireGuard gateway");
  return { gateway: { address, publicKey } };
}

const kubeconfigShape = z.object({
  users: z.array(z.object({ user: z.object({ "client-certificate-data": z.string().optional() }) })),
});

/** The part that may be printed: when the certificate expires, if there is one. */
export function publicFacts({ kubeconfig }: ClientFacts): { readonly certificateEnds?: Date } {
  if (kubeconfig === undefined) return {};
  const { users } = kubeconfigShape.parse(JSON.parse(kubeconfig));
  const certificate = users[0]?.user["client-certificate-data"];
  if (certificate === undefined) return {};
  const { validTo } = new X509Certificate(Buffer.from(certificate, "base64"));
  return { certificateEnds: new Date(validTo) };
}
