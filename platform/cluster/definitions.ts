/**
 * Definitions of custom resources that a component's own programs write or check, each of a schema that keeps every
 * field. The complete schemas are up to half a megabyte for a component, which would be in Pulumi's state. `kubectl
 * explain` does not know their fields, and a wrong field that a person writes is not refused.
 */
import { k8s } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { metadataOf, type Identity } from "../../kit";

export interface OpenDefinition {
  readonly plural: string;
  readonly namespaced?: true;
  /** Whether its status is written apart from the rest. */
  readonly status?: true;
  /** @default v1 */
  readonly version?: string;
}

export interface OpenDefinitionsProps {
  readonly group: string;
  /** By kind. */
  readonly kinds: Readonly<Record<string, OpenDefinition>>;
  /** Names a definition. */
  readonly identityOf: (name: string) => Identity;
}

export class OpenDefinitions extends Construct {
  constructor(scope: Construct, id: string, { group, kinds, identityOf }: OpenDefinitionsProps) {
    super(scope, id);
    for (const [kind, definition] of Object.entries(kinds)) {
      const { plural, namespaced = false, status = false, version = "v1" } = definition;
      new k8s.KubeCustomResourceDefinition(this, kind, {
        metadata: metadataOf(identityOf(`${plural}.${group}`)),
        spec: {
          group,
          names: { kind, listKind: `${kind}List`, plural, singular: kind.toLowerCase() },
          scope: namespaced ? "Namespaced" : "Cluster",
          versions: [
            {
              name: version,
              served: true,
              storage: true,
              schema: { openApiv3Schema: { type: "object", xKubernetesPreserveUnknownFields: true } },
              ...(status ? { subresources: { status: {} } } : {}),
            },
          ],
        },
      });
    }
  }
}
