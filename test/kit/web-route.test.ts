/** Routes through the ingress controller, as both controllers read them. */
import { Service } from "cdk8s-plus-27";
import fc from "fast-check";
import { WebRoute, type WebRouteProps } from "../../kit";
import type { Manifest } from "../apps/manifests";
import { objectsOf } from "./rendering";

type Settings = Partial<Omit<WebRouteProps, "paths">> & { readonly path?: string; readonly port?: number };

const GUARD = { kind: "forward", url: "http://auth.lab.svc.cluster.local/auth" } as const;
const OPEN = { kind: "public", reason: "a test's" } as const;

function route({ path = "/hub", port = 80, ...settings }: Settings = {}): Manifest {
  const made = objectsOf((chart) => {
    const service = new Service(chart, "Service", {
      metadata: { name: "hub" },
      ports: [{ port: 80 }, { name: "api", port: 81 }],
    });
    const target = { path, service, port };
    return new WebRoute(chart, "Route", {
      name: "hub",
      partOf: "hub",
      component: "ingress",
      environment: "lab",
      namespace: "lab",
      className: "nginx",
      host: "lab.example.org",
      paths: [target],
      auth: OPEN,
      ...settings,
    } as WebRouteProps);
  }).find(({ kind }) => kind === "Ingress");
  if (made === undefined) throw new Error("no Ingress is made");
  return made;
}

const annotations = (settings: Settings): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(route(settings).metadata.annotations ?? {}).map(([key, value]) => [
      key.replace("nginx.ingress.kubernetes.io/", ""),
      value,
    ]),
  );

test("a public route is an Ingress without annotations, with the controller's certificate", () => {
  const { metadata, spec } = route();
  expect(metadata).not.toHaveProperty("annotations");
  expect(spec).toEqual({
    ingressClassName: "nginx",
    tls: [{ hosts: ["lab.example.org"] }],
    rules: [
      {
        host: "lab.example.org",
        http: {
          paths: [
            { path: "/hub", pathType: "Prefix", backend: { service: { name: "hub", port: { number: 80 } } } },
          ],
        },
      },
    ],
  });
});

test("another port of the Service, where it is named", () => {
  expect(JSON.stringify(route({ port: 81 }).spec)).toContain('"number":81');
});

test.each<[string, Settings, Readonly<Record<string, string>>]>([
  ["a guard", { auth: GUARD }, { "auth-url": GUARD.url }],
  [
    "a guard with its page and headers",
    { auth: { ...GUARD, signIn: "https://lab.example.org/login", responseHeaders: ["X-User", "X-Groups"] } },
    {
      "auth-url": GUARD.url,
      "auth-signin": "https://lab.example.org/login",
      "auth-response-headers": "X-User,X-Groups",
    },
  ],
  [
    "a limited body, which Traefik counts only if it takes it as a whole",
    { body: { kind: "limited", size: "50Gi" } },
    { "proxy-body-size": "50g", "proxy-request-buffering": "on" },
  ],
  [
    "a streamed body, which is sent once",
    { body: { kind: "streamed" } },
    { "proxy-body-size": "0", "proxy-request-buffering": "off", "proxy-next-upstream": "off" },
  ],
  [
    "time-outs",
    { timeouts: { connect: 5, read: 300, send: 120 } },
    { "proxy-connect-timeout": "5", "proxy-read-timeout": "300", "proxy-send-timeout": "120" },
  ],
  [
    "a websocket's silence, which raises lower time-outs only",
    { websocketIdle: 600, timeouts: { read: 60, send: 900 } },
    { "proxy-read-timeout": "600", "proxy-send-timeout": "900" },
  ],
  [
    "affinity by a cookie",
    { affinity: { cookie: "hub-pod", seconds: 3600 } },
    {
      affinity: "cookie",
      "session-cookie-name": "hub-pod",
      "session-cookie-max-age": "3600",
      "session-cookie-secure": "true",
      "session-cookie-samesite": "Lax",
    },
  ],
  [
    "an issuer of the cluster",
    {
      certificate: {
        kind: "issuer",
        issuer: { kind: "ClusterIssuer", name: "letsencrypt" },
        secret: "hub-tls",
      },
    },
    { "cert-manager.io/cluster-issuer": "letsencrypt" },
  ],
  [
    "an issuer of the namespace",
    { certificate: { kind: "issuer", issuer: { kind: "Issuer", name: "own" }, secret: "hub-tls" } },
    { "cert-manager.io/issuer": "own" },
  ],
])("%s", (_, settings, expected) => {
  expect(annotations(settings)).toEqual(expected);
});

