/** A small cluster, for findings over objects: two workers that take all pods, one for users, and its classes. */
import { stackFile } from "../../../environment/stack-file";
import type { ServerPlan } from "../../../environment/plan/types";
import { lab } from "../../../lab";
import type { ObjectFacts } from "../../../review/objects/cluster";
import { ROOT } from "../../cli/command";
import { readEnvironment } from "../../environments";

const LARGEST = { cpuMillis: 4000, memoryMiB: 8192 };
/** zero-to-jupyterhub's label and taint of nodes for users. */
const PURPOSE = { "hub.jupyter.org/node-purpose": "user" };
const DEDICATED = { key: "hub.jupyter.org/dedicated", value: "user", effect: "NoSchedule" } as const;

/** Two workers that take all pods, one of them in another zone, and the classes of a small lab. */
export const FACTS: ObjectFacts = {
  largest: LARGEST,
  nodes: [...["a", "b"].map((zone) => node(zone)), ofUsers()],
  classes: { all: new Set(["block", "shared"]), block: new Set(["block"]), hasDefault: false },
};

function node(zone: string): ServerPlan {
  return { ...worker(), key: `workers.general/${zone}`, availabilityZone: zone };
}

/** Only pods that tolerate its taint go there. */
function ofUsers(): ServerPlan {
  const { labels, ...rest } = node("a");
  return { ...rest, key: "workers.users/0", labels: { ...labels, ...PURPOSE }, taints: [DEDICATED] };
}

function worker(): ServerPlan {
  const { plan } = lab(readEnvironment(stackFile(ROOT, "prod")));
  const found = plan.servers.find(({ role, taints }) => role === "workers" && taints.length === 0);
  if (found === undefined) throw new Error("prod has no worker for all pods");
  return found;
}
