/** Environment variables of a container: single ones, and all keys of a ConfigMap or Secret. */
import { EnvValue, type IConfigMap, type ISecret, type k8s } from "cdk8s-plus-27";
import { assertNever } from "../errors/assert-never";
import { NamedValue, parseText } from "../values";

/** An environment variable that comes from a Secret. */
export interface SecretKey {
  readonly secret: ISecret;
  readonly key: string;
}

/** Environment variables of a container by name; a secret is read from its Secret, never given as text. */
export type Environment = Readonly<Record<string, string | SecretKey | EnvValue>>;

/**
 * An object whose keys all become variables. The container does not start while the object is missing; changing the
 * object affects only pods that start later.
 */
export type EnvSource = {
  /** Prefix of each key: `DB_`. @default nothing */
  readonly prefix?: string;
} & (
  | { readonly kind: "configMap"; readonly configMap: IConfigMap }
  | { readonly kind: "secret"; readonly secret: ISecret }
);

/**
 * Environment fields of a container.
 * @throws Error if a variable contains a secret: anyone who may read pods could read it
 */
export function environmentVariables(container: string, env: Environment): k8s.EnvVar[] {
  return Object.entries(env).map(([key, given]) => {
    // The library has types for neither.
    const { value, valueFrom } = environmentValue(container, key, given) as Omit<k8s.EnvVar, "name">;
    return {
      name: key,
      ...(value === undefined ? {} : { value }),
      ...(valueFrom === undefined ? {} : { valueFrom }),
    };
  });
}

/** In the format of a container. */
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
