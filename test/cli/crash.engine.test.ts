/** Runs that are killed in the middle, again and again: after each, `--recover` and the run itself end in the right state. */
import { CrashLab, differences, type Listing } from "./crash-lab";

/** Kills of each kind. */
const UP_KILLS = 20;
const DESTROY_KILLS = 10;
/** In one life of the lab; the rest of the kills come in the next one. */
const UP_KILLS_OF_A_LIFE = 7;
const DESTROY_KILLS_OF_A_LIFE = 4;

const seed = Number(process.env["LABSTEAD_SEED"] ?? Date.now() % 1_000_000);
const random = generator(seed);
const lab = new CrashLab();
afterAll(() => lab.close());

/** The listing of a run that nobody disturbed, and of nothing. */
let whole: Listing;
let nothing: Listing;
let most = 0;
let least = 0;

beforeAll(async () => {
  process.stderr.write(`moments of the kills: LABSTEAD_SEED=${String(seed)}\n`);
  const undisturbed = new CrashLab();
  await undisturbed.succeed();
  whole = undisturbed.listing;
  most = undisturbed.count;
  await undisturbed.succeed("--destroy", "--with-data");
  nothing = undisturbed.listing;
  least = undisturbed.count;
  undisturbed.close();
});

test("a run that nobody disturbs leaves a whole lab, and a destroy nothing of it", () => {
  expect(whole.cloud.length).toBeGreaterThan(30);
  expect(whole.state.length).toBeGreaterThan(60);
  expect(nothing.state).toEqual([]);
  expect(nothing.cloud.join("\n")).not.toContain("urn:pulumi");
});

test(`killed ${String(UP_KILLS)} times in up and ${String(DESTROY_KILLS)} times in destroy, nothing is lost, nothing doubled`, async () => {
  let [ups, destroys] = [0, 0];
  while (ups < UP_KILLS || destroys < DESTROY_KILLS) {
    ups += await killedOften("up", Math.min(UP_KILLS_OF_A_LIFE, UP_KILLS - ups));
    await lab.succeed("--recover", "--up");
    expectSound();
    expect(differences(lab.listing, whole)).toEqual([]);
    destroys += await killedOften("destroy", Math.min(DESTROY_KILLS_OF_A_LIFE, DESTROY_KILLS - destroys));
    await lab.succeed("--recover", "--destroy", "--with-data");
    expect(differences(lab.listing, nothing)).toEqual([]);
  }
});

/** Kills one run after the other at later and later moments. Returns how many were really killed. */
async function killedOften(verb: "up" | "destroy", times: number): Promise<number> {
  const args = verb === "up" ? ["--up"] : ["--destroy", "--with-data"];
  let kills = 0;
  for (const [index, share] of moments(times).entries()) {
    const reached = target(verb, share);
    if (reached === undefined) break;
    const delay = Math.floor(random() * 150);
    const victims = { cloud: random() < 0.3 };
    const recover = index === 0 ? [] : ["--recover"];
    const run = [...recover, ...(recover.length === 0 && verb === "up" ? [] : args)];
    if (await lab.killed(run, () => lab.reached(reached, delay), victims)) kills += 1;
  }
  return kills;
}

/** Shares of the way through a run, in order. */
function moments(times: number): readonly number[] {
  return Array.from({ length: times }, random).sort((a, b) => a - b);
}

/** When so much of the way is gone, and something was done in this run; undefined if there is nothing left to disturb. */
function target(verb: "up" | "destroy", share: number): ((count: number) => boolean) | undefined {
  const count = lab.count;
  const way = most - least;
  if (verb === "up") {
    const wanted = Math.max(least + Math.floor(share * way), count + 1);
    return wanted >= most ? undefined : (now) => now >= wanted;
  }
  const wanted = Math.min(most - Math.floor(share * way), count - 1);
  return wanted <= least ? undefined : (now) => now <= wanted;
}

/** The state hangs together with the cloud: each thing once, nothing open. */
function expectSound(): void {
  const { resources, pending_operations: open } = lab.state;
  expect(open ?? []).toEqual([]);
  const ids = resources.map(({ type, id }) => `${type} ${id ?? ""}`).filter((id) => !id.endsWith(" "));
  expect(new Set(ids).size).toBe(ids.length);
  const declared = [...lab.records.values()].filter(({ urn }) => urn !== "");
  const inState = ids.filter((id) => id.startsWith("openstack:")).sort();
  expect(declared.map(({ type, id }) => `${type} ${id}`).sort()).toEqual(inState);
}

/** Numbers in [0, 1) that follow from the seed (mulberry32). */
function generator(start: number): () => number {
  let a = start;
  return () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
