/** Messages of ClusterMade for users. */
import type { MadeByCluster, MadeKind } from "../../openstack-api/cluster-made";
import { DELETE_DATA } from "../apply-set/delete-data";
import type { ClusterMadeInputs } from "./inputs";

/** What each kind is called, and the command that deletes one. */
const WORDS: Readonly<Record<MadeKind, { readonly what: string; readonly command: string }>> = {
  loadBalancer: { what: "load balancer", command: "openstack loadbalancer delete --cascade" },
  floatingIp: { what: "floating IP", command: "openstack floating ip delete" },
  volume: { what: "volume", command: "openstack volume delete" },
};

export function named({ kind, name, id }: MadeByCluster): string {
  return name === "" ? `${WORDS[kind].what} ${id}` : `${WORDS[kind].what} ${name} (${id})`;
}

function commandFor({ kind, id }: MadeByCluster): string {
  return `${WORDS[kind].command} ${id}`;
}

/** Volumes with data stay. */
export function keptText(kept: readonly MadeByCluster[], { cluster }: ClusterMadeInputs): string {
  const [count, them] = kept.length === 1 ? ["1 volume", "it"] : [`${String(kept.length)} volumes`, "them"];
  const lines = kept.map((each) => `\n  ${named(each)}`);
  const commands = kept.map((each) => `\n  ${commandFor(each)}`);
  return (
    `the claims of cluster ${cluster} have left ${count} with data in the project:${lines.join("")}` +
    `\nto delete ${them}: destroy with ${DELETE_DATA}=true (labstead destroy --with-data), or later:${commands.join("")}`
  );
}

/** @param failures message of each that could not be removed */
export function leftText(
  failures: readonly { readonly made: MadeByCluster; readonly message: string }[],
  { cluster }: ClusterMadeInputs,
): string {
  const lines = failures.map(({ made, message }) => `\n  ${named(made)}: ${message}`);
  const commands = failures.map(({ made }) => `\n  ${commandFor(made)}`);
  return `cluster ${cluster} has made these in the cloud, and they could not be removed:${lines.join("")}\nremove them, then destroy again:${commands.join("")}`;
}

/** @param urn of the resource */
export function cannotLook({ cluster }: ClusterMadeInputs, reason: string, urn: string): string {
  return (
    `whether cluster ${cluster} has left load balancers or volumes in the cloud could not be looked up: ${reason}\n` +
    `log in as for up (OS_CLOUD, or the OS_ variables) and destroy again; to leave them there: pulumi state delete '${urn}'`
  );
}
