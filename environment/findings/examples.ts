/**
 * Examples of findings for the documentation: what triggers one, and what just does not. A part of an environment is
 * merged into a lab's; manifests are looked at as a chart of the lab's. `test/environment/finding-examples.test.ts` runs
 * each of them.
 */
import type { FindingId } from ".";
import { OBJECT_EXAMPLES } from "./examples-objects";
import type { FindingExample } from "./row";

const ENVIRONMENT_EXAMPLES = {
  "network.mtu": {
    found: "network: { mtu: 1320 }\ncluster: { cni: { kind: calico, encapsulation: vxlan } }",
    notFound: "network: { mtu: 1400 }\ncluster: { cni: { kind: calico, encapsulation: vxlan } }",
  },
  "control-plane.single": {
    found: "servers: { controlPlane: { min: 1 } }",
    notFound: "servers: { controlPlane: { min: 3 } }",
  },
  "server.single": {
    found: "servers: { loadBalancer: { min: 1 } }",
    notFound: "servers: { loadBalancer: { min: 2 } }",
  },
  "server.one-zone": {
    found: "availabilityZones: [AZ1, AZ2]\nservers: { gateway: { min: 2, availabilityZones: [AZ1] } }",
    notFound: "availabilityZones: [AZ1, AZ2]\nservers: { gateway: { min: 2 } }",
  },
  "volume.zone": {
    found: "availabilityZones: [AZ1, AZ2]\nvolumeZones: any",
    notFound: "availabilityZones: [AZ1, AZ2]\nvolumeZones: server",
  },
  "quota.exceeded": {
    found: "quota: { instances: 10 }",
    notFound: "quota: { instances: 100 }",
  },
  "port.world": {
    found: "servers: { applicationServers: { metrics: { publicApplications: [grafana] } } }",
    notFound: "servers: { applicationServers: { metrics: { publicApplications: [] } } }",
  },
  "cni.policy": {
    found: "cluster: { cni: { kind: flannel } }",
    notFound: "cluster: { cni: { kind: flannel, policy: kube-router } }",
  },
  "lifecycle.ended": {
    found: "ingress: { kind: ingress-nginx }",
    notFound: "ingress: { kind: traefik }",
  },
  "server.image": {
    found: "image: centos-7",
    notFound: "image: debian-12",
  },
  "finding.accepted": {
    found: "acceptedFindings: [{ finding: volume.zone, reason: Every server attaches every volume. }]",
    notFound:
      "availabilityZones: [AZ1, AZ2]\nacceptedFindings: [{ finding: volume.zone, reason: Every server attaches every volume. }]",
  },
} as const satisfies Partial<Record<FindingId, FindingExample>>;

export const FINDING_EXAMPLES: Partial<Record<FindingId, FindingExample>> = {
  ...ENVIRONMENT_EXAMPLES,
  ...OBJECT_EXAMPLES,
};

/** Whether an example is of manifests, and not a part of an environment. */
export function isOfManifests(id: FindingId): boolean {
  return id in OBJECT_EXAMPLES;
}
