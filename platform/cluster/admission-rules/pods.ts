/** Rules for pods: limits of every container, and sources of every image. */
import { celText, celTexts, type CelRule, type CelVariable } from "../../../kit";

const INIT_CONTAINERS = "(has(object.spec.initContainers) ? object.spec.initContainers : [])";
const CONTAINERS = `object.spec.containers + ${INIT_CONTAINERS}`;

/** Limits of the whole pod (Kubernetes 1.34) are limits of each of its containers. */
const LIMITED_AS_A_WHOLE =
  "has(object.spec.resources) && has(object.spec.resources.limits) && 'cpu' in object.spec.resources.limits && 'memory' in object.spec.resources.limits";

/** Ephemeral containers have no limits of their own: the pod's hold them, if all its containers have some. */
export const UNLIMITED: CelVariable = {
  name: "unlimited",
  expression:
    `${LIMITED_AS_A_WHOLE} ? [] : (${CONTAINERS}).filter(container, !has(container.resources) || !has(container.resources.limits) || ` +
    "!('cpu' in container.resources.limits) || !('memory' in container.resources.limits)).map(container, container.name)",
};

export function limitRules(environment: string): readonly CelRule[] {
  const text = `a container of ${environment} has limits of cpu and memory, under resources.limits`;
  return [
    {
      expression: "variables.unlimited.size() == 0",
      message: text,
      messageExpression: `${celText(`${text}; without: `)} + variables.unlimited.join(', ')`,
    },
  ];
}

/** Images of all kinds of containers, and of volumes. */
const IMAGES: CelVariable = {
  name: "images",
  expression:
    `(${CONTAINERS}).map(container, container.image) + ` +
    "(has(object.spec.ephemeralContainers) ? object.spec.ephemeralContainers.map(container, container.image) : []) + " +
    "(has(object.spec.volumes) ? object.spec.volumes.filter(volume, has(volume.image) && has(volume.image.reference)).map(volume, volume.image.reference) : [])",
};

/** With registry, as a container runtime completes them: `mongo:4.4` is `docker.io/library/mongo:4.4`. */
const COMPLETE_IMAGES: CelVariable = {
  name: "completeImages",
  expression:
    "variables.images.map(image, !image.contains('/') ? 'docker.io/library/' + image : " +
    "image.split('/')[0].contains('.') || image.split('/')[0].contains(':') || image.split('/')[0] == 'localhost' ? image : 'docker.io/' + image)",
};

/** @param sources registries, parts of them and repositories */
export function imageVariables(sources: readonly string[]): readonly CelVariable[] {
  const beginnings = celTexts(sources.flatMap(beginningsOf));
  return [
    IMAGES,
    COMPLETE_IMAGES,
    {
      name: "foreignImages",
      expression: `variables.completeImages.filter(image, !${beginnings}.exists(beginning, (image + ':').startsWith(beginning)))`,
    },
  ];
}

/** A registry alone ends with a slash: a colon after it would begin its port. */
function beginningsOf(source: string): readonly string[] {
  return source.includes("/") ? [`${source}/`, `${source}:`, `${source}@`] : [`${source}/`];
}

/** @param setting where the sources are configured */
export function imageRules(environment: string, setting: string): readonly CelRule[] {
  const fix = `write its registry or repository under ${setting}`;
  return [
    {
      expression: "variables.foreignImages.size() == 0",
      message: `an image comes from no source of ${environment}; ${fix}`,
      messageExpression: `'image ' + variables.foreignImages.join(', ') + ${celText(` comes from no source of ${environment}; ${fix}`)}`,
    },
  ];
}
