/** Errors of the API server, with its messages. */
import type { Kind } from "./kinds";

/** The API server's reasons that something is decided on. */
export type Reason = "NotFound" | "AlreadyExists" | "Invalid" | "Forbidden" | "BadRequest" | "NoMatch";

export class ApiError extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** One field that is wrong, e.g. `spec.ports[0].nodePort: Invalid value: 80: …`. */
export type FieldError = string;

export function notFound(kind: Kind, name: string): ApiError {
  return new ApiError("NotFound", `${resourceOf(kind)} "${name}" not found`);
}

export function alreadyExists(kind: Kind, name: string): ApiError {
  return new ApiError("AlreadyExists", `${resourceOf(kind)} "${name}" already exists`);
}

/** Names every field at once, as the API server does. */
export function invalid(kind: Kind, name: string, errors: readonly FieldError[]): ApiError {
  const what = kind.group === "" ? kind.kind : `${kind.kind}.${kind.group}`;
  const [first = ""] = errors;
  return new ApiError(
    "Invalid",
    `${what} "${name}" is invalid: ${errors.length === 1 ? first : `[${errors.join(", ")}]`}`,
  );
}

export function noMatch(apiVersion: string, kind: string): ApiError {
  return new ApiError("NoMatch", `no matches for kind "${kind}" in version "${apiVersion}"`);
}

/** The resource in the plural, with its group: `deployments.apps`. */
export function resourceOf({ kind, group }: Kind): string {
  return `${plural(kind.toLowerCase())}${group === "" ? "" : `.${group}`}`;
}

function plural(word: string): string {
  if (word === "endpoints") return word;
  if (/(s|x|ch)$/.test(word)) return `${word}es`;
  return /[^aeiou]y$/.test(word) ? `${word.slice(0, -1)}ies` : `${word}s`;
}
