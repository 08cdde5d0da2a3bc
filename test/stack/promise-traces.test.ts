/** In processes of their own: Jest's environment shortens traces too. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";

const ROOT = resolve(__dirname, "../..");

interface Seen {
  /** The trace that Pulumi recorded for a promise. */
  readonly recorded: string;
  /** Whether Pulumi counts the promise, which stays active, as leaked. */
  readonly leaked: boolean;
  /** The trace of an error that is made afterwards. */
  readonly later: string;
}

function seen({ skip, debug = false }: { readonly skip: boolean; readonly debug?: boolean }): Seen {
  const script = `
    require("./bin/typescript.js");
    const debugging = require("@pulumi/pulumi/runtime/debuggable");
    if (${String(skip)}) require("./stack/promise-traces.ts").skipPromiseTraces();
    const promise = new Promise(() => undefined);
    function watchPromise() { debugging.debuggablePromise(promise, "of a test"); }
    watchPromise();
    const leaked = debugging.leakedPromises()[0].has(promise);
    console.log(JSON.stringify({ recorded: promise._debugStackTrace, leaked, later: new Error("later").stack }));`;
  const environment = { ...process.env, PULUMI_DEBUG_PROMISE_LEAKS: debug ? "true" : "" };
  const output = execFileSync(process.execPath, ["-e", script], {
    cwd: ROOT,
    env: environment,
    stdio: "pipe",
  });
  return JSON.parse(output.toString()) as Seen;
}

test("Pulumi records a trace for each promise by itself", () => {
  expect(seen({ skip: false }).recorded).toContain("at watchPromise");
});

test("none is recorded, and a promise that is still active at the end is reported", () => {
  const { recorded, leaked, later } = seen({ skip: true });
  expect(recorded).not.toContain("    at ");
  expect(leaked).toBe(true);
  expect(later).toContain("    at ");
});

test("they are recorded where leaks are being debugged", () => {
  expect(seen({ skip: true, debug: true }).recorded).toContain("at watchPromise");
});
