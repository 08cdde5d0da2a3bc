import { fence, lift, type Fence } from "../../cli/fence/fence";
import type { NodeState, Remaining } from "../../cli/fence/node";
import { novaPower, type ServerState } from "../../cli/fence/power";
import { workerOf } from "../../cli/fence/run";
import { Session } from "../../openstack-api/session";
import { configOf, planOf, stackBase } from "../environment/configs";
import { reply, Services } from "../openstack-api/services";

const READY: NodeState = { ready: true, outOfService: false };
const NOTHING: Remaining = { pods: [], volumes: [] };
const OFF: ServerState = { kind: "off", status: "SHUTOFF" };
const ON: ServerState = { kind: "on", status: "ACTIVE" };

/** One node with its server, and what was done and printed, in order. */
class World {
  readonly seen: string[] = [];
  node: NodeState | undefined = READY;
  left: Remaining[] = [NOTHING];
  states: ServerState[] = [OFF];

  get given(): Fence {
    return {
      name: "prod-worker-1",
      power: {
        state: () =>
          Promise.resolve(this.states.length > 1 ? (this.states.shift() ?? OFF) : (this.states[0] ?? OFF)),
        stop: () => this.done("stop"),
      },
      node: {
        state: () => Promise.resolve(this.node),
        setOutOfService: (outOfService) => this.done(`out of service: ${String(outOfService)}`),
        remaining: () =>
          Promise.resolve(this.left.length > 1 ? (this.left.shift() ?? NOTHING) : (this.left[0] ?? NOTHING)),
      },
      signal: new AbortController().signal,
      wait: 1_500,
      command: "labstead fence prod workers.general/1",
      print: (line) => void this.seen.push(line),
    };
  }

  private done(what: string): Promise<void> {
    this.seen.push(`> ${what}`);
    return Promise.resolve();
  }
}

let world: World;
beforeEach(() => {
  world = new World();
});

test("the node of a server that is off is taken out of service, and its pods and volumes are waited for", async () => {
  world.left = [{ pods: ["physics/jupyter-ada"], volumes: ["pvc-1"] }, NOTHING];
  await fence(world.given, false);
  expect(world.seen).toEqual([
    "> out of service: true",
    "prod-worker-1 is SHUTOFF in OpenStack: out of service, waiting for its pods and volumes",
    "prod-worker-1 has no pods and no volumes any more; others have them",
    "when the server runs again: labstead fence prod workers.general/1 --lift",
  ]);
});

test("a server that runs is not fenced: its pods may write", async () => {
  world.states = [ON];
  await expect(fence(world.given, false)).rejects.toThrow(
    "prod-worker-1 is ACTIVE in OpenStack: its pods may still write to their volumes; stop it first: labstead fence prod workers.general/1 --stop",
  );
  expect(world.seen).toEqual([]);
});

test("with --stop it is stopped first", async () => {
  world.states = [ON, ON, OFF];
  await fence(world.given, true);
  expect(world.seen.slice(0, 3)).toEqual([
    "prod-worker-1 is ACTIVE: stopping it",
    "> stop",
    "> out of service: true",
  ]);
});

test("a server that does not stop is not fenced", async () => {
  world.states = [ON];
  await expect(fence(world.given, true)).rejects.toThrow(
    "prod-worker-1 is still ACTIVE in OpenStack, so nothing was taken out of service; its hypervisor may be away: let the cloud's operators say that it is off",
  );
  expect(world.seen).toEqual(["prod-worker-1 is ACTIVE: stopping it", "> stop"]);
});

test("what remains is named", async () => {
  world.left = [{ pods: [1, 2, 3, 4, 5, 6, 7].map((each) => `lab/p${String(each)}`), volumes: ["pvc-1"] }];
  await expect(fence(world.given, false)).rejects.toThrow(
    "prod-worker-1 is out of service, and still has pods lab/p1, lab/p2, lab/p3, lab/p4, lab/p5 and 2 more and volumes pvc-1; run the command again to wait longer",
  );
});

