/** Environment variables of a container: single ones, and all keys of a ConfigMap or Secret. */
import { EnvValue, type IConfigMap, type ISecret, type k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import { NamedValue, parseText } from "../values";

/** An environment variable that comes from a Secret. */
export interface SecretKey {
  readonly secret: ISecret;
  readonly key: string;
}

/** Environment variables of a container by name; a secret comes from its Secret, never as a text. */
export type Environment = Readonly<Record<string, string | SecretKey | EnvValue>>;

/**
 * An object each key of which becomes a variable. The container does not start while the object is missing, and a change
 * of it reaches only pods that start later.
 */
export type EnvSource = {
  /** Put before each key: `DB_`. @default nothing */
  readonly prefix?: string;
} & (
  | { readonly kind: "configMap"; readonly configMap: IConfigMap }
  | { readonly kind: "secret"; readonly secret: ISecret }
);

/**
 * As a container carries them.
 * @throws Error where a variable holds a secret: anyone who may read pods could read it
 */
export function environmentVariables(container: string, env: Environment): k8s.EnvVar[] {
  return Object.entries(env).map(([key, given]) => {
    // The library types neither.
    const { value, valueFrom } = environmentValue(container, key, given) as Omit<k8s.EnvVar, "name">;
    return {
      name: key,
      ...(value === undefined ? {} : { value }),
      ...(valueFrom === undefined ? {} : { valueFrom }),
    };
  });
}

/** As a container carries it. */
export function environmentSource(source: EnvSource): k8s.EnvFromSource {
  const prefix = source.prefix === undefined ? {} : { prefix: source.prefix };
  switch (source.kind) {
    case "configMap":
      return { ...prefix, configMapRef: { name: source.configMap.name } };
    case "secret":
      return { ...prefix, secretRef: { name: source.secret.name } };
    default:
      return assertNever(source);
  }
}

function environmentValue(container: string, key: string, value: Environment[string]): EnvValue {
  if (value instanceof EnvValue) return value;
  if (typeof value !== "string") return EnvValue.fromSecretValue(value);
  if (parseText(value).some((part) => part instanceof NamedValue && part.sensitive)) {
    throw new Error(`${container}: ${key} would hold a secret; put it into a Secret and refer to its key`);
  }
  return EnvValue.fromValue(value);
}
