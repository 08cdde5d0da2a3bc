/** Passes requests and WebSockets on to a pod, without the cookies by which its user is signed in. */
"use strict";

const http = require("node:http");
const { webSocketUse } = require("./activity.js");
const { sendText } = require("./http.js");
const { cookies } = require("./sessions.js");

/** Of one connection (RFC 9110, 7.6.1); a pod gets none of them. */
const HOP_BY_HOP = new Set([
  "connection",
  "expect",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/**
 * @param to `target` (`http://uid1.tux.svc:80`) and `path` there, `passes` for the names of cookies that it may see,
 * `prefix` that was taken from the path, `used` when the user does something, `unavailable` if there is no answer
 */
function forward(request, response, to) {
  const upstream = http.request({
    ...addressOf(to),
    method: request.method,
    headers: { ...forwardedHeaders(request, to), ...framing(request) },
  });
  upstream.once("response", (answer) => {
    response.writeHead(answer.statusCode, answer.statusMessage, answeredHeaders(answer, response, to));
    // An open stream of events is no use of a pod: a tab that nobody looks at has one.
    if (!/^text\/event-stream/.test(answer.headers["content-type"] ?? ""))
      answer.on("data", () => to.used?.());
    answer.once("error", () => response.destroy());
    answer.pipe(response);
  });
  upstream.once("error", (error) => {
    if (response.headersSent) response.destroy();
    else if (to.unavailable === undefined) sendText(response, 502, "The sign-in does not answer.");
    else to.unavailable(error);
  });
  response.once("close", () => upstream.destroy());
  request.on("data", () => to.used?.());
  request.pipe(upstream);
}

/** A WebSocket, of which only frames that its browser sends count as use. */
function forwardUpgrade(request, socket, head, to) {
  const headers = {
    ...forwardedHeaders(request, to),
    connection: "Upgrade",
    upgrade: request.headers.upgrade,
  };
  const upstream = http.request({ ...addressOf(to), method: "GET", headers });
  const close = () => {
    upstream.destroy();
    socket.destroy();
  };
  socket.on("error", close);
  socket.once("close", close);
  upstream.once("error", close);
  upstream.once("response", (answer) => {
    socket.end(`HTTP/1.1 ${String(answer.statusCode)} ${answer.statusMessage}\r\nConnection: close\r\n\r\n`);
    answer.resume();
  });
  upstream.once("upgrade", (answer, pod, podHead) => {
    pod.on("error", close);
    pod.once("close", close);
    socket.write(`HTTP/1.1 101 Switching Protocols\r\n${upgradeLines(answer)}\r\n`);
    if (podHead.length > 0) socket.write(podHead);
    const count = webSocketUse(to.used);
    if (head.length > 0) {
      count(head);
      pod.write(head);
    }
    socket.on("data", count);
    socket.pipe(pod);
    pod.pipe(socket);
  });
  upstream.end();
}

/** The path as the browser wrote it. */
function addressOf({ target, path }) {
  const { hostname, port } = new URL(target);
  return { hostname, port, path };
}

/** A body without a length stays one, whatever the method is. */
function framing({ headers }) {
  return headers["transfer-encoding"] === undefined ? {} : { "transfer-encoding": "chunked" };
}

/** All headers of the pod's answer, which has to accept the WebSocket by one of them. */
function upgradeLines({ rawHeaders }) {
  const lines = [];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}\r\n`);
  return lines.join("");
}

function forwardedHeaders(request, { passes, prefix }) {
  const listed = connectionHeaders(request.headers.connection);
  const kept = Object.entries(request.headers).filter(
    ([name]) => !HOP_BY_HOP.has(name) && !listed.has(name) && name !== "cookie",
  );
  const cookie = cookies(request.headers.cookie)
    .filter(({ name }) => passes(name))
    .map(({ text }) => text)
    .join("; ");
  return {
    ...Object.fromEntries(kept),
    ...(cookie === "" ? {} : { cookie }),
    "x-forwarded-proto": "https",
    "x-forwarded-host": request.headers.host,
    ...(prefix === undefined ? {} : { "x-forwarded-prefix": prefix }),
  };
}

/** With the cookies that the sign-in renewed; a pod sets none of those. */
function answeredHeaders(answer, response, { passes }) {
  const listed = connectionHeaders(answer.headers.connection);
  const kept = Object.entries(answer.headers).filter(([name]) => !HOP_BY_HOP.has(name) && !listed.has(name));
  const set = (answer.headers["set-cookie"] ?? []).filter((text) => passes(text.split("=", 1)[0].trim()));
  const own = response.getHeader("set-cookie") ?? [];
  const all = [...(Array.isArray(own) ? own : [own]), ...set];
  return { ...Object.fromEntries(kept), ...(all.length === 0 ? {} : { "set-cookie": all }) };
}

function connectionHeaders(text = "") {
  return new Set(text.split(",").map((name) => name.trim().toLowerCase()));
}

module.exports = { forward, forwardUpgrade };
