/**
 * Each file of real services is the first one that a bare Debian sees: what it needs it has to install itself. Of a file
 * that takes minutes the set-up alone is run, and every program that it declares has to be there; that it starts no other
 * one is seen whenever it is run whole (`mustBeDeclared`), and in its source (`host/programs.test.ts`).
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closing, readRun, resultsOf } from "../../../tools/test-results";
import { ROOT } from "../../cli/command";
import { uniqueName } from "../host/names";
import { Undo } from "../host/undo";
import { BareRoot } from "./bare-root";

const CACHE = join(ROOT, "node_modules/.cache");
/** Files that take minutes beyond their set-up. */
const LONG = /^test\/lab\/(cluster|gluster\/gluster|platform|openstack|state|machines\/programs)\b/;
/** Their services are started once, before any of them: they are one set-up. */
const TOGETHER = "test/lab/openstack/";
/** Seconds for one file, with what it installs and, the first time, builds. */
const MOST = 1500;

const FILES = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .map((name) => join("test", name))
  .filter((name) => name.endsWith(".lab.test.ts") && !name.startsWith("test/lab/bare/"))
  .sort();

/** What is run at a time, by its name. */
const RUNS = new Set(FILES.map((name) => (name.startsWith(TOGETHER) ? TOGETHER : name)));
const CHOSEN = [...RUNS].filter((name) => name.includes(process.env["LABSTEAD_BARE_ONLY"] ?? ""));

test.each(CHOSEN.map((name) => [name, LONG.test(name) ? "its set-up" : "whole"] as const))(
  "%s passes as the first one on a bare Debian, %s",
  (name, what) => {
    const more = what === "whole" ? {} : { LABSTEAD_SET_UP_ONLY: "1" };
    return Undo.within((undo) =>
      pass(
        undo,
        FILES.filter((file) => file.startsWith(name)),
        more,
      ),
    );
  },
);

/** @throws Error with what failed, and the end of what was printed */
async function pass(
  undo: Undo,
  files: readonly string[],
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const bare = await BareRoot.open(undo);
  const report = join(CACHE, `${uniqueName("bare")}.json`);
  undo.later(() => rmSync(report, { force: true }));
  const jest = [
    process.execPath,
    require.resolve("jest/bin/jest"),
    `--cacheDirectory=${join(CACHE, "jest-bare")}`,
  ];
  const argv = [
    ...jest,
    "--runInBand",
    "--forceExit",
    "--json",
    `--outputFile=${report}`,
    "--runTestsByPath",
    ...files,
  ];
  const { code, stderr } = await bare.run(argv, { LABSTEAD_BARE: "1", ...more }, MOST);
  const json = existsSync(report) ? readFileSync(report, "utf8") : undefined;
  const results = resultsOf(readRun({ part: "bare", json, exitCode: code, root: ROOT }));
  if (results.failures.length === 0 && results.passed > 0) return;
  throw new Error(`${closing(results)}\n${stderr.split("\n").slice(-60).join("\n")}`);
}
