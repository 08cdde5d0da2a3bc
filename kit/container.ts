/** A container as the lab writes it: everything that matters is said, nothing is left to a default of the library. */
import { EnvValue, type ISecret, type k8s } from "cdk8s-plus-27";
import type { PinnedImage } from "../environment/parts/images";
import { isFixedTag } from "../environment/schema/images";
import { NamedValue, parseText } from "../values";
import { containerLifecycle, type Hooks } from "./lifecycle";
import type { Mount, Mounter, Volumes } from "./mounts";
import { containerPorts, type ContainerPorts } from "./ports";
import { containerProbes, type Probes } from "./probes";
import { containerResources, type Resources } from "./resources";
import { securityContext, type ContainerUser, type SecurityException } from "./security";
import type { Spelling } from "./spelling";

/** A repository with a tag: `nerc/datalab-api:0.34.0`. */
export type Image = `${string}:${string}`;

/** An environment variable that comes from a Secret. */
export interface SecretKey {
  readonly secret: ISecret;
  readonly key: string;
}

/** Environment variables of a container by name; a secret comes from its Secret, never as a text. */
export type Environment = Readonly<Record<string, string | SecretKey | EnvValue>>;

/** What every container of a pod has. */
interface CommonSpec {
  /** Unique in its pod. */
  readonly name: string;
  readonly image: Image;
  /** In place of the image's own program. @default the image's */
  readonly command?: readonly string[];
  /** @default the image's, or none where there is a command */
  readonly args?: readonly string[];
  /** @default none */
  readonly env?: Environment;
  /** @default nothing beside the image */
  readonly mounts?: readonly Mount[];
  readonly resources: Resources;
  readonly user: ContainerUser;
  /** What the image cannot do without. @default nothing: "restricted", with a read-only root file system */
  readonly security?: SecurityException;
}

/** A container that runs as long as its pod. */
export interface ContainerSpec extends CommonSpec {
  /** Ports by name (at most 15 letters): `{ http: 8000 }`. @default none */
  readonly ports?: ContainerPorts;
  readonly probes: Probes;
  /** @default none */
  readonly lifecycle?: Hooks;
}

/** A container that ends before the pod's own ones start. Nobody dials it, and nobody asks how it is. */
export interface InitContainerSpec extends CommonSpec {
  readonly ports?: never;
  readonly probes?: never;
  readonly lifecycle?: never;
}

/**
 * The image at a fixed tag.
 * @throws Error on an image without a fixed tag: a restart could bring another program.
 */
export function image(repository: string, tag: string): Image {
  if (!isFixedTag(tag))
    throw new Error(`${repository}: ${JSON.stringify(tag)} is no fixed tag; name one version, such as 1.2.3`);
  return `${repository}:${tag}`;
}

/** An image of a part. @param tag in place of the pinned one */
export function pinnedImage({ repository, tag: pinned }: PinnedImage, tag = pinned): Image {
  return image(repository, tag);
}

/** The pod around a container. */
export interface ContainerPlace {
  readonly volumes: Volumes;
  readonly hostNetwork: boolean;
  readonly spelling: Spelling;
}

export function renderContainer(
  spec: ContainerSpec | InitContainerSpec,
  place: ContainerPlace,
): k8s.Container {
  const { volumes, hostNetwork, spelling } = place;
  const ports = containerPorts(spec.name, spec.ports ?? {}, hostNetwork);
  const env = environment(spec);
  const mounter: Mounter = { name: spec.name, root: startsAsRoot(spec) };
  const volumeMounts = (spec.mounts ?? []).map((mount) => volumes.mount(mounter, mount));
  return {
    name: spec.name,
    image: spec.image,
    imagePullPolicy: "IfNotPresent",
    ...(spec.command === undefined ? {} : { command: [...spec.command] }),
    ...(spec.args === undefined ? {} : { args: [...spec.args] }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(env.length === 0 ? {} : { env }),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
    resources: containerResources(spec.name, spec.resources, spelling),
    securityContext: securityContext(spec.name, spec.user, spec.security, spelling),
    ...(spec.probes === undefined ? {} : containerProbes(spec.probes, spelling)),
    ...(spec.lifecycle === undefined ? {} : { lifecycle: containerLifecycle(spec.lifecycle) }),
  };
}

function startsAsRoot({ user, security }: CommonSpec): boolean {
  return user === "image" ? security?.allow.includes("rootUser") === true : user.uid === 0;
}

function environment({ name, env = {} }: CommonSpec): k8s.EnvVar[] {
  return Object.entries(env).map(([key, given]) => {
    // The library types neither.
    const { value, valueFrom } = environmentValue(name, key, given) as Omit<k8s.EnvVar, "name">;
    return {
      name: key,
      ...(value === undefined ? {} : { value }),
      ...(valueFrom === undefined ? {} : { valueFrom }),
    };
  });
}

function environmentValue(container: string, key: string, value: Environment[string]): EnvValue {
  if (value instanceof EnvValue) return value;
  if (typeof value !== "string") return EnvValue.fromSecretValue(value);
  if (parseText(value).some((part) => part instanceof NamedValue && part.sensitive)) {
    throw new Error(`${container}: ${key} would hold a secret; put it into a Secret and refer to its key`);
  }
  return EnvValue.fromValue(value);
}