test("a node that the cluster does not have needs nothing", async () => {
  world.node = undefined;
  await fence(world.given, false);
  expect(world.seen).toEqual(["prod-worker-1: the cluster has no such node, so nothing waits for it"]);
});

describe("lifted", () => {
  test.each([
    ["is in service", READY, ON, ["prod-worker-1 is not out of service"]],
    [
      "runs and reports",
      { ready: true, outOfService: true },
      ON,
      ["> out of service: false", "prod-worker-1 is in service again"],
    ],
  ] as const)("where it %s", async (_what, node, state, seen) => {
    world.node = node;
    world.states = [state];
    await lift(world.given);
    expect(world.seen).toEqual(seen);
  });

  test.each([
    [
      "is off",
      { ready: false, outOfService: true },
      OFF,
      "prod-worker-1 is SHUTOFF in OpenStack; start it, then: ",
    ],
    [
      "does not report",
      { ready: false, outOfService: true },
      ON,
      "prod-worker-1 runs, and its kubelet does not report yet; wait until the node is Ready, then: ",
    ],
    [
      "is not there",
      undefined,
      ON,
      "the cluster has no node prod-worker-1; it joins by itself when its server runs",
    ],
  ] as const)("not where it %s", async (_what, node, state, message) => {
    world.node = node;
    world.states = [state];
    await expect(lift(world.given)).rejects.toThrow(message);
    expect(world.seen).toEqual([]);
  });
});

describe("the server", () => {
  const plan = planOf(configOf("prod", stackBase("prod")));

  test("is a worker, by its key or name", () => {
    const [worker] = plan.servers.filter(({ role }) => role === "workers");
    expect(workerOf(plan, "workers.general/0")).toBe(worker);
    expect(workerOf(plan, worker?.name ?? "")).toBe(worker);
  });

  test.each([
    [
      "controlPlane/0",
      "controlPlane/0 is no worker; what runs on other servers does not move: replace it as docs/day-two.md says",
    ],
    [
      "workers.general/9",
      "there is no worker workers.general/9; write one of workers.general/0, workers.general/1, workers.general/2, workers.general/3",
    ],
  ])("%s is refused", (key, message) => {
    expect(() => workerOf(plan, key)).toThrow(message);
  });
});

describe("Nova", () => {
  let services: Services;
  beforeEach(() => {
    services = new Services();
    services.types = ["compute"];
  });
  afterEach(() => services.stop());
  const { signal } = new AbortController();

  test.each([
    [200, "ACTIVE", { kind: "on", status: "ACTIVE" }],
    [200, "ERROR", { kind: "on", status: "ERROR" }],
    [200, "SUSPENDED", { kind: "on", status: "SUSPENDED" }],
    [200, "SHUTOFF", { kind: "off", status: "SHUTOFF" }],
    [404, "", { kind: "absent" }],
  ])("answers %s %s", async (code, status, state) => {
    const power = novaPower(new Session(await services.start()), "s1");
    services.answer = (_request, response) => reply(response, code, { server: { status } });
    expect(await power.state(signal)).toEqual(state);
    expect(services.requests.at(-1)).toMatch(/^GET \S*\/servers\/s1 /);
  });

  test("is asked to stop it; that it is stopped already is no failure, another refusal is", async () => {
    const power = novaPower(new Session(await services.start()), "s1");
    services.answer = (_request, response) =>
      reply(response, 409, { conflictingRequest: { message: "stopped" } });
    await power.stop(signal);
    expect(services.requests.at(-1)).toMatch(/^POST \S*\/servers\/s1\/action /);
    services.answer = (_request, response) => reply(response, 403, { forbidden: { message: "not yours" } });
    await expect(power.stop(signal)).rejects.toThrow("not yours");
  });
});
