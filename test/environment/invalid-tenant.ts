/** What is wrong with a tenant, by itself or against its owner's file. */
import type { Row } from "./invalid-schema";

export const TENANT_ROWS: readonly Row[] = [
  [
    { "cluster.owner": undefined },
    "cluster.owner: is missing; use 1 to 40 lower-case letters, digits and hyphens, starting with a letter",
  ],
  [
    { network: { kind: "managed" } },
    "network: is not a key that exists here; remove it, or use one of cluster, domain, image, availabilityZones, volumeZones, tags, metadata, flavors, quota, prices, namespaces, apps, deploy, deployParts, changes, acceptedFindings, servers, edge, ingress, ports",
  ],
  [
    { "servers.bastion": { flavor: "tiny" } },
    "servers.bastion: is not a key that exists here; remove it, or use one of loadBalancer",
  ],
  [
    { "cluster.kind": "shard" },
    'cluster.kind: "shard" is not allowed; write "own" for an environment with its own cluster, "shared" for a tenant of another one, or "existing" for a cluster that exists already',
  ],
  [
    { "servers.loadBalancer.flavor": undefined },
    "servers.loadBalancer.flavor: is missing; name it as OpenStack lists it",
  ],
  [
    { cluster: undefined },
    'cluster.kind: is missing; write "own" for an environment with its own cluster, "shared" for a tenant of another one, or "existing" for a cluster that exists already',
  ],
  [{ cluster: "own" }, 'cluster: "own" is a string; write {kind: own}, or {kind: shared, owner: …}'],
  [
    { "ingress.http": 31081 },
    "ingress.http: 31081 is not the NodePort that lab opened, 31080; correct it, or change tenants.test in Pulumi.lab.yaml",
  ],
  [
    { "ports.window": { from: 30054, to: 30056, open: ["198.51.100.0/24"] } },
    "ports.window: 30054–30056 is not inside what lab opened, 30055–30060; correct it, or change tenants.test in Pulumi.lab.yaml",
  ],
  [
    { "apps.datalab.namespace": "datalab" },
    'apps.datalab.namespace: "datalab" is not among the namespaces that lab gave, testlab; correct it, or change tenants.test in Pulumi.lab.yaml',
  ],
  [
    { "apps.datalab.host": "other.lab.example.org" },
    'apps.datalab.host: "other-catalogue.lab.example.org" is not among the hosts that lab gave, test.lab.example.org, test-docs.lab.example.org, test-catalogue.lab.example.org; correct it, or change tenants.test in Pulumi.lab.yaml',
    'apps.datalab.host: "other-docs.lab.example.org" is not among the hosts that lab gave, test.lab.example.org, test-docs.lab.example.org, test-catalogue.lab.example.org; correct it, or change tenants.test in Pulumi.lab.yaml',
    'apps.datalab.host: "other.lab.example.org" is not among the hosts that lab gave, test.lab.example.org, test-docs.lab.example.org, test-catalogue.lab.example.org; correct it, or change tenants.test in Pulumi.lab.yaml',
  ],
  [
    { "ports.published": { git: { external: 2222, nodePort: 30023, from: ["198.51.100.0/24"] } } },
    "ports.published.git: a tenant publishes through its ingress and its window only; remove it, and use a port of ports.window that Pulumi.lab.yaml gives",
  ],
  [
    { "ports.internal": { cache: 30091 } },
    "ports.internal.cache: internal NodePorts are the owner's; move it to ports.internal in Pulumi.lab.yaml",
  ],
  [
    { edge: { kind: "octavia" } },
    'edge.kind: "octavia" has no addresses among those that lab opened its NodePorts to; correct it, or change tenants.test in Pulumi.lab.yaml',
  ],
  [
    { edge: { kind: "none" } },
    'edge.kind: "none" leaves the tenant unreachable: the owner opens its NodePorts to the tenant\'s load balancer only; write haproxy or octavia',
  ],
  [
    { edge: { kind: "haproxy", on: "gateway" } },
    'edge.on: "gateway" belongs to the owner; write loadBalancer',
  ],
  [
    { "servers.loadBalancer": undefined },
    "servers.loadBalancer: has no server, but edge.kind haproxy needs one; add servers.loadBalancer with a flavor, or set edge.kind to octavia",
  ],
  [
    { "servers.loadBalancer.min": 4 },
    "servers.loadBalancer.min: 4 servers do not fit a tenant's addresses, which have room for 3; write 3 or less",
  ],
  [
    { "apps.datalab.namespace": "kube-system" },
    'apps.datalab.namespace: "kube-system" is not among the namespaces that lab gave, testlab; correct it, or change tenants.test in Pulumi.lab.yaml',
    'apps.datalab.namespace: "kube-system" is shared by the whole cluster; choose a namespace of its own',
  ],
  [
    { "servers.loadBalancer.removed": [3] },
    "servers.loadBalancer.removed: slot 3 does not exist, the pool has slot 0 only; remove it, or raise min",
  ],
  [
    {
      "servers.loadBalancer.overrides": { "0": { name: "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" } },
      "servers.loadBalancer.volumes": {
        a: { size: "1Gi", use: { kind: "swap" } },
        b: { size: "1Gi", use: { kind: "swap" } },
      },
    },
    "servers.loadBalancer.volumes.b.use: swap is already the place of volume a; remove one of them",
  ],
  [
    {
      flavors: { small: { vcpus: 1, ramMiB: 1024, diskGiB: 0 } },
      "servers.loadBalancer.image": "fedora-43",
      "servers.loadBalancer.volumes.logs": {
        size: "1Gi",
        use: { kind: "filesystem", mountPoint: "/var/log/haproxy" },
      },
    },
    'servers.loadBalancer.image: "fedora-43" is by its name no system with apt; name an image of Debian or Ubuntu, or write software: {kind: baked} for one that has all packages',
    'servers.loadBalancer.volumes.logs.use.mountPoint: "/var/log/haproxy" lies in /var/log, where the system\'s log writes before the volume is there; choose a folder of its own, such as /data or /srv/logs',
    'servers.loadBalancer.flavor: "small" has no disk of its own, and the server no bootVolume; write bootVolume: {size: 40Gi} beside it, or a flavor with a disk',
  ],
  [
    { "servers.loadBalancer.availabilityZones": ["nova"] },
    'servers.loadBalancer.availabilityZones.0: "nova" is Nova\'s name for hosts without a zone, and pins a server to none; leave it out, so that Nova chooses, or name a real zone of `openstack availability zone list`',
  ],
  [
    { "servers.loadBalancer.applications": ["reverse-proxy"] },
    "servers.loadBalancer.applications: reverse proxy listens on port 80, where HAProxy of these servers has ingress.http; run it on another server",
    "servers.loadBalancer.applications: reverse proxy listens on port 443, where HAProxy of these servers has ingress.https; run it on another server",
  ],
  [
    { ingress: { http: 31443, https: 31443 } },
    "ingress.http: 31443 is not the NodePort that lab opened, 31080; correct it, or change tenants.test in Pulumi.lab.yaml",
    "ingress.https: NodePort 31443 is already taken by ingress.http; choose another one",
  ],
];
