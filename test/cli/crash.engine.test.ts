/**
 * Runs that are killed in the middle, again and again: after each kill `--recover` leaves state and cloud in agreement,
 * and the run itself then ends where one ends that was not disturbed. LABSTEAD_SEED repeats the moments of a run.
 */
import { CrashLab } from "./crash-lab";
import { differences, type Listing } from "./crash-listing";
import {
  generator,
  momentText,
  type Named,
  type Progress,
  resourcesOf,
  Schedule,
  type Verb,
} from "./crash-moments";

/** Labs that are killed side by side, and how often each of them in `up`, and in destroy: 20 and 20 unless set. */
const LABS = 4;
const KILLS = Number(process.env["LABSTEAD_KILLS"] ?? 5);
/** Lives of a lab in which its kills have to be reached: a moment in time may come too late. */
const LIVES = 5;

const seed = Number(process.env["LABSTEAD_SEED"] ?? Date.now() % 1_000_000);
const labs: CrashLab[] = [];
afterAll(() => labs.forEach((lab) => lab.close()));

/** A lab that was not disturbed, and what is left of it after a destroy. */
let standing: CrashLab;
let whole: Listing;
let nothing: Listing;
const way: Record<Verb, readonly Named[]> = { up: [], destroy: [] };

beforeAll(async () => {
  process.stderr.write(`moments of the kills: LABSTEAD_SEED=${String(seed)}\n`);
  standing = opened();
  await standing.succeed();
  whole = standing.listing;
  way.up = resourcesOf(standing.state);
  way.destroy = way.up.toReversed();
  const other = opened(standing);
  await other.succeed("--destroy", "--with-data");
  nothing = other.listing;
});

function opened(like?: CrashLab): CrashLab {
  const lab = new CrashLab(like);
  labs.push(lab);
  return lab;
}

test("a run that is not disturbed leaves a whole lab, and a destroy nothing of it", () => {
  expect(standing.flaws).toEqual([]);
  expect(whole.cloud.length).toBeGreaterThan(45);
  expect(whole.cluster.length).toBeGreaterThan(20);
  expect(whole.state.length).toBeGreaterThan(80);
  expect(nothing.state).toEqual([]);
  expect(nothing.cloud.join("\n")).not.toContain("urn:pulumi");
  expect(nothing.cluster).toHaveLength(5);
});

test.each(["up", "destroy"] as const)(
  `killed ${String(LABS * KILLS)} times in %s, nothing is lost, nothing doubled`,
  async (verb) => {
    const reported: string[] = [];
    const lives = Array.from({ length: LABS }, (_, lab) => killedOften(verb, lab, reported));
    const failed = (await Promise.allSettled(lives)).flatMap((each) =>
      each.status === "rejected" ? [each.reason as unknown] : [],
    );
    process.stderr.write(`${verb}: ${reported.join("; ")}\n`);
    expect(failed).toEqual([]);
    expect(reported).toHaveLength(LABS * KILLS);
  },
);

/** One lab after the other, each in its own folder, until the kills are reached. */
async function killedOften(verb: Verb, number: number, reported: string[]): Promise<void> {
  const random = generator(seed * 31 + number * 7 + (verb === "up" ? 0 : 3));
  let kills = 0;
  for (let life = 0; life < LIVES && kills < KILLS; life += 1) {
    const lab = verb === "up" ? opened() : opened(standing);
    const schedule = new Schedule(verb, way[verb], whole.state.length, KILLS - kills, random);
    kills += await oneLife(verb, lab, schedule, KILLS - kills, reported);
    lab.close();
  }
}

/** Returns how many runs were really killed. @throws with the story of this life */
async function oneLife(
  verb: Verb,
  lab: CrashLab,
  schedule: Schedule,
  times: number,
  reported: string[],
): Promise<number> {
  const story: string[] = [];
  try {
    for (let index = 0; index < times; index += 1) {
      const kill = schedule.kill(index, progressOf(verb, lab));
      if (kill === undefined) break;
      if (await lab.killedAt(verb, kill.moment, kill)) story.push(momentText(kill));
      await lab.succeed("--recover");
      expect(lab.flaws).toEqual([]);
    }
    await lab.succeed(...(verb === "up" ? [] : ["--destroy", "--with-data"]));
    expect(differences(lab.listing, verb === "up" ? whole : nothing)).toEqual([]);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`LABSTEAD_SEED=${String(seed)}: killed ${story.join(", then ")}\n${said}`, {
      cause: error,
    });
  }
  reported.push(...story);
  return story.length;
}

/** What is in the state is made, and is not deleted. */
function progressOf(verb: Verb, { state }: CrashLab): Progress {
  const standing = resourcesOf(state);
  const stands = (wanted: Named) =>
    standing.some(({ type, name }) => type === wanted.type && name === wanted.name);
  return {
    ahead: (each) => stands(each) === (verb === "destroy"),
    resources: state.resources.length,
  };
}
