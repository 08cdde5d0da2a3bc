/**
 * The permit to found a cluster, given once in the cluster's life: state holds that it was given, so whatever becomes of the
 * machine that got it, no machine is ever given another one.
 */
import { requiredText, text } from "../inputs";
import { reveal, sameValue, Unknown } from "../../provider-protocol";
import type {
  CheckFailure,
  CheckResult,
  CreateRequest,
  CreateResult,
  DiffRequest,
  DiffResult,
  PropertyMap,
  ResourceHandler,
} from "../../provider-protocol";
import { sealedConnection } from "../machine-files/inputs";
import { connectionFailures } from "../machine-files/rules";
import { settings } from "../machine-files/settings";
import type { Giver } from "./permits";

const KNOWN = ["cluster", "server", "connection", "timeoutSeconds"];

export function clusterInitHandler(give: Giver): ResourceHandler {
  return {
    check: ({ newInputs }) => Promise.resolve(check(newInputs)),
    diff: (request) => Promise.resolve(diff(request)),
    create: (request) => create(request, give),
    read: ({ id, inputs, state }) => {
      if (Object.keys(inputs).length === 0)
        throw new Error(
          "ClusterInit cannot be imported: let `up` make it; a member of a cluster is given no permit",
        );
      return Promise.resolve({ id, inputs, outputs: state });
    },
    update: ({ oldState }) => Promise.resolve(oldState),
    // What was founded stays founded: the cluster goes with its servers.
    delete: () => Promise.resolve(),
  };
}

function check(given: PropertyMap): CheckResult {
  const plain = reveal(given);
  const unknown = Object.keys(plain)
    .filter((name) => !KNOWN.includes(name) && !name.startsWith("__"))
    .map((property) => ({ property, reason: `ClusterInit has no such input; it has ${KNOWN.join(", ")}` }));
  const rules = { cluster: requiredText, server: requiredText, timeoutSeconds: secondsRule };
  const wrong = Object.entries(rules).flatMap(([property, rule]): readonly CheckFailure[] => {
    const value = plain[property] ?? null;
    const reason = value instanceof Unknown ? undefined : rule(value);
    return reason === undefined ? [] : [{ property, reason }];
  });
  const { cluster = null, server = null, connection = null, timeoutSeconds } = plain;
  const inputs = { cluster, server, connection: sealedConnection(connection) };
  return {
    inputs: timeoutSeconds === undefined ? inputs : { ...inputs, timeoutSeconds },
    failures: [...unknown, ...wrong, ...connectionFailures("connection", connection)],
  };
}

const secondsRule = (value: PropertyMap[string]): string | undefined =>
  value === null || (typeof value === "number" && value > 0) ? undefined : "is a number of seconds above 0";

/** Another cluster only: which machine was permitted, and how it was reached, is over. */
function diff({ oldInputs, newInputs }: DiffRequest): DiffResult {
  const same = sameValue(oldInputs["cluster"], newInputs["cluster"]);
  return { changes: same ? {} : { cluster: { change: "update", replace: true } }, stables: ["founder"] };
}

async function create(request: CreateRequest, give: Giver): Promise<CreateResult> {
  const machine = settings(request.inputs);
  const cluster = text(reveal(request.inputs)["cluster"]);
  const outputs = { cluster, founder: machine.server };
  if (request.preview) return { id: cluster, outputs };
  const given = await give(request, machine, `${machine.server} may found the cluster ${cluster}, once\n`);
  if (given === "member")
    request.log("info", `${machine.server} is a member of a cluster already: no permit was given`);
  return { id: cluster, outputs };
}
