/** A job that deletes failed pods of the whole cluster after some hours: their logs stay until then. */
import { Chart, type App } from "cdk8s";
import type { Construct } from "constructs";
import { PYTHON_IMAGE } from "../../../environment/parts/python-image";
import {
  Account,
  ComponentNamespace,
  ConfigFile,
  CronJob,
  HELPER_RESOURCES,
  Naming,
  NOBODY,
  pinnedImage,
  Rights,
} from "../../../kit";
import { FAILED_PODS_NAMESPACE as namespace } from "./namespace";
import { COLLECTION_SCRIPT, COLLECTION_VARIABLES } from "./script";

const NAME = "failed-pods";
/** At a minute of its own. */
const SCHEDULE = "23 * * * *";
/** Seconds: a run that could not start by then is left to the next one. */
const STARTING_DEADLINE = 1800;
const SCRIPT_PATH = "/usr/local/lib/labstead/collect.py";
const ACCOUNT_FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";

/** Settings of the collection, from the plan. */
export interface FailedPodsChartProps {
  readonly environment: string;
  /** Hours after its end for which a failed pod is kept. */
  readonly afterHours: number;
}

/** The job with its namespace and rights: it lists and deletes pods, and can do nothing else. */
export class FailedPodsChart extends Chart {
  constructor(scope: Construct, id: string, { environment, afterHours }: FailedPodsChartProps) {
    super(scope, id);
    const names = new Naming(NAME, environment);
    const identity = names.identity(NAME, "collection");
    const made = new ComponentNamespace(this, "Namespace", names.identity(namespace, "collection"));
    const account = new Account(this, "Account", { ...identity, namespace });
    new Rights(this, "Rights", {
      ...identity,
      account,
      everywhere: [{ apiGroups: [""], resources: ["pods"], verbs: ["list", "delete"] }],
    });
    const config = new ConfigFile(this, "Script", {
      ...identity,
      namespace,
      key: "collect.py",
      content: COLLECTION_SCRIPT,
    });
    const job = new CronJob(this, "Job", {
      ...identity,
      namespace,
      schedule: SCHEDULE,
      startingDeadlineSeconds: STARTING_DEADLINE,
      retries: 1,
      deadlineSeconds: 1800,
      serviceAccount: account.name,
      containers: [
        {
          name: NAME,
          image: pinnedImage(PYTHON_IMAGE),
          command: ["python3", SCRIPT_PATH],
          env: {
            [COLLECTION_VARIABLES.hours]: String(afterHours),
            [COLLECTION_VARIABLES.account]: ACCOUNT_FOLDER,
          },
          mounts: [{ kind: "config", path: SCRIPT_PATH, config }, { kind: "serviceAccount" }],
          resources: HELPER_RESOURCES,
          user: NOBODY,
        },
      ],
    });
    made.admit(job);
  }
}

export function failedPodsCharts(scope: App, plan: FailedPodsChartProps): void {
  new FailedPodsChart(scope, NAME, plan);
}
