/** What the commands ask the API server, in one namespace, as the caller. */
import { USER_POD } from "../../apps/user-pods/names";
import { podReason } from "../../provider/apply-set/pod-reason";
import type { Answer, Ask } from "../../provider/kubernetes-api/http-api";
import { isNotFound } from "../../provider/kubernetes-api/http-api";
import { httpClusters } from "../../provider/kubernetes-api/http-objects";
import { fieldOf, json, listOf, textOf } from "../../provider/kubernetes-api/json-fields";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { PersistentAsk, type Patience } from "../../provider/kubernetes-api/persistent-ask";
import { accepted } from "../../provider/kubernetes-api/refusal";
import type { PlainMap } from "../../provider-protocol";

const CONNECTIONS = 2;
/** A review is created, everything else is there. */
const DONE = [200, 201];
/** Without the gateway, which is a Deployment of the same application. */
const PODS_OF_USERS = "app.kubernetes.io/part-of=user-pods,app.kubernetes.io/component=pod";
const REVIEWS = "/apis/authentication.k8s.io/v1/selfsubjectreviews";

export class UserPodsApi {
  private readonly requests: PersistentAsk;
  private readonly deployments: string;

  constructor(
    private readonly access: ClusterAccess,
    readonly namespace: string,
    readonly signal: AbortSignal,
    private readonly patience?: Patience,
  ) {
    this.requests = new PersistentAsk(access, CONNECTIONS, patience);
    this.deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  }

  /** Name of the caller, as the API server names users. */
  async caller(): Promise<string> {
    const body = { apiVersion: "authentication.k8s.io/v1", kind: "SelfSubjectReview" };
    const { body: review } = await this.asked({ method: "POST", path: REVIEWS, body });
    return textOf(fieldOf(fieldOf(json(review), "status"), "userInfo"), "username");
  }

  /** A Deployment; undefined if there is none. */
  async deployment(name: string): Promise<PlainMap | undefined> {
    const answer = await this.requests.ask(
      { method: "GET", path: `${this.deployments}/${name}` },
      this.signal,
    );
    if (isNotFound(answer)) return undefined;
    return json(accepted(answer, DONE).body) as PlainMap;
  }

  /** Those of users; undefined if the caller may not list them. */
  async list(): Promise<readonly PlainMap[] | undefined> {
    const query = new URLSearchParams({ labelSelector: PODS_OF_USERS });
    const path = `${this.deployments}?${query.toString()}`;
    const answer = await this.requests.ask({ method: "GET", path }, this.signal);
    if (answer.status === 403) return undefined;
    return itemsOf(accepted(answer, DONE));
  }

  /** By the subresource alone: the right to start a pod is no right to change it. */
  async scale(name: string, replicas: number): Promise<void> {
    await this.asked({
      method: "PATCH",
      path: `${this.deployments}/${name}/scale`,
      body: { spec: { replicas } },
      contentType: "application/merge-patch+json",
    });
  }

  /** How many pods of a user there are, those that end included. */
  async pods(uid: number): Promise<number> {
    const labels = { ...USER_POD, "hebi-user": String(uid) };
    const selector = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
    const query = new URLSearchParams({ labelSelector: selector.join(",") });
    const path = `/api/v1/namespaces/${this.namespace}/pods?${query.toString()}`;
    return itemsOf(await this.asked({ method: "GET", path })).length;
  }

  /** Why the pod of a Deployment does not become ready, if it says so. */
  reason(deployment: PlainMap): Promise<string | undefined> {
    const api = httpClusters(CONNECTIONS, this.patience)(this.access);
    return podReason({ api, signal: this.signal }, deployment);
  }

  /** @throws ApiRefusal, NoAnswer */
  private async asked(request: Ask): Promise<Answer> {
    return accepted(await this.requests.ask(request, this.signal), DONE);
  }
}

function itemsOf({ body }: Answer): readonly PlainMap[] {
  return listOf(fieldOf(json(body), "items")) as readonly PlainMap[];
}
