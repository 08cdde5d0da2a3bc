/** SSH to a machine whose host key is known: directly, through a bastion, or through a SOCKS proxy. */
import { createHash } from "node:crypto";
import type { Duplex } from "node:stream";
import { Client, utils } from "ssh2";
import type { ClientChannel, ConnectConfig, ServerHostKeyAlgorithm } from "ssh2";

import { throughSocks } from "../kubernetes-api/connect";

/** Address of an SSH server, the login user, and the expected host key. */
export interface SshEndpoint {
  /** Name or address, for the machine (or the bastion, or the proxy) that connects to it. */
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** In OpenSSH's format, without a passphrase. */
  readonly privateKey: string;
  /** Public key of the server, as a line of `known_hosts` has it: `ssh-ed25519 AAAA…`. */
  readonly hostKey: string;
}

export type Via =
  | { readonly kind: "direct" }
  | ({ readonly kind: "bastion" } & SshEndpoint)
  /** `socks5://127.0.0.1:1080`, as `ssh -D` offers it. */
  | { readonly kind: "socks"; readonly url: string };

export interface SshTarget extends SshEndpoint {
  readonly via: Via;
}

/** A failure that may be temporary (nothing listens yet) or not (another host key). */
export class SshFailure extends Error {
  constructor(
    /** `waiting` may be temporary; `refused` rarely is; `final` never. */
    readonly kind: "waiting" | "refused" | "final",
    message: string,
  ) {
    super(message);
  }
}

/** Milliseconds for one connection to be ready, and between two keepalives. */
export interface SshPace {
  readonly ready: number;
  readonly keepalive: number;
}

/** Result of a program on the machine. */
export interface Executed {
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** A logged-in connection. @throws SshFailure */
export async function connectSsh(
  endpoint: SshEndpoint,
  pace: SshPace,
  signal: AbortSignal,
  sock?: Duplex,
): Promise<Client> {
  const client = new Client();
  const where = `${endpoint.host}:${endpoint.port}`;
  let shown: string | undefined;
  const config: ConnectConfig = {
    host: endpoint.host,
    port: endpoint.port,
    username: endpoint.user,
    privateKey: endpoint.privateKey,
    readyTimeout: pace.ready,
    keepaliveInterval: pace.keepalive,
    keepaliveCountMax: 3,
    algorithms: { serverHostKey: algorithmsOf(endpoint.hostKey) },
    hostVerifier: (key: Buffer): boolean => {
      if (key.equals(keyBytes(endpoint.hostKey))) return true;
      shown = fingerprint(key);
      return false;
    },
    ...(sock === undefined ? {} : { sock }),
  };
  try {
    return await new Promise((resolve, reject) => {
      const abort = (): void => reject(signal.reason as Error);
      signal.addEventListener("abort", abort, { once: true });
      client.once("ready", () => {
        signal.removeEventListener("abort", abort);
        resolve(client);
      });
      client.on("error", (error) =>
        reject(shown === undefined ? failure(error, endpoint) : otherKey(endpoint, shown)),
      );
      client.once("close", () => reject(new SshFailure("waiting", `${where} closes the connection`)));
      if (signal.aborted) abort();
      else client.connect(config);
    });
  } catch (error) {
    client.destroy();
    throw error;
  }
}

/** A connection from the bastion to a machine, for {@link connectSsh}. @throws SshFailure */
export function forward(bastion: Client, { host, port }: SshEndpoint): Promise<Duplex> {
  const lost = (error: unknown): SshFailure =>
    new SshFailure("waiting", `the bastion cannot connect to ${host}:${port}: ${plain(error)}`);
  return new Promise((resolve, reject) => {
    asking(reject, lost, () =>
      bastion.forwardOut("127.0.0.1", 0, host, port, (error, channel) => {
        if (error === undefined) resolve(channel);
        else reject(lost(error));
      }),
    );
  });
}

/** The library throws for a connection that has ended without reporting it yet. */
function asking(
  reject: (failure: SshFailure) => void,
  failureOf: (error: unknown) => SshFailure,
  ask: () => void,
): void {
  try {
    ask();
  } catch (error) {
    reject(failureOf(error));
  }
}

/** A connection through a SOCKS proxy to a machine, for {@link connectSsh}. @throws SshFailure */
export async function forwardBySocks(
  url: string,
  { host, port }: SshEndpoint,
  signal: AbortSignal,
): Promise<Duplex> {
  try {
    return await throughSocks({ host, port }, new URL(url), signal);
  } catch (error) {
    signal.throwIfAborted();
    throw new SshFailure("waiting", `${host}:${port}: ${plain(error)}`);
  }
}

/** Runs one command with its whole input. @throws SshFailure if the connection ends before the command does */
export function execute(client: Client, command: string, input: string): Promise<Executed> {
  const lost = (error?: unknown): SshFailure =>
    new SshFailure("waiting", `the connection was lost${error === undefined ? "" : `: ${plain(error)}`}`);
  return new Promise((resolve, reject) => {
    client.once("close", () => reject(lost()));
    asking(reject, lost, () =>
      client.exec(command, (error, channel) => {
        if (error === undefined) collected(channel, input, lost).then(resolve, reject);
        else reject(lost(error));
      }),
    );
  });
}

function collected(
  channel: ClientChannel,
  input: string,
  lost: (error?: unknown) => SshFailure,
): Promise<Executed> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  let code: number | undefined;
  return new Promise((resolve, reject) => {
    channel.on("data", (data: Buffer) => out.push(data));
    channel.stderr.on("data", (data: Buffer) => err.push(data));
    channel.on("error", (error: unknown) => reject(lost(error)));
    channel.on("exit", (given: number | null) => (code = given ?? undefined));
    // A channel that closes without an exit status has lost its connection.
    channel.on("close", () => {
      if (code === undefined && out.length === 0) reject(lost());
      else resolve({ code, stdout: text(out), stderr: text(err) });
    });
    channel.end(input);
  });
}

