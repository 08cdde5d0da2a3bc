/**
 * Who makes a request. Headers of the request never say it: the gateway asks an authentication service with the request's
 * cookies, or reads its own signed cookie after a bind to the directory.
 */
"use strict";

const http = require("node:http");
const https = require("node:https");
const { passwordIsRight } = require("./ldap.js");
const { COOKIE, Sessions } = require("./sessions.js");
const { forward } = require("./proxy.js");
const { signInPage } = require("./page.js");
const { answerTo, isOwnPage, pathOf, readForm, sendPage, sendText, redirect } = require("./http.js");

/** Milliseconds for the answer of an authentication service. */
const TIMEOUT = 10_000;
/** Wrong passwords of a name before it waits, and milliseconds for which it does. */
const WRONG = 5;
const WAIT = 60_000;
/** Names that are remembered for it. */
const REMEMBERED = 10_000;

function identityOf(config, origin) {
  return config.kind === "ldap" ? new Directory(config, origin) : new AuthenticationService(config, origin);
}

/**
 * A service that answers 2xx with the person's name in a header or a field, or 401: oauth2-proxy beside the gateway, or another one
 * of the lab. It gets the cookies of a request, and nothing else.
 */
class AuthenticationService {
  constructor(config, origin) {
    this.config = config;
    this.origin = origin;
  }

  isSessionCookie(name) {
    const { cookie } = this.config;
    return name === cookie || name.startsWith(`${cookie}_`);
  }

  /** Pages of a service beside the gateway, which only the gateway reaches. */
  handles(path) {
    const { pages } = this.config;
    return pages !== undefined && pages.paths.includes(path);
  }

  handle(request, response) {
    forward(request, response, { target: this.config.pages.target, path: request.url, passes: () => true });
  }

  /** @throws Error if the service does not answer as one */
  async of(request) {
    const { status, headers, text } = await this.ask(request);
    if (status === 401 || status === 403) return { kind: "nobody", isRefused: status === 403 };
    const isAnswer = status >= 200 && status < 300;
    const name = isAnswer ? this.nameIn(headers, text) : undefined;
    if (typeof name !== "string" || name === "")
      throw new Error(`the sign-in answers ${String(status)} without a name`);
    return { kind: "person", name, cookies: headers["set-cookie"] ?? [] };
  }

  /** A header loses spaces at its ends, which a field of JSON keeps: `"ada "` is not ada. */
  nameIn(headers, text) {
    const { header, field } = this.config;
    return field === undefined ? headers[header] : JSON.parse(text)[field];
  }

  ask(request) {
    const { url } = this.config;
    const { cookie } = request.headers;
    const headers = cookie === undefined ? {} : { cookie };
    const client = url.startsWith("https:") ? https : http;
    return answerTo(client.get(url, { headers, timeout: TIMEOUT }), "the sign-in does not answer");
  }

  challenge(request, response) {
    const { signIn, wantedPage } = this.config;
    if (signIn === undefined) return sendText(response, 401, "Sign in first.");
    const path = safePath(request.url);
    const wanted = wantedPage === "path" ? path : `${this.origin}${path}`;
    return redirect(response, `${signIn}?rd=${encodeURIComponent(wanted)}`);
  }

  signOut(response) {
    redirect(response, this.config.signOut ?? "/");
  }
}

/** A directory of the lab: a form, a bind, and a session of the gateway's own. */
class Directory {
  constructor(config, origin) {
    this.config = config;
    this.origin = origin;
    this.sessions = new Sessions(process.env.SESSION_SECRET ?? "", config.sessionSeconds);
    this.wrong = new Map();
  }

  isSessionCookie(name) {
    return name === COOKIE;
  }

  handles(path) {
    return path === "/sign-in";
  }

  async handle(request, response) {
    if (request.method !== "POST") return this.form(request, response, 200);
    if (!isOwnPage(request, this.origin)) return sendText(response, 403, "Sign in on the page itself.");
    const fields = await readForm(request);
    const name = fields.get("name") ?? "";
    if (this.mustWait(name))
      return this.form(request, response, 429, "Too many wrong passwords. Wait a minute.");
    if (!(await passwordIsRight(this.config, name, fields.get("password") ?? ""))) {
      this.noteWrong(name);
      console.log(`refused ${JSON.stringify(name)}`);
      return this.form(request, response, 403, "Name or password are wrong.");
    }
    this.wrong.delete(inDirectory(name));
    response.setHeader("set-cookie", this.sessions.begin(name));
    return redirect(response, safePath(fields.get("page") ?? "/"));
  }

  of(request) {
    const name = this.sessions.nameOf(request.headers.cookie);
    return name === undefined ? { kind: "nobody", isRefused: false } : { kind: "person", name, cookies: [] };
  }

  challenge(request, response) {
    redirect(response, `/sign-in?page=${encodeURIComponent(safePath(request.url))}`);
  }

  signOut(response) {
    response.setHeader("set-cookie", this.sessions.end());
    redirect(response, "/sign-in");
  }

  form(request, response, status, problem) {
    const page = new URL(request.url, this.origin).searchParams.get("page") ?? "/";
    sendPage(response, status, signInPage(safePath(page), problem));
  }

  mustWait(name) {
    const { count = 0, last = 0 } = this.wrong.get(inDirectory(name)) ?? {};
    return count >= WRONG && Date.now() - last < WAIT;
  }

  noteWrong(name) {
    const { count = 0, last = 0 } = this.wrong.get(inDirectory(name)) ?? {};
    if (this.wrong.size > REMEMBERED) this.wrong.clear();
    this.wrong.set(inDirectory(name), { count: Date.now() - last < WAIT ? count + 1 : 1, last: Date.now() });
  }
}

/** Names that are one for a directory, which ignores case and spaces (RFC 4518): they wait together. */
function inDirectory(name) {
  return name.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();
}

/** A page of this host: neither another host (`//`, and `/\` for some browsers) nor a page of the sign-in. */
function safePath(url) {
  const own = /^\/(?![/\\])[^\s\\]*$/.test(url);
  return own && pathOf(url) !== "/sign-in" ? url : "/";
}

module.exports = { identityOf, safePath };
