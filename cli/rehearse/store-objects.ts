/** Objects of the built-in clusters, for ApplySet. They record only one manager, so fields never conflict. */
import { ApiRefusal, NoAnswer } from "../../provider/labstead";
import type {
  ClusterAccess,
  ClusterObjects,
  GroupKind,
  LiveObject,
  ObjectRef,
} from "../../provider/labstead";
import type { PlainMap } from "../../provider-protocol";
import { ApiError, noMatch } from "../../rehearsal/kubernetes/api-error";
import type { Reason } from "../../rehearsal/kubernetes/api-error";
import type { ClusterApi } from "../../rehearsal/kubernetes/api";
import { AuthorizedApi } from "../../rehearsal/kubernetes/authorization";
import type { Clusters } from "../../rehearsal/kubernetes/clusters";
import { identityOf, mapAt, textAt, valueAt } from "../../rehearsal/kubernetes/fields";
import { clientIdentity, clusterOf } from "../../rehearsal/kubernetes/identity";
import type { Kind } from "../../rehearsal/kubernetes/kinds";
import { normalized } from "../../rehearsal/kubernetes/secrets";

/** The clusters, each as its client sees it. */
export function storeObjects(clusters: Clusters): (access: ClusterAccess) => ClusterObjects {
  return (access) => new StoreObjects(clusters, access);
}

class StoreObjects implements ClusterObjects {
  constructor(
    private readonly clusters: Clusters,
    private readonly access: ClusterAccess,
  ) {}

  apply(manifest: PlainMap): Promise<LiveObject> {
    return this.written(manifest, false).then(liveObject);
  }

  dryRun(manifest: PlainMap): Promise<PlainMap> {
    return this.written(manifest, true);
  }

  get(ref: ObjectRef): Promise<PlainMap | undefined> {
    return this.answered(async (api) => {
      const kind = api.preferredKind(ref.group, ref.kind);
      return kind === undefined ? undefined : api.get(kind, ref);
    });
  }

  async find(ref: ObjectRef): Promise<LiveObject | undefined> {
    const found = await this.get(ref);
    return found === undefined ? undefined : liveObject(found);
  }

  async list(
    { group, kind }: GroupKind,
    label: string,
    namespaces: readonly string[],
  ): Promise<readonly LiveObject[]> {
    const listed = await this.answered(async (api) => {
      const served = api.preferredKind(group, kind);
      return served === undefined ? [] : listedBy(api, served, namespaces);
    });
    return listed.filter((each) => carries(each, label)).map(liveObject);
  }

  /** Nothing runs here, so nothing has to be explained. */
  read(): Promise<readonly PlainMap[]> {
    return Promise.resolve([]);
  }

  delete(ref: ObjectRef, uid: string): Promise<"deleted" | "gone" | "another"> {
    return this.answered(async (api) => {
      const kind = api.preferredKind(ref.group, ref.kind);
      const live = kind === undefined ? undefined : await api.get(kind, ref);
      if (kind === undefined || live === undefined) return "gone";
      if (textAt(live, "metadata", "uid") !== uid) return "another";
      await api.delete(kind, ref);
      return "deleted";
    });
  }

  private written(manifest: PlainMap, dryRun: boolean): Promise<PlainMap> {
    return this.answered((api) => api.apply(servedKind(api, manifest), normalized(manifest), { dryRun }));
  }

  /** @throws ApiRefusal or NoAnswer instead of the cluster's own errors */
  private async answered<Result>(work: (api: ClusterApi) => Promise<Result>): Promise<Result> {
    const { server, ca, credentials } = this.access;
    const identity = clusterOf(server, ca);
    const problem = this.clusters.unreachable(identity);
    if (problem !== undefined) throw new NoAnswer(problem);
    const cluster = this.clusters.cluster(identity);
    const client = credentials.kind === "certificate" ? clientIdentity(credentials.certificate) : undefined;
    try {
      return await work(client === undefined ? cluster : new AuthorizedApi(cluster, client));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw new ApiRefusal(STATUS[error.reason], error.reason, error.message);
    }
  }
}

/** HTTP status of each reason. */
const STATUS: Readonly<Record<Reason, number>> = {
  AlreadyExists: 409,
  BadRequest: 400,
  Forbidden: 403,
  Invalid: 422,
  NoMatch: 404,
  NotFound: 404,
};

function servedKind(api: ClusterApi, manifest: PlainMap): Kind {
  const [apiVersion, kind] = [textAt(manifest, "apiVersion"), textAt(manifest, "kind")];
  const served = api.kind(apiVersion, kind);
  if (served === undefined) throw noMatch(apiVersion, kind);
  if (served.namespaced && identityOf(manifest).namespace === "")
    throw new ApiError("BadRequest", "has no metadata.namespace; give it one");
  return served;
}

/** Namespace by namespace for a client that may not list the whole cluster. */
async function listedBy(
  api: ClusterApi,
  kind: Kind,
  namespaces: readonly string[],
): Promise<readonly PlainMap[]> {
  try {
    return await api.list(kind, "");
  } catch (error) {
    if (!(error instanceof ApiError) || error.reason !== "Forbidden" || !kind.namespaced) throw error;
    const found: PlainMap[] = [];
    for (const namespace of namespaces) found.push(...(await api.list(kind, namespace)));
    return found;
  }
}

function carries(object: PlainMap, label: string): boolean {
  const [name = "", value] = label.split("=");
  return valueAt(object, "metadata", "labels", name) === value;
}

/** The generation counts changes of the desired state, by any client. */
function liveObject(object: PlainMap): LiveObject {
  const apiVersion = textAt(object, "apiVersion");
  return {
    ...identityOf(object),
    group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
    kind: textAt(object, "kind"),
    uid: textAt(object, "metadata", "uid"),
    labels: mapAt(object, "metadata", "labels") as Readonly<Record<string, string>>,
    terminating: false,
    managers: [],
    recordOf: () => JSON.stringify(valueAt(object, "metadata", "generation") ?? null),
  };
}
