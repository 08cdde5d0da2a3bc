/**
 * The gateway of users' pods: a signed-in person starts, opens and stops the own pod, and nobody else's. All requests to
 * pods come through here, so it knows which of them are idle, and stops those.
 */
"use strict";

const { readFileSync } = require("node:fs");
const { createServer } = require("node:http");
const { clearInterval, setInterval, setTimeout } = require("node:timers");
const { Activity } = require("./activity.js");
const { isForeign, isForPage, isOwnPage, pathOf, redirect, sendPage, sendText } = require("./http.js");
const { identityOf } = require("./identity.js");
const { Kubernetes } = require("./kubernetes.js");
const { messagePage, podPage, refreshOf } = require("./page.js");
const { podState } = require("./pod-state.js");
const { forward, forwardUpgrade } = require("./proxy.js");

/** Headers by which programs behind a proxy believe who somebody is: nobody may bring one along. */
const IDENTITY_HEADER =
  /^(x-forwarded-(user|email|groups|preferred-username|access-token)|x-auth-request-.*|(x-)?remote-(user|group|email|name).*|x-webauth-.*|impersonate-.*)$/;
/** Milliseconds for which connections that are open may end by themselves. */
const GRACE = 5000;
/** Longer than ingress controllers keep idle connections (Traefik 90 s), so that none is closed while it is used. */
const KEEP_ALIVE = 120_000;

class Gateway {
  constructor(config) {
    this.config = config;
    this.identity = identityOf(config.identity, config.origin);
    this.kubernetes = new Kubernetes(config);
    this.activity = new Activity();
    this.host = new URL(config.origin).host;
  }

  async handle(request, response) {
    const refusal = this.refusal(request);
    if (refusal !== undefined) return sendText(response, refusal.status, refusal.text);
    const path = pathOf(request.url);
    if (this.identity.handles(path)) return await this.identity.handle(request, response);
    const person = await this.identity.of(request);
    if (person.kind === "nobody") return this.askToSignIn(request, response, person);
    if (person.cookies.length > 0) response.setHeader("set-cookie", person.cookies);
    if (path === "/sign-out") return this.post(request, response, () => this.identity.signOut(response));
    const uid = (await this.kubernetes.users()).get(person.name);
    if (uid === undefined) return sendPage(response, 403, noPod(person.name));
    return await this.route(request, response, path, { name: person.name, uid });
  }

  /** Why a request is refused before anybody asks who makes it. */
  refusal(request) {
    if (!request.url.startsWith("/")) return { status: 400, text: "Write a path." };
    if (request.headers.host !== this.host) return { status: 421, text: `This is ${this.host}.` };
    const forged = Object.keys(request.headers).find((name) =>
      IDENTITY_HEADER.test(name.replaceAll("_", "-")),
    );
    if (forged === undefined) return undefined;
    return { status: 400, text: `The header ${forged} is refused: who you are is what the sign-in says.` };
  }

  askToSignIn(request, response, { isRefused }) {
    if (isRefused) return sendText(response, 403, "The sign-in refuses this request.");
    return isForPage(request)
      ? this.identity.challenge(request, response)
      : sendText(response, 401, "Sign in first.");
  }

  async route(request, response, path, person) {
    switch (path) {
      case "/":
        return await this.showPod(response, person);
      case "/start":
        return await this.post(request, response, () => this.scale(response, person, 1));
      case "/stop":
        return await this.post(request, response, () => this.scale(response, person, 0));
      default:
        return this.toPod(request, response, path, person);
    }
  }

  /** Only forms of the gateway's own pages change something. */
  async post(request, response, change) {
    request.resume();
    if (request.method !== "POST") return sendText(response, 405, "Use the button of the page.");
    if (!isOwnPage(request, this.config.origin))
      return sendText(response, 403, "Another page sent this; use the button of the page.");
    return await change();
  }

  async showPod(response, { name, uid }) {
    const state = podState(await this.kubernetes.deployment(uid), await this.kubernetes.pods(uid));
    const { idle } = this.config;
    const left = idle === null ? undefined : Math.max(0, idle.afterSeconds * 1000 - this.activity.idle(uid));
    sendPage(response, 200, podPage({ state, path: podPath(uid), name, left }), refreshOf(state));
  }

