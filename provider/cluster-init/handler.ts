/**
 * The permit to initialize a cluster, given once per cluster: the state records it, so that no other machine ever gets
 * one, even if the first machine is lost.
 */
import { refuseImport, text } from "../inputs";
import { reveal, sameValue } from "../../provider-protocol";
import type {
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  ResourceHandler,
} from "../../provider-protocol";
import { settings } from "../machine-files/settings";
import { checked } from "./inputs";
import type { WritePermit } from "./permits";

export function clusterInitHandler(writePermit: WritePermit): ResourceHandler {
  return {
    check: ({ newInputs }) => Promise.resolve(checked(newInputs)),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => create(request, writePermit),
    read: ({ id, inputs, state }) => {
      refuseImport("ClusterInit", { inputs }, "a member of a cluster is given no permit");
      return Promise.resolve({ id, inputs, outputs: state });
    },
    update: ({ oldState }) => Promise.resolve(oldState),
    // The cluster is deleted with its servers.
    delete: () => Promise.resolve(),
  };
}

/** Only another cluster is a change: which machine got the permit, and how it was reached, no longer matters. */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  const same = sameValue(oldInputs["cluster"], newInputs["cluster"]);
  return { changes: same ? {} : { cluster: { change: "update", replace: true } }, stables: ["founder"] };
}

async function create(request: CreateRequest, writePermit: WritePermit): Promise<CreateResult> {
  const machine = settings(request.inputs);
  const cluster = text(reveal(request.inputs)["cluster"]);
  const outputs = { cluster, founder: machine.server };
  if (request.preview) return { id: cluster, outputs };
  const given = await writePermit(
    request,
    machine,
    `${machine.server} may initialize the cluster ${cluster}, once\n`,
  );
  if (given === "member")
    request.log("info", `${machine.server} is a member of a cluster already: no permit was given`);
  return { id: cluster, outputs };
}
