/** A Tango device server: what it is configured with, and a pod for each of its instances. */
import { Construct } from "constructs";
import type { NonEmpty } from "../../environment/non-empty";
import {
  ConfigFile,
  HELPER_RESOURCES,
  Job,
  json,
  pinnedImage,
  SingleStore,
  type ContainerSpec,
  type Devices,
  type Environment,
  type Image,
  type Resources,
  type SchedulingSpec,
  type TaskContainerSpec,
  type User,
} from "../../kit";
import {
  checkInstances,
  devicesOf,
  dsconfig,
  instanceName,
  type TangoInstance,
  type TangoInstances,
} from "./devices";
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
import { untilDefined, untilThere, type TangoDependency } from "./waits";

/** A device server: its program, its instances with their devices, and what they wait for. */
export interface TangoDeviceServerProps extends TangoPlace, TangoLabels {
  /** Of its objects: `tangotest`. */
  readonly name: string;
  /** As the Tango database knows it: `TangoTest`. */
  readonly server: string;
  /** A {@link TangoDatabase}, after which it is made and before which it is deleted; or another control system's. */
  readonly database: TangoHost;
  readonly image: Image;
  /** Of the program; the name of the instance follows. */
  readonly command: NonEmpty<string>;
  readonly instances: TangoInstances;
  /** What all instances wait for: devices of other servers, ports. @default nothing but their configuration */
  readonly after?: readonly TangoDependency[];
  readonly env?: Environment;
  readonly resources: Resources;
  /** GPUs and others of each instance. @default none */
  readonly devices?: Devices;
  /** Nodes of the instances: pools, nearness to other pods, tolerations. @default any node */
  readonly scheduling?: SchedulingSpec;
  /** @default the user `tango` of the SKA's images */
  readonly user?: User;
}

/** Of the SKA's charts: requests, heartbeats and events of ZeroMQ. */
const PORTS = { "tango-server": 45_450, "tango-heart": 45_460, "tango-event": 45_470 } as const;
const FILE = "/data/dsconfig.json";

/** 2 says that the database was changed (`CONFIG_APPLIED` in dsconfig's utils.py); 1 and others are errors. */
export const APPLY_CONFIGURATION = `json2tango -w -a -u ${FILE}; code=$?; if [ "$code" -eq 2 ]; then exit 0; fi; exit "$code"`;

/**
 * A Job writes the devices into the Tango database, which `up` waits for; each instance is a StatefulSet of one pod that
 * starts when its devices are in the database and everything in `after` is there. When devices or properties change, the
 * Job runs again; instances that run keep what they have read until they are restarted by their operators.
 * @throws Error on instances, devices or hosts that cannot be
 */
export class TangoDeviceServer extends Construct {
  readonly configuration: Job;
  /** By the name of the instance. */
  readonly instances: ReadonlyMap<string, SingleStore>;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: TangoDeviceServerProps,
  ) {
    super(scope, id);
    checkInstances(props.name, props.instances);
    this.configuration = this.configure();
    this.instances = new Map(
      Object.entries(props.instances).map(([name, instance]) => [name, this.instance(name, instance)]),
    );
    if (Construct.isConstruct(props.database)) this.node.addDependency(props.database);
  }

  private configure(): Job {
    const { name, namespace, server, instances, database } = this.props;
    const identity = identityOf(this.props, `${name}-config`, "configurator");
    const config = new ConfigFile(this, "Devices", {
      ...identity,
      namespace,
      key: "dsconfig.json",
      content: json(dsconfig(server, instances)),
    });
    return new Job(this, "Configuration", {
      ...identity,
      namespace,
      podLabels: podLabels(this.props, "configurator", {
        function: "deployment",
        domain: "self-configuration",
      }),
      initContainers: [untilDefined("wait-for-database", "sys/database/2", database)],
      containers: [this.configurator(config)],
    });
  }

  private configurator(config: ConfigFile): TaskContainerSpec {
    return {
      name: "dsconfig",
      image: pinnedImage(TANGO_IMAGES.dsconfig),
      command: ["sh", "-c", APPLY_CONFIGURATION],
      env: { TANGO_HOST: this.props.database.tangoHost },
      mounts: [
        { kind: "config", path: FILE, config },
        { kind: "scratch", path: "/tmp", sizeMiB: 64 },
      ],
      resources: HELPER_RESOURCES,
      user: TANGO_USER,
    };
  }

  private instance(name: string, instance: TangoInstance): SingleStore {
    const { props } = this;
    const object = instanceName(props.name, name);
    const store = new SingleStore(this, `Instance-${name}`, {
      spelling: "lean",
      ...identityOf(props, object, props.name),
      ...props.scheduling,
      namespace: props.namespace,
      podLabels: podLabels(props, object, props),
      service: {
        name: object,
        ports: Object.entries(PORTS).map(([port, number]) => ({ name: port, port: number })),
      },
      initContainers: this.waits(instance),
      containers: [this.deviceServer(name, object)],
    });
    store.node.addDependency(this.configuration);
    return store;
  }

  /** Its own devices first: without them the program ends at once, and starts later and later. */
  private waits(instance: TangoInstance): readonly TaskContainerSpec[] {
    const { database, after = [] } = this.props;
    const [first = ""] = devicesOf(instance);
    return [
      untilDefined("wait-for-configuration", first, database),
      ...[...after, ...(instance.after ?? [])].map((each, place) =>
        untilThere(`wait-${String(place + 1)}`, each, database),
      ),
    ];
  }

  private deviceServer(instance: string, object: string): ContainerSpec {
    const { image, command, database, env, resources, devices, user = TANGO_USER } = this.props;
    const port = PORTS["tango-server"];
    return {
      name: "device-server",
      image,
      command: [
        ...command,
        instance,
        ...["-ORBendPoint", `giop:tcp::${String(port)}`],
        ...["-ORBendPointPublish", `giop:tcp:${serviceHost(object, this.props)}:${String(port)}`],
      ],
      env: {
        TANGO_HOST: database.tangoHost,
        TANGO_ZMQ_HEARTBEAT_PORT: String(PORTS["tango-heart"]),
        TANGO_ZMQ_EVENT_PORT: String(PORTS["tango-event"]),
        ...env,
      },
      ports: PORTS,
      mounts: [{ kind: "scratch", path: "/tmp", sizeMiB: 64 }],
      resources,
      ...(devices === undefined ? {} : { devices }),
      user,
      probes: openPort(port, 60),
    };
  }
}
