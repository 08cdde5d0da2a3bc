/** Ranges of addresses inside and outside of the cluster. */
import type { HubPlan } from "./plan";

type Cluster = Pick<HubPlan["cluster"], "podCidr" | "nodeCidr" | "serviceCidr">;

/** Addresses that are nobody's on the internet (RFC 6890); the cloud's metadata service is among them. */
const NOT_PUBLIC = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

/** What a server may not reach as if it were the internet, sorted. */
export function notPublic({ podCidr, nodeCidr, serviceCidr }: Cluster): readonly string[] {
  return [...new Set([...NOT_PUBLIC, nodeCidr, serviceCidr, podCidr])].filter(isKnown).sort();
}

/** Addresses from which requests reach the hub: pods of the ingress controller and the proxy, or their nodes. */
export function downstream({ podCidr, nodeCidr }: Cluster): readonly string[] {
  return isKnown(podCidr) ? [podCidr, nodeCidr] : NOT_PUBLIC;
}

/** The pods' network of an existing cluster is not known. */
function isKnown(cidr: string): boolean {
  return cidr !== "";
}
