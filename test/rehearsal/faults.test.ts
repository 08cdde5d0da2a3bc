import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { PartialFailure, UNKNOWN } from "../../provider-protocol";
import type { PackageHandler, ResourceHandler } from "../../provider-protocol";
import { withFaults } from "../../rehearsal/faults";
import type { Fault } from "../../rehearsal/faults";

const TYPE = "box:index:Box";

/** A package that counts what it made. */
function boxes(): { readonly handler: PackageHandler; readonly made: string[] } {
  const made: string[] = [];
  const box: ResourceHandler = {
    check: async ({ newInputs }) => ({ inputs: newInputs }),
    diff: async () => ({ changes: {} }),
    create: async ({ name, preview }) => {
      if (!preview) made.push(name);
      return { id: name, outputs: { name: preview ? UNKNOWN : name } };
    },
    read: async () => undefined,
    update: async ({ newInputs }) => newInputs,
    delete: async () => undefined,
  };
  return {
    made,
    handler: { name: "box", version: "1.0.0", configure: async () => ({ resource: () => box }) },
  };
}

async function maker(handler: PackageHandler, fault: Fault, signal = new AbortController().signal) {
  const resource = (
    await withFaults(handler, { faults: [fault] }).configure({ urn: "", inputs: {} })
  ).resource(TYPE);
  if (resource === undefined) throw new Error("no resource");
  const common = {
    urn: "",
    type: TYPE,
    log: () => undefined,
    timeoutSeconds: undefined,
    signal,
  };
  return (name: string, preview = false) => resource.create({ ...common, name, inputs: {}, preview });
}

test("the n-th creation fails before anything is made, previews do not count", async () => {
  const { handler, made } = boxes();
  const make = await maker(handler, { type: TYPE, nth: 2, message: "full" });
  await make("a", true);
  await make("a");
  await expect(make("b")).rejects.toThrow("full");
  await make("c");
  expect(made).toEqual(["a", "c"]);
});

test("half-way leaves what was made, with its reasons", async () => {
  const { handler, made } = boxes();
  const make = await maker(handler, { type: TYPE, when: "halfway", message: "not ready" });
  const error: unknown = await make("a").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(PartialFailure);
  expect(error).toMatchObject({ id: "a", outputs: { name: "a" }, reasons: ["not ready"] });
  expect(made).toEqual(["a"]);
});

test("a lost answer leaves what was made, and reports nothing of it; names and types select", async () => {
  const { handler, made } = boxes();
  const make = await maker(handler, { type: TYPE, name: "b", when: "lost" });
  await make("a");
  const error: unknown = await make("b").catch((caught: unknown) => caught);
  expect(error).not.toBeInstanceOf(PartialFailure);
  expect(made).toEqual(["a", "b"]);
  const other = boxes();
  await (
    await maker(other.handler, { type: "box:index:Lid" })
  )("a");
  expect(other.made).toEqual(["a"]);
});

test.each([
  ["stalled", []],
  ["unanswered", ["a"]],
] as const)("%s never answers until the engine is gone, and says that it is there", async (when, done) => {
  const folder = mkdtempSync(join(tmpdir(), "faults-"));
  const markerFile = join(folder, "there");
  const { handler, made } = boxes();
  const engine = new AbortController();
  const make = await maker(handler, { type: TYPE, when, markerFile }, engine.signal);
  const running = make("a");
  while (!existsSync(markerFile)) await sleep(5);
  expect(await Promise.race([running, sleep(20, "no answer")])).toBe("no answer");
  expect(made).toEqual(done);
  engine.abort();
  await expect(running).rejects.toThrow("the engine waits no longer");
  rmSync(folder, { recursive: true });
});
