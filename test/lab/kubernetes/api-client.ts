/** A plain client of a Kubernetes API server: one identity, HTTPS, JSON. */
import { Agent, request } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import type { JsonObject, Manifest } from "../../../deploy/manifest";
import type { Credentials } from "./authority";

export interface ApiAccess extends Credentials {
  /** `https://127.0.0.1:40123` */
  readonly server: string;
  /** Name in the server's certificate. */
  readonly serverName: string;
  /** PEM. */
  readonly ca: string;
}

export interface Answer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Somebody that an administrator speaks for. */
export interface Impersonated {
  readonly user: string;
  readonly groups: readonly string[];
}

/** The manager whose fields objects of the Kubernetes provider carry. */
const MANAGER = "pulumi-kubernetes";

/** Milliseconds in which the API server has to serve a kind whose definition it has taken. */
const SERVED_WITHIN = 30_000;

interface ServedKind {
  readonly path: string;
  readonly namespaced: boolean;
}

export class ApiClient {
  private readonly agent: Agent;
  private readonly kinds = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();

  constructor(
    private readonly access: ApiAccess,
    private readonly impersonated?: Impersonated,
  ) {
    const { ca, certificate: cert, key, serverName: servername } = access;
    this.agent = new Agent({ ca, cert, key, servername, keepAlive: true, maxSockets: 4 });
  }

  /** The same connection's rights, used to act as somebody else. */
  as(impersonated: Impersonated): ApiClient {
    return new ApiClient(this.access, impersonated);
  }

  /** Ends open connections. */
  close(): void {
    this.agent.destroy();
  }

  get(path: string): Promise<Answer> {
    return this.ask("GET", path);
  }

  delete(path: string): Promise<Answer> {
    return this.ask("DELETE", path);
  }

  /** As the Kubernetes provider does: every field checked, no other manager's field taken. */
  async apply(manifest: Manifest, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const asked = { fieldManager: MANAGER, force: "false", fieldValidation: "Strict", ...query };
    const path = await this.objectPath(manifest);
    return this.ask(
      "PATCH",
      `${path}?${new URLSearchParams(asked).toString()}`,
      manifest,
      "application/apply-patch+yaml",
    );
  }

  async create(manifest: Manifest, query: Readonly<Record<string, string>> = {}): Promise<Answer> {
    const asked = { fieldManager: MANAGER, fieldValidation: "Strict", ...query };
    const path = await this.collectionPath(manifest);
    return this.ask("POST", `${path}?${new URLSearchParams(asked).toString()}`, manifest);
  }

  /** Path of an object: `/apis/apps/v1/namespaces/datalab/deployments/api`. */
  async objectPath(manifest: Manifest): Promise<string> {
    return `${await this.collectionPath(manifest)}/${manifest.metadata.name}`;
  }

  private async collectionPath({ apiVersion, kind, metadata }: Manifest): Promise<string> {
    const version = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const served = await this.servedKind(version, kind);
    if (served === undefined) throw new Error(`the API server serves no ${apiVersion} ${kind}`);
    const namespace = served.namespaced ? `/namespaces/${metadata.namespace ?? "default"}` : "";
    return `${version}${namespace}/${served.path}`;
  }

  /** Asks again while the kind may be one that was just defined. */
  private async servedKind(version: string, kind: string): Promise<ServedKind | undefined> {
    const until = Date.now() + SERVED_WITHIN;
    for (;;) {
      const known = this.kinds.get(version) ?? this.served(version);
      this.kinds.set(version, known);
      const served = (await known).get(kind);
      if (served !== undefined || Date.now() > until) return served;
      this.kinds.delete(version);
      await sleep(100);
    }
  }

  private async served(version: string): Promise<ReadonlyMap<string, ServedKind>> {
    const { status, body } = await this.get(version);
    if (status !== 200) return new Map();
    const resources = body["resources"] as readonly { name: string; kind: string; namespaced: boolean }[];
    const whole = resources.filter(({ name }) => !name.includes("/"));
    return new Map(whole.map(({ name, kind, namespaced }) => [kind, { path: name, namespaced }]));
  }

  ask(method: string, path: string, body?: unknown, type = "application/json"): Promise<Answer> {
    const text = body === undefined ? undefined : JSON.stringify(body);
    const options = {
      method,
      agent: this.agent,
      headers: { accept: "application/json", ...this.identity() },
    };
    return new Promise((resolve, reject) => {
      const asked = request(new URL(this.access.server + path), options, (response) => {
        const parts: Buffer[] = [];
        response.on("data", (part: Buffer) => parts.push(part));
        response.once("error", reject);
        response.once("end", () => {
          resolve({ status: response.statusCode ?? 0, body: parsed(Buffer.concat(parts).toString("utf8")) });
        });
      });
      asked.once("error", reject);
      if (text !== undefined) asked.setHeader("content-type", type);
      asked.end(text);
    });
  }

  private identity(): Record<string, string | string[]> {
    if (this.impersonated === undefined) return {};
    const { user, groups } = this.impersonated;
    return { "impersonate-user": user, "impersonate-group": [...groups] };
  }
}

/** The message of an error, or the kind and name of an object: what a failed expectation should show. */
export function said({ status, body }: Answer): string {
  const { message } = body;
  return typeof message === "string" ? `${status} ${message}` : String(status);
}

/** Some answers are plain text, such as that of /readyz. */
function parsed(text: string): JsonObject {
  try {
    return JSON.parse(text) as JsonObject;
  } catch {
    return { text };
  }
}
