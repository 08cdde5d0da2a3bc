/** The gateway's program as a process on loopback, made of the rendered ConfigMaps, and a browser of one person. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { request, type IncomingHttpHeaders } from "node:http";
import { basename, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Json } from "../../../environment/configs";
import { ofKind, type Manifest } from "../../manifests";

export const HOST = "pods.hebi.example.org";
export const ORIGIN = `https://${HOST}`;

/** Configuration of the gateway as it is rendered. */
export interface GatewayFile extends Json {
  readonly identity: Json;
}

/** The process; `said` is what it printed. */
export interface GatewayProcess {
  readonly port: number;
  readonly said: () => string;
  readonly stop: () => Promise<void>;
}

export interface Start {
  /** Of the chart. */
  readonly manifests: readonly Manifest[];
  readonly folder: string;
  /** Addresses on loopback, in place of those of a cluster. */
  readonly change: (config: GatewayFile) => Json;
  readonly ports: { readonly http: number; readonly health: number };
  readonly env: Readonly<Record<string, string>>;
}

/** Writes the files of the ConfigMaps as the pod mounts them, and starts the pod's command. */
export async function startGateway({
  manifests,
  folder,
  change,
  ports,
  env,
}: Start): Promise<GatewayProcess> {
  const program = join(folder, "program");
  mkdirSync(program);
  for (const [name, text] of filesOf(manifests)) {
    const config = (): Json => ({
      ...change(JSON.parse(text) as GatewayFile),
      port: ports.http,
      healthPort: ports.health,
    });
    writeFileSync(join(program, name), name === "gateway.json" ? JSON.stringify(config()) : text);
  }
  const child = spawn(process.execPath, [join(program, "gateway.js"), join(program, "gateway.json")], {
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const running = { port: ports.http, said: () => said, stop: () => stopped(child) };
  await untilHealthy(ports.health, child, running.said);
  return running;
}

/** Files of the ConfigMaps of program and configuration, by their names. */
function filesOf(manifests: readonly Manifest[]): readonly (readonly [string, string])[] {
  return ofKind(manifests, "ConfigMap")
    .filter(({ metadata }) => /^gateway-(program|config)/.test(metadata.name))
    .flatMap(({ data = {} }) => Object.entries(data as Record<string, string>))
    .map(([name, text]) => [basename(name), text] as const);
}

async function untilHealthy(port: number, child: ChildProcess, said: () => string): Promise<void> {
  const until = Date.now() + 30_000;
  for (;;) {
    const answer = await ask({ port, path: "/healthz" }).catch(() => undefined);
    if (answer?.status === 200) return;
    if (child.exitCode !== null || Date.now() > until) throw new Error(`the gateway does not run: ${said()}`);
    await pause(50);
  }
}

async function stopped(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill("SIGKILL");
  await ended;
}

export interface Asked {
  readonly port: number;
  readonly path: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** One request to loopback. */
export function ask({ port, path, method = "GET", headers = {}, body }: Asked): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part: string) => (text += part));
      response.once("error", reject);
      response.once("end", () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      });
    });
    asked.once("error", reject);
    asked.end(body);
  });
}

/** A browser with its cookies, which sees the gateway at its host. */
export class Browser {
  private readonly jar = new Map<string, string>();

  constructor(private readonly port: number) {}

  get cookies(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  setCookie(name: string, value: string): void {
    this.jar.set(name, value);
  }

  /** A page, without its redirects. */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
    return this.send({ path, headers: { accept: "text/html", ...headers } });
  }

  /** A form of the gateway's page. */
  async post(path: string, fields: Readonly<Record<string, string>> = {}, origin = ORIGIN): Promise<Answer> {
    const headers = { origin, "content-type": "application/x-www-form-urlencoded" };
    return this.send({ path, method: "POST", headers, body: new URLSearchParams(fields).toString() });
  }

  private async send(asked: Omit<Asked, "port">): Promise<Answer> {
    const { cookies } = this;
    const headers = { host: HOST, ...(cookies === "" ? {} : { cookie: cookies }), ...asked.headers };
    const answer = await ask({ ...asked, port: this.port, headers });
    for (const text of answer.headers["set-cookie"] ?? []) this.keep(text);
    return answer;
  }

  private keep(text: string): void {
    const [pair = ""] = text.split(";");
    const at = pair.indexOf("=");
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
    if (value === "") this.jar.delete(name);
    else this.jar.set(name, value);
  }
}
