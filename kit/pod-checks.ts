/** Combinations that a pod may not have. */
import type { NonEmpty } from "../environment/non-empty";
import type { Mount } from "./mounts";
import { allContainers, securityExceptions, type AnyPod } from "./pod-spec";
import type { SecurityAllowance } from "./security";

/** @throws Error if parts of the pod contradict each other, or the host is used without an exception */
export function checkPod(props: AnyPod): void {
  const names = allContainers(props).map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new Error(`${props.name}: has two containers named "${twice}"; name each once`);
  checkHost(props);
  checkProcesses(props);
  checkPropagation(props);
}

function checkHost(props: AnyPod): void {
  const { name, hostNetwork, hostPid, lowPorts, volumes = {} } = props;
  const host = Object.values(volumes).find((volume) => volume.kind === "host");
  if (host !== undefined) needAllowed(props, ["hostPath", "privileged"], `mounts ${host.path} of the host`);
  if (hostPid === true) needAllowed(props, ["hostPid", "privileged"], "sees the host's processes");
  if (hostNetwork !== true) return;
  needAllowed(props, ["hostNetwork", "privileged"], "is in the host's network");
  if (lowPorts !== true) return;
  throw new Error(`${name}: "lowPorts" is of a network of the pod's own; leave it out in the host's`);
}

function checkProcesses(props: AnyPod): void {
  if (props.shareProcessNamespace !== true) return;
  needAllowed(props, ["shareProcessNamespace"], "shares one process namespace among its containers");
  if (props.hostPid !== true) return;
  throw new Error(
    `${props.name}: has "hostPid" and "shareProcessNamespace"; leave out the second, the host's processes include the pod's`,
  );
}

function checkPropagation(props: AnyPod): void {
  for (const { name, mounts = [], security } of allContainers(props)) {
    const mount = mounts.find(isBidirectional);
    if (mount === undefined || security?.allow.includes("privileged") === true) continue;
    throw new Error(
      `${props.name}: ${name} mounts "${mount.volume}" with propagation Bidirectional, which privileged containers alone may; write HostToContainer, or allow "privileged" with the reason`,
    );
  }
}

function isBidirectional(mount: Mount): mount is Extract<Mount, { kind: "volume" }> {
  return mount.kind === "volume" && mount.propagation === "Bidirectional";
}

/** The first allowance is the specific one; others include it. */
function needAllowed(props: AnyPod, allowances: NonEmpty<SecurityAllowance>, what: string): void {
  const allowed = securityExceptions(props).flatMap(({ allow }) => allow);
  if (allowances.some((each) => allowed.includes(each))) return;
  throw new Error(
    `${props.name}: ${what}, which no exception allows; allow "${allowances[0]}" with the reason at the container that needs it`,
  );
}