  async scale(response, { name, uid }, replicas) {
    this.activity.touch(uid);
    await this.kubernetes.scale(uid, replicas);
    console.log(`${replicas === 0 ? "stopped" : "started"} uid${String(uid)} for ${JSON.stringify(name)}`);
    redirect(response, "/");
  }

  toPod(request, response, path, person) {
    const to = this.podOf(request, path, person);
    if (to.status !== undefined) return sendText(response, to.status, to.text);
    if (path === podPath(person.uid)) return redirect(response, `${path}/`);
    const unavailable = () =>
      isForPage(request)
        ? redirect(response, "/")
        : sendText(response, 503, `Your pod does not answer; look at ${this.config.origin}/`);
    this.activity.touch(person.uid);
    return forward(request, response, { ...to, unavailable });
  }

  /** Where a request to a pod goes, or why it is refused. */
  podOf(request, path, { uid }) {
    const [, of] = /^\/uid([0-9]+)(?:\/|$)/.exec(path) ?? [];
    if (of === undefined) return { status: 404, text: "There is no such page." };
    if (of !== String(uid)) return { status: 403, text: "This is the pod of another user." };
    if (isForeign(request, this.config.origin)) return { status: 403, text: "Another page sent this." };
    const prefix = podPath(uid);
    const { stripPath, pod } = this.config;
    return {
      target: pod.replace("{uid}", String(uid)),
      path: stripPath ? request.url.slice(prefix.length) || "/" : request.url,
      ...(stripPath ? { prefix } : {}),
      passes: (name) => !this.identity.isSessionCookie(name),
      used: () => this.activity.touch(uid),
    };
  }

  async upgrade(request, socket, head) {
    const end = (status) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    if (this.refusal(request) !== undefined) return end("400 Bad Request");
    const person = await this.identity.of(request);
    const uid = person.kind === "nobody" ? undefined : (await this.kubernetes.users()).get(person.name);
    if (uid === undefined) return end("401 Unauthorized");
    const to = this.podOf(request, pathOf(request.url), { uid });
    if (to.status !== undefined) return end("403 Forbidden");
    this.activity.touch(uid);
    return forwardUpgrade(request, socket, head, to);
  }

  /** Stops pods that nobody has used for long enough. Pods of users who are no longer declared are not the gateway's. */
  async cull({ afterSeconds }) {
    const running = await this.kubernetes.running();
    this.activity.keepOnly(running);
    const declared = new Set((await this.kubernetes.users()).values());
    for (const uid of running) {
      if (!declared.has(uid) || this.activity.idle(uid) < afterSeconds * 1000) continue;
      await this.kubernetes.scale(uid, 0);
      console.log(`stopped uid${String(uid)}: idle for ${String(afterSeconds)} s`);
    }
  }
}

function podPath(uid) {
  return `/uid${String(uid)}`;
}

function noPod(name) {
  return messagePage(
    "You have no pod here",
    `You are signed in as ${name}, who is no declared user. Ask the operators of the lab.`,
  );
}

function main(file) {
  const config = JSON.parse(readFileSync(file, "utf8"));
  const gateway = new Gateway(config);
  const server = createServer({ keepAliveTimeout: KEEP_ALIVE, requestTimeout: 0 }, (request, response) => {
    gateway.handle(request, response).catch((error) => {
      console.error(`${request.method} ${pathOf(request.url)}: ${error.message}`);
      if (response.headersSent) response.destroy();
      else sendPage(response, 502, messagePage("Try again later", "A service of the lab does not answer."));
    });
  });
  server.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    gateway.upgrade(request, socket, head).catch((error) => {
      console.error(`upgrade ${pathOf(request.url)}: ${error.message}`);
      socket.destroy();
    });
  });
  const health = createServer((_, response) => sendText(response, 200, "ok"));
  server.listen(config.port);
  health.listen(config.healthPort);
  const culling = cullRegularly(gateway, config.idle);
  process.once("SIGTERM", () => {
    clearInterval(culling);
    for (const each of [server, health]) each.close();
    setTimeout(() => process.exit(0), GRACE).unref();
  });
}

function cullRegularly(gateway, idle) {
  if (idle === null) return undefined;
  return setInterval(() => {
    gateway.cull(idle).catch((error) => console.error(`idle pods: ${error.message}`));
  }, idle.everySeconds * 1000);
}

main(process.argv[2]);
