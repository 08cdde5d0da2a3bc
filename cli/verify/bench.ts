/** The running cluster as a check sees it: it creates objects, waits for them, and leaves none behind. */
import { setTimeout as pause } from "node:timers/promises";
import type { Manifest } from "../../deploy/manifest";
import { NoAnswer } from "../../provider/apply-set/objects";
import type { Answer, Ask } from "../../provider/kubernetes-api/http-api";
import { fieldOf, json, textOf } from "../../provider/kubernetes-api/json-fields";
import { PersistentAsk } from "../../provider/kubernetes-api/persistent-ask";
import type { ClusterAccess } from "../../provider/kubernetes-api/kubeconfig";
import { Objects, OWNER, ownNamespace } from "./objects";
import type { VerifyPlan } from "./plan";
import { claimFacts, eventsOf, list, podFacts } from "./read";
import { CheckFailure, claimReason, podReason, refusalReason, type Moment } from "./reasons";

/** Collections of the kinds that checks create, below the namespace. */
const COLLECTIONS: Readonly<Record<string, string>> = {
  Pod: "/api/v1/namespaces/%/pods",
  Service: "/api/v1/namespaces/%/services",
  PersistentVolumeClaim: "/api/v1/namespaces/%/persistentvolumeclaims",
  Job: "/apis/batch/v1/namespaces/%/jobs",
  Ingress: "/apis/networking.k8s.io/v1/namespaces/%/ingresses",
  NetworkPolicy: "/apis/networking.k8s.io/v1/namespaces/%/networkpolicies",
};

const CONNECTIONS = 2;
/** Milliseconds between two looks at an object. */
const BETWEEN_LOOKS = 500;
/** Milliseconds before what cannot end well is reported: a refused image may be pulled by a second try. */
const PATIENCE = 30_000;
/** Milliseconds to find out why the time was not enough. */
const LAST_LOOK = 10_000;
/** Milliseconds for everything to be deleted; volumes are detached and deleted first. */
const CLEAN_UP_TIME = 180_000;

export class Bench {
  private readonly requests: PersistentAsk;
  readonly namespace: string;

  constructor(
    access: ClusterAccess,
    private readonly plan: VerifyPlan,
    /** Milliseconds; tests shorten it. */
    private readonly patience = PATIENCE,
  ) {
    this.requests = new PersistentAsk(access, CONNECTIONS);
    this.namespace = plan.place.namespace;
  }

  /** Removes what a killed run has left, and creates the namespace, or opens the given one for the pods. @throws CheckFailure */
  async prepare(signal: AbortSignal): Promise<void> {
    await this.cleanUp(signal);
    const { place, environment } = this.plan;
    if (place.kind === "own") await this.post("/api/v1/namespaces", ownNamespace(this.plan), signal);
    else await this.create(new Objects(this.namespace, environment).policy("verify"), signal);
  }

  /** @throws CheckFailure if the API server refuses it */
  async create(manifest: Manifest, signal: AbortSignal): Promise<void> {
    await this.post(this.collection(manifest.kind), manifest, signal);
  }

  /** Waits until a pod is ready, or has ended with success. @returns its node @throws CheckFailure */
  async podDone(name: string, state: "ready" | "succeeded", signal: AbortSignal): Promise<string> {
    const look = async (): Promise<string | undefined> => {
      const pod = await this.read(`${this.collection("Pod")}/${name}`, signal);
      const done = state === "ready" ? isReady(pod) : textOf(fieldOf(pod, "status"), "phase") === "Succeeded";
      return done ? textOf(fieldOf(pod, "spec"), "nodeName") : undefined;
    };
    return this.until(look, (moment, limited) => this.whyPod(name, moment, limited), signal);
  }

  /** Waits until a job has succeeded. @returns the node of its pod @throws CheckFailure */
  async jobDone(name: string, signal: AbortSignal): Promise<string> {
    const look = async (): Promise<string | undefined> => {
      const job = await this.read(`${this.collection("Job")}/${name}`, signal);
      if (fieldOf(fieldOf(job, "status"), "succeeded") !== 1) return undefined;
      const [pod] = await this.podsOf(name, signal);
      return textOf(fieldOf(pod, "spec"), "nodeName");
    };
    const why = async (moment: Moment, limited: AbortSignal): Promise<void> => {
      for (const pod of await this.podsOf(name, limited))
        await this.whyPod(textOf(fieldOf(pod, "metadata"), "name"), moment, limited);
    };
    return this.until(look, why, signal);
  }

