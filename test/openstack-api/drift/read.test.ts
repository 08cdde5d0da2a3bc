/** How a project is read: each service once, all of it, and one that does not answer hides no other. */
import type { DeclaredResource } from "../../../openstack-api/drift/compare";
import { cloudDrift } from "../../../openstack-api/drift/read";
import * as t from "../../../openstack-api/resources/tokens";
import { Session } from "../../../openstack-api/session";
import { reply, Services } from "../services";

let services: Services;
let session: Session;
beforeEach(async () => {
  services = new Services();
  services.types = ["network", "volumev3", "compute"];
  session = new Session(await services.start(), 0);
});
afterEach(() => services.stop());

const network = { id: "n1", name: "lab", description: "", mtu: 1500, tags: [] };
const port = { id: "p1", name: "w0", device_owner: "compute:nova", device_id: "s1", security_groups: ["g1"] };

const ANSWERS: Readonly<Record<string, object>> = {
  "/servers/detail": { servers: [{ id: "s9", name: "by-hand", status: "ACTIVE" }] },
  "/os-keypairs": { keypairs: [{ keypair: { name: "by-hand" } }] },
  "/volumes/detail": { volumes: [{ id: "v9", name: "going", status: "deleting" }] },
  "/v2.0/networks": { networks: [network] },
  "/v2.0/networks/n1": { network },
  "/v2.0/ports": { ports: [port] },
  "/v2.0/ports/p1": { port },
  "/v2.0/security-groups": { security_groups: [{ id: "g9", name: "default" }] },
  "/v2.0/security-group-rules": {
    security_group_rules: [
      {
        id: "r9",
        security_group_id: "g9",
        direction: "ingress",
        protocol: "tcp",
        remote_ip_prefix: "0.0.0.0/0",
      },
      { id: "r8", security_group_id: "of another project", direction: "ingress" },
    ],
  },
};

const declared: readonly DeclaredResource[] = [
  { type: t.NETWORK, id: "n1", name: "network", inputs: { name: "lab", mtu: 8950 } },
  { type: t.PORT, id: "p1", name: "port/w0", inputs: { name: "w0", securityGroupIds: ["g1"] } },
  { type: t.PORT, id: "p2", name: "port/w1", inputs: { name: "w1" } },
  { type: t.VOLUME, id: "v1", name: "volume/w0", inputs: { name: "v" } },
];

function answering(broken?: string): void {
  services.answer = ({ url = "" }, response) => {
    const [path = ""] = url.split("?");
    if (broken !== undefined && path.startsWith(broken))
      reply(response, 500, { error: { message: "broken" } });
    else if (path in ANSWERS) reply(response, 200, ANSWERS[path] ?? {});
    else if (/\/[a-z]\d$/.test(path)) reply(response, 404, { itemNotFound: { message: "no" } });
    else reply(response, 200, {});
  };
}

const look = async () => {
  const { drift, unread, compared } = await cloudDrift(session, { declared, others: new Map() });
  const lines = drift.map((each) =>
    each.change === "undeclared"
      ? `undeclared ${each.thing.kind} ${each.thing.name}`
      : `${each.change} ${each.resource.name}`,
  );
  return { lines, compared, unread: unread.map(({ service }) => service) };
};

test("all kinds are listed, and every declared resource is read", async () => {
  answering();
  expect(await look()).toEqual({
    lines: [
      "changed network",
      "missing port/w1",
      "missing volume/w0",
      "undeclared server by-hand",
      "undeclared keyPair by-hand",
      "undeclared rule ingress tcp from 0.0.0.0/0 in default",
    ],
    compared: 4,
    unread: [],
  });
  const listings = services.requests.filter((each) => /\/v2\.0\/\w+\?/.test(each));
  expect(listings.every((each) => each.includes("project_id=p1"))).toBe(true);
});

test("a service that does not answer is reported once, and nothing of it counts as missing", async () => {
  answering("/volumes");
  const { lines, compared, unread } = await look();
  expect(unread).toEqual(["volume"]);
  expect(compared).toBe(3);
  expect(lines).toContain("missing port/w1");
  expect(lines.join()).not.toContain("volume");
  expect(services.requests.filter((each) => each.includes("/volumes"))).toHaveLength(1);
});

test("without a login nothing is read", async () => {
  await services.stop();
  await expect(look()).rejects.toThrow(/cannot log in with cloud lab/);
  await services.start();
});
