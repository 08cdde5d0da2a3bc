/** What ends in an environment: known to the plan, judged by its real dates. */
import { planEnvironment, readEnvironment } from "../environments";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expiryDates, type ExpirySources } from "../../cli/expiries/dates";
import { expiriesTable, judgeExpiries, type ExpiryDate } from "../../cli/expiries/judge";
import { parseState } from "../../cli/shared/stack-state";
import { isOwner } from "../../environment/config";
import {
  CERTIFICATES_ANNOTATION,
  CERTIFICATES_TIMER,
  FORMER_CERTIFICATES_ANNOTATION,
} from "../../environment/plan/expiries";
import type { ExpiryPlan, EnvironmentPlan } from "../../environment/plan/types";
import { machines } from "../../platform/machines";
import { ROOT } from "./command";

function planOf(stack: string, expiresAt?: string): EnvironmentPlan {
  const { config, owner } = readEnvironment(join(ROOT, `Pulumi.${stack}.yaml`));
  const given =
    expiresAt === undefined || !isOwner(config)
      ? config
      : {
          ...config,
          applicationCredentials: {
            ci: { roles: ["member"], unrestricted: false, generation: 1, expiresAt },
          },
        };
  const planned = planEnvironment(given, owner);
  if (!planned.ok) throw new Error(`${stack} cannot be planned`);
  return planned.plan;
}

const prod = planOf("prod");
const NOW = new Date("2026-11-21T12:00:00Z");
const DAY = 24 * 60 * 60 * 1000;

function inDays(days: number): Date {
  return new Date(NOW.getTime() + days * DAY);
}

function endOf(key: string, plan = prod): ExpiryPlan {
  const found = plan.expiries.find((each) => each.key === key);
  if (found === undefined) throw new Error(`nothing of ${plan.environment} is ${key}`);
  return found;
}

/** State and what to do, for one thing that ends on this day. */
function judged(key: string, days: number, plan = prod): readonly [state: string, todo: string] {
  const date: ExpiryDate = { kind: "on", at: inDays(days) };
  const [found] = judgeExpiries([endOf(key, plan)], new Map([[key, date]]), NOW);
  if (found === undefined) throw new Error(`${key} was not judged`);
  return [found.state, found.todo];
}

test.each(["prod", "test"])("each thing of %s that lets somebody in is in the list, once", (stack) => {
  const plan = planOf(stack);
  const keys = plan.expiries.map(({ key }) => key);
  expect(new Set(keys).size).toBe(keys.length);
  const nodes = plan.servers.filter(({ role }) => role === "controlPlane" || role === "workers");
  expect(keys).toEqual(
    expect.arrayContaining([
      "kubeconfig",
      ...plan.secrets.map(({ name }) => `secret/${name}`),
      ...plan.applicationCredentials.map(({ key }) => `credential/${key}`),
      ...plan.tenants.map(({ name }) => `tenant/${name}`),
      ...nodes.map(({ key }) => `node/${key}`),
    ]),
  );
});

test("the machines know the timer and the annotation of the plan", () => {
  const control = machines(prod).get("controlPlane/0");
  expect(control?.units.map(({ name }) => name)).toContain(CERTIFICATES_TIMER);
  const script = join(ROOT, "platform/machines/kubernetes/scripts/renew-certificates.sh");
  expect(readFileSync(script, "utf8")).toContain(`"${CERTIFICATES_ANNOTATION}=`);
});

test("no two control planes renew on the same day", () => {
  const days = prod.servers
    .filter(({ role }) => role === "controlPlane")
    .map(({ key }) => {
      const timer = machines(prod)
        .get(key)
        ?.units.find(({ name }) => name === CERTIFICATES_TIMER);
      return /^OnCalendar=(.*)$/m.exec(timer?.content ?? "")?.[1];
    });
  expect(days).toEqual(["*-*-01 03:00:00", "*-*-06 03:00:00", "*-*-11 03:00:00"]);
});

test("each date has its notice period and its own renewal", () => {
  expect(judged("person/ada", 45)).toEqual(["ok", ""]);
  expect(judged("person/ada", 44)).toEqual([
    "soon",
    "labstead up prod, then: labstead client-config ada prod",
  ]);
  // A timer that works leaves at least 365 - 31 days.
  expect(judged("kubeadm/controlPlane/1", 334)).toEqual(["ok", ""]);
  expect(judged("kubeadm/controlPlane/1", 302)).toEqual([
    "soon",
    "its timer has not run: journalctl -u labstead-certificates.service on that server",
  ]);
  expect(judged("node/workers.general/2", 20)).toEqual([
    "soon",
    "replace the server: increment servers.workers.general.generation",
  ]);
  expect(judged("secret/ingress.default-certificate", -1)).toEqual(["ended", "labstead up prod"]);
  expect(judged("tenant/test", -1)).toEqual(["ended", "labstead up prod, then: labstead up test"]);
  expect(judged("authority/ca", -1)[0]).toBe("ended");
  const ending = planOf("prod", "2026-12-01T00:00:00Z");
  expect(judged("credential/ci", 9, ending)).toEqual([
    "soon",
    "write a later expiresAt, then: labstead rotate prod credential/ci",
  ]);
});

