/** What a client's files need of a stack's outputs, looked at before it is believed. */
import { X509Certificate } from "node:crypto";
import { z } from "zod";
import { hasRights } from "../environment/plan/people";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { Client, Standing } from "../platform/clients";
import { UserError } from "./failure";
import type { Outputs } from "./stack-outputs";

const shape = z.object({
  servers: z.record(z.string(), z.object({ address: z.string().min(1) })),
  floatingIps: z.record(z.string(), z.string().min(1)),
  sshHostKeys: z.record(z.string(), z.string().min(1)),
  personKubeconfigs: z.record(z.string(), z.string().min(1)),
  wireGuardPublicKey: z.string().min(1).optional(),
});

export type Known = z.output<typeof shape>;

/** @throws UserError for outputs of another version of the program */
export function knownOf(environment: string, { values, up }: Outputs): Known {
  const parsed = shape.safeParse(values);
  if (parsed.success) return parsed.data;
  const missing = [...new Set(parsed.error.issues.map(({ path }) => String(path[0])))];
  throw new UserError(
    `${environment} was brought up by another version of this program, whose outputs lack ${missing.join(", ")}; first run: ${up}`,
  );
}

/** @throws UserError where what stands is not yet what the configuration says */
export function standingFor(plan: EnvironmentPlan, client: Client, outputs: Outputs): Standing {
  const known = knownOf(plan.environment, outputs);
  const later = (what: string) =>
    new UserError(
      `${what}: the configuration says so, and what stands does not yet; first run: ${outputs.up}`,
    );
  for (const { key, name } of plan.servers)
    if (known.sshHostKeys[key] === undefined) throw later(`server ${name}`);
  const kubeconfig = known.personKubeconfigs[client.name];
  // Without any there is a cluster that others gave, who also give its kubeconfigs.
  const signs = Object.keys(known.personKubeconfigs).length > 0;
  const hasOther = client.ssh !== undefined || client.peer !== undefined;
  if (hasRights(client) && kubeconfig === undefined && (signs || !hasOther))
    throw later(`people.${client.name}.kubernetes`);
  return {
    addresses: { inner: innerOf(known), outer: outerOf(known) },
    hostKeys: new Map(Object.entries(known.sshHostKeys)),
    ...gatewayOf(plan, client, known, later),
    ...(kubeconfig === undefined || !hasRights(client) ? {} : { kubeconfig }),
  };
}

export function innerOf({ servers }: Known): ReadonlyMap<string, string> {
  return new Map(Object.entries(servers).map(([key, { address }]) => [key, address]));
}

/** By server. */
export function outerOf({ floatingIps }: Known): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(floatingIps).flatMap(([key, ip]) => {
      const server = /^server\/(.*)$/.exec(key)?.[1];
      return server === undefined ? [] : [[server, ip] as const];
    }),
  );
}

function gatewayOf(
  { wireguard }: EnvironmentPlan,
  { peer }: Client,
  known: Known,
  later: (what: string) => UserError,
): Pick<Standing, "gateway"> {
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

/** What may be told of it: when the certificate ends, where there is one. */
export function knownPublicly({ kubeconfig }: Standing): { readonly certificateEnds?: Date } {
  if (kubeconfig === undefined) return {};
  const { users } = kubeconfigShape.parse(JSON.parse(kubeconfig));
  const certificate = users[0]?.user["client-certificate-data"];
  if (certificate === undefined) return {};
  const { validTo } = new X509Certificate(Buffer.from(certificate, "base64"));
  return { certificateEnds: new Date(validTo) };
}
