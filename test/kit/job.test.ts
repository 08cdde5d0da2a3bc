/** Pods that end: what jobs are rendered as, and what Kubernetes would not take. */
import { App, Chart, Yaml } from "cdk8s";
import fc from "fast-check";
import { planCharts } from "../../deploy/plan";
import { CronJob, image, Job, NOBODY, SERVICE_RESOURCES, type CronJobProps, type JobProps } from "../../kit";
import type { Manifest } from "../apps/manifests";
import { CONTAINER, IDENTITY, objectsOf } from "./rendering";

const RUN: JobProps = {
  ...IDENTITY,
  namespace: "lab",
  containers: [
    { name: "web", image: image("example/web", "1.0.0"), resources: SERVICE_RESOURCES, user: NOBODY },
  ],
};
const CRON: CronJobProps = { ...RUN, schedule: "0 3 * * *" };

function job(props: Partial<JobProps>): Manifest[] {
  return objectsOf((chart) => new Job(chart, "Job", { ...RUN, ...props }));
}

function cronJob(props: Partial<CronJobProps>): Manifest[] {
  return objectsOf((chart) => new CronJob(chart, "CronJob", { ...CRON, ...props }));
}

test("a job as it stands", () => {
  expect(Yaml.stringify(...job({}))).toMatchInlineSnapshot(`
    "apiVersion: batch/v1
    kind: Job
    metadata:
      labels:
        app.kubernetes.io/component: web
        app.kubernetes.io/managed-by: labstead
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: lab
        labstead.dev/environment: prod
      name: web
      namespace: lab
    spec:
      backoffLimit: 6
      template:
        metadata:
          labels:
            app.kubernetes.io/component: web
            app.kubernetes.io/managed-by: labstead
            app.kubernetes.io/name: web
            app.kubernetes.io/part-of: lab
            labstead.dev/environment: prod
        spec:
          automountServiceAccountToken: false
          containers:
            - image: example/web:1.0.0
              imagePullPolicy: IfNotPresent
              name: web
              resources:
                limits:
                  cpu: 500m
                  memory: 512Mi
                requests:
                  cpu: 50m
                  memory: 128Mi
              securityContext:
                allowPrivilegeEscalation: false
                capabilities:
                  drop:
                    - ALL
                privileged: false
                readOnlyRootFilesystem: true
                runAsGroup: 65534
                runAsNonRoot: true
                runAsUser: 65534
          enableServiceLinks: false
          restartPolicy: Never
          securityContext:
            seccompProfile:
              type: RuntimeDefault
    "
  `);
});

test("what a run does when it fails, and when it has ended", () => {
  const [made] = job({ restart: "OnFailure", retries: 0, deadlineSeconds: 600, keepSeconds: 0 });
  expect(made?.spec).toMatchObject({
    backoffLimit: 0,
    activeDeadlineSeconds: 600,
    ttlSecondsAfterFinished: 0,
    template: { spec: { restartPolicy: "OnFailure" } },
  });
});

test("neither probes nor ports apply to what ends by itself", () => {
  // @ts-expect-error nobody asks how it is
  const job: JobProps = { ...RUN, containers: [CONTAINER] };
  // @ts-expect-error nor of what runs by a schedule
  const cronJob: CronJobProps = { ...CRON, containers: [CONTAINER] };
  expect([job, cronJob]).toHaveLength(2);
});

test("helpers end with the run", () => {
  const probes = { kind: "none", reason: "it has no port" } as const;
  const [made] = job({ sidecars: [{ ...CONTAINER, name: "proxy", probes }] });
  expect(made?.spec).toMatchObject({
    template: {
      metadata: { annotations: { "labstead.dev/probes-exception.proxy": "it has no port" } },
      spec: { restartPolicy: "Never", initContainers: [{ name: "proxy", restartPolicy: "Always" }] },
    },
  });
});

test("its end is waited for, unless it is suspended or somebody says otherwise", () => {
  const skipped = (props: Partial<JobProps>): boolean => {
    const app = new App();
    new Job(new Chart(app, "chart"), "Job", { ...RUN, ...props });
    const annotations = planCharts(app).objects[0]?.manifest.metadata.annotations ?? {};
    return "pulumi.com/skipAwait" in annotations;
  };
  expect(skipped({})).toBe(false);
  expect(skipped({ suspended: true })).toBe(true);
  expect(skipped({ awaited: false })).toBe(true);
  expect(job({ suspended: true })[0]?.spec).toMatchObject({ suspend: true });
});

test("a cron job as it stands", () => {
  expect(Yaml.stringify(...cronJob({}))).toMatchInlineSnapshot(`
    "apiVersion: batch/v1
    kind: CronJob
    metadata:
      labels:
        app.kubernetes.io/component: web
        app.kubernetes.io/managed-by: labstead
        app.kubernetes.io/name: web
        app.kubernetes.io/part-of: lab
        labstead.dev/environment: prod
      name: web
      namespace: lab
    spec:
      concurrencyPolicy: Forbid
      failedJobsHistoryLimit: 1
      jobTemplate:
        metadata:
          labels:
            app.kubernetes.io/component: web
            app.kubernetes.io/managed-by: labstead
            app.kubernetes.io/name: web
            app.kubernetes.io/part-of: lab
            labstead.dev/environment: prod
        spec:
          backoffLimit: 6
          template:
            metadata:
              labels:
                app.kubernetes.io/component: web
                app.kubernetes.io/managed-by: labstead
                app.kubernetes.io/name: web
                app.kubernetes.io/part-of: lab
                labstead.dev/environment: prod
            spec:
              automountServiceAccountToken: false
              containers:
                - image: example/web:1.0.0
                  imagePullPolicy: IfNotPresent
                  name: web
                  resources:
                    limits:
                      cpu: 500m
                      memory: 512Mi
                    requests:
                      cpu: 50m
                      memory: 128Mi
                  securityContext:
                    allowPrivilegeEscalation: false
                    capabilities:
                      drop:
                        - ALL
                    privileged: false
                    readOnlyRootFilesystem: true
                    runAsGroup: 65534
                    runAsNonRoot: true
                    runAsUser: 65534
              enableServiceLinks: false
              restartPolicy: Never
              securityContext:
                seccompProfile:
                  type: RuntimeDefault
      schedule: 0 3 * * *
      successfulJobsHistoryLimit: 3
      timeZone: Etc/UTC
    "
  `);
});

