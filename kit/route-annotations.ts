/** Settings of a route as annotations that ingress-nginx and Traefik read alike. */
import { nginxSize } from "../environment/request-limits";
import { assertNever } from "../errors/assert-never";
import { checkWhole } from "./numbers";
import type { RouteAuth, RouteBody, RouteCertificate, WebRouteProps } from "./route";

const PREFIX = "nginx.ingress.kubernetes.io/";

/** @throws Error for a URL, header or number that the two controllers would not take alike */
export function routeAnnotations(props: WebRouteProps): Record<string, string> {
  const { name, auth, stripPath, body, certificate, affinity } = props;
  const own: Readonly<Record<string, string>> = {
    ...authentication(name, auth),
    ...(stripPath === true ? { "use-regex": "true", "rewrite-target": "/$2" } : {}),
    ...(body === undefined ? {} : bodyLimit(body)),
    ...timeLimits(props),
    ...(affinity === undefined ? {} : cookie(name, affinity)),
  };
  return {
    ...Object.fromEntries(Object.entries(own).map(([key, value]) => [`${PREFIX}${key}`, value])),
    ...(certificate?.kind === "issuer" ? issuerAnnotation(certificate) : {}),
  };
}

function authentication(name: string, auth: RouteAuth): Readonly<Record<string, string>> {
  switch (auth.kind) {
    case "public":
      return {};
    case "forward": {
      const { url, signIn, responseHeaders = [] } = auth;
      checkUrl(name, "url", url);
      if (signIn !== undefined) checkUrl(name, "signIn", signIn);
      for (const header of responseHeaders) checkHeader(name, header);
      return {
        "auth-url": url,
        ...(signIn === undefined ? {} : { "auth-signin": signIn }),
        ...(responseHeaders.length === 0 ? {} : { "auth-response-headers": responseHeaders.join(",") }),
      };
    }
    default:
      return assertNever(auth);
  }
}

/** No variables: they are nginx's own, and Traefik would send them as they are. */
const PLAIN_URL = /^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?(\/[A-Za-z0-9._~%+@:,=/?&-]*)?$/;

function checkUrl(name: string, key: string, url: string): void {
  if (PLAIN_URL.test(url)) return;
  throw new Error(
    `${name}: auth.${key} "${url}" is not a URL without variables; write http:// or https://, a host and a path`,
  );
}

function checkHeader(name: string, header: string): void {
  if (/^[A-Za-z0-9-]+$/.test(header)) return;
  throw new Error(
    `${name}: auth.responseHeaders has "${header}"; write names of headers, such as X-Forwarded-User`,
  );
}

function bodyLimit(body: RouteBody): Readonly<Record<string, string>> {
  switch (body.kind) {
    case "limited":
      // Traefik counts a body only while it takes it as a whole.
      return { "proxy-body-size": nginxSize(body.size), "proxy-request-buffering": "on" };
    case "streamed":
      // A body that was passed on cannot be sent again to another pod.
      return { "proxy-body-size": "0", "proxy-request-buffering": "off", "proxy-next-upstream": "off" };
    default:
      return assertNever(body);
  }
}

/** The maximum that nginx accepts. */
const LONGEST_CONNECT = 75;

function timeLimits({ name, timeouts = {}, websocketIdle }: WebRouteProps): Readonly<Record<string, string>> {
  const { connect } = timeouts;
  if (connect !== undefined) checkWhole(name, "timeouts.connect", connect, 1, LONGEST_CONNECT);
  const idle = websocketIdle ?? 0;
  if (websocketIdle !== undefined) checkWhole(name, "websocketIdle", websocketIdle, 1);
  const raised = (key: "read" | "send"): Readonly<Record<string, string>> => {
    const given = timeouts[key];
    if (given !== undefined) checkWhole(name, `timeouts.${key}`, given, 1);
    const seconds = Math.max(given ?? 0, idle);
    return seconds === 0 ? {} : { [`proxy-${key}-timeout`]: String(seconds) };
  };
  return {
    ...(connect === undefined ? {} : { "proxy-connect-timeout": String(connect) }),
    ...raised("read"),
    ...raised("send"),
  };
}

function cookie(
  name: string,
  affinity: NonNullable<WebRouteProps["affinity"]>,
): Readonly<Record<string, string>> {
  checkWhole(name, "affinity.seconds", affinity.seconds, 1);
  if (!/^[A-Za-z0-9_-]+$/.test(affinity.cookie)) {
    throw new Error(
      `${name}: affinity.cookie "${affinity.cookie}" is not a name of letters, digits, _ and -`,
    );
  }
  return {
    affinity: "cookie",
    "session-cookie-name": affinity.cookie,
    "session-cookie-max-age": String(affinity.seconds),
    "session-cookie-secure": "true",
    "session-cookie-samesite": "Lax",
  };
}

function issuerAnnotation({
  issuer,
}: RouteCertificate & { readonly kind: "issuer" }): Readonly<Record<string, string>> {
  return {
    [issuer.kind === "ClusterIssuer" ? "cert-manager.io/cluster-issuer" : "cert-manager.io/issuer"]:
      issuer.name,
  };
}
