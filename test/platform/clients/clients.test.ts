/** What each person is given, and nothing that belongs to another. */
import type { EnvironmentPlan } from "../../../environment/plan/types";
import {
  clientFiles,
  clients,
  hasAccess,
  withPrivateKeyOf,
  type Client,
  type ClientFacts,
} from "../../../platform/clients";
import { configOf, ownerBase, planOf, type Json } from "../../environment/configs";
import { ed25519Line } from "../../environment/ssh-lines";

const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAICRjpJ/wn1rFsiBALdl7I1IAby5jHNWzrkUCt8IEJgM4";
const ALAN = { publicKey: "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", address: "172.30.153.72" };

function planWith(people: Json, change: (environment: Json) => void = () => undefined): EnvironmentPlan {
  const environment = { ...ownerBase(), people };
  change(environment);
  return planOf(configOf("lab", environment));
}

function clientOf(plan: EnvironmentPlan, name: string): Client {
  const client = clients(plan).find((each) => each.name === name);
  if (client === undefined) throw new Error(`${name} is nobody`);
  return client;
}

function standing({ servers }: EnvironmentPlan, more: Partial<ClientFacts> = {}): ClientFacts {
  return {
    addresses: {
      inner: new Map(servers.map(({ key }, slot) => [key, `10.0.0.${String(10 + slot)}`])),
      outer: new Map([["bastion/0", "203.0.113.4"]]),
    },
    hostKeys: new Map(servers.map(({ key }) => [key, `ssh-ed25519 key-of-${key} a comment`])),
    gateway: { address: "203.0.113.2", publicKey: "the gateway's" },
    ...more,
  };
}

function filesOf(
  plan: EnvironmentPlan,
  name: string,
  more: Partial<ClientFacts> = {},
): ReadonlyMap<string, string> {
  const files = clientFiles(plan, clientOf(plan, name), standing(plan, more));
  return new Map(files.map((file) => [file.name, file.content]));
}

const ssh = (as: "jump" | "operator") => ({
  key: as === "jump" ? `ssh-ed25519 ${KEY} alan` : ed25519Line("operator"),
  as,
});

test("people and the tunnel's other peers, by name", () => {
  const plan = planWith({ alan: { wireguard: ALAN }, zoe: {} });
  expect(clients(plan).map(({ name, peer }) => [name, peer?.address])).toEqual([
    ["ada", "172.30.153.70"],
    ["alan", "172.30.153.72"],
    ["grace", "172.30.153.71"],
    ["zoe", undefined],
  ]);
  expect(clients(plan).map(hasAccess)).toEqual([true, true, true, false]);
});

test("each way brings its own files and no others", () => {
  const plan = planWith({
    alan: { wireguard: ALAN },
    eve: { ssh: ssh("jump") },
    kim: { kubernetes: { everywhere: "view" } },
  });
  expect([...filesOf(plan, "alan").keys()]).toEqual(["wg0.conf", "wg-up", "check"]);
  expect([...filesOf(plan, "eve").keys()]).toEqual(["ssh_config", "known_hosts", "check"]);
  expect([...filesOf(plan, "kim", { kubeconfig: "{}" }).keys()]).toEqual(["kubeconfig", "check"]);
});

test("the tunnel's file asks for the private key and routes the lab's networks alone", () => {
  expect(filesOf(planWith({ alan: { wireguard: ALAN } }), "alan").get("wg0.conf")).toBe(`[Interface]
# alan
Address = 172.30.153.72/32
MTU = 1370
PrivateKey = PASTE-YOUR-PRIVATE-KEY-HERE

[Peer]
PublicKey = the gateway's
Endpoint = 203.0.113.2:7777
AllowedIPs = 172.30.153.64/26, 10.0.0.0/24
PersistentKeepalive = 25
`);
});

test("a tunnel through the internet has no jumbo frames, whatever the servers' network has", () => {
  const mtuOf = (mtu: number): string | undefined => {
    const plan = planWith({ alan: { wireguard: ALAN } }, (environment) => {
      environment["network"] = { ...(environment["network"] as Json), mtu };
    });
    return /^MTU = (.*)$/m.exec(filesOf(plan, "alan").get("wg0.conf") ?? "")?.[1];
  };
  expect([1400, 1450, 1500, 1501, 9000].map(mtuOf)).toEqual(["1320", "1370", "1420", "1420", "1420"]);
});

