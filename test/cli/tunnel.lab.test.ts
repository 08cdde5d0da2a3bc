/** The tunnel through a real sshd on loopback: it carries, it ends, and it says what prevents it. */
import { execFile, spawn } from "node:child_process";
import { readdirSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { createServer as createTcpServer, type AddressInfo } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { tunnel, type TunnelEnd } from "../../cli/tunnel/ssh-tunnel";
import { runs } from "../lab/host/programs";
import { setUp } from "../lab/host/undo";
import { keyPair, strangeKey, TestMachine } from "../provider/machine-files/machines";
import { ROOT } from "./command";

const run = promisify(execFile);

runs("curl");

let root: string;
let bastion: TestMachine;
let api: Server;
let url: string;
let port: number;
let end: TunnelEnd;

setUp(async (undo) => {
  root = undo.folder("tunnel");
  bastion = undo.use(await TestMachine.boot(root, "bastion", keyPair(root, "operator")));
  api = createServer((_request, response) => response.end("the API")).listen(0, "127.0.0.1");
  undo.later(() => api.close());
  await new Promise((resolve) => api.once("listening", resolve));
  url = `http://127.0.0.1:${String((api.address() as AddressInfo).port)}/`;
});
beforeEach(async () => {
  port = await freePort();
  end = {
    environment: "prod",
    name: "prod-bastion-0",
    address: "127.0.0.1",
    port: bastion.port,
    account: userInfo().username,
    hostKey: bastion.hostKey.publicKey,
    identity: join(root, "operator"),
    from: ["198.51.100.0/24"],
  };
});

async function freePort(): Promise<number> {
  const server = createTcpServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port: free } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/** What curl gets through the proxy, as the kubeconfig names it. */
async function through(proxy: number): Promise<string> {
  const args = ["--silent", "--max-time", "5", "--proxy", `socks5://localhost:${String(proxy)}`, url];
  return (await run("curl", args)).stdout;
}

const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith("labstead-tunnel-"));

async function failure(of: TunnelEnd): Promise<string> {
  const before = left();
  const said: string[] = [];
  const error: unknown = await tunnel(of, AbortSignal.timeout(15_000), {
    port,
    print: (line) => said.push(line),
  }).catch((thrown: unknown) => thrown);
  expect(said).toEqual([]);
  expect(left()).toEqual(before);
  return error instanceof Error ? error.message : "no error";
}

test("it carries connections until it is ended, and leaves nothing", async () => {
  const before = left();
  const said: string[] = [];
  const controller = new AbortController();
  const held = tunnel(end, controller.signal, { port, print: (line) => said.push(line) });
  while (said.length === 0) await Promise.race([pause(50), held]);
  expect(said[0]?.split("\n")).toEqual([
    `the tunnel to prod is open: connections to localhost:${String(port)} (SOCKS5) begin at prod-bastion-0, 127.0.0.1`,
    "the kubeconfig of prod names this proxy, so kubectl and labstead up work in another terminal; Ctrl-C ends it",
  ]);
  expect(await through(port)).toBe("the API");
  controller.abort();
  await held;
  expect(said.slice(1)).toEqual(["the tunnel to prod is closed"]);
  await expect(through(port)).rejects.toThrow();
  expect(left()).toEqual(before);
});

test("Ctrl-C, which a terminal sends to ssh too, ends it without an error", async () => {
  const hold = join(ROOT, "test/cli/tunnel/hold.ts");
  const child = spawn(process.execPath, ["--import", "tsx", hold, JSON.stringify(end), String(port)], {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (text: Buffer) => (said += text.toString()));
  const closed = new Promise<number | null>((resolve) => child.on("close", resolve));
  while (!said.includes("is open")) {
    if (child.exitCode !== null) throw new Error(said);
    await pause(50);
  }
  // A terminal's Ctrl-C reaches the whole group.
  process.kill(-(child.pid ?? 0), "SIGINT");
  expect(await closed).toBe(0);
  expect(said.trim().split("\n").at(-1)).toBe("the tunnel to prod is closed");
  await expect(through(port)).rejects.toThrow();
});

test("a port that is taken", async () => {
  const holder = createTcpServer().listen(port, "127.0.0.1");
  await new Promise((resolve) => holder.once("listening", resolve));
  expect(await failure(end)).toBe(
    `port ${String(port)} of this machine is taken, and the kubeconfig of prod names it; end what holds it, perhaps another labstead tunnel: ss -ltnp 'sport = :${String(port)}'`,
  );
  holder.close();
});

test("a bastion that does not answer", async () => {
  const nobody = await freePort();
  expect(await failure({ ...end, port: nobody })).toBe(
    `prod-bastion-0 at 127.0.0.1 does not answer: ssh: connect to host 127.0.0.1 port ${String(nobody)}: Connection refused; your address has to be in access.ssh.from (198.51.100.0/24), and the server has to run`,
  );
});

test("a bastion that is another one", async () => {
  expect(await failure({ ...end, hostKey: strangeKey().publicKey })).toBe(
    "what answers at 127.0.0.1 is not prod-bastion-0: its host key is another one, so nothing was sent; if the server was just replaced, run: labstead up prod",
  );
});

test("a key that it does not know", async () => {
  const identity = join(root, "stranger");
  writeFileSync(identity, strangeKey().privateKey, { mode: 0o600 });
  expect(await failure({ ...end, identity })).toBe(
    `prod-bastion-0 at 127.0.0.1 does not let ${end.account} in by your keys; name the right one by --identity <file>, or log in as a person by --as <name>`,
  );
});

test("a bastion that goes away", async () => {
  const machine = await TestMachine.boot(root, "short-lived", keyPair(root, "other"));
  const of = {
    ...end,
    port: machine.port,
    hostKey: machine.hostKey.publicKey,
    identity: join(root, "other"),
  };
  const said: string[] = [];
  const held = tunnel(of, new AbortController().signal, { port, print: (line) => said.push(line) });
  held.catch(() => undefined);
  while (said.length === 0) await Promise.race([pause(50), held]);
  await machine.stop();
  await expect(held).rejects.toThrow(/^the tunnel to prod broke: .+; run again: labstead tunnel prod$/);
});
