/** MongoDB with its own volume. */
import type { IPersistentVolumeClaim } from "cdk8s-plus-27";
import { Construct } from "constructs";
import {
  pinnedImage,
  SERVICE_RESOURCES,
  SingleStore,
  VolumeClaim,
  type ContainerSpec,
  type User,
} from "../../kit";
import { ENDPOINTS, identityOf } from "./identity";
import type { DatalabProps } from "./props";
import type { DatalabSecrets } from "./secret-objects";

export const DATABASE_USER = "datalabs";

/** User `mongodb` of the image. */
const MONGODB: User = { uid: 999, gid: 999 };
const CLAIM = "mongodb-data";

export class Database extends Construct {
  readonly store: SingleStore;

  constructor(scope: Construct, id: string, props: DatalabProps, secrets: DatalabSecrets) {
    super(scope, id);
    const { claim } = this.volume(props);
    const { name, service } = ENDPOINTS.mongodb;
    this.store = new SingleStore(this, "Store", {
      ...identityOf(props, name, "database"),
      namespace: props.namespace,
      service,
      fsGroup: MONGODB.gid,
      stopSeconds: 60,
      containers: [container(props, secrets, claim)],
    });
  }

  /** It indexes everything that people create in the lab. */
  private volume(props: DatalabProps): VolumeClaim {
    return new VolumeClaim(this, "Volume", {
      ...identityOf(props, CLAIM, "database"),
      namespace: props.namespace,
      size: props.database.size,
      storageClass: props.database.storageClass,
      spelling: "full",
    });
  }
}

function container(
  props: DatalabProps,
  secrets: DatalabSecrets,
  claim: IPersistentVolumeClaim,
): ContainerSpec {
  const port = ENDPOINTS.mongodb.service.targetPort;
  return {
    name: "mongodb",
    image: pinnedImage(props.images.mongodb),
    // MongoDB's minimum cache; its default would be half of the node's memory.
    args: ["--wiredTigerCacheSizeGB=0.25"],
    ports: { mongo: port },
    env: {
      MONGO_INITDB_ROOT_USERNAME: DATABASE_USER,
      MONGO_INITDB_ROOT_PASSWORD: secrets.databasePassword,
      HOME: "/tmp",
    },
    mounts: [
      // A folder of the volume: its root contains the file system's lost+found.
      { kind: "claim", path: "/data/db", claim, subPath: "mongodb" },
      { kind: "scratch", path: "/data/configdb", sizeMiB: 1 },
      { kind: "scratch", path: "/tmp", sizeMiB: 64 },
    ],
    resources: SERVICE_RESOURCES,
    user: MONGODB,
    probes: {
      kind: "both",
      readiness: { kind: "command", command: ["mongo", "--quiet", "--eval", PING], timeout: 5 },
      // Before it listens for others, it creates the first user or recovers from a crash.
      liveness: { kind: "tcp", port, delay: 60, failures: 6 },
    },
  };
}

/** Works without signing in: `serverStatus` requires a signed-in user. */
const PING = "quit(db.adminCommand('ping').ok === 1 ? 0 : 1)";
