/** What the checks find in an owner's configuration that the schema accepts. */
import { ACCESS_ROWS } from "./invalid-access";
import { CLUSTER_ROWS } from "./invalid-cluster";
import { INGRESS_ROWS } from "./invalid-ingress";
import type { Row } from "./invalid-schema";
import { SERVER_ROWS } from "./invalid-servers";
import { VALUE_ROWS } from "./invalid-values";
import { ed25519Line } from "./ssh-lines";

const ALAN = "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=";
const SIGN_IN = { issuer: "https://sso.example.org", clientId: "lab", usernameClaim: "email" };

const FIRST_PUSH =
  "access.kind: is wireguard, so servers are reached through a tunnel that a new environment does not have yet; write both, with a bastion, until the first up has ended and wg-quick up wg0 works; later, replace gateways one at a time";

export const CHECK_ROWS: Readonly<Record<string, readonly Row[]>> = {
  "the network and its ranges": [
    [
      { "network.cidr": "10.0.0.0/25" },
      'network.cidr: "10.0.0.0/25" has 128 addresses, too few to give every role a range of its own; widen it to a /24 or more',
    ],
    [
      { network: { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", gatewayIp: "10.0.1.1" } },
      'network.gatewayIp: "10.0.1.1" is outside 10.0.0.0/24; write the gateway of the subnet, as `openstack subnet show` prints it',
    ],
    [
      { "network.mtu": 1329 },
      "network.mtu: 1329 bytes leave 1279 to pods by calico and 1249 to the tunnel of WireGuard, and QUIC and name servers count on 1280; use a network with a larger MTU, or a CNI without encapsulation",
    ],
    [
      { "network.mtu": 1359, "cluster.cni": { kind: "calico", encapsulation: "none" } },
      "network.mtu: 1359 bytes leave 1279 to the tunnel of WireGuard, and QUIC and name servers count on 1280; use a network with a larger MTU, or a CNI without encapsulation",
    ],
    [
      { "network.ranges.vip": { start: "10.0.1.4", end: "10.0.1.9" } },
      "network.ranges.vip: 10.0.1.4–10.0.1.9 is outside 10.0.0.0/24; move it into the subnet",
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.9", end: "10.0.0.4" } },
      "network.ranges.vip: 10.0.0.9–10.0.0.4 ends before it starts; swap `start` and `end`",
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.0", end: "10.0.0.9" } },
      "network.ranges.vip: 10.0.0.0–10.0.0.9 contains the subnet's first or last address, which no server can have; leave those two out",
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.4", end: "10.0.0.4" } },
      "network.ranges.vip: 10.0.0.4 has 1 address, but the API's, the edge's and the storage's VIP need one each; widen it to 3 addresses",
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.4", end: "10.0.0.4" }, "storage.shared": { kind: "none" } },
      "network.ranges.vip: 10.0.0.4 has 1 address, but the API's and the edge's VIP need one each; widen it to 2 addresses",
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.4", end: "10.0.0.5" } },
      "network.ranges.vip: 10.0.0.4–10.0.0.5 has 2 addresses, but the API's, the edge's and the storage's VIP need one each; widen it to 3 addresses",
    ],
    [
      { "network.ranges.vip": { start: "10.0.0.4", end: "10.0.0.10" } },
      "network.ranges.vip: 10.0.0.4–10.0.0.10 shares addresses with the range bastion, 10.0.0.10–10.0.0.11; move or shrink one of them",
    ],
    [
      { network: { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", gatewayIp: "10.0.0.5" } },
      "network.gatewayIp: 10.0.0.5 shares addresses with the range vip, 10.0.0.4–10.0.0.9; move or shrink one of them",
    ],
    [
      { "network.ranges": { tenants: { start: "10.0.0.210", end: "10.0.0.223" } } },
      "network.ranges.tenants: 10.0.0.210–10.0.0.223 does not start at a multiple of 4; move its start, so that each tenant's addresses are one /30",
    ],
    [
      {
        "network.ranges": {
          vip: { start: "10.0.0.2", end: "10.0.0.9" },
          tenants: { start: "10.0.0.208", end: "10.0.0.254" },
        },
      },
      "network.ranges: the ranges leave Neutron no address for its DHCP ports; make one of them smaller, or widen network.cidr",
    ],
    [
      { "cluster.podCidr": "10.0.0.0/16" },
      'cluster.podCidr: "10.0.0.0/16" shares addresses with network.cidr, 10.0.0.0/24; choose another network',
    ],
    [
      { "access.wireguard.cidr": "10.96.3.0/24", "access.wireguard.peers": {} },
      'access.wireguard.cidr: "10.96.3.0/24" shares addresses with cluster.serviceCidr, 10.96.0.0/12; choose another network',
    ],
    [
      { "cluster.podCidr": "10.244.0.0/22" },
      'cluster.podCidr: "10.244.0.0/22" has a /24 for 4 nodes, and the pools may have 7; widen it, to a /16 for example',
    ],
    [
      { "cluster.serviceCidr": "10.128.0.0/10" },
      'cluster.serviceCidr: "10.128.0.0/10" has a prefix outside /12–/24; choose a network of that size',
    ],
    [
      {
        network: { kind: "existing", cidr: "10.0.0.0/24", name: "n", subnet: "s", shared: true },
        "cluster.cni.encapsulation": "none",
      },
      'cluster.api.kind: "haproxy" needs a VIP, and network.shared is true: Neutron lets only the network\'s owner move an address between ports; write octavia, or direct for a single control plane',
      'edge.kind: "haproxy" needs a VIP, and network.shared is true: Neutron lets only the network\'s owner move an address between ports; write octavia or none',
      'storage.shared.mode: "nfs" needs a VIP, and network.shared is true: Neutron lets only the network\'s owner move an address between ports; write storage.shared: {kind: none}, or use a network of this project',
      "cluster.cni: sends packets with pods' own addresses, and network.shared is true: Neutron lets only the network's owner allow those; choose a CNI with encapsulation, such as {kind: calico, encapsulation: vxlan}",
    ],
  ],
  servers: [
    [
      { "servers.desktops.users.labstead": { slot: 2 } },
      "servers.desktops.users.labstead: is the operators' account on every server; choose another name for the user",
    ],
    [
      { "servers.controlPlane.min": 0 },
      "servers.controlPlane.min: leaves the cluster without a control plane; write 3, or 1 for a small lab",
    ],
    [
      { "servers.controlPlane.min": 2 },
      "servers.controlPlane.min: 2 control planes tolerate no more failures than 1; write 3 or 1, so that etcd has a majority",
    ],
    [
      { "servers.controlPlane.min": 1 },
      "servers.controlPlane.min: a single control plane is down while it is replaced; write 3 for a lab that people depend on",
    ],
    [
      { "cluster.api": { kind: "direct" } },
      'cluster.api.kind: "direct" reaches only one of the 3 control planes; write haproxy or octavia',
      "servers.gateway.floatingIp: is false, and no VIP on the gateways has a floating IP: WireGuard clients have no address to connect to; set it to true",
    ],
    [
      { "servers.workers": {} },
      "servers.workers: has no server, so no node can run pods; add a pool with min 1 or more, or set servers.controlPlane.schedulable to true",
    ],
    [
      { "servers.bastion": undefined },
      "servers.bastion: has no server, but access.kind both needs one; add servers.bastion with a flavor",
    ],
    [
      { "servers.gateway.min": 0 },
      "servers.gateway: has no server, but access.kind both needs one; add servers.gateway with a flavor",
    ],
    [
      { "servers.loadBalancer": undefined },
      "servers.loadBalancer: has no server, but edge.kind haproxy needs one; add servers.loadBalancer with a flavor",
    ],
    [
      { "servers.gluster": undefined },
      "servers.gluster: has no server, but storage.shared.kind gluster needs one; add servers.gluster with a flavor",
    ],
    [
      {
        "servers.gateway": undefined,
        access: { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } },
        "cluster.api": { kind: "octavia" },
        edge: { kind: "haproxy", on: "gateway" },
      },
      "servers.gateway: has no server, but edge.on gateway needs one; add servers.gateway with a flavor",
    ],
    [
      { "servers.workers.general.max": 1 },
      "servers.workers.general.max: 1 is less than min, 2; raise max, or lower min",
    ],
    [
      { "servers.workers.general.removed": [4] },
      "servers.workers.general.removed: slot 4 does not exist, the pool has slots 0 to 3; remove it, or raise min",
    ],
    [
      { "servers.bastion.overrides": { "7": { flavor: "small" } } },
      "servers.bastion.overrides.7: slot 7 does not exist, the pool has slot 0 only; remove it, or raise min",
    ],
    [
      { "servers.applicationServers.logs.slot": 1 },
      "servers.applicationServers.metrics.slot: 1 is already the slot of applicationServers/logs; choose a free slot",
    ],
    [
      { "servers.desktops.users.grace.slot": 0 },
      "servers.desktops.users.grace.slot: 0 is already the slot of desktops/ada; choose a free slot",
    ],
    [
      {
        "servers.workers.general.range": { start: 0, size: 20 },
        "servers.workers.renamed": {
          flavor: "large",
          min: 0,
          formerly: "general",
          range: { start: 20, size: 5 },
        },
      },
      'servers.workers.renamed.formerly: "general" is what general is known as; give the other one a key of its own',
    ],
    [
      { "servers.workers.general.overrides": { "0": { name: "lab-bastion-0" } } },
      'servers.workers.general.overrides.0.name: "lab-bastion-0" is already the name of bastion/0; rename one of them',
    ],
    [
      { "servers.applicationServers": { "bastion-0": { slot: 0, flavor: "small" } } },
      'servers.applicationServers.bastion-0: "lab-bastion-0" is already the name of bastion/0; rename one of them',
    ],
    [
      { "servers.workers.general.overrides": { "0": { name: "lab-bastion-0", flavor: "x" } } },
      'servers.workers.general.overrides.0.name: "lab-bastion-0" is already the name of bastion/0; rename one of them',
    ],
    [
      {
        "servers.gateway.volumes": {
          one: { size: "1Gi", use: { kind: "swap" } },
          two: { size: "1Gi", use: { kind: "swap" } },
        },
      },
      "servers.gateway.volumes.two.use: swap is already the place of volume one; remove one of them",
    ],
    [
      {
        "servers.controlPlane.volumes": { swap: { size: "1Gi", use: { kind: "swap" } } },
        "servers.workers.general.volumes.more": { size: "8Gi", use: { kind: "swap" } },
        "servers.nfs.volumes.swap": { size: "1Gi", use: { kind: "swap" } },
        "servers.desktops.volumes": { swap: { size: "1Gi", use: { kind: "swap" } } },
      },
      'servers.controlPlane.volumes.swap.use: "swap" on a Kubernetes node prevents its kubelet from starting; remove the volume, and choose a flavor with more memory if the node needs it',
      'servers.workers.general.volumes.more.use: "swap" on a Kubernetes node prevents its kubelet from starting; remove the volume, and choose a flavor with more memory if the node needs it',
    ],
    [
      {
        "servers.desktops.volumes": {
          one: { size: "1Gi", use: { kind: "raw" } },
          two: { size: "1Gi", use: { kind: "raw" } },
        },
      },
      "servers.desktops.volumes.two.use: /dev/sdb is already the place of volume one; choose another place",
    ],
    [
      {
        "servers.applicationServers": {
          a: { slot: 0, flavor: "s", volumes: { "b-c": { size: "1Gi", use: { kind: "raw" } } } },
          "a-b": { slot: 1, flavor: "s", volumes: { c: { size: "1Gi", use: { kind: "raw" } } } },
        },
      },
      'servers.applicationServers.a-b.volumes.c: "lab-a-b-c" would be the name of volume applicationServers/a/b-c as well; choose another name',
    ],
    [
      { "servers.applicationServers.metrics.publicApplications": ["kibana"] },
      'servers.applicationServers.metrics.publicApplications: "kibana" is not among the server\'s applications; add it to applications too',
    ],
    [
      { "servers.workers.gpu": { flavor: "g1", min: 1 } },
      "servers.workers.general.range: is missing, and there are several worker pools; write {start, size}, counted from the start of the workers' range; a pool that exists already keeps its addresses with start 0",
      "servers.workers.gpu.range: is missing, and there are several worker pools; write {start, size}, counted from the start of the workers' range; a pool that exists already keeps its addresses with start 0",
    ],
    [
      {
        "servers.workers.general.range": { start: 0, size: 8 },
        "servers.workers.gpu": { flavor: "g1", min: 1, range: { start: 4, size: 8 } },
      },
      "servers.workers.gpu.range: begins at 4, inside the range of pool general; start it at 8 or later",
    ],
    [
      { "servers.workers.general.range": { start: 90, size: 20 } },
      "servers.workers.general.range: ends at 110, but the workers' range has 96 addresses; widen network.ranges.workers, or shrink this range",
    ],
    [
      { "servers.workers.general.range": { start: 0, size: 3 } },
      "servers.workers.general.max: 4 servers do not fit the 3 addresses of their range; widen servers.workers.general.range",
    ],
    [
      { "servers.workers.general.max": 97 },
      "servers.workers.general.max: 97 servers do not fit the 96 addresses of their range; widen network.ranges.workers",
    ],
    [
      { "servers.gateway.min": 7 },
      "servers.gateway.min: 7 servers do not fit the 6 addresses of their range; widen network.ranges.gateway",
    ],
    [
      { "servers.applicationServers.logs.slot": 32 },
      "servers.applicationServers.logs.slot: 32 lies beyond the 32 addresses 10.0.0.48–10.0.0.79; choose a smaller slot, or widen network.ranges.applicationServers",
    ],
    [
      { "servers.desktops.users.ada.slot": 40 },
      "servers.desktops.users.ada.slot: 40 lies beyond the 32 addresses 10.0.0.80–10.0.0.111; choose a smaller slot, or widen network.ranges.desktops",
    ],
  ],
  "application credentials": [
    [
      { applicationCredentials: { ci: { roles: ["reader", "admin"], unrestricted: true } } },
      "applicationCredentials.ci.roles: admin reaches other projects of the cloud from inside this one; list what it needs: member, reader, load-balancer_member",
      "applicationCredentials.ci.unrestricted: anyone who reads this credential can create others that outlive it; remove unrestricted, unless its user creates credentials itself",
    ],
  ],
  "ways in": [
    [
      { "access.wireguard.peers.ada.address": "172.30.153.1" },
      'access.wireguard.peers.ada.address: "172.30.153.1" is outside the tunnel 172.30.153.64/26; choose another address of 172.30.153.64/26',
    ],
    [
      { "access.wireguard.peers.ada.address": "172.30.153.65" },
      'access.wireguard.peers.ada.address: "172.30.153.65" is the gateway\'s own address; choose another address of 172.30.153.64/26',
    ],
    [
      { "access.wireguard.peers.ada.address": "172.30.153.127" },
      'access.wireguard.peers.ada.address: "172.30.153.127" is the tunnel\'s first or last address, which cannot be assigned; choose another address of 172.30.153.64/26',
    ],
    [
      { "access.wireguard.peers.ada.address": "172.30.153.71" },
      'access.wireguard.peers.grace.address: "172.30.153.71" already belongs to ada; choose a free one',
    ],
    [
      { "access.wireguard.peers.ada.publicKey": "n0mJ6L7b8o3bmSTbn7l6rLJ3nq9K5jQ2Ao1c4mVmQ3s=" },
      "access.wireguard.peers.grace.publicKey: is already the key of ada; let each person create their own key",
    ],
    [
      { people: { alan: { wireguard: { publicKey: ALAN, address: "172.30.153.70" } } } },
      'people.alan.wireguard.address: "172.30.153.70" already belongs to ada; choose a free one',
    ],
    [
      { people: { alan: { wireguard: { publicKey: ALAN, address: "172.30.154.1" } } } },
      'people.alan.wireguard.address: "172.30.154.1" is outside the tunnel 172.30.153.64/26; choose another address of 172.30.153.64/26',
    ],
    [
      {
        access: { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } },
        people: { alan: { wireguard: { publicKey: ALAN, address: "172.30.153.72" } } },
      },
      "people.alan.wireguard: needs the gateway, and access.kind is bastion; remove it, or set access.kind to both",
    ],
    [
      {
        "access.kind": "wireguard",
        "access.ssh": undefined,
        "access.operator.kind": "wireguard",
        people: { alan: { ssh: { key: ed25519Line("alan") } } },
      },
      FIRST_PUSH,
      'people.alan.ssh.as: "jump" goes through the bastion, and access.kind is wireguard; write operator, or set access.kind to both',
    ],
    [
      { people: { alan: { kubernetes: { namespaces: { elsewhere: "view" } } } } },
      "people.alan.kubernetes.namespaces.elsewhere: is no namespace that this environment makes; write datalab, or everywhere",
    ],
    [
      { people: { alan: { kubernetes: { user: "alan@example.org" } } } },
      "people.alan.kubernetes.user: is a name at an identity provider, and there is no cluster.oidc; remove it, or write cluster.oidc",
    ],
    [
      { "cluster.oidc": SIGN_IN, people: { alan: { kubernetes: { everywhere: "view" } } } },
      "people.alan.kubernetes.user: is missing, and people sign in by cluster.oidc; write what its claim email says for this person",
    ],
    [
      {
        "cluster.oidc": SIGN_IN,
        people: {
          alan: { kubernetes: { user: "a@example.org" } },
          eve: { kubernetes: { user: "a@example.org" } },
        },
      },
      'people.eve.kubernetes.user: "a@example.org" is already people.alan; write each person\'s own',
    ],
    [
      {
        "access.wireguard.peers": { alan: { publicKey: ALAN, address: "172.30.153.72" } },
        people: { alan: {} },
      },
      "access.wireguard.peers.alan: has the name of people.alan; move it to people.alan.wireguard, or give it another name",
    ],
    [
      { "access.wireguard.cidr": "172.30.153.64/31" },
      'access.wireguard.cidr: "172.30.153.64/31" has no room for the gateway and a peer; widen it to a /30 or more',
    ],
    [
      { "cluster.api": { kind: "octavia" } },
      "servers.gateway.floatingIp: is false, and no VIP on the gateways has a floating IP: WireGuard clients have no address to connect to; set it to true",
    ],
    [
      {
        "cluster.api": { kind: "haproxy", floatingIp: false },
        edge: { kind: "haproxy", on: "loadBalancer" },
      },
      "servers.gateway.floatingIp: is false, and no VIP on the gateways has a floating IP: WireGuard clients have no address to connect to; set it to true",
    ],
    [
      { access: { kind: "bastion", operator: { kind: "wireguard" }, ssh: { from: ["198.51.100.0/24"] } } },
      'access.operator.kind: "wireguard" needs the gateway, and access.kind is bastion; write tunnel, or set access.kind to both',
    ],
    [
      { "access.kind": "wireguard", "access.ssh": undefined },
      'access.operator.kind: "tunnel" needs a bastion, and access.kind is wireguard; write wireguard, or set access.kind to both',
      FIRST_PUSH,
    ],
    [
      {
        "access.operator": { kind: "allowlist", from: ["198.51.100.0/24"] },
        "cluster.api": { kind: "octavia", floatingIp: false },
        "servers.gateway.floatingIp": true,
      },
      'access.operator.kind: "allowlist" opens the API\'s address, which has no floating IP; set cluster.api.floatingIp to true, or write tunnel or wireguard',
    ],
    [
      {
        "access.operator": { kind: "allowlist", from: ["198.51.100.0/24"] },
        "cluster.api": { kind: "direct" },
        "servers.controlPlane.min": 1,
        "servers.gateway.floatingIp": true,
      },
      "servers.controlPlane.min: a single control plane is down while it is replaced; write 3 for a lab that people depend on",
      'access.operator.kind: "allowlist" opens the API\'s address, which has no floating IP; set servers.controlPlane.floatingIp to true, or write tunnel or wireguard',
    ],
    [
      {
        access: { kind: "bastion", operator: { kind: "tunnel" }, ssh: { from: ["198.51.100.0/24"] } },
        "cluster.api": { kind: "haproxy", floatingIp: true },
      },
      "cluster.api.floatingIp: is true, but access.operator.kind tunnel admits no client from outside: the address cannot be used; leave the key out, or write access.operator: {kind: allowlist, from: […]}",
    ],
    [
      {
        "access.operator": { kind: "wireguard" },
        "cluster.api": { kind: "octavia", floatingIp: true },
        "servers.gateway.floatingIp": true,
      },
      "cluster.api.floatingIp: is true, but access.operator.kind wireguard admits no client from outside: the address cannot be used; leave the key out, or write access.operator: {kind: allowlist, from: […]}",
    ],
    [
      { "access.ssh.from": ["0.0.0.0/0"] },
      "access.ssh.from: is open to the whole internet; list the networks of your operators instead",
    ],
    [
      { "access.operator": { kind: "allowlist", from: ["128.0.0.0/1"] } },
      "access.operator.from: is open to the whole internet; list the networks of your operators instead",
    ],
    [
      { "servers.bastion.floatingIp": false },
      "servers.bastion.floatingIp: is false, so the bastion can only be reached from inside; set it to true, unless the network is routed to you",
    ],
    [
      {
        access: {
          kind: "wireguard",
          operator: { kind: "wireguard" },
          wireguard: { cidr: "172.30.153.64/26", from: ["0.0.0.0/0"] },
        },
        "servers.bastion": undefined,
      },
      FIRST_PUSH,
    ],
  ],
  ports: [
    [
      { "ports.published.git.nodePort": 30080 },
      "ports.published.git.nodePort: NodePort 30080 is already taken by ingress.http; choose another one",
    ],
    [
      { "ports.internal.registry": 30022 },
      "ports.internal.registry: NodePort 30022 is already taken by ports.published.git.nodePort; choose another one",
    ],
    [
      { "tenants.test.ingress.http": 30443 },
      "tenants.test.ingress.http: NodePort 30443 is already taken by ingress.https; choose another one",
    ],
    [
      { "tenants.dev.ingress.https": 31443 },
      "tenants.dev.ingress.https: NodePort 31443 is already taken by tenants.test.ingress.https; choose another one",
    ],
    [
      { "tenants.dev.window": { from: 30059, to: 30060 } },
      "tenants.dev.window: NodePorts 30059–30060 are already taken by tenants.test.window; choose others",
    ],
    [
      { "ports.window": { from: 30048, to: 30056, open: ["198.51.100.0/24"] } },
      "tenants.test.window: NodePorts 30055–30056 are already taken by ports.window; choose others",
    ],
    [
      { "ports.published.http": { external: 8080, nodePort: 30100, from: ["198.51.100.0/24"] } },
      'ports.published.http: "http" is the name of a port that every environment has; choose another name',
    ],
    [
      { "ports.published.git.external": 443 },
      "ports.published.git.external: port 443 is already taken by ingress.https on the same address; choose another one",
    ],
    [
      { "ports.published.git.external": 30049 },
      "ports.published.git.external: port 30049 is already taken by ports.window on the same address; choose another one",
    ],
    [
      { edge: { kind: "haproxy", on: "gateway" }, "ports.published.git.external": 8888 },
      "ports.published.git.external: port 8888 is already taken by cluster.api.port on the same address; choose another one",
    ],
    [
      { "ports.published.git.external": 22 },
      "ports.published.git.external: port 22 is the load-balancer servers' own, for SSH; choose another one",
    ],
    [
      { "cluster.api": { kind: "haproxy", port: 48981 } },
      "cluster.api.port: port 48981 is the load-balancer servers' own, for statistics; choose another one",
    ],
    [
      { "ports.window": { from: 30000, to: 30010, open: ["198.51.100.0/24"] } },
      "ports.window: 30000–30010 is not inside the test window 30048–30060; shrink or move it; ports.published opens any other NodePort",
    ],
    [
      { "tenants.dev.window": { from: 30051, to: 30061 }, "tenants.test.window": undefined },
      "tenants.dev.window: 30051–30061 is not inside the test window 30048–30060; shrink or move it; ports.published opens any other NodePort",
    ],
    [
      { "ports.internal.registry": 30049 },
      "ports.internal.registry: 30049 lies in ports.window, 30048–30050, which is open to the outside; choose a port outside every window",
    ],
    [
      { "ports.internal.registry": 30058 },
      "ports.internal.registry: 30058 lies in tenants.test.window, 30055–30060, which is open to the outside; choose a port outside every window",
    ],
    [
      { "ports.published.git.protocol": "udp" },
      'ports.published.git.protocol: "udp" cannot be carried by HAProxy; set edge.kind to octavia, or write tcp',
    ],
  ],
  ...ACCESS_ROWS,
  ...INGRESS_ROWS,
  ...CLUSTER_ROWS,
  ...VALUE_ROWS,
  ...SERVER_ROWS,
  "where logs go": [
    [
      { logs: { kind: "syslog", host: "logs" } },
      'logs.host: "logs" is not a host name; write it in full and in lower case, such as lab.example.org',
    ],
    [
      { logs: { kind: "syslog", host: "logs.example.org", authority: "-----BEGIN CERTIFICATE-----" } },
      'logs.authority: "-----BEGIN CERTIFICATE-----" is not a certificate; paste it in PEM, from BEGIN to END',
    ],
    [
      { logs: { kind: "syslog", host: "logs.example.org", queue: 1 } },
      "logs.queue: 1 is less than 16; write 16 MiB or more",
    ],
    [
      { logs: { kind: "rsyslog", host: "logs.example.org" } },
      'logs.kind: "rsyslog" is not allowed; write one of none, syslog (did you mean syslog?)',
    ],
  ],
  "clients' own addresses": [
    [
      { "ingress.proxyProtocol": true, edge: { kind: "none" }, "ports.published.git.external": 30022 },
      "ingress.proxyProtocol: the ingress then answers only those who come by the PROXY protocol, and with edge.kind none nobody speaks it; set edge.kind to haproxy or octavia, or leave the key out",
    ],
  ],
  "where software comes from": [
    [
      { software: { kind: "repositories", containerd: { kind: "docker", version: "1.7.*" } } },
      "software.containerd.version: 1.7.* is older than containerd 2, which Kubernetes 1.36 is set up for; write a version of 2 or newer, or leave the key out",
    ],
    [
      { software: { kind: "repositories", containerd: { kind: "distribution" } } },
      "software.containerd.kind: Kubernetes 1.36 is set up for containerd 2, and Debian 12 and 13 have version 1 only; check that the image's release has it (apt policy containerd), or write docker",
    ],
    [
      { software: { kind: "repositories", containerd: { kind: "docker", version: "newest" } } },
      'software.containerd.version: "newest" is not a version of a package; write it as apt does, such as 2.2.1-1~debian.12~bookworm, or 2.2.* for a whole minor',
    ],
  ],
  "tenants as the owner lists them": [
    [{ "tenants.dev.slot": 0 }, "tenants.dev.slot: 0 is already the slot of test; choose a free slot"],
    [
      { "tenants.dev.slot": 4 },
      "tenants.dev.slot: 4 lies beyond the 4 tenants that the range has room for; choose a smaller slot, or widen network.ranges.tenants",
    ],
    [
      { "tenants.lab": { slot: 2, ingress: { http: 32000, https: 32001 }, namespaces: ["x"] } },
      "tenants.lab: is this environment itself, which owns the cluster; remove it",
    ],
    [
      { "tenants.dev.namespaces": ["testlab"] },
      'tenants.dev.namespaces: "testlab" already belongs to test; choose another namespace',
    ],
    [
      { "tenants.dev.namespaces": ["datalab"] },
      'tenants.dev.namespaces: "datalab" already belongs to lab; choose another namespace',
    ],
    [
      { "tenants.dev.namespaces": ["kube-system"] },
      'tenants.dev.namespaces: "kube-system" is shared by the whole cluster; choose a namespace of its own',
    ],
    [
      { "tenants.dev.hosts": ["datalabs.lab.example.org"] },
      'tenants.dev.hosts: "datalabs.lab.example.org" already belongs to lab; choose another host',
    ],
    [
      { "tenants.dev.namespaces": ["nfs-provisioner"] },
      'tenants.dev.namespaces: "nfs-provisioner" is shared by the whole cluster; choose a namespace of its own',
    ],
    [
      { "apps.datalab.namespace": "default" },
      'apps.datalab.namespace: "default" is shared by the whole cluster; choose a namespace of its own',
    ],
  ],
};