test("a private key that was put in stays", () => {
  const made = filesOf(planWith({ alan: { wireguard: ALAN } }), "alan").get("wg0.conf") ?? "";
  const mine = made.replace("PASTE-YOUR-PRIVATE-KEY-HERE", "mine=");
  expect(withPrivateKeyOf(mine.replace("203.0.113.2", "203.0.113.9"), made)).toBe(mine);
  expect(withPrivateKeyOf("", made)).toBe(made);
});

test("who passes through sees the bastion, an operator every server behind it", () => {
  const plan = planWith({ alan: { ssh: ssh("operator") }, eve: { ssh: ssh("jump") } });
  const entry = (text: string | undefined, host: string) =>
    text?.split("\n\n").find((each) => each.startsWith(`Host ${host}\n`));
  const eve = filesOf(plan, "eve");
  expect(eve.get("ssh_config")?.match(/^Host .*$/gm)).toEqual(["Host lab-bastion-0", "Host lab-bastion-0"]);
  expect(eve.get("known_hosts")).toBe("lab-bastion-0,203.0.113.4,10.0.0.10 ssh-ed25519 key-of-bastion/0\n");
  expect(entry(eve.get("ssh_config"), "lab-bastion-0")).toBe(`Host lab-bastion-0
  HostName 203.0.113.4
  User jump
  HostKeyAlias lab-bastion-0
  KnownHostsCommand /bin/echo lab-bastion-0 ssh-ed25519 key-of-bastion/0`);
  const alan = filesOf(plan, "alan").get("ssh_config");
  expect(alan?.match(/^Host \S+$/gm)).toEqual(plan.servers.map(({ name }) => `Host ${name}`));
  expect(entry(alan, "lab-control-plane-0")).toMatch(
    /\n {2}HostName 10\.0\.0\.\d+\n {2}User labstead\n(.*\n){2} {2}ProxyJump lab-bastion-0$/,
  );
});

test("the check tests each kind of access, with its own fix", () => {
  const tried = (plan: EnvironmentPlan, more: Partial<ClientFacts> = {}) =>
    filesOf(plan, "alan", more)
      .get("check")
      ?.match(/^attempt '.*$/gm);
  const rights = { namespaces: { datalab: "edit" } };
  expect(
    tried(planWith({ alan: { wireguard: ALAN, ssh: ssh("jump"), kubernetes: rights } }), {
      kubeconfig: "{}",
    }),
  ).toEqual([
    `attempt 'WireGuard tunnel' 'bring it up by ./wg-up; if it is up, your network has to let UDP 7777 out' "\${ping[@]}" 172.30.153.65`,
    `attempt 'SSH to lab-bastion-0' 'your key has to be the one that the lab has for you, ssh-ed25519 …${KEY.slice(-12)} (ssh-add -l, or ssh -i), and your address in 198.51.100.0/24' "\${ssh[@]}" -W localhost:22 lab-bastion-0`,
    `attempt 'Kubernetes API' 'it is reached by the WireGuard tunnel: ./wg-up' "\${kubectl[@]}" get --raw /readyz`,
    `attempt 'edit of namespace datalab in the cluster' 'if it says Unauthorized the certificate has expired: ask for a new kubeconfig; if it says no, the lab has not given you this' "\${kubectl[@]}" auth can-i list pods --namespace datalab`,
  ]);
  const operator = planWith({ alan: { ssh: ssh("operator"), kubernetes: { everywhere: "view" } } });
  expect(tried(operator, { kubeconfig: "{}" })).toEqual([
    expect.stringMatching(/"\$\{ssh\[@\]\}" lab-bastion-0 true$/),
    expect.stringMatching(/^attempt 'SSH through lab-bastion-0 to \S+' .+ \S+ true$/),
    expect.stringContaining(
      "'it is reached through lab-bastion-0: ssh -F ssh_config -N -D 1080 lab-bastion-0'",
    ),
    expect.stringMatching(/^attempt 'view everywhere in the cluster' .* --all-namespaces$/),
  ]);
});

test("who signs in is named in the file", () => {
  const plan = planWith(
    { alan: { kubernetes: { everywhere: "view", user: "alan@example.org" } } },
    (environment) => {
      const oidc = { issuer: "https://sso.example.org", clientId: "lab", usernameClaim: "email" };
      environment["cluster"] = { ...(environment["cluster"] as Json), oidc };
    },
  );
  expect(clientOf(plan, "alan").kubernetes.identity).toEqual({
    kind: "oidc",
    principal: "oidc:alan@example.org",
  });
  expect(filesOf(plan, "alan", { kubeconfig: "{}" }).get("check")).toContain("sign in as alan@example.org");
});