test("what was not read is reported, the configured date is used instead, and the urgent comes first", () => {
  const plan = planOf("prod", "2026-11-20T00:00:00Z");
  const ends = ["kubeconfig", "credential/ci", "person/ada", "key/push", "kubelets"].map((key) =>
    endOf(key, plan),
  );
  const dates = new Map<string, ExpiryDate>([
    ["kubeconfig", { kind: "unread", why: "no answer in time" }],
    ["person/ada", { kind: "on", at: inDays(60) }],
  ]);
  expect(
    expiriesTable("prod", judgeExpiries(ends, dates, NOW))
      .split("\n")
      .map((line) => line.trim()),
  ).toEqual([
    "Expiry and renewal in prod",
    expect.stringMatching(/^which +what +state +expires +what to do$/) as string,
    expect.stringMatching(
      /^credential\/ci .* ended +2026-11-20, 2 days ago +write a later expiresAt/,
    ) as string,
    expect.stringMatching(/^kubeconfig .* unread +no answer in time$/) as string,
    expect.stringMatching(/^person\/ada .* ok +2027-01-20, in 60 days$/) as string,
  ]);
});

interface Made {
  readonly start: string;
  readonly end: string;
  readonly created: string;
}

/** Of a node's certificate in the state, and the server that booted with one. */
function nodeDate({ start, end, created }: Made): ExpiryDate | undefined {
  const resource = (type: string, name: string, outputs: object) => ({
    urn: `urn:pulumi:prod::labstead::${type}::${name}`,
    type,
    custom: true,
    outputs,
  });
  const resources = [
    resource("tls:index/locallySignedCert:LocallySignedCert", "node/controlPlane/0", {
      validityStartTime: start,
      validityEndTime: end,
    }),
    resource("openstack:compute/instance:Instance", "server/controlPlane/0", { created }),
  ];
  const nothing = { kind: "unread", why: "not asked" } as const;
  const sources: ExpirySources = {
    state: parseState(JSON.stringify({ version: 3, deployment: { resources } })),
    kubeconfig: nothing,
    cluster: nothing,
  };
  return expiryDates([endOf("node/controlPlane/0")], sources).get("node/controlPlane/0");
}

test.each(["2026-11-21 06:00:00 +0000 UTC", "2026-11-21T06:00:00Z"])(
  "a node of %s has the certificate of its first boot, whatever the state has made since",
  (created) => {
    const first = { start: "2026-11-21T05:59:00Z", end: "2031-11-20T05:59:00Z", created };
    expect(nodeDate(first)).toEqual({ kind: "on", at: new Date("2031-11-20T05:59:00Z") });
    const renewed = { start: "2031-10-01T00:00:00Z", end: "2036-09-29T00:00:00Z", created };
    expect(nodeDate(renewed)).toEqual({
      kind: "on",
      at: new Date("2031-11-30T00:00:00Z"),
      note: "at the latest: the server booted with the one before",
    });
  },
);

const OLDER = "2027-01-01T00:00:00Z";
const NEWER = "2027-06-30T00:00:00Z";

test.each([
  ["its annotation", { [CERTIFICATES_ANNOTATION]: NEWER }, NEWER],
  ["the former one, of an older server", { [FORMER_CERTIFICATES_ANNOTATION]: OLDER }, OLDER],
  [
    "its annotation, where both are there",
    { [FORMER_CERTIFICATES_ANNOTATION]: OLDER, [CERTIFICATES_ANNOTATION]: NEWER },
    NEWER,
  ],
])("the date of kubeadm's certificates is in %s", (_case, annotations: Record<string, string>, expected) => {
  const end = endOf("kubeadm/controlPlane/0");
  const node = end.date.kind === "annotation" ? end.date.node : "";
  const nothing = { kind: "unread", why: "not asked" } as const;
  const cluster = { kind: "seen", nodes: new Map([[node, annotations]]), certificates: new Map() } as const;
  const state = parseState(JSON.stringify({ version: 3, deployment: {} }));
  const dates = expiryDates([end], { state, kubeconfig: nothing, cluster });
  expect(dates.get(end.key)).toEqual({ kind: "on", at: new Date(expected) });
});
