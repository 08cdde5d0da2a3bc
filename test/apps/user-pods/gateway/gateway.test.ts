/** The objects of the gateway, and what its configuration changes. */
import type { Json } from "../../../environment/configs";
import { containersOf, ofKind, specsOf, workloads, type Manifest } from "../../manifests";
import { outline, outlineDifference } from "../../outline";
import { userPodsPlan } from "../pods";
import { AUTH_URL, behindGateway, gatewayManifests, LDAP, OIDC } from "./gateways";

const ONE: Json = { "users.grace": undefined };

/** Of the gateway, without the texts of its program. */
function outlineOf(identity: Json, exposure: Json = {}): string {
  const own = gatewayManifests(identity, ONE, exposure).filter(
    ({ metadata, kind }) =>
      /^gateway/.test(metadata.name) && !metadata.name.startsWith("gateway-program") && kind !== "Namespace",
  );
  const text = outline([...own, ...policyOfPods(identity)]);
  return text.replaceAll(/config-checksum: [0-9a-f]+/g, "config-checksum: …");
}

function policyOfPods(identity: Json): readonly Manifest[] {
  return ofKind(gatewayManifests(identity, ONE), "NetworkPolicy").filter(
    ({ metadata }) => metadata.name === "user-pods",
  );
}

test("the objects of a gateway with OpenID Connect", () => {
  expect(outlineOf(OIDC)).toMatchSnapshot();
});

test.each<readonly [string, Json, Json]>([
  ["LDAP", LDAP, {}],
  ["an authentication service of the cluster", AUTH_URL, {}],
  ["an authentication service elsewhere", { ...AUTH_URL, url: "https://id.example.org:8443/auth" }, {}],
  ["pods that are kept", OIDC, { idle: { kind: "keep" }, stripPath: false, host: "savu.hebi.example.org" }],
])("what changes with %s", (_, identity, exposure) => {
  expect(outlineDifference(outlineOf(OIDC), outlineOf(identity, exposure))).toMatchSnapshot();
});

test("another user changes the gateway's rights and list alone, so that nothing restarts", () => {
  const before = gatewayManifests(OIDC);
  const texts = gatewayManifests(OIDC, { "users.linus": { uid: 1001, signInName: "linus@example.org" } }).map(
    (each) => JSON.stringify(each),
  );
  const changed = before.filter((each) => !texts.includes(JSON.stringify(each)));
  expect(changed.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    "Role gateway",
    "ConfigMap gateway-users",
  ]);
});

test("each user is a name of one rule, and one line of the list", () => {
  const users = Object.fromEntries(
    Array.from({ length: 100 }, (_, index) => [`u${String(index)}`, { uid: 10_000 + index }]),
  );
  const manifests = gatewayManifests(OIDC, { users });
  const [role] = ofKind(manifests, "Role").filter(({ metadata }) => metadata.name === "gateway");
  expect((role?.rules ?? []).map(({ resourceNames = [] }) => resourceNames.length)).toEqual([100, 100, 0, 1]);
  const list = manifests.find(({ metadata }) => metadata.name === "gateway-users");
  // A ConfigMap holds 1 MiB: more than ten thousand users.
  expect(JSON.stringify(list).length).toBeLessThan(5000);
});

test("oauth2-proxy trusts no header, skips no sign-in and has its secrets to itself", () => {
  const [gateway] = workloads(gatewayManifests(OIDC)).filter(({ metadata }) => metadata.name === "gateway");
  const [main, proxy] = containersOf(gateway!);
  const args = (proxy?.args ?? []).join(" ");
  expect(args).not.toMatch(/reverse-proxy|skip-auth|trusted-ip|skip-jwt|insecure/);
  expect(args).toContain("--cookie-name=__Host-labstead-oidc");
  expect((proxy?.env ?? []).map(({ name }) => name)).toEqual([
    "OAUTH2_PROXY_COOKIE_SECRET",
    "OAUTH2_PROXY_CLIENT_SECRET",
  ]);
  expect(main?.env).toBeUndefined();
});

test("no secret is in a ConfigMap, and pods behind the gateway have no route of their own", () => {
  const manifests = gatewayManifests(LDAP);
  expect(JSON.stringify(ofKind(manifests, "ConfigMap"))).not.toContain("session-secret");
  expect(ofKind(manifests, "Ingress").map(({ metadata }) => metadata.name)).toEqual(["gateway"]);
  expect(specsOf(manifests, "NetworkPolicy").map(({ metadata }) => metadata.name)).toContain("gateway-pods");
});

test("the plan has what its users are called by the sign-in", () => {
  const plan = userPodsPlan(behindGateway(OIDC, { "users.ada.signInName": "ada@example.org" }));
  expect(plan.users.map(({ exposure }) => exposure)).toEqual([
    { kind: "gateway", path: "/uid37214", signInName: "ada@example.org" },
    { kind: "gateway", path: "/uid37877", signInName: "grace" },
  ]);
});
