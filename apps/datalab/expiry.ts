/** A job that stops notebooks which nobody has opened for some days, by the infrastructure API's own program. */
import { Construct } from "constructs";
import {
  CronJob,
  pinnedImage,
  SERVICE_RESOURCES,
  type ListedException,
  type Need,
  type PodSecurityLevel,
} from "../../kit";
import { INFRASTRUCTURE_ACCOUNT } from "./access";
import { EXPIRY } from "./flows";
import { identityOf } from "./identity";
import { ambassador, infrastructureEnv } from "./infrastructure";
import { NODE, nodeScratch, type Parts } from "./services";

/** As DataLabs does it: every quarter of an hour. */
const SCHEDULE = "*/15 * * * *";
/** A run that takes as long as the time between two of them has hung. */
const LONGEST_RUN = 840;

export class NotebookExpiry extends Construct {
  readonly exceptions: readonly ListedException[];
  readonly securityLevel: PodSecurityLevel;
  readonly need: Need;

  constructor(scope: Construct, id: string, parts: Parts) {
    super(scope, id);
    const { props, configs } = parts;
    const job = new CronJob(this, "Job", {
      ...identityOf(props, EXPIRY, "expiry"),
      namespace: props.namespace,
      schedule: SCHEDULE,
      retries: 0,
      deadlineSeconds: LONGEST_RUN,
      serviceAccount: INFRASTRUCTURE_ACCOUNT,
      // It ends after the container, so that the run ends.
      sidecars: [ambassador(parts)],
      containers: [
        {
          name: EXPIRY,
          image: pinnedImage(props.images.infrastructureApi),
          command: ["node", "expireNotebooks.js"],
          env: infrastructureEnv(parts),
          mounts: [...configs.forExpiry(), ...nodeScratch()],
          resources: SERVICE_RESOURCES,
          user: NODE,
        },
      ],
    });
    this.exceptions = job.exceptions;
    this.securityLevel = job.securityLevel;
    this.need = job.needPerRun;
  }
}
