/** Both sides of a stack: what can be reached is compared, the rest is reported as not looked at. */
import { assertNever } from "../../errors/assert-never";
import type { EnvironmentPlan } from "../../environment/plan/types";
import type { Lab } from "../../lab";
import type { CloudDrift } from "../../openstack-api/drift/compare";
import { cloudDrift } from "../../openstack-api/drift/read";
import type { Session } from "../../openstack-api/session";
import { NoAnswer } from "../../provider/apply-set/objects";
import { parseKubeconfig } from "../../provider/kubernetes-api/kubeconfig";
import { cloudLine, objectLine, type CloudLine } from "../../review/drift/lines";
import type { DriftReport, Side } from "../../review/drift/report";
import { reasonOf } from "../shared/failure";
import type { StackState } from "../shared/stack-state";
import { clusterDrift } from "./cluster";
import { declaredIn, idsIn, keysIn, type Declared } from "./declared";

/** The state of another stack, of which things may be in the same project and cluster. */
export interface OtherStack {
  readonly stack: string;
  /** Undefined for a stack that was never brought up. */
  readonly state: StackState | undefined;
}

export interface DriftQuestion {
  readonly stack: string;
  readonly state: StackState;
  readonly lab: Pick<Lab, "plan" | "deploy">;
  readonly others: readonly OtherStack[];
  /** Opens the cloud. @throws if nothing says how to log in */
  readonly session: () => Session;
  /** Of the stack's outputs; undefined if it has none. */
  readonly kubeconfig: string | undefined;
  readonly signal: AbortSignal;
}

type SideReport = Omit<DriftReport, "stack">;

export async function driftOf(question: DriftQuestion): Promise<DriftReport> {
  const declared = declaredIn(question.state);
  const sides = [
    ...(needsCloud(declared) ? [await looked("OpenStack", () => cloudSide(question, declared))] : []),
    ...(needsCluster(declared) ? [await looked("Kubernetes", () => clusterSide(question, declared))] : []),
  ];
  return {
    stack: question.stack,
    lines: sides.flatMap(({ lines }) => lines),
    compared: Object.assign({}, ...sides.map(({ compared }) => compared)) as DriftReport["compared"],
    unseen: sides.flatMap(({ unseen }) => unseen),
    known: sides.flatMap(({ known }) => known),
  };
}

function needsCloud({ resources }: Declared): boolean {
  return resources.length > 0;
}

function needsCluster({ objects, sets }: Declared): boolean {
  return objects.size > 0 || sets.length > 0;
}

/** One side that cannot be reached does not hide the other. */
async function looked(side: Side, look: () => Promise<SideReport>): Promise<SideReport> {
  try {
    return await look();
  } catch (error) {
    const check = error instanceof NoAnswer && error.check !== undefined ? `; check ${error.check}` : "";
    return {
      lines: [],
      compared: {},
      known: [],
      unseen: [{ what: side, why: `${reasonOf(error)}${check}` }],
    };
  }
}

async function cloudSide(
  { stack, lab: { plan }, others, session }: DriftQuestion,
  { resources }: Declared,
): Promise<SideReport> {
  const ofOthers = others.flatMap(({ stack: other, state }) =>
    state === undefined ? [] : idsIn(state).map((id) => [id, other] as const),
  );
  const answer = await cloudDrift(session(), {
    declared: resources,
    others: new Map(ofOthers),
    cluster: plan.cluster.name,
    ...existing(plan),
  });
  return {
    lines: answer.drift.map((drift) => cloudLine(plain(drift), stack)),
    compared: { OpenStack: answer.compared },
    unseen: answer.unread.map(({ service, why }) => ({ what: `OpenStack's ${service} service`, why })),
    known: knownOf("OpenStack", answer.known),
  };
}

function existing({ network, keyPair }: EnvironmentPlan): {
  readonly existingNetwork?: string;
  readonly existingKeyPair?: string;
} {
  return {
    ...(network.kind === "existing" ? { existingNetwork: network.name } : {}),
    ...(keyPair.kind === "existing" ? { existingKeyPair: keyPair.name } : {}),
  };
}

function plain(drift: CloudDrift): CloudLine {
  switch (drift.change) {
    case "changed":
      return { ...named(drift.resource), change: "changed", differences: drift.differences };
    case "missing":
      return { ...named(drift.resource), change: "missing" };
    case "undeclared":
      return { ...drift.thing, change: "undeclared" };
    default:
      return assertNever(drift);
  }
}

function named({ type, name, id }: { readonly type: string; readonly name: string; readonly id: string }) {
  return { type, name, id };
}

async function clusterSide(
  { stack, lab, others, kubeconfig, signal }: DriftQuestion,
  declared: Declared,
): Promise<SideReport> {
  if (kubeconfig === undefined)
    return {
      ...NOTHING,
      unseen: [{ what: "Kubernetes", why: `the outputs of ${stack} have no kubeconfig` }],
    };
  const { plan, deploy } = lab;
  const ofOthers = others.flatMap(({ stack: other, state }) =>
    state === undefined ? [] : keysIn(declaredIn(state)).map((key) => [key, other] as const),
  );
  const answer = await clusterDrift({
    access: parseKubeconfig(kubeconfig),
    declared,
    planned: deploy.objects,
    facts: {
      environment: plan.environment,
      others: new Map(ofOthers),
      environments: new Set([...others.map((each) => each.stack), ...plan.tenants.map(({ name }) => name)]),
    },
    signal,
  });
  return {
    lines: answer.drift.map((drift) => objectLine(drift, stack)),
    compared: { Kubernetes: answer.compared },
    unseen: refusedText(answer.refused),
    known: knownOf("Kubernetes", answer.known),
  };
}

const NOTHING: SideReport = { lines: [], compared: {}, unseen: [], known: [] };

function refusedText(refused: readonly string[]): SideReport["unseen"] {
  if (refused.length === 0) return [];
  return [{ what: `undeclared ${refused.join(", ")}`, why: "the kubeconfig's user may not list them" }];
}

function knownOf(side: Side, known: ReadonlyMap<string, number>): SideReport["known"] {
  return [...known].map(([whose, count]) => ({ side, whose, count }));
}
