/**
 * What a cluster has made in the cloud goes before what it hangs on. Its creation does nothing; its deletion needs no
 * API server: OpenStack alone is asked, since the cluster may be gone.
 */
import { sameValue } from "../../provider-protocol";
import type {
  CreateRequest,
  CreateResult,
  DeleteRequest,
  DiffRequest,
  DiffResult,
  PropertyChange,
  ResourceHandler,
} from "../../provider-protocol";
import type { MadeByCluster } from "../../openstack-api/cluster-made";
import { failuresOf, refuseImport } from "../inputs";
import type { ClusterCloud } from "./cloud";
import { CLUSTER_MADE_RULES, clusterMadeInputs } from "./inputs";
import type { ClusterMadeInputs } from "./inputs";
import { cannotLook, keptText, leftText, named } from "./messages";

export interface ClusterMadeOptions {
  readonly cloud: ClusterCloud;
  /** Whether volumes of claims are removed, whatever the program says. @default false */
  readonly deletesData?: boolean;
}

export function clusterMadeHandler({ cloud, deletesData = false }: ClusterMadeOptions): ResourceHandler {
  return {
    check: ({ newInputs }) =>
      Promise.resolve({ inputs: newInputs, failures: failuresOf(CLUSTER_MADE_RULES, newInputs) }),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => Promise.resolve(created(request)),
    read: ({ id, inputs, state }) => {
      refuseImport("ClusterMade", { inputs });
      return Promise.resolve({ id, inputs, outputs: state });
    },
    update: () => Promise.resolve({}),
    delete: (request) => sweep(request, cloud, deletesData),
  };
}

/** Another name is another cluster: what the old one has made goes with the old resource. */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  const changes: Record<string, { readonly change: PropertyChange; readonly replace: boolean }> = {};
  if (!sameValue(oldInputs["cluster"], newInputs["cluster"]))
    changes["cluster"] = { change: "update", replace: true };
  if (!sameValue(oldInputs["volumes"], newInputs["volumes"]))
    changes["volumes"] = { change: "update", replace: false };
  return { changes };
}

function created({ inputs, preview }: CreateRequest): CreateResult {
  return { id: preview ? "" : clusterMadeInputs(inputs).cluster, outputs: {} };
}

async function sweep(request: DeleteRequest, cloud: ClusterCloud, deletesData: boolean): Promise<void> {
  const inputs = clusterMadeInputs(request.inputs);
  const found = await look(inputs, cloud, request.urn);
  const keeps = inputs.volumes === "keep" && !deletesData;
  const kept = found.filter(({ kind }) => keeps && kind === "volume");
  const failures: { readonly made: MadeByCluster; readonly message: string }[] = [];
  for (const made of found.filter((each) => !kept.includes(each))) {
    request.log("info", `removing ${named(made)}, which cluster ${inputs.cluster} has made`);
    try {
      await cloud.remove(made, request.signal);
    } catch (error) {
      request.signal.throwIfAborted();
      failures.push({ made, message: messageOf(error) });
    }
  }
  if (failures.length > 0) throw new Error(leftText(failures, inputs));
  if (kept.length > 0) request.log("warning", keptText(kept, inputs));
}

async function look(
  inputs: ClusterMadeInputs,
  cloud: ClusterCloud,
  urn: string,
): Promise<readonly MadeByCluster[]> {
  try {
    return await cloud.find(inputs.cluster);
  } catch (error) {
    throw new Error(cannotLook(inputs, messageOf(error), urn), { cause: error });
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
