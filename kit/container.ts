/** A container of the lab: all relevant fields are set, none uses a default of the library. */
import type { k8s } from "cdk8s-plus-27";
import type { PinnedImage } from "../environment/parts/images";
import { isFixedTag } from "../environment/schema/images";
import type { Devices } from "./devices";
import { environmentSource, environmentVariables, type Environment, type EnvSource } from "./env";
import { containerLifecycle, type Hooks } from "./lifecycle";
import type { Mount, Mounter, Volumes } from "./mounts";
import { containerPorts, type ContainerPorts } from "./ports";
import { containerProbes, type Probes } from "./probes";
import { containerResources, type Resources } from "./resources";
import { securityContext, type ContainerUser, type SecurityException } from "./security";
import type { Spelling } from "./spelling";

/** A repository with a tag: `nerc/datalab-api:0.34.0`. */
export type Image = `${string}:${string}`;

/** Properties of every container of a pod. */
interface CommonSpec {
  /** Unique in its pod. */
  readonly name: string;
  readonly image: Image;
  /** Replaces the image's own program. @default the image's */
  readonly command?: readonly string[];
  /** @default the image's, or none if there is a command */
  readonly args?: readonly string[];
  /** Working folder of the program. @default the image's */
  readonly workingDirectory?: string;
  /** @default none */
  readonly env?: Environment;
  /**
   * Objects whose keys all become variables; later ones override earlier ones, and `env` overrides all.
   * @default none
   */
  readonly envFrom?: readonly EnvSource[];
  /** @default nothing beside the image */
  readonly mounts?: readonly Mount[];
  readonly resources: Resources;
  /** Devices that the container gets exclusively. A part claims them too, see `deviceClaims`. @default none */
  readonly devices?: Devices;
  readonly user: ContainerUser;
  /** Exceptions that the image requires. @default nothing: "restricted", with a read-only root file system */
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

/**
 * A container that ends by itself: of a job, or one that runs before the pod's others start. It accepts no connections,
 * and probes do not apply to it.
 */
export interface TaskContainerSpec extends CommonSpec {
  readonly ports?: never;
  readonly probes?: never;
  readonly lifecycle?: never;
}

/**
 * The image with a fixed tag.
 * @throws Error on an image without a fixed tag: a restart could start another program.
 */
export function image(repository: string, tag: string): Image {
  if (!isFixedTag(tag))
    throw new Error(`${repository}: ${JSON.stringify(tag)} is no fixed tag; name one version, such as 1.2.3`);
  return `${repository}:${tag}`;
}

/** An image of a part. @param tag replaces the pinned one */
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
  spec: ContainerSpec | TaskContainerSpec,
  place: ContainerPlace,
): k8s.Container {
  const { volumes, hostNetwork, spelling } = place;
  const ports = containerPorts(spec.name, spec.ports ?? {}, hostNetwork);
  const env = environmentVariables(spec.name, spec.env ?? {});
  const mounter: Mounter = { name: spec.name, root: startsAsRoot(spec) };
  const volumeMounts = (spec.mounts ?? []).map((mount) => volumes.mount(mounter, mount));
  return {
    name: spec.name,
    image: spec.image,
    imagePullPolicy: "IfNotPresent",
    ...(spec.command === undefined ? {} : { command: [...spec.command] }),
    ...(spec.args === undefined ? {} : { args: [...spec.args] }),
    ...(spec.workingDirectory === undefined ? {} : { workingDir: spec.workingDirectory }),
    ...(ports.length === 0 ? {} : { ports }),
    ...(spec.envFrom === undefined ? {} : { envFrom: spec.envFrom.map(environmentSource) }),
    ...(env.length === 0 ? {} : { env }),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
    resources: containerResources(spec, spelling),
    securityContext: securityContext(spec.name, spec.user, spec.security, spelling),
    ...(spec.probes === undefined ? {} : containerProbes(spec.probes, spelling)),
    ...(spec.lifecycle === undefined ? {} : { lifecycle: containerLifecycle(spec.lifecycle) }),
  };
}

function startsAsRoot({ user, security }: CommonSpec): boolean {
  return user === "image" ? security?.allow.includes("rootUser") === true : user.uid === 0;
}
