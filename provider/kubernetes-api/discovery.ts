/** Where a cluster serves the objects of a kind, by API discovery. */
import { setTimeout as pause } from "node:timers/promises";

import { ApiRefusal } from "../apply-set/objects";
import { groupKindText, groupOf } from "../apply-set/entries";
import type { GroupKind, ObjectRef } from "../apply-set/entries";
import { isNotFound } from "./http-api";
import { fieldOf, json, textOf } from "./json-fields";
import { refusalOf } from "./refusal";
import type { PersistentAsk } from "./persistent-ask";

/** A kind in one version. */
export interface ServedKind {
  /** `/apis/apps/v1` */
  readonly versionPath: string;
  /** `deployments` */
  readonly resource: string;
  readonly namespaced: boolean;
}

/**
 * How long a kind may take to be served after its definition was applied, and how often it is checked; milliseconds.
 */
const APPEARS_WITHIN = 20_000;
const BETWEEN_LOOKS = 500;

/**
 * Looks up versions and kinds once each; a missing kind is looked up again, since its definition may have been applied.
 */
export class Discovery {
  readonly #versions = new Map<string, Promise<ReadonlyMap<string, ServedKind>>>();
  readonly #preferred = new Map<string, Promise<string | undefined>>();

  constructor(private readonly requests: PersistentAsk) {}

  /**
   * The kind of a manifest.
   * @param appears whether a kind that is not served yet may be soon: its definition was just applied
   * @throws ApiRefusal if it is not served
   */
  async served(apiVersion: string, kind: string, appears: boolean, signal: AbortSignal): Promise<ServedKind> {
    const until = Date.now() + (appears ? APPEARS_WITHIN : 0);
    for (;;) {
      const found = await this.lookUp(pathOf(apiVersion), kind, signal);
      if (found !== undefined) return found;
      if (Date.now() >= until) throw notServed(apiVersion, kind);
      await pause(BETWEEN_LOOKS, undefined, { signal });
    }
  }

  /** The kind in the version that the cluster prefers; undefined if it serves none. */
  async preferred({ group, kind }: GroupKind, signal: AbortSignal): Promise<ServedKind | undefined> {
    if (group === "") return this.lookUp(pathOf("v1"), kind, signal);
    const version = await remembered(this.#preferred, group, () => this.preferredVersion(group, signal));
    return version === undefined ? undefined : this.lookUp(pathOf(version), kind, signal);
  }

  /**
   * Whether the cluster no longer serves a kind, since its definition was deleted after it was looked up. The server's
   * own list of groups has to show it: a 404 of a proxy on the route is no proof.
   */
  async isGone({ group, kind }: GroupKind, signal: AbortSignal): Promise<boolean> {
    if (group === "") return false;
    const { status, body } = await this.requests.ask({ method: "GET", path: "/apis" }, signal);
    const groups = fieldOf(json(body), "groups");
    if (status !== 200 || !Array.isArray(groups)) return false;
    if (!groups.some((each: unknown) => textOf(each, "name") === group)) return true;
    this.#preferred.delete(group);
    for (const path of this.#versions.keys())
      if (path.startsWith(`/apis/${group}/`)) this.#versions.delete(path);
    return (await this.preferred({ group, kind }, signal)) === undefined;
  }

  private async lookUp(path: string, kind: string, signal: AbortSignal): Promise<ServedKind | undefined> {
    const kinds = await remembered(this.#versions, path, () => this.kinds(path, signal));
    const found = kinds.get(kind);
    if (found === undefined) this.#versions.delete(path);
    return found;
  }

  private async kinds(path: string, signal: AbortSignal): Promise<ReadonlyMap<string, ServedKind>> {
    const answer = await this.requests.ask({ method: "GET", path }, signal);
    if (answer.status === 404) return new Map();
    if (answer.status !== 200) throw refusalOf(answer);
    const resources = fieldOf(json(answer.body), "resources");
    return new Map(
      (Array.isArray(resources) ? resources : []).flatMap((each: unknown) => {
        const resource = textOf(each, "name");
        // `deployments/scale` is a subresource.
        if (resource.includes("/")) return [];
        const served = { versionPath: path, resource, namespaced: fieldOf(each, "namespaced") === true };
        return [[textOf(each, "kind"), served] as const];
      }),
    );
  }

  private async preferredVersion(group: string, signal: AbortSignal): Promise<string | undefined> {
    const answer = await this.requests.ask({ method: "GET", path: `/apis/${group}` }, signal);
    if (isNotFound(answer) || answer.status === 404) return undefined;
    if (answer.status !== 200) throw refusalOf(answer);
    return textOf(fieldOf(json(answer.body), "preferredVersion"), "groupVersion") || undefined;
  }
}

/** Path of an object, or of its kind's collection without a name. */
export function objectPath(
  { versionPath, resource, namespaced }: ServedKind,
  { namespace, name }: Pick<ObjectRef, "namespace" | "name">,
): string {
  const within = namespaced && namespace !== "" ? `/namespaces/${encodeURIComponent(namespace)}` : "";
  return `${versionPath}${within}/${resource}${name === "" ? "" : `/${encodeURIComponent(name)}`}`;
}

function pathOf(apiVersion: string): string {
  return groupOf(apiVersion) === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
}

function notServed(apiVersion: string, kind: string): ApiRefusal {
  const name = groupKindText({ group: groupOf(apiVersion), kind });
  return new ApiRefusal(
    404,
    "NotFound",
    `the cluster serves no ${name} in ${apiVersion}; apply its CustomResourceDefinition first, or use a version that \`kubectl api-resources\` lists`,
  );
}

/** A failed look-up is not cached. */
async function remembered<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  look: () => Promise<Value>,
): Promise<Value> {
  const known = memory.get(key);
  if (known !== undefined) return known;
  const looked = look();
  memory.set(key, looked);
  looked.catch(() => memory.delete(key));
  return looked;
}
