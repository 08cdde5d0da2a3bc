/** The database of a Tango control system, and the server through which everybody reads it. */
import type { ISecret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import type { Size } from "../../environment/plan/types";
import {
  pinnedImage,
  SingleStore,
  VolumeClaim,
  type ContainerSpec,
  type Environment,
  type Resources,
  type User,
} from "../../kit";
import { TANGO_IMAGES } from "./images";
import {
  identityOf,
  podLabels,
  serviceHost,
  TANGO_USER,
  type TangoHost,
  type TangoLabels,
  type TangoPlace,
} from "./place";
import { openPort } from "./probes";
import { untilThere } from "./waits";

/** The volume and the passwords of a Tango database. */
export interface TangoDatabaseProps extends TangoPlace {
  /** Of the database: what devices there are, with their properties. */
  readonly storage: { readonly size: Size; readonly storageClass: string };
  /** With the keys `root-password` and `password`: only the first start writes them into the database. */
  readonly secret: ISecret;
}

const [DATABASE, DATABASEDS] = ["tangodb", "databaseds"];
const DATABASE_PORT = 3306;
/** Port of the database server, by Tango's own documentation. */
export const DATABASEDS_PORT = 10_000;

/** User `mysql` of the image. */
const MYSQL: User = { uid: 999, gid: 999 };
const DATA = "/var/lib/mysql";
const LABELS: TangoLabels = { function: "tango-device-configuration", domain: "tango-configuration" };

/** Those of the SKA's charts, with limits above the requests. */
const DATABASE_RESOURCES: Resources = {
  request: { cpuMillis: 100, memoryMiB: 256 },
  limit: { cpuMillis: 500, memoryMiB: 512 },
};
const DATABASEDS_RESOURCES: Resources = {
  request: { cpuMillis: 100, memoryMiB: 128 },
  limit: { cpuMillis: 300, memoryMiB: 256 },
};

/**
 * MariaDB on a volume that is kept, and DataBaseds in front of it, each with one pod: the database first. Nobody else
 * connects to the database.
 */
export class TangoDatabase extends Construct implements TangoHost {
  readonly tangoHost: string;
  readonly store: SingleStore;
  readonly server: SingleStore;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TangoDatabaseProps,
  ) {
    super(scope, id);
    this.tangoHost = `${serviceHost(DATABASEDS, props)}:${String(DATABASEDS_PORT)}`;
    this.store = this.database(this.volume());
    this.server = this.databaseServer();
    this.server.node.addDependency(this.store);
  }

  private volume(): VolumeClaim {
    const { namespace, storage } = this.props;
    return new VolumeClaim(this, "Volume", {
      ...identityOf(this.props, `${DATABASE}-data`, DATABASE),
      namespace,
      ...storage,
    });
  }

  private database({ claim }: VolumeClaim): SingleStore {
    return new SingleStore(this, "Database", {
      spelling: "lean",
      ...this.workload(DATABASE),
      service: { name: DATABASE, port: DATABASE_PORT, targetPort: DATABASE_PORT },
      fsGroup: MYSQL.gid,
      stopSeconds: 60,
      containers: [
        {
          name: DATABASE,
          image: pinnedImage(TANGO_IMAGES.database),
          // In a folder below: MariaDB takes a data folder with lost+found for one in use.
          args: [`--datadir=${DATA}/data`],
          env: { ...this.login(), MYSQL_ROOT_PASSWORD: this.secret("root-password") },
          ports: { mysql: DATABASE_PORT },
          mounts: [
            { kind: "claim", path: DATA, claim },
            { kind: "scratch", path: "/run/mysqld", sizeMiB: 16 },
            { kind: "scratch", path: "/tmp", sizeMiB: 256 },
          ],
          resources: DATABASE_RESOURCES,
          user: MYSQL,
          // The first start writes the tables.
          probes: openPort(DATABASE_PORT, 60),
        },
      ],
    });
  }

  private databaseServer(): SingleStore {
    const database = { kind: "host", host: serviceHost(DATABASE, this.props), port: DATABASE_PORT } as const;
    return new SingleStore(this, "Server", {
      spelling: "lean",
      ...this.workload(DATABASEDS),
      service: { name: DATABASEDS, port: DATABASEDS_PORT, targetPort: DATABASEDS_PORT },
      initContainers: [untilThere("wait-for-database", database, this)],
      containers: [this.databaseServerContainer()],
    });
  }

  private databaseServerContainer(): ContainerSpec {
    const port = String(DATABASEDS_PORT);
    return {
      name: DATABASEDS,
      image: pinnedImage(TANGO_IMAGES.databaseds),
      command: [
        ...["/usr/local/bin/DataBaseds", "2"],
        ...["-ORBendPoint", `giop:tcp::${port}`],
        ...["-ORBendPointPublish", `giop:tcp:${this.tangoHost}`],
      ],
      env: { ...this.login(), MYSQL_HOST: `${serviceHost(DATABASE, this.props)}:${String(DATABASE_PORT)}` },
      ports: { ds: DATABASEDS_PORT },
      mounts: [{ kind: "scratch", path: "/tmp", sizeMiB: 64 }],
      resources: DATABASEDS_RESOURCES,
      user: TANGO_USER,
      probes: openPort(DATABASEDS_PORT, 12),
    };
  }

  private workload(name: string) {
    const { namespace } = this.props;
    const labels = podLabels(this.props, name, LABELS);
    return { ...identityOf(this.props, name, name), namespace, podLabels: labels };
  }

  private login(): Environment {
    return { MYSQL_DATABASE: "tango", MYSQL_USER: "tango", MYSQL_PASSWORD: this.secret("password") };
  }

  private secret(key: string) {
    return { secret: this.props.secret, key };
  }
}
