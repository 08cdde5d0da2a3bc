/** Requests to a cloud's services: a token from Keystone, endpoints from its catalog, JSON in and out. */
import { setTimeout as sleep } from "node:timers/promises";

import type { PlainMap, PlainValue } from "../provider-protocol";
import { inner, maps, text } from "../provider-protocol/plain";
import type { Auth, CloudLogin, Named } from "./clouds";
import { saidIn, ServiceError } from "./service-error";

/** A service of OpenStack that the client asks. */
export type Service =
  "compute" | "identity" | "image" | "loadBalancer" | "network" | "objectStore" | "volume";

/** Types under which catalogs list a service, and the version that its paths begin with. */
const SERVICES: Readonly<Record<Service, { readonly types: readonly string[]; readonly version: string }>> = {
  compute: { types: ["compute"], version: "" },
  identity: { types: ["identity"], version: "/v3" },
  image: { types: ["image"], version: "/v2" },
  loadBalancer: { types: ["load-balancer"], version: "/v2/lbaas" },
  network: { types: ["network"], version: "/v2.0" },
  objectStore: { types: ["object-store"], version: "" },
  volume: { types: ["block-storage", "volumev3"], version: "" },
};

/** One request. */
export interface Call {
  readonly method?: "GET" | "POST" | "PUT" | "DELETE" | "HEAD" | "PATCH";
  /** Below the service's endpoint, with a leading slash. */
  readonly path: string;
  readonly body?: PlainMap;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** One answer below 400. */
export interface Reply {
  /** Empty for an answer without JSON. */
  readonly body: PlainMap;
  readonly headers: Headers;
}

interface Login {
  readonly token: string;
  readonly userId: string;
  readonly projectId: string;
  readonly region: string;
  readonly endpoints: ReadonlyMap<Service, string>;
}

/** How long a service that does not answer is asked again: it may be restarting. */
const PATIENCE_MILLISECONDS = 20_000;
const RETRY_MILLISECONDS = 1_000;
/** Answers of a proxy whose service is away. */
const AWAY: ReadonlySet<number> = new Set([502, 503, 504]);

/** Requests to the services of one cloud; it logs in with the first one, and again when its token has expired. */
export class Session {
  #login: Promise<Login> | undefined;

  constructor(
    private readonly cloud: CloudLogin,
    private readonly patienceMilliseconds = PATIENCE_MILLISECONDS,
  ) {}

  /** @throws ServiceError with the service's message; Error if it does not answer or the cloud has none */
  async call(service: Service, call: Call): Promise<Reply> {
    const login = await this.login();
    const endpoint = login.endpoints.get(service);
    if (endpoint === undefined)
      throw new Error(
        `${this.cloud.source} has no ${service} service (${SERVICES[service].types.join(", ")}) in region ${login.region}`,
      );
    try {
      return await this.#send(service, endpoint, call, login.token);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.status !== 401) throw error;
      // A token ends some time; a second refusal is meant.
      this.#login = undefined;
      return this.#send(service, endpoint, call, (await this.login()).token);
    }
  }

  /** The one resource that an answer holds under a name. */
  async one(service: Service, name: string, call: Call): Promise<PlainMap> {
    const { body } = await this.call(service, call);
    const value = body[name];
    if (!isPlainMap(value)) throw new Error(`${service} answers ${call.path} without "${name}"`);
    return value;
  }

  /** The resources that an answer has under a name, and those of the following pages. */
  async list(service: Service, name: string, path: string): Promise<readonly PlainMap[]> {
    const all: PlainMap[] = [];
    for (let part: string | undefined = path; part !== undefined;) {
      const { body }: Reply = await this.call(service, { path: part });
      all.push(...maps(body, name));
      const next: string | undefined = nextPart(path, name, body);
      part = next === part ? undefined : next;
    }
    return all;
  }

  /** Whether the catalog lists a service in this region. */
  async has(service: Service): Promise<boolean> {
    return (await this.login()).endpoints.has(service);
  }

  async userId(): Promise<string> {
    return (await this.login()).userId;
  }

  async projectId(): Promise<string> {
    return (await this.login()).projectId;
  }

  /** Keystone's URL, with its version. */
  async authUrl(): Promise<string> {
    return (await this.login()).endpoints.get("identity") ?? "";
  }

  async region(): Promise<string> {
    return (await this.login()).region;
  }

