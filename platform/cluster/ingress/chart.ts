/** The IngressClass of a cluster and the certificate of hosts without their own. */
import { ApiObject, Chart, type App } from "cdk8s";
import { k8s, Secret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { INGRESS_CLASS } from "../../../environment/ingress-controller";
import { defaultCertificateValues, INGRESS_CERTIFICATE } from "../../../environment/secrets";
import { assertNever } from "../../../errors/assert-never";
import { Naming } from "../../../kit";

/** Where the default certificate comes from. */
export type DefaultCertificate =
  /** Made by the program, or given to it. */
  | { readonly kind: "program" }
  /** Ordered and renewed by cert-manager, which must run in the cluster. */
  | {
      readonly kind: "issuer";
      readonly issuer: { readonly kind: "ClusterIssuer" | "Issuer"; readonly name: string };
      readonly hosts: readonly string[];
    };

export interface IngressChartProps {
  readonly environment: string;
  /** @default the program's */
  readonly certificate?: DefaultCertificate;
}

/** The IngressClass of a cluster, and the certificate of hosts without their own. */
export class IngressChart extends Chart {
  constructor(
    scope: Construct,
    id: string,
    { environment, certificate = { kind: "program" } }: IngressChartProps,
  ) {
    super(scope, id);
    // The controllers' name when there was one: labels of running objects stay.
    const names = new Naming("ingress-nginx", environment);
    new k8s.KubeIngressClass(this, "IngressClass", {
      metadata: names.metadata(INGRESS_CLASS.name, "controller"),
      spec: { controller: INGRESS_CLASS.controller },
    });
    const { name, namespace } = INGRESS_CERTIFICATE;
    const metadata = names.metadata(name, "certificate", namespace);
    switch (certificate.kind) {
      case "program": {
        const values = defaultCertificateValues;
        new Secret(this, "Certificate", {
          metadata,
          type: "kubernetes.io/tls",
          immutable: false,
          stringData: { "tls.crt": values.certificate.toString(), "tls.key": values.key.toString() },
        });
        return;
      }
      case "issuer":
        new ApiObject(this, "OrderedCertificate", {
          apiVersion: "cert-manager.io/v1",
          kind: "Certificate",
          metadata,
          spec: { secretName: name, dnsNames: [...certificate.hosts], issuerRef: { ...certificate.issuer } },
        });
        return;
      default:
        assertNever(certificate);
    }
  }
}

export function ingressCharts(scope: App, plan: IngressChartProps): void {
  new IngressChart(scope, "ingress", plan);
}
