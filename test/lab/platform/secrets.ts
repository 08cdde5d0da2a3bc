/** Every secret of a stack, and all that can be read in a server's user data, to look for the one in the other. */
import { gunzipSync } from "node:zlib";

interface StateResource {
  readonly type: string;
  readonly urn: string;
  readonly outputs?: Readonly<Record<string, unknown>>;
}

export interface FoundSecret {
  /** Of the resource that made it. */
  readonly name: string;
  /** A part of it that nothing else has. */
  readonly text: string;
}

/** Private keys and generated passwords. @param state in the engine's own form, in plain text */
export function secretsOf(state: unknown): readonly FoundSecret[] {
  return resources(state).flatMap(({ type, urn, outputs = {} }) => {
    const name = urn.split("::").at(-1) ?? "";
    if (type === "random:index/randomPassword:RandomPassword")
      return [{ name, text: plain(outputs["result"]) }];
    if (type !== "tls:index/privateKey:PrivateKey") return [];
    const forms = ["privateKeyPem", "privateKeyOpenssh", "privateKeyPemPkcs8"].map((form) =>
      plain(outputs[form]),
    );
    return forms.filter((form) => form !== "").map((form) => ({ name, text: middleLine(form) }));
  });
}

/** Public host key of each server, by its key. */
export function hostKeys(state: unknown): ReadonlyMap<string, string> {
  const keys = resources(state).flatMap(({ type, urn, outputs = {} }) => {
    const server = /::host\/(.+)$/.exec(urn)?.[1];
    return type !== "tls:index/privateKey:PrivateKey" || server === undefined
      ? []
      : [[server, plain(outputs["publicKeyOpenssh"]).trim()] as const];
  });
  return new Map(keys);
}

function resources(state: unknown): readonly StateResource[] {
  const { deployment } = state as { readonly deployment: { readonly resources: readonly StateResource[] } };
  return deployment.resources;
}

/** A secret stands in an envelope, as JSON. */
function plain(value: unknown): string {
  if (typeof value === "string") return value;
  const { plaintext } = (value ?? {}) as { readonly plaintext?: string };
  return plaintext === undefined ? "" : String(JSON.parse(plaintext));
}

/** The last full line of a PEM holds nothing of the format; the first ones of a kind are alike. */
function middleLine(pem: string): string {
  const lines = pem.trim().split("\n");
  return lines.at(-2) ?? pem;
}

/** A text and whatever stands in it in base64, down to the third layer. */
export function readable(bytes: Buffer): string {
  const layers = [gunzipSync(bytes).toString("utf8")];
  for (let depth = 0; depth < 3; depth++) {
    const last = layers.at(-1) ?? "";
    const inner = last.match(/[A-Za-z0-9+/]{40,}={0,2}/g) ?? [];
    layers.push(inner.map((text) => Buffer.from(text, "base64").toString("utf8")).join("\n"));
  }
  return layers.join("\n");
}
