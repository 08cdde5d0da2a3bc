/** The gateway's pages: the own pod, and the sign-in. */
"use strict";

/** Seconds after which a page of a pod that starts or stops is read again. */
const REFRESH = 3;

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem; color: #222; background: #fff }
h1 { font-size: 1.4rem } .detail { font-family: monospace; font-size: .85rem; color: #555; overflow-wrap: anywhere }
form { display: inline } button, a.open { font: inherit; padding: .4rem 1rem; border: 1px solid #246; border-radius: 4px; background: #246; color: #fff; text-decoration: none; cursor: pointer }
button.other { background: #fff; color: #246 } label { display: block; margin: .6rem 0 } input { font: inherit; width: 100%; box-sizing: border-box }
footer { margin-top: 3rem; font-size: .9rem; color: #555 }`;

function document(title, content) {
  return `<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escape(title)}</title><style>${STYLE}</style></head>
<body><main><h1>${escape(title)}</h1>
${content}
</main></body></html>
`;
}

/**
 * @param pod state as of `podState`, `path` of the pod, `name` of the person, and `left`: milliseconds until an idle pod is
 * stopped, undefined if it never is
 */
function podPage({ state, path, name, left }) {
  const content = `${podContent(state, path, left)}
<footer>Signed in as ${escape(name)}. <form method="post" action="/sign-out"><button class="other">Sign out</button></form></footer>`;
  return document("Your pod", content);
}

/** Headers by which a page of a pod that changes is read again. */
function refreshOf({ kind }) {
  return kind === "starting" || kind === "stopping" ? { refresh: String(REFRESH) } : {};
}

function podContent(state, path, left) {
  switch (state.kind) {
    case "stopped":
      return `<p>It is stopped. Your files are kept.</p>${button("start", "Start")}`;
    case "stopping":
      return "<p>It is being stopped. It can be started again when that is done.</p>";
    case "starting":
      return `<p>It is started, and not ready yet. ${escape(state.waits)}</p>${detail(state)}${button("stop", "Stop", "other")}`;
    case "ready":
      return `<p>It runs. ${idleText(left)}</p><p><a class="open" href="${path}/">Open</a> ${button("stop", "Stop", "other")}</p>`;
    default:
      throw new Error(`the state ${state.kind} has no page`);
  }
}

function detail({ detail: text }) {
  return text === undefined ? "" : `<p class="detail">${escape(text)}</p>`;
}

function idleText(left) {
  if (left === undefined) return "It is not stopped when it is idle.";
  return `If you do not use it, it is stopped in ${escape(duration(left))}.`;
}

/** `1 h 59 min`, `12 min`, `less than a minute`. */
function duration(milliseconds) {
  const minutes = Math.floor(milliseconds / 60_000);
  if (minutes < 1) return "less than a minute";
  const hours = Math.floor(minutes / 60);
  if (hours === 0) return `${String(minutes)} min`;
  return minutes % 60 === 0 ? `${String(hours)} h` : `${String(hours)} h ${String(minutes % 60)} min`;
}

function button(action, text, style = "main") {
  return `<form method="post" action="/${action}"><button class="${style}">${text}</button></form>`;
}

function signInPage(page, problem) {
  const text = problem === undefined ? "" : `<p><strong>${escape(problem)}</strong></p>`;
  return document(
    "Sign in",
    `${text}<form method="post" action="/sign-in"><input type="hidden" name="page" value="${escape(page)}">
<label>Name<input name="name" autocomplete="username" autofocus required></label>
<label>Password<input name="password" type="password" autocomplete="current-password" required></label>
<button>Sign in</button></form>`,
  );
}

/** A page with one message. */
function messagePage(title, text) {
  return document(title, `<p>${escape(text)}</p>`);
}

const ENTITIES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

function escape(text) {
  return String(text).replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

module.exports = { duration, messagePage, podPage, refreshOf, signInPage };
