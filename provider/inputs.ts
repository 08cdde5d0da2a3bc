/** Common rules for inputs of this package's resources. */
import { isMap, reveal, Secret, Unknown } from "../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue, ReadRequest } from "../provider-protocol";
import { KubeconfigError, parseKubeconfig } from "./kubernetes-api/kubeconfig";
import { API_ROUTES } from "./kubernetes-api/api-route";

/** The problem of a value; null means that it is not given. */
export type Rule = (value: PropertyValue) => string | undefined;

/** Inputs of a resource: a rule for each input by its path. */
export interface InputRules {
  /** Name of the resource in errors. */
  readonly resource: string;
  /** Names of all inputs. */
  readonly known: readonly string[];
  readonly rules: Readonly<Record<string, Rule>>;
}

/** Inputs whose values are secret in messages. */
const SECRETS: readonly string[] = ["kubeconfig", "salt"];

/** Minimum characters of a salt that resist trying all values. */
const SHORTEST_SALT = 16;

/** All problems of the inputs. Unknown values are not checked. */
export function failuresOf(
  { resource, known, rules }: InputRules,
  inputs: PropertyMap,
): readonly CheckFailure[] {
  const plain = reveal(inputs);
  const unknown = Object.keys(plain)
    .filter((name) => !known.includes(name) && !name.startsWith("__"))
    .map((name) => ({
      property: name,
      reason: `${resource} has no such input; it has ${known.join(", ")}`,
    }));
  const wrong = Object.entries(rules).flatMap(([property, rule]) => {
    const value = property
      .split(".")
      .reduce<PropertyValue>((at, key) => (isMap(at) ? (at[key] ?? null) : null), plain);
    const reason = value instanceof Unknown ? undefined : rule(value);
    if (reason === undefined) return [];
    // The engine prints the value of the property that a failure names, even a secret one.
    return [
      SECRETS.includes(property) ? { property: "", reason: `${property} ${reason}` } : { property, reason },
    ];
  });
  return [...unknown, ...wrong];
}

export const kubeconfigRule: Rule = (value) => {
  if (typeof value !== "string" || value === "") return "is missing; give the contents of a kubeconfig";
  try {
    parseKubeconfig(value);
    return undefined;
  } catch (error) {
    if (error instanceof KubeconfigError) return error.message;
    throw error;
  }
};

export const requiredText: Rule = (value) =>
  typeof value === "string" && value !== "" ? undefined : "is missing; give a text";

export const optionalText: Rule = (value) =>
  value === null || typeof value === "string" ? undefined : "is a text";

/** Key of the digests that the state has instead of contents. */
export const saltRule: Rule = (value) =>
  typeof value === "string" && value.length >= SHORTEST_SALT
    ? undefined
    : `is a secret of at least ${SHORTEST_SALT} characters, the same for a whole stack and for ever, such as the result of a random.RandomPassword`;

/** Seconds above 0, or not given. */
export const optionalSeconds: Rule = (value) => (value === null ? undefined : requiredSeconds(value));

export const requiredSeconds: Rule = (value) =>
  typeof value === "number" && value > 0 ? undefined : "is a number of seconds above 0";

/** One of some words, or not given. */
export function oneOf(words: readonly string[]): Rule {
  return (value) =>
    value === null || words.some((word) => word === value) ? undefined : `is one of ${words.join(", ")}`;
}

export const apiRouteRule: Rule = oneOf(API_ROUTES);

/** The inputs as stored in the state: the kubeconfig is secret even if the program does not mark it. */
export function sealed(inputs: PropertyMap): PropertyMap {
  const { kubeconfig } = inputs;
  const open = kubeconfig === undefined || kubeconfig === null || kubeconfig instanceof Secret;
  return open ? inputs : { ...inputs, kubeconfig: new Secret(kubeconfig) };
}

/**
 * For a resource that only the program creates: the engine imports by reading without inputs.
 * @param reason why nothing is imported, if not obvious. @default none
 * @throws Error on an import
 */
export function refuseImport(resource: string, { inputs }: Pick<ReadRequest, "inputs">, reason = ""): void {
  if (Object.keys(inputs).length === 0)
    throw new Error(
      `${resource} cannot be imported: let \`up\` make it${reason === "" ? "" : `; ${reason}`}`,
    );
}

/** The text, or an empty one. */
export function text(value: PropertyValue | undefined): string {
  return typeof value === "string" ? value : "";
}
