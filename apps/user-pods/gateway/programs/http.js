/** Requests and answers of the gateway's own pages. */
"use strict";

const { Buffer } = require("node:buffer");
const { URLSearchParams } = require("node:url");

const LONGEST_FORM = 8192;

/** Nothing but the page itself, its style and its forms; in no frame of another page. */
const PAGE_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "referrer-policy": "same-origin",
  "x-content-type-options": "nosniff",
};

function pathOf(url) {
  return url.split(/[?#]/, 1)[0];
}

/** Whether a form of the gateway's own page sends it: browsers write Origin for each POST (Fetch standard). */
function isOwnPage(request, origin) {
  return request.headers.origin === origin;
}

/** Whether another page of the web sends it. Programs that are no browsers write no Origin. */
function isForeign(request, origin) {
  const given = request.headers.origin;
  return given !== undefined && given !== origin;
}

/** Whether a person wants a page, and not a program an answer. */
function isForPage(request) {
  return request.method === "GET" && /text\/html/.test(request.headers.accept ?? "");
}

/**
 * The whole answer to a request of the gateway's own.
 * @param request a `ClientRequest` with a time limit
 * @throws Error with `silent` if nothing comes in that time
 */
function answerTo(request, silent) {
  return new Promise((resolve, reject) => {
    request.once("response", (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (part) => (text += part));
      response.once("error", reject);
      response.once("end", () => resolve({ status: response.statusCode, headers: response.headers, text }));
    });
    request.once("timeout", () => request.destroy(new Error(silent)));
    request.once("error", reject);
  });
}

async function readForm(request) {
  const parts = [];
  let size = 0;
  for await (const part of request) {
    size += part.length;
    if (size > LONGEST_FORM) throw new Error("the form is too long");
    parts.push(part);
  }
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}

function sendPage(response, status, html, headers = {}) {
  response.writeHead(status, { ...PAGE_HEADERS, ...headers });
  response.end(html);
}

function sendText(response, status, text) {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" });
  response.end(`${text}\n`);
}

/** By GET, whatever the request's method was. */
function redirect(response, location) {
  response.writeHead(303, { location, "cache-control": "no-store" });
  response.end();
}

module.exports = {
  answerTo,
  isForeign,
  isForPage,
  isOwnPage,
  pathOf,
  readForm,
  redirect,
  sendPage,
  sendText,
};
