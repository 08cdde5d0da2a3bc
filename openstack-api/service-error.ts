/** A service's refusal. */
import { isMap } from "../provider-protocol";
import type { PlainMap, PlainValue } from "../provider-protocol";

/** An answer of 400 or more; the message contains the service's. */
export class ServiceError extends Error {
  constructor(
    /** `compute`, `network`, … */
    readonly service: string,
    readonly status: number,
    /** The service's message. */
    readonly reason: string,
    request: string,
  ) {
    super(`${service} answers ${status} to ${request}: ${reason}`);
    this.name = "ServiceError";
  }
}

/** Whether an error is a service's answer with one of these status codes. */
export function isStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof ServiceError && statuses.includes(error.status);
}

/** What the promise gives; undefined if the service does not know the thing. */
export async function orGone<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (isStatus(error, 404)) return undefined;
    throw error;
  }
}

/** The sentence in an error's body; each service wraps it differently. */
export function saidIn(body: string): string {
  const json = parsed(body);
  if (json === undefined) return withoutMarkup(body);
  const { faultstring } = json;
  if (typeof faultstring === "string") return faultstring;
  const [first] = Object.values(json);
  if (isMap(first) && typeof first["message"] === "string") return first["message"];
  if (isMap(first) && typeof first["title"] === "string") return first["title"];
  return typeof first === "string" ? first : body;
}

function parsed(body: string): PlainMap | undefined {
  try {
    const value = JSON.parse(body) as PlainValue;
    return isMap(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Glance and Swift answer in HTML. */
function withoutMarkup(body: string): string {
  return body
    .replaceAll(/<(title|head)>[\s\S]*?<\/\1>|<[^>]*>/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
}
