import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { parse } from "yaml";

import { prepareWorkFolder, withoutSecrets } from "../../rehearsal/work-folder";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "work-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

test("encrypted values become placeholders, at any depth, each its own and always the same", () => {
  const value = { a: { secure: "v1:x" }, list: [1, { secure: "v1:y" }], plain: { secure: "no", other: 1 } };
  const first = withoutSecrets(value, "lab:environment");
  expect(first).toEqual({
    a: expect.stringMatching(/^placeholder-[0-9a-f]{12}$/) as string,
    list: [1, expect.stringMatching(/^placeholder-[0-9a-f]{12}$/) as string],
    plain: { secure: "no", other: 1 },
  });
  expect(withoutSecrets(value, "lab:environment")).toEqual(first);
  expect(JSON.stringify(first)).not.toContain("v1:");
});

test("the engine's salt stays, the user's configuration is read again, the passphrase is made once", () => {
  const stackFile = join(folder, "Pulumi.prod.yaml");
  const source = { project: "lab", stack: "prod", stackFile };
  writeFileSync(stackFile, "encryptionsalt: foreign\nconfig:\n  lab:size: 1\n");
  const first = prepareWorkFolder(join(folder, "work"), source, "/nowhere/pulumi");
  const copy = join(first.project, "Pulumi.prod.yaml");
  expect(parse(readFileSync(copy, "utf8"))).toEqual({ config: { "lab:size": 1 } });
  writeFileSync(copy, "encryptionsalt: own\nconfig: {}\n");
  writeFileSync(stackFile, "config:\n  lab:size: 2\n");
  const second = prepareWorkFolder(join(folder, "work"), source, "/nowhere/pulumi");
  expect(parse(readFileSync(copy, "utf8"))).toEqual({ encryptionsalt: "own", config: { "lab:size": 2 } });
  expect(second.passphrase).toBe(first.passphrase);
  expect(second.passphrase.length).toBe(32);
  expect(statSync(join(folder, "work", "passphrase")).mode & 0o077).toBe(0);
  expect(existsSync(join(folder, "Pulumi.yaml"))).toBe(false);
});

test("the engine can keep no logs, also where it has kept some before", () => {
  const source = { project: "lab", stack: "prod" };
  const logs = join(folder, "home", "logs");
  mkdirSync(logs, { recursive: true });
  for (let time = 0; time < 2; time++) {
    prepareWorkFolder(folder, source, "/nowhere/pulumi");
    expect(statSync(logs).isFile()).toBe(true);
  }
});
