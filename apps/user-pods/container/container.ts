/** A container of one user's pod. */
import { assertNever } from "../../../errors/assert-never";
import {
  image,
  type ContainerSpec,
  type ContainerUser,
  type Environment,
  type Mount,
  type Probes,
  type SecurityException,
} from "../../../kit";
import { mebibytes } from "../../../environment/schema/quantities";
import type { PodUserPlan, UserContainerPlan } from "../plan";

/** How its processes become those of the user. */
interface Start {
  readonly user: ContainerUser;
  readonly security?: SecurityException;
  readonly env: Environment;
}

export function userContainer(container: UserContainerPlan, user: PodUserPlan): ContainerSpec {
  const { name, args, port, env, mounts, scratch, resources } = container;
  const start = startOf(container, user);
  return {
    name,
    image: image(container.image.repository, container.image.tag),
    ...(args === undefined ? {} : { args }),
    ...(port === undefined ? {} : { ports: { main: port } }),
    env: { ...env, ...start.env },
    mounts: [
      ...Object.entries(mounts).map(([volume, { path, readOnly }]): Mount => ({
        kind: "volume",
        volume,
        path,
        readOnly,
      })),
      ...Object.entries(scratch).map(([path, size]): Mount => ({
        kind: "scratch",
        path,
        sizeMiB: mebibytes(size),
      })),
    ],
    resources,
    user: start.user,
    ...(start.security === undefined ? {} : { security: start.security }),
    probes: probesOf(port),
  };
}

function startOf({ runsAs }: UserContainerPlan, { uid, gid }: PodUserPlan): Start {
  switch (runsAs.kind) {
    case "user":
      return { user: { uid, gid }, env: {} };
    case "puid":
      return {
        user: { uid: 0, gid: 0 },
        security: {
          reason: runsAs.reason,
          allow: ["rootUser", "writableRootFilesystem"],
          // To give its files to the user, and to become the user.
          capabilities: ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"],
        },
        env: { PUID: String(uid), PGID: String(gid) },
      };
    default:
      return assertNever(runsAs);
  }
}

/** By its own port only: what a container needs of another one of the pod never restarts it. */
function probesOf(port: number | undefined): Probes {
  if (port === undefined)
    return { kind: "none", reason: "it listens on no port, and the kubelet sees it end" };
  const listens = { kind: "tcp", port } as const;
  return {
    kind: "both",
    readiness: { ...listens, delay: 0, period: 2 },
    liveness: { ...listens, delay: 0, failures: 6 },
    // Java and file servers take minutes for their first start.
    startup: { ...listens, delay: 0, period: 2, failures: 150 },
  };
}
