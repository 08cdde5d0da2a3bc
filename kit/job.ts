/** Pods that do one task and end: once, or repeatedly by a schedule. */
import { ApiObject } from "cdk8s";
import type { Construct } from "constructs";
import { deployOptions } from "../deploy/object-options";
import { appArmorOf } from "./app-armor";
import type { TaskContainerSpec } from "./container";
import { checkSchedule, checkTimeZone } from "./cron";
import { LabWorkload } from "./lab-workload";
import { labelsOf, metadataOf } from "./names";
import { checkWhole } from "./numbers";
import { podTemplate } from "./pod";
import { resourcesOf, type PodSpec } from "./pod-spec";
import { needOf, type Need } from "./resources";

/** One run: pods whose containers end by themselves, so that probes do not apply. */
export interface RunSpec extends PodSpec<TaskContainerSpec> {
  /**
   * What happens after a container fails. `Never`: a new pod starts, and the failed one is kept for its log.
   * `OnFailure`: the container restarts in the same pod.
   * @default Never
   */
  readonly restart?: "Never" | "OnFailure";
  /** Retries before the run has failed. @default 6 */
  readonly retries?: number;
  /** Maximum seconds of the run with all retries; then it is stopped and has failed. @default no limit */
  readonly deadlineSeconds?: number;
}

/** Pods that run to completion. */
export interface JobProps extends RunSpec {
  /**
   * Seconds from its end until it is deleted with its pods. A refresh then finds it deleted, and the next `up` runs it
   * again: only for tasks that may run again.
   * @default it is kept
   */
  readonly keepSeconds?: number;
  /** Whether it waits until somebody starts it. `up` then does not wait for its end. @default false */
  readonly suspended?: boolean;
  /** Whether `up` waits until it has succeeded, and fails if it fails. @default true */
  readonly awaited?: boolean;
}

/**
 * A Job: one run. Kubernetes cannot change the pods of a Job, so changing them, such as using another image, replaces
 * the Job and runs it again.
 * @throws Error on numbers and combinations that Kubernetes does not accept
 */
export class Job extends LabWorkload {
  /** What the run uses of its namespace's quota. */
  readonly need: Need;

  constructor(scope: Construct, id: string, props: JobProps) {
    super(scope, id, props);
    const { keepSeconds, suspended = false, awaited = true } = props;
    checkName(props.name, JOB_NAME_LENGTH);
    if (keepSeconds !== undefined) checkWhole(props.name, "keepSeconds", keepSeconds, 0);
    const job = new ApiObject(this, "Job", {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: metadataOf(props, props.namespace),
      spec: {
        ...run(this, props),
        ...(keepSeconds === undefined ? {} : { ttlSecondsAfterFinished: keepSeconds }),
        ...(suspended ? { suspend: true } : {}),
      },
    });
    if (suspended || !awaited) deployOptions(job, { skipAwait: true });
    this.need = needOf(1, [resourcesOf(props)]);
  }
}

/** When the pods run, and what happens if a run is late or fails. */
export interface CronJobProps extends RunSpec {
  /** Minute, hour, day of the month, month, day of the week (0 is Sunday), as in cron: `0 3 * * 1-5`. */
  readonly schedule: string;
  /** Time zone of the schedule, by its IANA name: `Europe/London`. @default Etc/UTC */
  readonly timeZone?: string;
  /**
   * What happens if the previous run has not ended at a scheduled time. `Forbid`: nothing. `Replace`: that run is
   * stopped. `Allow`: both run.
   * @default Forbid
   */
  readonly concurrency?: "Forbid" | "Replace" | "Allow";
  /** Maximum delay of a run in seconds, at least 10, such as after a control plane failure. @default no limit */
  readonly startingDeadlineSeconds?: number;
  /** Completed runs that are kept with their logs. @default 3 that succeeded and 1 that failed */
  readonly history?: { readonly succeeded: number; readonly failed: number };
  /** Whether no further runs are started; a running one continues. @default false */
  readonly suspended?: boolean;
}

/**
 * A CronJob: a run at each time of a schedule.
 * @throws Error on a schedule, a time zone or numbers that Kubernetes does not accept
 */
export class CronJob extends LabWorkload {
  /** What one run uses of its namespace's quota. With the concurrency `Replace` or `Allow` several use it at once. */
  readonly needPerRun: Need;

  constructor(scope: Construct, id: string, props: CronJobProps) {
    super(scope, id, props);
    checkName(props.name, CRON_JOB_NAME_LENGTH);
    new ApiObject(this, "CronJob", {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: metadataOf(props, props.namespace),
      spec: {
        ...timing(props),
        ...history(props),
        jobTemplate: { metadata: { labels: { ...labelsOf(props) } }, spec: run(this, props) },
      },
    });
    this.needPerRun = needOf(1, [resourcesOf(props)]);
  }
}

function run(scope: Construct, props: RunSpec): object {
  const { name, restart = "Never", retries = 6, deadlineSeconds } = props;
  checkWhole(name, "retries", retries, 0);
  if (deadlineSeconds !== undefined) checkWhole(name, "deadlineSeconds", deadlineSeconds, 1);
  const { metadata, spec } = podTemplate(props, "lean", appArmorOf(scope));
  return {
    backoffLimit: retries,
    ...(deadlineSeconds === undefined ? {} : { activeDeadlineSeconds: deadlineSeconds }),
    template: { metadata, spec: { ...spec, restartPolicy: restart } },
  };
}

function timing(props: CronJobProps): object {
  const { name, schedule, timeZone = "Etc/UTC", concurrency = "Forbid" } = props;
  const { startingDeadlineSeconds, suspended = false } = props;
  checkSchedule(name, schedule);
  checkTimeZone(name, timeZone);
  if (startingDeadlineSeconds !== undefined) {
    // The controller checks every 10 seconds: with less, runs are missed.
    checkWhole(name, "startingDeadlineSeconds", startingDeadlineSeconds, 10);
  }
  return {
    schedule,
    timeZone,
    concurrencyPolicy: concurrency,
    ...(startingDeadlineSeconds === undefined ? {} : { startingDeadlineSeconds }),
    ...(suspended ? { suspend: true } : {}),
  };
}

function history({ name, history: kept = { succeeded: 3, failed: 1 } }: CronJobProps): object {
  checkWhole(name, "history.succeeded", kept.succeeded, 0);
  checkWhole(name, "history.failed", kept.failed, 0);
  return { successfulJobsHistoryLimit: kept.succeeded, failedJobsHistoryLimit: kept.failed };
}

/** The name is a label of the pods. */
const JOB_NAME_LENGTH = 63;
/** Kubernetes adds 11 characters for each run. */
const CRON_JOB_NAME_LENGTH = 52;

function checkName(name: string, most: number): void {
  if (name.length <= most) return;
  throw new Error(`${name}: the name has ${name.length} characters; use at most ${most}`);
}
