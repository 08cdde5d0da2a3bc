/** Where an object may contain later values. */
import { checkValues, findValues, maskText, MARKER_OPEN, NamedValue, type TextPart } from "../values";
import { isJsonObject, type Manifest } from "./manifest";
import type { ObjectOptions } from "./object-options";

/** A violated rule; `field` is the path inside the object. */
export interface Violation {
  readonly field: string;
  readonly message: string;
}

/** The fields of a Secret that hold its contents. */
export const SECRET_FIELDS = ["data", "stringData"] as const;

/** Whether the object is a core Secret. */
export function isSecret({ apiVersion, kind }: Pick<Manifest, "apiVersion" | "kind">): boolean {
  return apiVersion === "v1" && kind === "Secret";
}

/** All rules that an object violates. */
export function violations(manifest: Manifest, options: ObjectOptions): readonly Violation[] {
  const identity = identityViolations(manifest);
  const texts = checkValues(manifest).map(({ path, message }) => ({
    field: path,
    message:
      isSecret(manifest) && path.startsWith("data")
        ? `${message}, or put the value into stringData`
        : message,
  }));
  if (identity.length + texts.length > 0) return [...identity, ...texts];
  return isSecret(manifest) ? dataViolations(manifest) : exposures(manifest, options);
}

function identityViolations({ apiVersion, kind, metadata }: Manifest): readonly Violation[] {
  const fields = {
    apiVersion,
    kind,
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace ?? "",
  };
  return Object.entries(fields)
    .filter(([, value]) => value.includes(MARKER_OPEN))
    .map(([field, value]) => ({
      field,
      message: `holds ${maskText(value)}; what identifies an object must be known at once`,
    }));
}

/** Kubernetes decodes the values of `data`: a later value there must be encoded as a whole. */
function dataViolations(manifest: Manifest): readonly Violation[] {
  const data = manifest["data"];
  if (!isJsonObject(data)) return [];
  return findValues({ data })
    .filter(({ parts }) => parts.length !== 1 || !endsWith(parts[0], "base64"))
    .map(({ path }) => ({
      field: path,
      message:
        "holds a later value that is not base64; put it into stringData, which Kubernetes encodes itself",
    }));
}

/** A secret must be in a Secret. Its hash may be elsewhere, so that pods restart when it changes. */
function exposures(manifest: Manifest, { exposesSecrets }: ObjectOptions): readonly Violation[] {
  if (exposesSecrets !== undefined) return [];
  return findValues(manifest)
    .filter(({ parts }) =>
      parts.some((part) => part instanceof NamedValue && part.sensitive && !endsWith(part, "hash")),
    )
    .map(({ path, parts }) => ({
      field: path,
      message: `a ${manifest.kind} would hold ${maskText(parts.join(""))}; keep it in a Secret and refer to that, or give a reason in deployOptions(…, { exposesSecrets })`,
    }));
}

function endsWith(part: TextPart | undefined, encoder: "base64" | "hash"): boolean {
  return part instanceof NamedValue && part.encoders[part.encoders.length - 1]?.kind === encoder;
}
