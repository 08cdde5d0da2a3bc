/** Secrets that stand in the manifests of workloads and ConfigMaps, by their names and by what keys look like. */
import { fieldOf, identityOf, isJsonObject, listAt, type Manifest } from "../../deploy/manifest";
import { finding, type Finding } from "../../environment/findings";
import { podSpecOf } from "./pods";

/** `DB_PASSWORD`, `api-token`; not `TOKEN_FILE` or `passwordLength`, which say something about a secret. */
const NAME = /(^|[_.-]|[a-z](?=[A-Z]))(password|passwd|token|secret|api_?-?key|private_?-?key)$/i;
const PRIVATE_KEY = /-----BEGIN [A-Z ]*PRIVATE KEY-----/;
/** A path or a reference by a variable is not the secret itself. */
const ELSEWHERE = /^(\/|\$[({]|file:)/;

export function plainSecretFindings(manifest: Manifest): readonly Finding[] {
  const places = manifest.kind === "ConfigMap" ? inData(manifest) : inVariables(manifest);
  return places.map((place) =>
    finding(
      "object.secret",
      identityOf(manifest),
      `has a secret in plain text, ${place}`,
      "put it into a Secret, refer to that, and change the secret",
    ),
  );
}

function inData(manifest: Manifest): readonly string[] {
  const { data } = manifest;
  return Object.entries(isJsonObject(data) ? data : {})
    .filter(([key, value]) => isSecret(key, value))
    .map(([key]) => `data.${key}`);
}

function inVariables(manifest: Manifest): readonly string[] {
  const pod = podSpecOf(manifest);
  const containers = [...listAt(pod, "containers"), ...listAt(pod, "initContainers")];
  return containers.flatMap((container) =>
    listAt(container, "env").flatMap((variable) => {
      const name = String(fieldOf(variable, "name"));
      return isSecret(name, fieldOf(variable, "value"))
        ? [`${name} of its container ${String(fieldOf(container, "name"))}`]
        : [];
    }),
  );
}

function isSecret(name: string, value: unknown): boolean {
  if (typeof value !== "string" || value === "") return false;
  return PRIVATE_KEY.test(value) || (NAME.test(name) && !ELSEWHERE.test(value));
}