  /** Asks until nothing is wrong with the answer. @returns what was wrong with the last one when the time was over */
  async answered(ask: () => Promise<string | undefined>, signal: AbortSignal): Promise<string | undefined> {
    let last: string | undefined;
    for (;;) {
      const wrong = await ask();
      if (wrong === undefined) return undefined;
      // The request that the end of the time has cut off says nothing.
      if (signal.aborted) return last ?? wrong;
      last = wrong;
      await pause(BETWEEN_LOOKS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Output of a pod's program. */
  async log(name: string, signal: AbortSignal): Promise<string> {
    const answer = await this.ask({ method: "GET", path: `${this.collection("Pod")}/${name}/log` }, signal);
    if (answer.status === 200) return answer.body;
    throw new CheckFailure({
      cause: "api",
      explanation: `the log of pod ${name} cannot be read: HTTP ${String(answer.status)} ${textOf(json(answer.body), "message")}`,
      fix: "check that the API servers reach port 10250 of the nodes",
    });
  }

  /** Whether a node has the label. */
  async hasNode(key: string, value: string, signal: AbortSignal): Promise<boolean> {
    const query = new URLSearchParams({ labelSelector: `${key}=${value}` }).toString();
    const nodes = await this.ask({ method: "GET", path: `/api/v1/nodes?${query}` }, signal);
    return nodes.status === 200 && list(json(nodes.body)).length > 0;
  }

  /** The volume of a claim that is bound. */
  async volumeOf(claim: string, signal: AbortSignal): Promise<string> {
    const found = await this.read(`${this.collection("PersistentVolumeClaim")}/${claim}`, signal);
    return textOf(fieldOf(found, "spec"), "volumeName");
  }

  /**
   * Deletes everything that carries the label of this command, or the namespace with it, and waits until it is gone.
   * @throws CheckFailure if something stays, or if the namespace belongs to somebody else
   */
  async cleanUp(signal: AbortSignal): Promise<void> {
    const limited = AbortSignal.any([signal, AbortSignal.timeout(CLEAN_UP_TIME)]);
    if (this.plan.place.kind === "own") await this.cleanNamespace(limited);
    else for (const kind of Object.keys(COLLECTIONS)) await this.cleanKind(kind, limited);
  }

  private async cleanNamespace(signal: AbortSignal): Promise<void> {
    const path = `/api/v1/namespaces/${this.namespace}`;
    const found = await this.ask({ method: "GET", path }, signal);
    if (found.status === 404) return;
    const labels = fieldOf(fieldOf(json(found.body), "metadata"), "labels");
    if (Object.entries(OWNER).some(([key, value]) => textOf(labels, key) !== value))
      throw new CheckFailure({
        cause: "admission",
        explanation: `the namespace ${this.namespace} exists and was not created by labstead verify`,
        fix: "rename or remove it",
      });
    await this.ask({ method: "DELETE", path }, signal);
    await this.gone(path, signal);
  }

  private async cleanKind(kind: string, signal: AbortSignal): Promise<void> {
    const query = new URLSearchParams({ labelSelector: labelSelector() }).toString();
    const found = await this.ask({ method: "GET", path: `${this.collection(kind)}?${query}` }, signal);
    if (found.status !== 200) throw refused(`the list of ${kind}s`, found);
    const paths = list(json(found.body)).map(
      (each) => `${this.collection(kind)}/${textOf(fieldOf(each, "metadata"), "name")}`,
    );
    for (const path of paths)
      await this.ask({ method: "DELETE", path, body: { propagationPolicy: "Background" } }, signal);
    for (const path of paths) await this.gone(path, signal);
  }

  private async gone(path: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      if ((await this.ask({ method: "GET", path }, signal)).status === 404) return;
      await pause(BETWEEN_LOOKS, undefined, { signal });
    }
  }

  /** Looks until something is there. What cannot end well is thrown after some patience, the rest at the end of the time. */
  private async until<Found>(
    look: () => Promise<Found | undefined>,
    why: (moment: Moment, signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): Promise<Found> {
    const started = Date.now();
    try {
      for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() - started > this.patience) await why("early", signal);
        await pause(BETWEEN_LOOKS, undefined, { signal });
      }
    } catch (error) {
      if (signal.aborted) await why("late", AbortSignal.timeout(LAST_LOOK));
      throw error;
    }
  }

  /** @throws CheckFailure with what keeps the pod, if it is known */
  private async whyPod(name: string, moment: Moment, signal: AbortSignal): Promise<void> {
    const pod = await this.read(`${this.collection("Pod")}/${name}`, signal);
    for (const claim of claimsOf(pod)) await this.whyClaim(claim, moment, signal);
    const reason = podReason(podFacts(pod, await this.events(name, signal)), moment);
    if (reason !== undefined) throw new CheckFailure(reason);
  }

  private async whyClaim(name: string, moment: Moment, signal: AbortSignal): Promise<void> {
    const claim = await this.read(`${this.collection("PersistentVolumeClaim")}/${name}`, signal);
    if (textOf(fieldOf(claim, "status"), "phase") === "Bound") return;
    const className = textOf(fieldOf(claim, "spec"), "storageClassName");
    const storage = await this.ask(
      { method: "GET", path: `/apis/storage.k8s.io/v1/storageclasses/${className}` },
      signal,
    );
    const facts = claimFacts(claim, json(storage.body), await this.events(name, signal));
    const reason = claimReason(facts, moment);
    if (reason !== undefined) throw new CheckFailure(reason);
  }

  private async events(name: string, signal: AbortSignal) {
    const query = new URLSearchParams({ fieldSelector: `involvedObject.name=${name}` }).toString();
    const path = `/api/v1/namespaces/${this.namespace}/events?${query}`;
    const answer = await this.ask({ method: "GET", path }, signal);
    return answer.status === 200 ? eventsOf(json(answer.body)) : [];
  }

  private async podsOf(job: string, signal: AbortSignal): Promise<readonly unknown[]> {
    const query = new URLSearchParams({ labelSelector: `job-name=${job}` }).toString();
    return list(await this.read(`${this.collection("Pod")}?${query}`, signal));
  }

  private async read(path: string, signal: AbortSignal): Promise<unknown> {
    const answer = await this.ask({ method: "GET", path }, signal);
    if (answer.status !== 200) throw refused(`a look at ${path}`, answer);
    return json(answer.body);
  }

  private async post(path: string, manifest: Manifest, signal: AbortSignal): Promise<void> {
    const answer = await this.ask({ method: "POST", path, body: manifest }, signal);
    if (answer.status !== 201) throw refused(`${manifest.kind} ${manifest.metadata.name}`, answer);
  }

  private async ask(request: Ask, signal: AbortSignal): Promise<Answer> {
    try {
      return await this.requests.ask(request, signal);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      throw new CheckFailure({
        cause: "api",
        explanation: `the API server does not answer: ${error.message}`,
        fix: "check the way to it: labstead doctor, and the tunnel or VPN",
      });
    }
  }

  private collection(kind: string): string {
    const found = COLLECTIONS[kind];
    if (found === undefined) throw new Error(`internal error: no check creates a ${kind}`);
    return found.replace("%", this.namespace);
  }
}

function labelSelector(): string {
  return Object.entries(OWNER)
    .map(([key, value]) => `${key}=${value}`)
    .join(",");
}

function refused(what: string, { status, body }: Answer): CheckFailure {
  const message = textOf(json(body), "message") || body.trim().slice(0, 300);
  return new CheckFailure(refusalReason(what, status, message));
}

function isReady(pod: unknown): boolean {
  return list(fieldOf(pod, "status"), "conditions").some(
    (each) => textOf(each, "type") === "Ready" && textOf(each, "status") === "True",
  );
}

function claimsOf(pod: unknown): readonly string[] {
  return list(fieldOf(pod, "spec"), "volumes").flatMap((volume) => {
    const claim = textOf(fieldOf(volume, "persistentVolumeClaim"), "claimName");
    return claim === "" ? [] : [claim];
  });
}
