/** What the gateway asks the API server: who the users are, how their pods are, and how many replicas each has. */
"use strict";

const { readFileSync } = require("node:fs");
const https = require("node:https");
const { join } = require("node:path");
const { answerTo } = require("./http.js");

/** Milliseconds for an answer. */
const TIMEOUT = 10_000;
/** Milliseconds for which the list of users is not read again. */
const USERS_AGE = 10_000;

class Kubernetes {
  /**
   * @param config `namespace`; `usersConfigMap`; `userPods`, which selects the pods of all users; `uidLabel`, the label
   * with each one's UID; `accountFolder` with the token and the authority's certificate
   */
  constructor({ namespace, usersConfigMap, userPods, uidLabel, accountFolder }) {
    this.folder = accountFolder;
    this.core = `/api/v1/namespaces/${namespace}`;
    this.deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    this.usersConfigMap = usersConfigMap;
    this.userPods = userPods;
    this.uidLabel = uidLabel;
    this.agent = new https.Agent({ keepAlive: true, maxSockets: 8 });
  }

  /** UID of each declared user by the name of the sign-in. */
  async users() {
    if (this.known === undefined || Date.now() - this.known.at > USERS_AGE) {
      const { data } = await this.ask("GET", `${this.core}/configmaps/${this.usersConfigMap}`);
      this.known = { at: Date.now(), users: new Map(Object.entries(JSON.parse(data.users))) };
    }
    return this.known.users;
  }

  /** Starts a pod by 1, and stops it by 0. Nothing else of the Deployment can be changed so. */
  scale(uid, replicas) {
    const path = `${this.deployments}/uid${String(uid)}/scale`;
    return this.ask("PATCH", path, { spec: { replicas } }, "application/merge-patch+json");
  }

  deployment(uid) {
    return this.ask("GET", `${this.deployments}/uid${String(uid)}`);
  }

  pods(uid) {
    return this.selected(`${this.userPods},${this.uidLabel}=${String(uid)}`);
  }

  /** UIDs whose pods are there, those that end included. */
  async running() {
    const pods = await this.selected(this.userPods);
    return new Set(pods.map(({ metadata }) => Number(metadata.labels[this.uidLabel])));
  }

  async selected(selector) {
    const path = `${this.core}/pods?labelSelector=${encodeURIComponent(selector)}`;
    const { items } = await this.ask("GET", path);
    return items;
  }

  /** @throws Error with the API server's message */
  async ask(method, path, body, contentType) {
    // The kubelet renews the token while the gateway runs.
    const token = readFileSync(join(this.folder, "token"), "utf8").trim();
    const options = {
      method,
      path,
      agent: this.agent,
      host: process.env.KUBERNETES_SERVICE_HOST,
      port: process.env.KUBERNETES_SERVICE_PORT,
      ca: readFileSync(join(this.folder, "ca.crt")),
      timeout: TIMEOUT,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json",
        ...(body === undefined ? {} : { "content-type": contentType }),
      },
    };
    const request = https.request(options);
    request.end(body === undefined ? undefined : JSON.stringify(body));
    const { status, text } = await answerTo(request, "the API server did not answer");
    return contentOf(status, text);
  }
}

function contentOf(status, text) {
  const content = JSON.parse(text);
  if (status >= 200 && status < 300) return content;
  throw Object.assign(new Error(content.message ?? `the API server answers ${String(status)}`), { status });
}

module.exports = { Kubernetes };
