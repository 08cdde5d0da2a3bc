/**
 * Pages of one host behind the ingress controller: what an application means, rendered as an Ingress that ingress-nginx
 * and Traefik (its provider for ingress-nginx's annotations) treat alike.
 *
 * What one of the two treats differently cannot be written: an Exact path (Traefik sends a short one to the open `/`
 * beside it), a canary (it would apply to other Ingresses of the namespace), a snippet (the Ingress would be dropped).
 */
import { HttpIngressPathType, Ingress, IngressBackend, Secret, type ISecret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { assertNever } from "../errors/assert-never";
import { metadataOf } from "./names";
import type { RouteCertificate, WebRouteProps } from "./route";
import { routeAnnotations } from "./route-annotations";

/**
 * Pages of one host.
 * @throws Error for a path, URL, header or number that the two controllers would not take alike
 * @example
 * import { App, Chart } from "cdk8s";
 * import { Service } from "cdk8s-plus-27";
 * import { Naming, WebRoute } from "labstead/kit";
 *
 * const chart = new Chart(new App(), "notebook");
 * const service = new Service(chart, "Service", { ports: [{ port: 8888 }] });
 * new WebRoute(chart, "Notebook", {
 *   ...new Naming("notebook", "prod").identity("notebook", "web"),
 *   namespace: "soil", className: "nginx", host: "lab.example.org",
 *   paths: [{ path: "/notebook", service }],
 *   auth: { kind: "forward", url: "http://auth.lab.svc.cluster.local/auth", signIn: "https://lab.example.org/login" },
 *   body: { kind: "streamed" },
 * });
 */
export class WebRoute extends Construct {
  constructor(scope: Construct, id: string, props: WebRouteProps) {
    super(scope, id);
    const { name, namespace, className, host, paths, certificate = { kind: "default" } } = props;
    const stripped = props.stripPath === true;
    for (const { path } of paths) checkPath(name, path, stripped);
    const annotations = routeAnnotations(props);
    new Ingress(this, "Ingress", {
      metadata: {
        ...metadataOf(props, namespace),
        ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      },
      className,
      tls: [{ hosts: [host], ...this.secret(certificate) }],
      rules: paths.map(({ path, service, port }) => ({
        host,
        ...matching(path, stripped),
        backend: IngressBackend.fromService(service, port === undefined ? {} : { port }),
      })),
    });
  }

  /** Without a Secret's name the controller uses its default certificate. */
  private secret(certificate: RouteCertificate): { readonly secret?: ISecret } {
    switch (certificate.kind) {
      case "default":
        return {};
      case "secret":
        return { secret: Secret.fromSecretName(this, "Certificate", certificate.name) };
      case "issuer":
        return { secret: Secret.fromSecretName(this, "Certificate", certificate.secret) };
      default:
        return assertNever(certificate);
    }
  }
}

/** Both controllers match a regular expression by the path's own pattern, in a path of no declared type. */
function matching(
  path: string,
  stripped: boolean,
): { readonly path: string; readonly pathType: HttpIngressPathType } {
  return stripped
    ? { path: `${path}(/|$)(.*)`, pathType: HttpIngressPathType.IMPLEMENTATION_SPECIFIC }
    : { path, pathType: HttpIngressPathType.PREFIX };
}

const PLAIN_PATH = /^\/([A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*)?$/;

function checkPath(name: string, path: string, stripped: boolean): void {
  if (!PLAIN_PATH.test(path)) {
    throw new Error(
      `${name}: path "${path}" is not one that both controllers take; write /, or words of letters, digits and . _ - after slashes, such as /hub/admin`,
    );
  }
  if (stripped && path === "/") throw new Error(`${name}: "stripPath" leaves "/" as it is; leave it out`);
}
