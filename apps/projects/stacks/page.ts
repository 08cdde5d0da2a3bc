/** The route of a page of a project: open to everybody, or behind the project's sign-in. */
import type { Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { assertNever } from "../../../errors/assert-never";
import { WebRoute, type Identity } from "../../../kit";
import type { StackAccess } from "./access";
import type { StackRoute } from "./plan";

/** Kernels' websockets are silent while a cell computes. */
const SILENT_SECONDS = 3600;
/** A working day: a browser keeps its pod for that long. */
const SESSION_SECONDS = 28_800;
/** The page's port of the Service. */
export const PAGE_PORT = 80;

export interface StackPageProps extends Identity {
  readonly namespace: string;
  readonly className: string;
  readonly service: Service;
  readonly route: StackRoute;
  readonly access: StackAccess;
  /** Cookie by which a browser stays with the pod that answered it first. @default none */
  readonly sessionCookie?: string;
}

export class StackPage extends Construct {
  constructor(scope: Construct, id: string, { route, access, sessionCookie, ...props }: StackPageProps) {
    super(scope, id);
    const { host, path, stripPath } = route;
    const { service, ...identity } = props;
    const common = {
      ...identity,
      host,
      paths: [{ path, service, port: PAGE_PORT }] as const,
      // Data sets are larger than what the controller should keep.
      body: { kind: "streamed" } as const,
      websocketIdle: SILENT_SECONDS,
      ...(sessionCookie === undefined
        ? {}
        : { affinity: { cookie: sessionCookie, seconds: SESSION_SECONDS } }),
    };
    switch (access.kind) {
      case "public":
        new WebRoute(this, "Route", { ...common, auth: { kind: "public", reason: access.reason } });
        return;
      case "signedIn": {
        const { url, signIn } = access;
        new WebRoute(this, "Route", {
          ...common,
          auth: { kind: "forward", url, ...(signIn === undefined ? {} : { signIn }) },
          stripPath,
        });
        return;
      }
      default:
        assertNever(access);
    }
  }
}
