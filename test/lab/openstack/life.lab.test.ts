/**
 * One environment through what happens to it: a service that goes away, growth, what a cloud refuses, and its end. Each
 * test begins where the one before has ended, and ends with everything as planned.
 */
import { randomUUID } from "node:crypto";
import { novaPower } from "../../../cli/fence/power";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { loginOf } from "../../../openstack-api/clouds";
import { Session } from "../../../openstack-api/session";
import { text } from "../../../provider-protocol/plain";
import { smallPlan } from "../../infra/plans";
import { setUp } from "../host/undo";
import { until } from "../machines/host";
import {
  begun,
  checkInventory,
  checkUntouched,
  LabEnvironment,
  OpenStackLab,
  report,
  type Inventory,
} from "./harness";

const NAME = "life";

let lab: OpenStackLab;
let before: Inventory;
let environment: LabEnvironment;

setUp(async (undo) => {
  lab = OpenStackLab.running();
  await lab.tenancies({ name: NAME });
  before = await lab.inventory(NAME);
  environment = undo.use(await LabEnvironment.open(lab, NAME, smallPlan({ min: 4 })));
});

/** Brings up what is asked for, and sees that it is there once, and only that. */
async function complete(plan: EnvironmentPlan): Promise<Inventory> {
  environment.plan(plan);
  await environment.up();
  const found = await lab.inventory(NAME);
  checkInventory(found, plan);
  return found;
}

describe("a service that goes away in the middle", () => {
  afterAll(() => lab.start());

  test("is named after 20 seconds, and the next up completes what was begun", async () => {
    let stopped: Promise<void> | undefined;
    // Before the first server: a request that is being answered would be lost, which is another story.
    const onStep = (step: string): void => {
      if (step.startsWith("create port/")) stopped ??= lab.stop("nova-api");
    };
    await expect(environment.up({ onStep })).rejects.toThrow(
      /(server|server-group|key-pair)\S*: compute at http:\S+:8774\S* does not answer to \S+ \/\S+: connect ECONNREFUSED \S+ \(asked for 20 s\)/,
    );
    await stopped;
    await lab.start();
    await complete(smallPlan({ min: 4 }));
  });
});

test("growing from 4 to 6 workers touches nothing else", async () => {
  const four = await lab.inventory(NAME);
  environment.plan(smallPlan({ min: 6 }));
  const up = await environment.up();
  report(NAME, "4 to 6 workers", up);
  expect(begun(up).filter((step) => !/^create \S+\/workers\.general\/[45](\/|$)/.test(step))).toEqual([]);
  const six = await lab.inventory(NAME);
  checkInventory(six, smallPlan({ min: 6 }));
  checkUntouched(four, six);
});

test("fencing knows whether a server runs, and stops it, twice without error", async () => {
  const session = new Session(loginOf({ cloud: NAME, cloudsFile: lab.cloudsFile }));
  const { signal } = new AbortController();
  const [server] = await session.list("compute", "servers", "/servers");
  const id = text(server, "id");
  const power = novaPower(session, id);
  expect(await power.state(signal)).toEqual({ kind: "on", status: "ACTIVE" });
  await power.stop(signal);
  const isOff = async () => ((await power.state(signal)).kind === "off" ? true : undefined);
  await until("the server's stop", 60, isOff);
  expect(await power.state(signal)).toEqual({ kind: "off", status: "SHUTOFF" });
  await power.stop(signal);
  await session.call("compute", {
    method: "POST",
    path: `/servers/${id}/action`,
    body: { "os-start": null },
  });
  await until("its start", 60, async () => ((await isOff()) === true ? undefined : true));
  expect(await novaPower(session, randomUUID()).state(signal)).toEqual({ kind: "absent" });
});

