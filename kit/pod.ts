/** The pod template of a workload. */
import { k8s, Pod } from "cdk8s-plus-27";
import type { AppArmor } from "../environment/app-armor";
import { assertNever } from "../errors/assert-never";
import { appArmorProfile } from "./app-armor";
import { renderContainer, type ContainerPlace } from "./container";
import { Volumes } from "./mounts";
import { labelsOf } from "./names";
import { checkPod } from "./pod-checks";
import { listExceptions, type AnyContainer, type AnyPod } from "./pod-spec";
import { podScheduling } from "./scheduling";
import type { Spelling } from "./spelling";

/** Template of a workload's pods, in the spelling of the API. */
export interface PodTemplate {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Readonly<Record<string, unknown>>;
}

/**
 * Renders the template.
 * @param appArmor of the construct that it is for, by `appArmorOf`
 * @throws Error if parts of the pod contradict each other, or the host is used without an exception
 */
export function podTemplate(props: AnyPod, spelling: Spelling, appArmor: AppArmor): PodTemplate {
  checkPod(props);
  const volumes = new Volumes(props.name, props.volumes ?? {}, spelling);
  const place: ContainerPlace = { volumes, hostNetwork: props.hostNetwork === true, spelling };
  const render = (each: AnyContainer): k8s.Container => renderContainer(each, place);
  const sidecars = (props.sidecars ?? []).map(render);
  const initContainers = [...sidecars, ...(props.initContainers ?? []).map(render)];
  const containers = props.containers.map(render);
  const spec = k8s.toJson_PodSpec({
    ...(spelling === "full" ? DEFAULTS : {}),
    containers,
    ...(initContainers.length === 0 ? {} : { initContainers }),
    ...podIdentity(props),
    ...podNamespaces(props),
    ...podDns(props),
    ...podScheduling(props),
    ...stopTime(props, spelling),
    enableServiceLinks: false,
    securityContext: podSecurity(props, spelling),
    ...(volumes.list.length === 0 ? {} : { volumes: [...volumes.list] }),
  });
  return {
    metadata: podMetadata(props, volumes.checksum, spelling),
    spec: withNewerSecurity(withSidecars(spec ?? {}, sidecars.length), props, appArmor),
  };
}

/** Kubernetes' defaults, as the library writes them. */
const DEFAULTS: Partial<k8s.PodSpec> = {
  dnsPolicy: "ClusterFirst",
  hostNetwork: false,
  restartPolicy: "Always",
  setHostnameAsFqdn: false,
};

function podIdentity({ serviceAccount, token }: AnyPod): Partial<k8s.PodSpec> {
  return {
    automountServiceAccountToken: token === "everyContainer",
    ...(serviceAccount === undefined ? {} : { serviceAccountName: serviceAccount }),
  };
}

/** Namespaces that the pod shares with its node, and its containers with each other. */
function podNamespaces({ hostNetwork, hostPid, shareProcessNamespace }: AnyPod): Partial<k8s.PodSpec> {
  return {
    ...(hostNetwork === true ? { hostNetwork } : {}),
    ...(hostPid === true ? { hostPid } : {}),
    ...(shareProcessNamespace === true ? { shareProcessNamespace } : {}),
  };
}

/** In the host's network Kubernetes defaults to the node's resolver, which does not know the cluster's Services. */
function podDns({ dns = "cluster", hostNetwork }: AnyPod): Partial<k8s.PodSpec> {
  switch (dns) {
    case "cluster":
      return hostNetwork === true ? { dnsPolicy: "ClusterFirstWithHostNet" } : {};
    case "node":
      return { dnsPolicy: "Default" };
    default:
      return assertNever(dns);
  }
}

function stopTime({ stopSeconds }: AnyPod, spelling: Spelling): Partial<k8s.PodSpec> {
  if (stopSeconds === undefined && spelling === "lean") return {};
  return { terminationGracePeriodSeconds: stopSeconds ?? 30 };
}

function podSecurity({ fsGroup, lowPorts }: AnyPod, spelling: Spelling): k8s.PodSecurityContext {
  return {
    // In lean pods each container sets it.
    ...(spelling === "full" ? { runAsNonRoot: true, fsGroupChangePolicy: "Always" } : {}),
    ...(fsGroup === undefined ? {} : { fsGroup, fsGroupChangePolicy: "OnRootMismatch" }),
    ...(lowPorts === true ? { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] } : {}),
    seccompProfile: { type: "RuntimeDefault" },
  };
}

function podMetadata(
  props: AnyPod,
  checksum: string | undefined,
  spelling: Spelling,
): PodTemplate["metadata"] {
  const annotations = {
    ...(checksum === undefined ? {} : { "labstead.dev/config-checksum": checksum }),
    ...Object.fromEntries(
      listExceptions(props).map(({ kind, container, text }) => [
        `labstead.dev/${kind}-exception.${container}`,
        text,
      ]),
    ),
  };
  return {
    labels: {
      ...props.podLabels,
      ...labelsOf(props),
      // The library's default is a hash of the construct's path, which would roll the pods whenever code moves.
      ...(spelling === "full" ? { [Pod.ADDRESS_LABEL]: props.name } : {}),
    },
    ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
  };
}

/** The library's types are older than sidecars: init containers that are restarted. */
function withSidecars(spec: Readonly<Record<string, unknown>>, sidecars: number): PodTemplate["spec"] {
  if (sidecars === 0) return spec;
  const initContainers = spec["initContainers"] as readonly object[];
  return {
    ...spec,
    initContainers: initContainers.map((each, index) =>
      index < sidecars ? { ...each, restartPolicy: "Always" } : each,
    ),
  };
}

/** The library's types are older than these fields. */
function withNewerSecurity(
  spec: PodTemplate["spec"],
  props: AnyPod,
  appArmor: AppArmor,
): PodTemplate["spec"] {
  const newer = { ...groupsPolicy(props), ...appArmorProfile(props, appArmor) };
  return { ...spec, securityContext: { ...(spec["securityContext"] as object), ...newer } };
}

function groupsPolicy({ groups = "image" }: AnyPod): object {
  switch (groups) {
    case "image":
      return {};
    case "strict":
      return { supplementalGroupsPolicy: "Strict" };
    default:
      return assertNever(groups);
  }
}