  private login(): Promise<Login> {
    this.#login ??= this.#authenticate().catch((error: unknown) => {
      this.#login = undefined;
      throw error;
    });
    return this.#login;
  }

  async #authenticate(): Promise<Login> {
    const { authUrl, auth, source } = this.cloud;
    const keystone = versioned(authUrl, "identity");
    const call: Call = { method: "POST", path: "/auth/tokens", body: { auth: identityOf(auth) } };
    const { body, headers } = await this.#send("identity", keystone, call, undefined).catch(
      (error: unknown) => {
        throw new Error(
          `cannot log in with ${source}: ${error instanceof Error ? error.message : String(error)}`,
        );
      },
    );
    const token = inner(body, "token");
    const catalog = maps(token, "catalog");
    const region = this.cloud.region ?? firstRegion(catalog);
    return {
      token: headers.get("x-subject-token") ?? "",
      userId: text(inner(token, "user"), "id"),
      projectId: text(inner(token, "project"), "id"),
      region,
      endpoints: new Map([...endpointsOf(catalog, region, this.cloud.interface), ["identity", keystone]]),
    };
  }

  async #send(service: Service, endpoint: string, call: Call, token: string | undefined): Promise<Reply> {
    const { method = "GET", path, signal } = call;
    const until = Date.now() + this.patienceMilliseconds;
    for (;;) {
      const answer = await attempt(`${endpoint}${path}`, call, token);
      const again = answer instanceof Response ? AWAY.has(answer.status) && method === "GET" : answer.unsent;
      if (again && Date.now() < until) {
        await sleep(RETRY_MILLISECONDS, undefined, signal === undefined ? {} : { signal });
      } else if (answer instanceof Response) {
        return replyOf(service, `${method} ${path}`, answer);
      } else {
        const problem = `${service} at ${endpoint} does not answer to ${method} ${path}: ${answer.reason}`;
        throw new Error(again ? `${problem} (asked for ${this.patienceMilliseconds / 1000} s)` : problem);
      }
    }
  }
}

/** No answer: why, and whether the request surely was not carried out. */
interface Silence {
  readonly reason: string;
  readonly unsent: boolean;
}

async function attempt(
  url: string,
  { method = "GET", body, headers, signal }: Call,
  token: string | undefined,
): Promise<Response | Silence> {
  try {
    return await fetch(url, {
      method,
      headers: {
        Accept: "application/json",
        ...(token === undefined ? {} : { "X-Auth-Token": token }),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    const { cause } = error as { readonly cause?: { readonly message?: string } };
    const reason = cause?.message ?? String(error);
    // A request that changes nothing can be repeated; another one only if no service accepted it.
    return { reason, unsent: method === "GET" || /ECONNREFUSED|ENOTFOUND|EHOSTUNREACH/.test(reason) };
  }
}

async function replyOf(service: Service, request: string, answer: Response): Promise<Reply> {
  const content = await answer.text();
  if (!answer.ok)
    throw new ServiceError(service, answer.status, saidIn(content) || answer.statusText, request);
  const json = content !== "" && (answer.headers.get("content-type") ?? "").includes("json");
  const body = json ? (JSON.parse(content) as PlainValue) : {};
  return { body: isPlainMap(body) ? body : {}, headers: answer.headers };
}

function identityOf(auth: Auth): PlainMap {
  if (auth.kind === "applicationCredential") {
    const { credential, secret } = auth;
    const named: PlainMap =
      "id" in credential ? credential : { name: credential.name, user: plainOf(credential.user) };
    const identity = {
      methods: ["application_credential"],
      application_credential: { ...named, secret },
    };
    return { identity };
  }
  const user = { ...plainOf(auth.user), password: auth.password };
  const identity = { methods: ["password"], password: { user } };
  return auth.project === undefined ? { identity } : { identity, scope: { project: plainOf(auth.project) } };
}

function plainOf(named: Named): PlainMap {
  return "id" in named ? { id: named.id } : { name: named.name, domain: { ...named.domain } };
}

/**
 * Services answer long lists in parts, and link to the next: Nova, Cinder, Neutron and Octavia in `<name>_links`,
 * Keystone in `links`, Glance in `next`. The link may lead to another host or path than the catalog does, so only its
 * query is taken.
 */
function nextPart(path: string, name: string, body: PlainMap): string | undefined {
  const linked = maps(body, `${name}_links`).find((each) => text(each, "rel") === "next");
  const link = text(linked, "href") || text(inner(body, "links"), "next") || text(body, "next");
  const at = link.indexOf("?");
  return at < 0 ? undefined : `${path.split("?")[0] ?? path}${link.slice(at)}`;
}

function firstRegion(catalog: readonly PlainMap[]): string {
  const regions = catalog.flatMap((service) =>
    maps(service, "endpoints").map((each) => text(each, "region_id")),
  );
  return regions.find((region) => region !== "") ?? "";
}

function endpointsOf(
  catalog: readonly PlainMap[],
  region: string,
  kind: CloudLogin["interface"],
): readonly (readonly [Service, string])[] {
  const services = Object.keys(SERVICES) as readonly Service[];
  return services.flatMap((service) => {
    const listed = catalog.filter((each) => SERVICES[service].types.includes(text(each, "type")));
    const urls = listed
      .flatMap((each) => maps(each, "endpoints"))
      .filter((each) => text(each, "interface") === kind && text(each, "region_id") === region)
      .map((each) => text(each, "url"));
    const [url] = urls;
    return url === undefined ? [] : [[service, versioned(url, service)] as const];
  });
}

/** Catalogs list some services with, some without the version in their URL. */
function versioned(url: string, service: Service): string {
  const bare = url.replace(/\/+$/, "");
  const { version } = SERVICES[service];
  return version === "" ? bare : `${bare.replace(/\/v\d+(\.\d+)?$/, "")}${version}`;
}

function isPlainMap(value: PlainValue | undefined): value is PlainMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