test("when runs start, and what is kept of them", () => {
  const [made] = cronJob({
    timeZone: "Europe/London",
    concurrency: "Replace",
    startingDeadlineSeconds: 300,
    history: { succeeded: 0, failed: 5 },
    suspended: true,
    deadlineSeconds: 60,
  });
  expect(made?.spec).toMatchObject({
    timeZone: "Europe/London",
    concurrencyPolicy: "Replace",
    startingDeadlineSeconds: 300,
    successfulJobsHistoryLimit: 0,
    failedJobsHistoryLimit: 5,
    suspend: true,
    jobTemplate: { spec: { activeDeadlineSeconds: 60 } },
  });
});

test("what a run takes of its namespace's quota", () => {
  objectsOf((chart) => {
    const expected = { pods: 1, ...SERVICE_RESOURCES };
    expect(new Job(chart, "Job", RUN).need).toEqual(expected);
    expect(new CronJob(chart, "CronJob", CRON).needPerRun).toEqual(expected);
  });
  expect.assertions(2);
});

const LONG = "a".repeat(53);

test.each<[() => unknown, string]>([
  [() => job({ retries: -1 }), 'web: "retries" is -1; write a whole number, 0 or more'],
  [() => job({ deadlineSeconds: 0 }), 'web: "deadlineSeconds" is 0; write a whole number, 1 or more'],
  [() => job({ keepSeconds: 0.5 }), 'web: "keepSeconds" is 0.5; write a whole number, 0 or more'],
  [() => job({ name: "a".repeat(64) }), `${"a".repeat(64)}: the name has 64 characters; use at most 63`],
  [() => cronJob({ name: LONG }), `${LONG}: the name has 53 characters; use at most 52`],
  [
    () => cronJob({ startingDeadlineSeconds: 9 }),
    'web: "startingDeadlineSeconds" is 9; write a whole number, 10 or more',
  ],
  [
    () => cronJob({ history: { succeeded: -1, failed: 1 } }),
    'web: "history.succeeded" is -1; write a whole number, 0 or more',
  ],
  [
    () => cronJob({ history: { succeeded: 1, failed: -1 } }),
    'web: "history.failed" is -1; write a whole number, 0 or more',
  ],
  [
    () => cronJob({ timeZone: "Europe/Atlantis" }),
    'web: "Europe/Atlantis" is no time zone; write a name of the IANA database, such as Europe/London',
  ],
  [
    () => cronJob({ timeZone: "europe/london" }),
    'web: "europe/london" is no time zone; write a name of the IANA database, such as Europe/London',
  ],
  [
    () => cronJob({ timeZone: "+01:00" }),
    'web: "+01:00" is no time zone; write a name of the IANA database, such as Europe/London',
  ],
  [
    () => cronJob({ schedule: "@daily" }),
    'web: the schedule "@daily" does not have five fields with one space between; write minute, hour, day of the month, month and day of the week, such as 0 3 * * *',
  ],
  [
    () => cronJob({ schedule: "0 24 * * *" }),
    'web: the schedule "0 24 * * *" has "24" as its hour; write *, or numbers from 0 to 23, such as 1,3 or 2-4 or */5',
  ],
  [
    () => cronJob({ schedule: "0 3 * * 7" }),
    'web: the schedule "0 3 * * 7" has "7" as its day of the week; write *, or numbers from 0 to 6, such as 1,3 or 2-4 or */5',
  ],
])("%# is refused", (make, message) => {
  expect(make).toThrow(new Error(message));
});

describe("fields of a schedule", () => {
  const minutes = (text: string) => () => cronJob({ schedule: `${text} * * * *` });
  const whole = fc.integer({ min: -1, max: 70 });

  test("a range is taken where it is one, in bounds and in order", () => {
    fc.assert(
      fc.property(whole, whole, (low, high) => {
        const taken = low >= 0 && high <= 59 && low <= high;
        if (taken) expect(minutes(`${low}-${high}`)).not.toThrow();
        else expect(minutes(`${low}-${high}`)).toThrow(`has "${low}-${high}" as its minute`);
      }),
      { numRuns: 40 },
    );
  });

  test.each(["*/15", "1,2,30-40/5", "5/10"])("%s is taken", (text) => {
    expect(minutes(text)).not.toThrow();
  });

  test.each(["", "x", "1-", "-1", "*/0", "1-2-3", "1/2/3", "1,", "**", "jan"])("%j is refused", (text) => {
    expect(minutes(text)).toThrow("web: the schedule");
  });

  test("months and days have names", () => {
    expect(() => cronJob({ schedule: "0 0 * jan-DEC mon-fri" })).not.toThrow();
    expect(() => cronJob({ schedule: "0 0 * dec-jan *" })).toThrow('has "dec-jan" as its month');
  });
});
