/** What makes nodes ready for people, decided. */
import { outwardFlow, type ClientEndpoint, type Flow } from "../../../environment/parts/flows";
import { imageText, type PinnedImage } from "../../../environment/parts/images";
import type { EnvironmentPlan } from "../../../environment/plan/types";
import { mebibytes, millicores } from "../../../environment/schema/quantities";
import type { Tenancy } from "../../../environment/tenancy";
import type { Amount } from "../../../kit";
import type { PolicyNetworks } from "../../../kit/flow-policies";
import type { HubConfig } from "../configuration";
import { hubImages } from "../images";
import type { SchedulingConfig } from "./configuration";
import { schedulerImage } from "./images";
import { SCHEDULING_COMPONENTS } from "./names";

type NodePurpose = HubConfig["nodePurpose"];

export interface SchedulingPlan {
  readonly environment: string;
  readonly namespace: string;
  readonly tenancy: Tenancy;
  /** Of the user scheduler; undefined for none. */
  readonly scheduler?: PinnedImage;
  /** What each placeholder requests. */
  readonly placeholder?: Amount & { readonly replicas: number };
  /** Images that every node of people's servers gets; empty for none. */
  readonly pulled: readonly PinnedImage[];
  /** How the pods choose nodes: as strictly as the hub that is least strict. */
  readonly nodePurpose: NodePurpose;
  readonly flows: readonly Flow[];
  readonly cluster: PolicyNetworks;
}

type Hubs = readonly HubConfig[];

export function schedulingPlan(
  config: SchedulingConfig,
  hubs: Hubs,
  { environment, tenancy, flows, cluster, nodeSettings }: EnvironmentPlan,
): SchedulingPlan {
  const { namespace, userPlaceholder: placeholder } = config;
  const scheduler = config.userScheduler ? schedulerImage(cluster.version, nodeSettings?.release) : undefined;
  return {
    ...{ environment, tenancy, flows, cluster },
    namespace,
    ...(scheduler === undefined ? {} : { scheduler }),
    ...(placeholder === undefined || placeholder.replicas === 0
      ? {}
      : {
          placeholder: {
            replicas: placeholder.replicas,
            cpuMillis: millicores(placeholder.cpu),
            memoryMiB: mebibytes(placeholder.memory),
          },
        }),
    pulled: config.continuousImagePuller ? serverImages(hubs) : [],
    nodePurpose: leastStrict(hubs),
  };
}

/** Images of all servers and profiles, each once, in the order of the configuration. */
function serverImages(hubs: Hubs): readonly PinnedImage[] {
  const images = hubs.flatMap((hub) => [
    hubImages(hub).server,
    ...Object.values(hub.profiles).flatMap(({ image }) =>
      image === undefined ? [] : [{ repository: image.name, tag: image.tag }],
    ),
  ]);
  return [...new Map(images.map((image) => [imageText(image), image])).values()];
}

function leastStrict(hubs: Hubs): NodePurpose {
  const order: readonly NodePurpose[] = ["ignore", "prefer", "require"];
  return order.find((purpose) => hubs.some(({ nodePurpose }) => nodePurpose === purpose)) ?? "prefer";
}

/** Nobody connects to the scheduler. */
export function schedulerEndpoint(namespace: string): ClientEndpoint {
  return { namespace, name: SCHEDULING_COMPONENTS.scheduler };
}

export function schedulingFlows({ namespace, userScheduler }: SchedulingConfig): readonly Flow[] {
  return userScheduler ? [outwardFlow(schedulerEndpoint(namespace), { kind: "kubernetesApi" })] : [];
}
