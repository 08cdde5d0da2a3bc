/** The host names of the DataLabs services. Certificates are the controller's default one. */
import { HttpIngressPathType, Ingress, IngressBackend, type Service } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf } from "../../kit";
import { identityOf } from "./identity";
import type { DatalabProps } from "./props";

export interface DatalabIngressProps {
  readonly props: DatalabProps;
  readonly app: Service;
  readonly api: Service;
  readonly docs: Service;
}

export class DatalabIngress extends Construct {
  constructor(scope: Construct, id: string, { props, app, api, docs }: DatalabIngressProps) {
    super(scope, id);
    const { hosts } = props;
    this.ingress(props, "datalab-ingress", { [hosts.lab]: { "/": app, "/api": api } });
    this.ingress(props, "datalab-docs-ingress", { [hosts.docs]: { "/": docs } });
    // The web client serves the catalogue's pages.
    this.ingress(props, "catalogue-ingress", { [hosts.catalogue]: { "/": app } });
  }

  private ingress(
    props: DatalabProps,
    name: string,
    routes: Readonly<Record<string, Readonly<Record<string, Service>>>>,
  ): void {
    new Ingress(this, name, {
      metadata: metadataOf(identityOf(props, name, "ingress"), props.namespace),
      className: props.cluster.ingress.className,
      // Without a Secret's name the controller uses its default certificate.
      tls: [{ hosts: Object.keys(routes) }],
      rules: Object.entries(routes).flatMap(([host, paths]) =>
        Object.entries(paths).map(([path, service]) => ({
          host,
          path,
          pathType: HttpIngressPathType.PREFIX,
          backend: IngressBackend.fromService(service),
        })),
      ),
    });
  }
}