/** True for a private key that can be used: OpenSSH's format, not locked by a passphrase. */
export function isPrivateKey(value: string): boolean {
  const parsed = utils.parseKey(value);
  return !(parsed instanceof Error) && parsed.isPrivateKey();
}

/** True for a line as `known_hosts` and `id_ed25519.pub` have it. */
export function isPublicKey(value: string): boolean {
  return algorithmsOf(value).length > 0 && !(utils.parseKey(value) instanceof Error);
}

/** Allowed signature algorithms by type of key. Others are too old. */
const SIGNATURES: Readonly<Record<string, readonly ServerHostKeyAlgorithm[]>> = {
  "ssh-ed25519": ["ssh-ed25519"],
  "ssh-rsa": ["rsa-sha2-512", "rsa-sha2-256"],
  "ecdsa-sha2-nistp256": ["ecdsa-sha2-nistp256"],
  "ecdsa-sha2-nistp384": ["ecdsa-sha2-nistp384"],
  "ecdsa-sha2-nistp521": ["ecdsa-sha2-nistp521"],
};

/** Only the known type: a server with several keys then presents that one. */
function algorithmsOf(hostKey: string): ServerHostKeyAlgorithm[] {
  return [...(SIGNATURES[hostKey.trim().split(/\s+/)[0] ?? ""] ?? [])];
}

function keyBytes(hostKey: string): Buffer {
  return Buffer.from(hostKey.trim().split(/\s+/)[1] ?? "", "base64");
}

/** As `ssh-keygen -l` prints it. */
function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

function otherKey({ host, port, hostKey }: SshEndpoint, shown: string): SshFailure {
  const expected = fingerprint(keyBytes(hostKey));
  return new SshFailure(
    "final",
    `${host}:${port} shows another host key (${shown}) than the one it was given (${expected}): another machine answers, or this one was made by hand`,
  );
}

function failure(error: Error & { readonly level?: string }, endpoint: SshEndpoint): SshFailure {
  const where = `${endpoint.host}:${endpoint.port}`;
  if (error.level === "client-authentication")
    return new SshFailure("refused", `${where} refuses the key of user ${endpoint.user}`);
  if (/no matching host key/i.test(error.message)) {
    const [kind] = endpoint.hostKey.split(" ");
    return new SshFailure("final", `${where} has no host key of the kind ${kind ?? ""} that it was given`);
  }
  return new SshFailure("waiting", `${where}: ${plain(error)}`);
}

function plain(error: unknown): string {
  return String((error as Partial<Error> | undefined)?.message ?? error);
}

function text(parts: readonly Buffer[]): string {
  return Buffer.concat(parts).toString("utf8");
}
