/** One configuration file of a service: a ConfigMap with a single key. */
import { ConfigMap, type IConfigMap } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { NamedValue, parseText } from "../values";
import { metadataOf, type Identity } from "./names";

/** One file for containers to read. */
export interface ConfigFileProps extends Identity {
  readonly namespace: string;
  /** @default config */
  readonly key?: string;
  readonly content: string;
}

/** A ConfigMap with one file, which containers mount by `mounts: [{kind: "config", …}]`. */
export class ConfigFile extends Construct {
  /** Refers to the ConfigMap by its name. */
  readonly configMap: IConfigMap;
  readonly name: string;
  readonly key: string;
  readonly content: string;

  /** @throws Error if the content contains a secret: anyone who may read ConfigMaps could read it. */
  constructor(scope: Construct, id: string, props: ConfigFileProps) {
    super(scope, id);
    if (parseText(props.content).some((part) => part instanceof NamedValue && part.sensitive)) {
      throw new Error(`ConfigMap ${props.namespace}/${props.name} would hold a secret; put it into a Secret`);
    }
    this.name = props.name;
    this.key = props.key ?? "config";
    this.content = props.content;
    new ConfigMap(this, "ConfigMap", {
      metadata: metadataOf(props, props.namespace),
      immutable: false,
      data: { [this.key]: props.content },
    });
    this.configMap = ConfigMap.fromConfigMapName(this, "Reference", props.name);
  }
}

/** JSON for a ConfigMap: indented, with a newline at its end, for people who read it there. */
export function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