test("a certificate of the route's own", () => {
  for (const certificate of [
    { kind: "secret", name: "hub-tls" },
    { kind: "issuer", issuer: { kind: "Issuer", name: "own" }, secret: "hub-tls" },
  ] as const)
    expect(route({ certificate }).spec).toMatchObject({
      tls: [{ hosts: ["lab.example.org"], secretName: "hub-tls" }],
    });
});

test("a stripped path is a pattern, which both controllers match in a path of no declared type", () => {
  const made = route({ auth: GUARD, stripPath: true });
  expect(made.spec).toMatchObject({
    rules: [{ http: { paths: [{ path: "/hub(/|$)(.*)", pathType: "ImplementationSpecific" }] } }],
  });
  expect(annotations({ auth: GUARD, stripPath: true })).toEqual({
    "auth-url": GUARD.url,
    "use-regex": "true",
    "rewrite-target": "/$2",
  });
});

test.each<[string, Settings, string]>([
  [
    "a path with a trailing slash",
    { path: "/hub/" },
    'hub: path "/hub/" is not one that both controllers take; write /, or words of letters, digits and . _ - after slashes, such as /hub/admin',
  ],
  [
    "a path without anything to strip",
    { path: "/", auth: GUARD, stripPath: true },
    'hub: "stripPath" leaves "/" as it is; leave it out',
  ],
  [
    "a sign-in page with nginx's variables",
    { auth: { ...GUARD, signIn: "https://lab.example.org/login?rd=$escaped_request_uri" } },
    'hub: auth.signIn "https://lab.example.org/login?rd=$escaped_request_uri" is not a URL without variables; write http:// or https://, a host and a path',
  ],
  [
    "an authentication URL that is none",
    { auth: { ...GUARD, url: "auth/" } },
    'hub: auth.url "auth/" is not a URL without variables; write http:// or https://, a host and a path',
  ],
  [
    "a header with a line break",
    { auth: { ...GUARD, responseHeaders: ["X-User\n"] } },
    'hub: auth.responseHeaders has "X-User\n"; write names of headers, such as X-Forwarded-User',
  ],
  [
    "a time to connect that nginx does not take",
    { timeouts: { connect: 90 } },
    'hub: "timeouts.connect" is 90; write a whole number from 1 to 75',
  ],
  ["no idle time", { websocketIdle: 0 }, 'hub: "websocketIdle" is 0; write a whole number, 1 or more'],
  [
    "a cookie's name with a space",
    { affinity: { cookie: "a b", seconds: 60 } },
    'hub: affinity.cookie "a b" is not a name of letters, digits, _ and -',
  ],
])("%s is refused", (_, settings, message) => {
  expect(() => route(settings)).toThrow(message);
});

test("no path that is taken is a pattern or Exact, whatever its words", () => {
  const word = fc.stringMatching(/^[A-Za-z0-9._-]{1,12}$/);
  fc.assert(
    fc.property(fc.array(word, { maxLength: 4 }), (words) => {
      const path = `/${words.join("/")}`;
      expect(route({ path, auth: GUARD }).spec).toMatchObject({
        rules: [{ http: { paths: [{ path, pathType: "Prefix" }] } }],
      });
    }),
    { numRuns: 30 },
  );
});
