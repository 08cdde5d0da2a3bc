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
  /** @param config `namespace`, `usersConfigMap`, and `accountFolder` with the token and the authority's certificate */
  constructor({ namespace, usersConfigMap, accountFolder }) {
    this.folder = accountFolder;
    this.core = `/api/v1/namespaces/${namespace}`;
    this.deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    this.usersConfigMap = usersConfigMap;
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

  async pods(uid) {
    const selector = encodeURIComponent(`hebi-role=user-pod,hebi-user=${String(uid)}`);
    const { items } = await this.ask("GET", `${this.core}/pods?labelSelector=${selector}`);
    return items;
  }

  /** UIDs whose pods are there, those that end included. */
  async running() {
    const selector = encodeURIComponent("hebi-role=user-pod");
    const { items } = await this.ask("GET", `${this.core}/pods?labelSelector=${selector}`);
    return new Set(items.map(({ metadata }) => Number(metadata.labels["hebi-user"])));
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
