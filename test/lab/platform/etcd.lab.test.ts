/**
 * Three control planes to one by one `up`, on machines that boot and without volumes for etcd: both leave, one after the
 * other. The real engine, our plugin over real SSH through the bastion, a real etcd that says who is in it.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Changes, Json } from "../../environment/configs";
import { membersOn } from "../cluster/etcd";
import { Watch } from "../cluster/watch";
import { until } from "../machines/host";
import { environment } from "./environment";
import { Administrator } from "./nodes";
import { PlatformLab } from "./platform-lab";

const FIRST = "controlPlane/0";
const LEAVERS = ["controlPlane/1", "controlPlane/2"] as const;

/** Pods run on the control planes, so that there is something to move. */
function smallest(controlPlanes: number, changes: Changes = {}): Json {
  return environment({
    "servers.gateway.min": 1,
    "servers.controlPlane": { flavor: "medium", min: controlPlanes, schedulable: true },
    "servers.workers": {},
    ...changes,
  });
}

let lab: PlatformLab;
let administrator: Administrator;
const note = (text: string): void => void process.stderr.write(`  ${text}\n`);
const seconds = (since: number): string => `${String(Math.round((Date.now() - since) / 100) / 10)} s`;

beforeAll(async () => {
  lab = await PlatformLab.open(smallest(3));
});
afterAll(async () => {
  await lab.close();
});

/** Who is in etcd, as the first control plane knows it, and whose servers run. */
interface Seen {
  readonly members: readonly string[];
  readonly servers: readonly string[];
}

async function seen(): Promise<Seen | undefined> {
  const list = await membersOn(lab.machine(FIRST)).catch(() => undefined);
  if (list === undefined) return undefined;
  const voting = list.members.filter(({ isLearner = false }) => !isLearner).map(({ name }) => name);
  return { members: voting.sort(), servers: [...lab.hypervisor.running().keys()].sort() };
}

/** Looks again and again, and keeps what differs from the look before. */
class Looks {
  readonly all: Seen[] = [];
  private going = true;
  private readonly done = this.run();

  private async run(): Promise<void> {
    while (this.going) {
      const now = await seen();
      const last = this.all.at(-1)?.members.join();
      if (now !== undefined && now.members.join() !== last) this.all.push(now);
      await pause(200);
    }
  }

  async end(): Promise<readonly Seen[]> {
    this.going = false;
    await this.done;
    return this.all;
  }
}

test("three control planes form, all of them members of etcd", async () => {
  const from = Date.now();
  await lab.run("up");
  administrator = new Administrator(lab, String((await lab.outputs())["kubeconfig"]));
  await administrator.ready(3, 240);
  await until("three members", 120, async () => ((await seen())?.members.length === 3 ? true : undefined));
  note(`up to three control planes: ${seconds(from)}`);
  await lab.hypervisor.booted();
});

test("two leave in one up, one after the other: the member gone before the server, and the API answers", async () => {
  const names = LEAVERS.map((key) => lab.server(key).name);
  const first = lab.server(FIRST).name;
  lab.configure(smallest(1));
  const from = Date.now();
  const looks = new Looks();
  let count = 0;
  const watch = new Watch(async () => {
    count += 1;
    const change = ["annotate", "--overwrite", "namespace", "default", `lab.local/count=${String(count)}`];
    return (await administrator.kubectl(["--request-timeout=3s", ...change])).code === 0;
  });
  const answer = await lab.attempt({ verb: "up" });
  const [gap, steps] = [await watch.longestGap(), await looks.end()];
  note(`three to one: ${seconds(from)}, API without writes for ${String(gap)} s at most`);
  expect(answer.failed).toBeUndefined();
  // The list right after each: one member less each time, and the servers of both still there.
  const running = (each: Seen) => names.filter((name) => each.servers.includes(name));
  expect(steps.map(({ members }) => members.length)).toEqual([3, 2, 1]);
  expect(steps.map(running)).toEqual([names, names, names]);
  expect((await seen())?.members).toEqual([first]);
  expect([...lab.hypervisor.running().keys()].filter((name) => names.includes(name))).toEqual([]);
  // Load balancers turn away before anybody leaves, and no server goes before both have left.
  const at = (step: string) => answer.ended.findIndex((each) => each.startsWith(step));
  const order = [
    at("update labstead:index:MachineFiles files/gateway/0"),
    at("delete labstead:index:ServerReady ready/controlPlane/"),
    at("delete openstack:compute/instance:Instance server/controlPlane/"),
  ];
  expect(order).toEqual([...order].sort((one, other) => one - other));
  expect(order[0]).toBeGreaterThanOrEqual(0);
  expect(gap).toBeLessThan(10);
  expect((await administrator.nodes()).map(({ name }) => name)).toEqual([first]);
  expect((await lab.run("preview")).steps).toEqual([]);
});
