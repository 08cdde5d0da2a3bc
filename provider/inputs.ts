/** Rules for inputs that resources of this package have in common. */
import { isMap, reveal, Secret, Unknown } from "../provider-protocol";
import type { CheckFailure, PropertyMap, PropertyValue, ReadRequest } from "../provider-protocol";
import { KubeconfigError, parseKubeconfig } from "./kubernetes-api/kubeconfig";
import { API_ROUTES } from "./kubernetes-api/api-route";

/** What is wrong with a value; null means that it is not given. */
export type Rule = (value: PropertyValue) => string | undefined;

/** What a resource takes: a rule for each input by its path. */
export interface InputRules {
  /** The resource, as an error calls it. */
  readonly resource: string;
  /** Names of all inputs. */
  readonly known: readonly string[];
  readonly rules: Readonly<Record<string, Rule>>;
}

/** Inputs whose values no message may show. */
const SECRETS: readonly string[] = ["kubeconfig", "salt"];

/** Characters of a salt below which trying all of them pays. */
const SHORTEST_SALT = 16;

/** Everything that is wrong with the inputs. What is not known yet is not looked at. */
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
    // The engine prints the value of the property that a failure names, a secret one too.
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

/** Keys the digests that state holds in place of contents. */
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

/** The inputs as state has them: the kubeconfig is secret even if the program forgot to say so. */
export function sealed(inputs: PropertyMap): PropertyMap {
  const { kubeconfig } = inputs;
  const open = kubeconfig === undefined || kubeconfig === null || kubeconfig instanceof Secret;
  return open ? inputs : { ...inputs, kubeconfig: new Secret(kubeconfig) };
}

/**
 * For a resource that only the program makes: the engine imports by reading without inputs.
 * @param reason why nothing is imported, where that is not plain. @default none
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
