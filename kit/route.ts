/** What an application means by the pages of a host: paths, who may open them, limits, certificate. */
import type { Service } from "cdk8s-plus-27";
import type { NonEmpty } from "../environment/non-empty";
import type { BodySize } from "../environment/request-limits";
import type { Identity } from "./names";

/** Requests to a path and everything below it, and the Service that answers them. */
export interface RoutePath {
  /** With a leading slash, without a trailing one: `/`, `/api`. */
  readonly path: string;
  readonly service: Service;
  /** One of the Service's ports. @default the only one; a Service with several needs one */
  readonly port?: number;
}

/** Everybody who reaches the host may open the pages; the application may ask for a sign-in itself. */
export interface PublicRoute {
  readonly kind: "public";
  /** Why no sign-in is asked for here, for reviewers. */
  readonly reason: string;
}

/**
 * Those may open the pages whom a service lets in: it gets the headers and cookies of each request as a GET, and answers
 * 200, or 401 or 403. If it does not answer, nobody gets in.
 */
export interface GuardedRoute {
  readonly kind: "forward";
  /** Of the service, as the controller calls it: `http://auth.datalab.svc.cluster.local/auth`. */
  readonly url: string;
  /** Page to which a browser is sent after a 401; the controller adds the wanted page as `rd`. @default the 401 */
  readonly signIn?: string;
  /** Headers of the answer that the application gets, in place of a client's own ones. @default none */
  readonly responseHeaders?: readonly string[];
}

/** Who may open the pages. */
export type RouteAuth = PublicRoute | GuardedRoute;

/**
 * Who may open the pages, and whether the Service gets paths without the route's own: `/hub/login` as `/login`. Both
 * controllers prefer the pattern of a stripped path to a longer plain one below it, so a public stripped route could
 * open a guarded one: only guarded ones may be stripped.
 */
type RouteAccess =
  | { readonly auth: PublicRoute; readonly stripPath?: never }
  | {
      readonly auth: GuardedRoute;
      /** @default false */
      readonly stripPath?: boolean;
    };

/** The certificate of the host. */
export type RouteCertificate =
  /** The controller's own, for the lab's domain. */
  | { readonly kind: "default" }
  /** A Secret of type kubernetes.io/tls in the same namespace. */
  | { readonly kind: "secret"; readonly name: string }
  /** From cert-manager, which must run in the cluster: it orders the certificate and renews the Secret. */
  | {
      readonly kind: "issuer";
      readonly issuer: { readonly kind: "ClusterIssuer" | "Issuer"; readonly name: string };
      /** Name of the Secret that cert-manager makes. */
      readonly secret: string;
    };

/** What clients may send in one request. */
export type RouteBody =
  /** At most this much; the controller takes the whole body before the application gets it, and refuses more by 413. */
  | { readonly kind: "limited"; readonly size: BodySize }
  /** Any amount, passed on as it arrives: for uploads that would fill the controller's disk. */
  | { readonly kind: "streamed" };

/** In seconds; one that is absent is the controller's own setting. */
export interface RouteTimeouts {
  /** To connect to a pod, at most 75. */
  readonly connect?: number;
  /** Between two reads from the application. */
  readonly read?: number;
  /** Between two writes to the application. */
  readonly send?: number;
}

/** Pages of one host, and who may open them. */
export type WebRouteProps = RouteSettings & RouteAccess;

/** All settings of a route but its access. */
export interface RouteSettings extends Identity {
  readonly namespace: string;
  /** IngressClass of the cluster's controller. */
  readonly className: string;
  readonly host: string;
  /** The longest path that matches a request answers it, of all routes of the host. */
  readonly paths: NonEmpty<RoutePath>;
  /** @default the controller's own */
  readonly certificate?: RouteCertificate;
  /** @default the controller's own limit */
  readonly body?: RouteBody;
  /** @default the controller's own */
  readonly timeouts?: RouteTimeouts;
  /** Seconds for which a websocket may be silent; a lower read or send time-out is raised to it. @default the time-outs */
  readonly websocketIdle?: number;
  /** Sends a client to the pod that answered it first, by a cookie. @default any pod */
  readonly affinity?: { readonly cookie: string; readonly seconds: number };
}
