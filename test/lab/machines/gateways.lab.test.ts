/** Two gateways of prod and its edge, booted from the plan's user data: load balancers, VIP, firewall, metadata service. */
import { planEnvironment } from "../../environments";
import { isOwner } from "../../../environment/config";
import { until } from "./host";
import { setUp } from "../host/undo";
import { MachineLab } from "./lab";
import type { Machine } from "./machine";
import { Outside, selfSigned } from "./outside";
import { bakedConfig, bakedPlan, PlannedMachines } from "./planned-machines";

const OPERATOR = "198.51.100.10";
const STRANGER = "203.0.113.9";
const BASTION = "192.168.3.10";
const API = "https://192.168.3.4:8888/";
const METADATA = ["169.254.169.254", "fe80::a9fe:a9fe"] as const;

let lab: MachineLab;
let outside: Outside;
let planned: PlannedMachines;
let first: Machine;
let second: Machine;

setUp(async (undo) => {
  const plan = bakedPlan();
  lab = undo.use(await MachineLab.open(`${plan.network.gatewayIp}/24`));
  outside = undo.use(new Outside(lab.network));
  planned = new PlannedMachines(lab, plan);
  await prepareOutside();
  [first, second] = await Promise.all([planned.boot("gateway/0"), planned.boot("gateway/1")]);
});

/** Three API servers, of which one is not ready; the metadata service; and who comes in. */
async function prepareOutside(): Promise<void> {
  for (const each of [OPERATOR, STRANGER, METADATA[0]]) await lab.network.addOutside(each);
  for (const each of [BASTION, "192.168.3.26", "192.168.3.27", "192.168.3.28"])
    await lab.network.addNeighbour(`${each}/24`);
  await lab.network.addNeighbour(`${METADATA[1]}/64`);
  const tls = await selfSigned("api.lab.example.org");
  outside.serve([
    { address: "192.168.3.26", port: 6443, tls, says: "first" },
    { address: "192.168.3.27", port: 6443, tls, says: "not ready", paths: { "/readyz": 500 } },
    { address: "192.168.3.28", port: 6443, tls, says: "third" },
    { address: "::", port: 80, says: "user data of this server" },
  ]);
}

const holds = async (machine: Machine): Promise<boolean> =>
  (await machine.run(["ip", "-4", "-o", "addr", "show", "to", "192.168.3.4"])).stdout !== "";

test("before its files have come a gateway is shut, and what needs them waits", async () => {
  for (const unit of ["haproxy.service", "keepalived.service"])
    expect((await first.run(["systemctl", "is-active", unit])).stdout.trim()).toBe("inactive");
  expect(await outside.connects(OPERATOR, "192.168.3.12", 8888)).toBe(false);
  expect(await outside.connects(BASTION, "192.168.3.12", 22)).toBe(true);
});

test("with them it serves: ready API servers in turn, on the VIP that one gateway holds", async () => {
  await Promise.all([planned.push("gateway/0", first), planned.push("gateway/1", second)]);
  await until("answer of the API", 30, () => outside.get(OPERATOR, API));
  const answers = [];
  for (let turn = 0; turn < 8; turn++) answers.push(await outside.get(OPERATOR, API));
  expect(new Set(answers)).toEqual(new Set(["first", "third"]));
  expect([await holds(first), await holds(second)].filter(Boolean)).toHaveLength(1);
});

test("every check of its machine config passes, and no unit has failed", async () => {
  // The clock belongs to the host; the tunnel has tests of its own, it needs a device that these machines lack.
  const unchecked = ["time", "wireguard"];
  for (const check of planned.configs.get("gateway/0")?.checks ?? []) {
    if (unchecked.includes(check.name)) continue;
    await first.must(check.run);
  }
  const failed = await first.must(["systemctl", "list-units", "--failed", "--plain", "--no-legend"]);
  expect(failed.split("\n").filter((line) => line !== "" && !line.startsWith("run-rpc_pipefs"))).toEqual([]);
});

