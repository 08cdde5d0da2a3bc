/** The main job, as a user runs it: prod and its tenant on the built-in cloud, from nothing to nothing. */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { labstead, labsteadWithoutCheckpoints, ROOT } from "./command";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-rehearse-"));
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) cpSync(join(ROOT, name), join(folder, name));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs to its end; the whole output belongs to a failure. */
function rehearse(...args: readonly string[]): string {
  const { code, stdout, stderr } = labsteadWithoutCheckpoints(["rehearse", ...args], folder);
  if (code !== 0)
    throw new Error(`labstead rehearse ${args.join(" ")} ended with ${String(code)}\n${stdout}\n${stderr}`);
  return stdout;
}

function edit(name: string, from: string, to: string): void {
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

/** All files below a folder, as one text. */
function everything(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"))
    .join("\n");
}

test("a tenant waits for its owner", () => {
  const { code, stderr } = labstead(["rehearse", "test"], folder);
  expect(code).toBe(1);
  expect(stderr.trim()).toBe(
    "test is a tenant of prod, which was never brought up here; first run: labstead rehearse prod",
  );
});

test("prod and test come up, with a summary to act on", () => {
  const output = rehearse("prod", "test");
  expect(output).toMatch(/prod: made \d+, /);
  expect(output).toMatch(/test: made \d+, /);
  expect(output).toMatch(/prod-worker-general-3 +workers +192\.168\.3\.115/);
  expect(output).toMatch(/prod-bastion-0 +bastion +192\.168\.3\.10 +\d+\.\d+\.\d+\.\d+/);
  expect(output).toMatch(/SSH +ssh -J labstead@\d+\.\d+\.\d+\.\d+ labstead@192\.168\.3\.12 /);
  expect(output).toContain("URL   ".trim());
  expect(output).toContain("https://test-datalabs.lab.example.org/");
  expect(output).toContain("the whole plan: out/test/plan.txt");
  expect(existsSync(join(folder, "out/prod/plan.txt"))).toBe(true);
});

test("the user's files are untouched", () => {
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) {
    expect(readFileSync(join(folder, name), "utf8")).toBe(readFileSync(join(ROOT, name), "utf8"));
  }
});

test("no secret is in state or plan", () => {
  const state = everything(join(folder, ".labstead/engine/state"));
  expect(state).toContain("datalab.mongo-password");
  expect(state).not.toMatch(/BEGIN (EC |RSA )?PRIVATE KEY/);
  expect(state).not.toContain("client-key-data");
  const password = /"result":"([^"]{32})"/.exec(everything(join(folder, ".labstead/cloud")))?.[1];
  if (password !== undefined) expect(state).not.toContain(password);
  expect(everything(join(folder, "out"))).not.toMatch(/PRIVATE KEY/);
});

test("again: no changes", () => {
  const output = rehearse("prod", "test");
  expect(output).toMatch(/prod: no changes, \d+ as they were/);
  expect(output).toMatch(/test: no changes, \d+ as they were/);
});

test("a preview of both: no changes", () => {
  const output = rehearse("prod", "test", "--preview");
  expect(output).toMatch(/prod: no changes/);
  expect(output).toMatch(/test: no changes/);
});

test("one more worker makes just its own resources and replaces nothing", () => {
  edit("Pulumi.prod.yaml", "          min: 4\n", "          min: 5\n");
  const preview = rehearse("prod", "--preview");
  // Port, server, volume, its attachment, the gate behind the server, its host key, key, request and certificate of its
  // node, its pushed files. The files of the four servers that balance to it change, and the record of who was there.
  expect(preview).toMatch(/prod: would make 10, would change 5, \d+ as they are/);
  expect(preview).toContain(
    "prod: would change 5\n  ~ files/controlPlane/0 (labstead:index:MachineFiles): files[",
  );
  expect(preview).toContain("\n  + server/workers.general/4 (openstack:compute/instance:Instance)\n");
  expect(rehearse("prod")).toMatch(/prod: made 10, changed 5, \d+ as they were/);
});

test("a refresh finds everything as it is", () => {
  expect(rehearse("prod", "test", "--refresh")).toMatch(/prod: no changes/);
  expect(rehearse("prod", "--preview")).toMatch(/prod: no changes/);
});

test("an owner is not destroyed under its tenant", () => {
  const { code, stderr } = labstead(["rehearse", "prod", "--destroy"], folder);
  expect(code).toBe(1);
  expect(stderr.trim()).toBe(
    "prod carries test, nothing was changed; first run: labstead rehearse test --destroy",
  );
});

test("a destroy stops at data, and deletes it with the option", () => {
  const refused = labstead(["rehearse", "test", "--destroy"], folder);
  expect(refused.code).toBe(1);
  expect(`${refused.stdout}${refused.stderr}`).toMatch(/protect/);
  expect(rehearse("test", "--destroy", "--with-data")).toMatch(/test: removed \d+/);
  expect(rehearse("prod", "--destroy", "--with-data")).toMatch(/prod: removed \d+/);
});

test("Ctrl-C ends what has begun, and the next run goes on", async () => {
  const child = spawn(process.execPath, [join(ROOT, "bin/labstead.js"), "rehearse", "prod"], {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (text: Buffer) => {
    output += text.toString();
    if (output.includes(" done, last ") && !child.killed) child.kill("SIGINT");
  });
  child.stderr.on("data", (text: Buffer) => {
    output += text.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
  expect({ code, output }).toMatchObject({
    code: 1,
    output: expect.stringContaining("run the same command again to go on") as string,
  });
  expect(output).not.toContain("    at ");
  expect(rehearse("prod")).toMatch(/prod: (made|changed|no changes)/);
});
