/** A SOCKS proxy on this machine whose connections start at the bastion: `ssh -D`, with a known host key. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { TUNNEL_PORT } from "../../environment/accounts";
import { UserError } from "../shared/failure";

/** The bastion of the tunnel. */
export interface TunnelEnd {
  readonly environment: string;
  /** Name of the bastion. */
  readonly name: string;
  readonly address: string;
  /** @default 22 */
  readonly port?: number;
  readonly account: string;
  /** As `known_hosts` has it. */
  readonly hostKey: string;
  /** File of the private key. @default what ssh takes */
  readonly identity?: string;
  /** Networks that the bastion admits. */
  readonly from: readonly string[];
}

export interface TunnelRun {
  /** Of the proxy. @default the one that kubeconfigs name */
  readonly port?: number;
  readonly print?: (line: string) => void;
}

/** Milliseconds between two checks whether the proxy answers. */
const LOOK = 100;
const CONNECT_SECONDS = 10;
/** Milliseconds within which a Ctrl-C that has ended ssh reaches this process too, in whatever order. */
const CTRL_C = 500;
/** kubectl resolves `localhost`, which may be either address. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

/**
 * Stays open until it is aborted.
 * @throws UserError if the port is in use, the bastion does not answer or refuses the login, or the tunnel breaks
 */
export async function tunnel(
  end: TunnelEnd,
  signal: AbortSignal,
  { port = TUNNEL_PORT, print = console.log }: TunnelRun = {},
): Promise<void> {
  for (const address of LOOPBACK) await checkFree(address, port, end.environment);
  const folder = mkdtempSync(join(tmpdir(), "labstead-tunnel-"));
  try {
    const child = start(end, folder, port);
    const stop = () => child.kill("SIGTERM");
    signal.addEventListener("abort", stop);
    if (signal.aborted) stop();
    const ended = endOf(child);
    const isOpen = await proxyListens(port, ended);
    if (isOpen) print(openText(end, port));
    const output = await ended;
    if (!signal.aborted) await pause(CTRL_C, undefined, { signal }).catch(() => undefined);
    signal.removeEventListener("abort", stop);
    if (!signal.aborted) throw new UserError(brokenText(end, output, isOpen));
    print(`the tunnel to ${end.environment} is closed`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** In the terminal's own group: ssh asks there for the passphrase of a key. */
function start(end: TunnelEnd, folder: string, port: number): ChildProcess {
  const knownHosts = join(folder, "known_hosts");
  writeFileSync(knownHosts, `${end.name} ${end.hostKey}\n`, { mode: 0o600 });
  const settings = {
    HostKeyAlias: end.name,
    UserKnownHostsFile: knownHosts,
    GlobalKnownHostsFile: "/dev/null",
    StrictHostKeyChecking: "yes",
    PreferredAuthentications: "publickey",
    ExitOnForwardFailure: "yes",
    ConnectTimeout: String(CONNECT_SECONDS),
    // A connection that died silently is detected within a minute.
    ServerAliveInterval: "15",
    ServerAliveCountMax: "3",
    // A connection that the user shares with other runs would keep the proxy, and stay open after this process.
    ControlMaster: "no",
    ControlPath: "none",
    ForwardAgent: "no",
  };
  const args = [
    ...Object.entries(settings).flatMap(([name, value]) => ["-o", `${name}=${value}`]),
    ...(end.identity === undefined ? [] : ["-i", end.identity, "-o", "IdentitiesOnly=yes"]),
    ...["-N", "-D", `localhost:${port}`, "-p", String(end.port ?? 22), "-l", end.account, end.address],
  ];
  return spawn("ssh", args, { stdio: ["ignore", "ignore", "pipe"] });
}

/** Its standard error until it exited. */
function endOf(child: ChildProcess): Promise<string> {
  let output = "";
  child.stderr?.on("data", (text: Buffer) => (output += text.toString()));
  return new Promise((resolve, reject) => {
    child.on("error", () => reject(new UserError("ssh cannot be run; install OpenSSH's client")));
    child.on("close", () => resolve(output));
  });
}

/** Whether the proxy listens, which it does after the login; false when ssh ended before. */
async function proxyListens(port: number, ended: Promise<string>): Promise<boolean> {
  const over = ended.then(() => true as const);
  for (;;) {
    if (await Promise.race([over, pause(LOOK)])) return false;
    if (await answers(port)) return true;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "localhost" });
    const settle = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => settle(true));
    socket.once("error", () => settle(false));
  });
}

/** @throws UserError where another process listens already */
function checkFree(address: string, port: number, environment: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", ({ code }: NodeJS.ErrnoException) => {
      // A machine without IPv6 has no such address.
      if (code !== "EADDRINUSE") resolve();
      else
        reject(
          new UserError(
            `port ${port} of this machine is taken, and the kubeconfig of ${environment} names it; end what holds it, perhaps another labstead tunnel: ss -ltnp 'sport = :${port}'`,
          ),
        );
    });
    server.listen(port, address, () => server.close(() => resolve()));
  });
}

function openText({ environment, name, address }: TunnelEnd, port: number): string {
  return [
    `the tunnel to ${environment} is open: connections to localhost:${port} (SOCKS5) begin at ${name}, ${address}`,
    `the kubeconfig of ${environment} names this proxy, so kubectl and labstead up work in another terminal; Ctrl-C ends it`,
  ].join("\n");
}

function brokenText(end: TunnelEnd, output: string, wasOpen: boolean): string {
  const { environment, name, address, account, from } = end;
  const last = output.trim().split("\n").at(-1)?.trim() ?? "";
  if (wasOpen)
    return `the tunnel to ${environment} broke: ${last}; run again: labstead tunnel ${environment}`;
  if (output.includes("Permission denied"))
    return `${name} at ${address} does not let ${account} in by your keys; name the right one by --identity <file>, or log in as a person by --as <name>`;
  if (output.includes("Host key verification failed"))
    return `what answers at ${address} is not ${name}: its host key is another one, so nothing was sent; if the server was just replaced, run: labstead up ${environment}`;
  return `${name} at ${address} does not answer: ${last}; your address has to be in access.ssh.from (${from.join(", ")}), and the server has to run`;
}