test("the firewall drops what the plan does not list", async () => {
  const address = "192.168.3.12";
  expect(await outside.connects(OPERATOR, address, 8888)).toBe(true);
  expect(await outside.connects(STRANGER, address, 8888)).toBe(false);
  expect(await outside.connects(OPERATOR, address, 22)).toBe(false);
  expect(await outside.connects(BASTION, address, 22)).toBe(true);
  // Listens on every address, but nobody is let in.
  expect(await first.must(["ss", "-tlnH", "sport", "=", "9100"])).toContain("*:9100");
  expect(await outside.connects(BASTION, address, 9100)).toBe(false);
});

test("the metadata service answers root alone, by IPv4 and IPv6", async () => {
  for (const url of [`http://${METADATA[0]}/`, `http://[${METADATA[1]}%25host0]/`]) {
    const ask = ["curl", "--silent", "--max-time", "3", url];
    expect(await first.must(ask)).toBe("user data of this server");
    expect((await first.run(["runuser", "-u", "nobody", "--", ...ask])).code).not.toBe(0);
  }
});

test("when the gateway that holds the VIP dies, the other answers within ten seconds, and keeps it", async () => {
  const [holder, other] = (await holds(first)) ? [first, second] : [second, first];
  const killed = Date.now();
  await holder.kill();
  await until("answer after the fall", 10, () => outside.get(OPERATOR, API, 1));
  expect(Date.now() - killed).toBeLessThan(10_000);
  await holder.start();
  await until("keepalived again", 30, async () =>
    (await holder.run(["systemctl", "is-active", "keepalived"])).code === 0 ? true : undefined,
  );
  await until("answer after the return", 10, () => outside.get(OPERATOR, API, 1));
  expect([await holds(holder), await holds(other)]).toEqual([false, true]);
});

test("after a restart the pushed firewall is in force, without a push", async () => {
  expect(await outside.connects(STRANGER, "192.168.3.12", 8888)).toBe(false);
  expect(await outside.connects(OPERATOR, "192.168.3.12", 8888)).toBe(true);
});

describe("the edge with ingress.proxyProtocol", () => {
  /** The first of four workers; the others do not answer. */
  const WORKER = "192.168.3.112";
  const [HTTP, HTTPS] = [30080, 30443];
  let edge: string;

  beforeAll(async () => {
    const config = bakedConfig();
    if (!isOwner(config)) throw new Error("prod is no owner");
    const result = planEnvironment({ ...config, ingress: { ...config.ingress, proxyProtocol: true } });
    if (!result.ok) throw new Error("prod cannot be planned with it");
    const proxied = new PlannedMachines(lab, result.plan);
    const vip = result.plan.vips.find(({ key }) => key === "edge")?.address;
    if (vip?.kind !== "planned") throw new Error("the edge has no planned address");
    edge = vip.ip;
    await lab.network.addNeighbour(`${WORKER}/24`);
    outside.serve([
      { address: WORKER, port: HTTP, proxied: true, says: "you are {client}" },
      {
        address: WORKER,
        port: HTTPS,
        tls: await selfSigned("lab.example.org"),
        proxied: true,
        says: "you are {client}",
      },
    ]);
    await proxied.up("loadBalancer/0");
  });

  test.each(["http", "https"])(
    "over %s the application hears who the client is, and checks pass",
    async (scheme) => {
      const ask = () => outside.get(STRANGER, `${scheme}://${edge}/`);
      expect(await until("answer of the edge", 30, ask)).toBe(`you are ${STRANGER}`);
      expect(await outside.get(OPERATOR, `${scheme}://${edge}/`)).toBe(`you are ${OPERATOR}`);
    },
  );

  test("who comes to a node without it is not answered", async () => {
    expect(await outside.get("192.168.3.10", `http://${WORKER}:${String(HTTP)}/`)).toBeUndefined();
  });
});
