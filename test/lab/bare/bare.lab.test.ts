/**
 * Each file of real services is the first one that a bare Debian sees: what it needs it has to install itself. Where a
 * whole file takes minutes, its set-up alone is run, and every program that it declares has to be there; that it starts no
 * other one is looked at whenever it is run whole (`mustBeDeclared`), and in its source (`host/programs.test.ts`).
 */
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { closing, readRun, resultsOf } from "../../../tools/test-results";
import { ROOT } from "../../cli/command";
import { uniqueName } from "../host/names";
import { Undo } from "../host/undo";
import { BareRoot } from "./bare-root";

/** Files that take minutes, beyond their set-up. */
const LONG =
  /^test\/lab\/(cluster|gluster\/gluster|platform|openstack)\b|^test\/lab\/state|^test\/lab\/machines\/programs/;
/** Seconds for one file, with what it installs and, the first time, builds. */
const MOST = 1500;

const FILES = readdirSync(join(ROOT, "test"), { recursive: true, encoding: "utf8" })
  .map((name) => join("test", name))
  .filter((name) => name.endsWith(".lab.test.ts") && !name.startsWith("test/lab/bare/"))
  .filter((name) => name.includes(process.env["LABSTEAD_BARE_ONLY"] ?? ""))
  .sort();

test.each(FILES.map((file) => [file, LONG.test(file) ? "set-up" : "whole"] as const))(
  "%s is the first one on a bare Debian: %s",
  async (file, what) => {
    await Undo.within(async (scratch) => {
      const bare = await BareRoot.open(scratch);
      const name = join(ROOT, "node_modules/.cache", `${uniqueName("bare")}.json`);
      scratch.later(() => rmSync(name, { force: true }));
      const jest = [
        process.execPath,
        require.resolve("jest/bin/jest"),
        "--runInBand",
        "--json",
        `--outputFile=${name}`,
      ];
      const settings = { LABSTEAD_BARE: "1", HOME: "/root", LC_ALL: "C.UTF-8", ...certificates() };
      const more = what === "whole" ? {} : { LABSTEAD_SET_UP_ONLY: "1" };
      const { code, stderr } = await bare.run(
        [...jest, "--runTestsByPath", file],
        { ...settings, ...more },
        MOST,
      );
      const json = existsSync(name) ? readFileSync(name, "utf8") : undefined;
      const results = resultsOf(readRun({ part: "bare", json, exitCode: code, root: ROOT }));
      if (results.failures.length === 0 && results.passed > 0) return;
      throw new Error(`${closing(results)}\n${stderr.split("\n").slice(-60).join("\n")}`);
    });
  },
);

/** Whoever builds with Go inside fetches modules over TLS. */
function certificates(): Readonly<Record<string, string>> {
  return { SSL_CERT_FILE: "/etc/lab-certificates.pem" };
}
