/** A container as the lab writes it: everything that matters is said, nothing is left to a default of the library. */
import {
  EnvValue,
  ImagePullPolicy,
  Protocol,
  type ContainerProps,
  type ISecret,
  type VolumeMount,
} from "cdk8s-plus-27";
import { NamedValue, parseText } from "../values";
import type { Mount, Volumes } from "./mounts";
import { toProbe, type Probes } from "./probes";
import { containerResources, type Resources } from "./resources";
import { securityContext, type SecurityException, type User } from "./security";

/** A repository with a tag: `nerc/datalab-api:0.34.0`. */
export type Image = `${string}:${string}`;

/** An environment variable that comes from a Secret. */
export interface SecretKey {
  readonly secret: ISecret;
  readonly key: string;
}

export type Environment = Readonly<Record<string, string | SecretKey | EnvValue>>;

export interface ContainerSpec {
  readonly name: string;
  readonly image: Image;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  /** Ports by name (at most 15 letters): `{ http: 8000 }`. */
  readonly ports?: Readonly<Record<string, number>>;
  readonly env?: Environment;
  readonly mounts?: readonly Mount[];
  readonly resources: Resources;
  readonly user: User;
  readonly probes: Probes;
  /** A command to run before the container is asked to stop. @default none */
  readonly preStop?: readonly string[];
  readonly security?: SecurityException;
}

/** @throws Error on an image without a fixed tag: a restart could bring another program. */
export function image(repository: string, tag: string): Image {
  if (!/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/.test(tag) || tag === "latest") {
    throw new Error(`${repository}: ${JSON.stringify(tag)} is no fixed tag; name one version, such as 1.2.3`);
  }
  return `${repository}:${tag}`;
}

export function containerProps(spec: ContainerSpec, volumes: Volumes): ContainerProps {
  return {
    name: spec.name,
    image: spec.image,
    imagePullPolicy: ImagePullPolicy.IF_NOT_PRESENT,
    ...(spec.command === undefined ? {} : { command: [...spec.command] }),
    ...(spec.args === undefined ? {} : { args: [...spec.args] }),
    ports: Object.entries(spec.ports ?? {}).map(([name, number]) => ({
      name,
      number,
      protocol: Protocol.TCP,
    })),
    envVariables: environment(spec),
    volumeMounts: (spec.mounts ?? []).map((mount): VolumeMount => volumes.mount(spec.name, mount)),
    resources: containerResources(spec.name, spec.resources),
    securityContext: securityContext(spec.user, spec.security),
    ...probeProps(spec.probes),
  };
}

function probeProps(probes: Probes): Pick<ContainerProps, "readiness" | "liveness"> {
  if (probes.kind === "none") return {};
  return { readiness: toProbe(probes.readiness), liveness: toProbe(probes.liveness) };
}

function environment({ name, env = {} }: ContainerSpec): Record<string, EnvValue> {
  const entries = Object.entries(env).map(([key, value]): [string, EnvValue] => {
    if (value instanceof EnvValue) return [key, value];
    if (typeof value !== "string") return [key, EnvValue.fromSecretValue(value)];
    if (parseText(value).some((part) => part instanceof NamedValue && part.sensitive)) {
      throw new Error(`${name}: ${key} would hold a secret; put it into a Secret and refer to its key`);
    }
    return [key, EnvValue.fromValue(value)];
  });
  return Object.fromEntries(entries);
}
