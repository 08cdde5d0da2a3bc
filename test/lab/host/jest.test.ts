/** With a real Jest: what is run of a file whose set-up alone is asked for. */
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../cli/command";
import { inScratch } from "./undo";

const FILE = `
  const { appendFileSync } = require("node:fs");
  const note = (text) => appendFileSync(__dirname + "/noted", text + "\\n");
  beforeAll(() => note("before"));
  afterAll(() => note("after"));
  test("one", () => note("one"));
  it("two", async () => { throw new Error("two"); });
  test.each([[1, 2], [3, 4]])("%s and %s", (one, two) => note(one + two));
  describe("more", () => {
    beforeAll(() => note("more"));
    test.each\`
      a
      \${1}
    \`("$a", () => note("a"));
    it.each(["x"])("%s", (x) => note(x));
    test.skip("not now", () => note("skipped"));
  });
`;

const { projects } = jest.requireActual<{
  readonly projects: readonly {
    readonly displayName: string;
    readonly transform: Readonly<Record<string, readonly [string, object]>>;
  }[];
}>("../../../jest.config.js");
const [[, transformer] = []] = Object.entries(projects[0]?.transform ?? {});

it("runs the set-up, and no test", () => {
  inScratch("jest-test", (folder) => {
    writeFileSync(join(folder, "a.test.js"), FILE);
    const [name = "", options] = transformer ?? [];
    const config = {
      rootDir: folder,
      setupFilesAfterEnv: [join(__dirname, "jest.ts")],
      transform: { "\\.ts$": [require.resolve(name), options] },
    };
    const argv = [require.resolve("jest/bin/jest"), "--config", JSON.stringify(config), "--json"];
    const env = { ...process.env, LABSTEAD_SET_UP_ONLY: "1" };
    const { stdout } = spawnSync(process.execPath, argv, { cwd: ROOT, encoding: "utf8", env });
    expect(JSON.parse(stdout)).toMatchObject({ success: true, numPassedTests: 6, numPendingTests: 1 });
    expect(readFileSync(join(folder, "noted"), "utf8")).toBe("before\nmore\nafter\n");
  });
});
