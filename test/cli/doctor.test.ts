import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { diagnose } from "../../cli/doctor/run";

let folder = "";
let server: Server;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "labstead-doctor-"));
  server = createServer((_, response) => response.writeHead(300).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

function clouds(url: string): NodeJS.ProcessEnv {
  const file = join(folder, "clouds.yaml");
  writeFileSync(file, `clouds: {mylab: {auth: {auth_url: "${url}"}}}`);
  return { OS_CLIENT_CONFIG_FILE: file, OS_CLOUD: "mylab" };
}

function url(): string {
  return `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v3`;
}

test("what the built-in cloud needs is reported with its fix", async () => {
  const found = await diagnose({});
  expect(found.map(({ what }) => what)).toEqual(
    expect.arrayContaining(["Node.js", "npm packages", "pulumi", "go", "ssh"]),
  );
  for (const each of found) expect(each.fix === "").toBe(each.state === "ok");
});

test("a cloud that answers is reachable, one that does not says why", async () => {
  const reachable = await diagnose(clouds(url()));
  expect(reachable.find(({ what }) => what === "Keystone")).toMatchObject({
    state: "ok",
    detail: `${url()} answers 300`,
  });
  const gone = await diagnose(clouds("http://127.0.0.1:1/v3"));
  expect(gone.find(({ what }) => what === "Keystone")).toMatchObject({
    state: "optional",
    fix: "check the address, your network and the VPN",
  });
});

test("a cloud that clouds.yaml does not know is reported", async () => {
  const found = await diagnose({ ...clouds(url()), OS_CLOUD: "other" });
  expect(found.find(({ what }) => what === "clouds.yaml")).toMatchObject({
    detail: expect.stringContaining('has no cloud "other"') as string,
    fix: "export OS_CLOUD=<one of its clouds>",
  });
});