describe("what the cloud refuses is said in its words, and the next up completes it", () => {
  test("a quota that is exceeded", async () => {
    await lab.client("admin", "quota", "set", "--instances", "11", NAME);
    environment.plan(smallPlan({ min: 7 }));
    await expect(environment.up()).rejects.toThrow(
      "server/workers.general/6: compute answers 403 to POST /servers: " +
        "Quota exceeded for instances: Requested 1, but already used 11 of 11 instances",
    );
    await lab.client("admin", "quota", "set", "--instances", "100", NAME);
    await complete(smallPlan({ min: 7 }));
  });

  test("an image that is not there, which servers that run do not need", async () => {
    environment.plan(smallPlan({ min: 8 }, { image: "no-such-image" }));
    await expect(environment.up()).rejects.toThrow(
      "server/workers.general/7: Your query returned no results. " +
        "Please change your search criteria and try again (image no-such-image).",
    );
    await complete(smallPlan({ min: 8 }));
  });

  test("a flavor that is not there", async () => {
    environment.plan(smallPlan({ min: 8, flavor: "no-such-flavor" }));
    await expect(environment.up()).rejects.toThrow(
      /server\/workers\.general\/\d: Your query returned no results. Please change your search criteria and try again \(flavor no-such-flavor\)\./,
    );
    await complete(smallPlan({ min: 8 }));
  });

  test("an address that somebody else has", async () => {
    const plan = smallPlan({ min: 9 });
    const { address } = plan.servers.find(({ key }) => key === "workers.general/8")!;
    const ip = address.kind === "planned" ? address.ip : "";
    const fixed = ["--network", plan.network.name, "--fixed-ip", `ip-address=${ip}`];
    await lab.client(NAME, "port", "create", ...fixed, "somebody-else");
    environment.plan(plan);
    await expect(environment.up()).rejects.toThrow(
      `port/workers.general/8: network answers 409 to POST /ports: IP address ${ip} already allocated in subnet`,
    );
    await lab.client(NAME, "port", "delete", "somebody-else");
    await complete(plan);
  });
});

describe("the end", () => {
  const plan = smallPlan({ min: 9 });

  test("labstead destroy names all that is protected, and does nothing", async () => {
    const held = [
      ...plan.volumes.filter(({ protect }) => protect).map(({ key }) => `  volume/${key} (Volume)`),
      ...plan.floatingIps.map(({ key }) => `  floating-ip/${key} (FloatingIp)`),
    ];
    expect(await environment.protection()).toBe(
      [
        `${NAME} holds what is protected, nothing was changed:`,
        ...held.sort(),
        `to destroy all of it, data and addresses included: labstead destroy ${NAME} --with-data`,
      ].join("\n"),
    );
  });

  test("the engine's own destroy keeps data and addresses, and the next up takes them again", async () => {
    const { marks } = await lab.inventory(NAME);
    const names = plan.volumes.filter(({ protect }) => protect).map(({ name }) => name);
    await expect(environment.destroy()).rejects.toThrow(/volume\/\S+" cannot be deleted/);
    const left = await lab.inventory(NAME);
    expect(left.servers).toEqual({});
    expect(Object.keys(left.volumes).sort()).toEqual(names.sort());
    report(NAME, "up over the data", await environment.up());
    const again = await lab.inventory(NAME);
    checkInventory(again, plan);
    for (const name of names) expect(again.marks["volume"]?.[name]).toBe(marks["volume"]?.[name]);
    expect(addressesOf(again)).toEqual(addressesOf(left));
  });

  test("a destroy that was stopped half-way can be finished, and leaves nothing", async () => {
    const stop = new AbortController();
    // A port goes after its server.
    const onStep = (step: string): void => {
      if (step.startsWith("delete port/")) stop.abort();
    };
    await expect(environment.destroy({ withData: true }, { onStep, signal: stop.signal })).rejects.toThrow();
    const half = await lab.inventory(NAME);
    expect(Object.keys(half.servers).length).toBeLessThan(plan.servers.length);
    expect(Object.keys(half.groups).length).toBeGreaterThan(Object.keys(before.groups).length);
    await environment.destroy();
    expect(await lab.inventory(NAME)).toEqual(before);
  });
});

function addressesOf({ floating_ips }: Inventory): readonly string[] {
  return Object.entries(floating_ips)
    .map(([name, { address }]) => `${name} ${address}`)
    .sort();
}
