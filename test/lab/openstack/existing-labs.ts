/** Two labs that people made, as `existing_lab.py` takes them. */

/** Of the operators. */
export const KEY =
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4 operator@example.org";
/** From where people log in. */
export const OFFICE = "198.51.100.0/24";

/** By hand: names as people give them, the addresses of both roles mixed, things without a use. */
export const BY_HAND = {
  network: "Physics",
  subnet: "physics sub",
  router: "edge",
  cidr: "192.168.40.0/24",
  key: { name: "alice", public: KEY },
  groups: {
    "ssh from office": [{ protocol: "tcp", port: 22, from: OFFICE }],
    cluster: [{ group: "cluster" }, { protocol: "tcp", port: 22, group: "ssh from office" }],
  },
  servers: [
    {
      name: "node-a",
      flavor: "large",
      groups: ["cluster"],
      volumes: [{ name: "a", size: 2 }],
      address: "192.168.40.30",
    },
    {
      name: "jump",
      flavor: "tiny",
      groups: ["ssh from office"],
      floating_ip: true,
      address: "192.168.40.77",
    },
    {
      name: "node-b",
      flavor: "large",
      groups: ["cluster"],
      volumes: [{ name: "b", size: 2 }],
      address: "192.168.40.140",
    },
    { name: "Kube Master", flavor: "medium", groups: ["cluster"], address: "192.168.40.99" },
    { name: "mystery", flavor: "tiny", groups: [], address: "192.168.40.200" },
  ],
  volumes: [{ name: "old results", size: 1 }],
  floating_ips: 1,
};

/** By terraform: names by a pattern, an address of each role, a gap where a worker was removed. */
export const TERRAFORM = {
  network: "lab-network",
  subnet: "lab-subnet",
  router: "lab-router",
  cidr: "10.20.0.0/24",
  key: { name: "lab_key", public: KEY },
  port_names: "{}-port",
  groups: {
    "lab-bastion": [{ protocol: "tcp", port: 22, from: OFFICE }],
    "lab-base": [
      { protocol: "tcp", port: 22, group: "lab-bastion" },
      { protocol: "icmp", from: "10.20.0.0/24" },
    ],
    "lab-nodes": [{ group: "lab-nodes" }],
    "lab-control-plane": [{ protocol: "tcp", port: 6443, from: "10.20.0.0/24" }],
    "lab-workers": [
      { protocol: "tcp", port: 30080, from: "0.0.0.0/0" },
      { protocol: "tcp", port: 30443, from: "0.0.0.0/0" },
      { protocol: "tcp", port: 9100, from: "10.20.0.0/24" },
    ],
  },
  servers: [
    {
      name: "lab-bastion-0",
      flavor: "tiny",
      groups: ["lab-base", "lab-bastion"],
      floating_ip: true,
      address: "10.20.0.10",
    },
    {
      name: "lab-master-0",
      flavor: "medium",
      groups: ["lab-base", "lab-nodes", "lab-control-plane"],
      address: "10.20.0.20",
    },
    ...[0, 2].map((slot) => ({
      name: `lab-worker-${String(slot / 2)}`,
      flavor: "large",
      groups: ["lab-base", "lab-nodes", "lab-workers"],
      address: `10.20.0.${String(50 + slot)}`,
      volumes: [{ name: `lab-worker-${String(slot / 2)}-data`, size: 1 }],
    })),
  ],
};
