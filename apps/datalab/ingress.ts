/** The host names of the DataLabs services. Certificates are the controller's default one. */
import type { Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { WebRoute, type PublicRoute, type RoutePath } from "../../kit";
import type { NonEmpty } from "../../environment/non-empty";
import { identityOf } from "./identity";
import type { DatalabProps } from "./props";

export interface DatalabIngressProps {
  readonly props: DatalabProps;
  readonly app: Service;
  readonly api: Service;
  readonly docs: Service;
}

/** The API checks each request's token, and the web client has no data of its own. */
const SIGNS_IN: PublicRoute = {
  kind: "public",
  reason: "the web client signs people in, and the API checks tokens",
};
const PUBLIC_PAGES: PublicRoute = { kind: "public", reason: "pages for everybody" };

export class DatalabIngress extends Construct {
  constructor(scope: Construct, id: string, { props, app, api, docs }: DatalabIngressProps) {
    super(scope, id);
    const { hosts } = props;
    const route = (name: string, host: string, auth: PublicRoute, paths: NonEmpty<RoutePath>): void => {
      const { namespace, cluster } = props;
      const { className } = cluster.ingress;
      new WebRoute(this, name, {
        ...identityOf(props, name, "ingress"),
        namespace,
        className,
        host,
        auth,
        paths,
      });
    };
    route("datalab-ingress", hosts.lab, SIGNS_IN, [
      { path: "/", service: app },
      { path: "/api", service: api },
    ]);
    route("datalab-docs-ingress", hosts.docs, PUBLIC_PAGES, [{ path: "/", service: docs }]);
    // The web client serves the catalogue's pages.
    route("catalogue-ingress", hosts.catalogue, SIGNS_IN, [{ path: "/", service: app }]);
  }
}
