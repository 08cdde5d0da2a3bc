/** What the engine says of a preview: its steps, and the messages that a reviewer needs. */
import type { EngineEvent } from "@pulumi/pulumi/automation";
import type { Lab } from "../../lab";
import { CHANGE_GUARD } from "../../provider/change-guard/token";
import type { Layer } from "../../review/layers";
import { STEP_KINDS, type PreviewStep } from "../../review/preview/types";
import { Steps, type Step } from "../rehearse/preview";
import { withoutColor } from "../rehearse/progress";
import { applicationCharts } from "../shared/application-charts";

/** Properties of one resource that are named before the rest is counted. */
const NAMED = 5;

/** What the engine says of a resource that it may not delete; the guard says before which ones these are, and the way on. */
const PROTECTED = /^(?:Preview failed: )?resource "\S+::(\S+)" cannot be (?:deleted|replaced)/;
const BY_GUARD = "no longer configured, and protected";

/** What a preview found. */
export interface Outcome {
  readonly steps: readonly Step[];
  readonly failures: readonly string[];
  readonly refusals: readonly string[];
  readonly messages: readonly string[];
}

/** Collects the events of one preview. */
export class PreviewWatch {
  readonly #steps = new Steps();
  readonly #errors = new Set<string>();
  readonly #guardErrors = new Set<string>();
  readonly #messages = new Set<string>();

  readonly onEvent = (event: EngineEvent): void => {
    this.#steps.onEvent(event);
    const { diagnosticEvent: said } = event;
    if (said === undefined || said.ephemeral === true) return;
    const text = withoutColor(said.message).trim();
    const byGuard = said.urn?.includes(`${CHANGE_GUARD}::`) === true || text.startsWith(CHANGE_GUARD);
    if (text === "" || text === "preview failed") return;
    if (said.severity === "error") (byGuard ? this.#guardErrors : this.#errors).add(guardText(text));
    else if (byGuard) this.#messages.add(text);
  };

  get outcome(): Outcome {
    const errors = [...this.#errors];
    const held = errors.filter((text) => PROTECTED.test(text));
    const messages = [...this.#messages];
    const explained = held.length === 0 ? [] : messages.filter((text) => text.startsWith(BY_GUARD));
    return {
      steps: this.#steps.all,
      failures: errors.filter((text) => !held.includes(text)),
      refusals: [...this.#guardErrors, ...(explained.length > 0 ? explained : held.map(protectedText))],
      messages: messages.filter((text) => !explained.includes(text)),
    };
  }
}

function protectedText(text: string): string {
  return `${PROTECTED.exec(text)?.[1] ?? text} is protected, and would be deleted; put it back, or unprotect it first if nothing in it is needed`;
}

/** Without the engine's words about the resource. */
function guardText(text: string): string {
  return text.replace(/^labstead:index:ChangeGuard resource '[^']*' has a problem: /, "");
}

/** @param labs of both sides, where they could be planned */
export function previewSteps(
  steps: readonly Step[],
  labs: readonly (Lab | undefined)[],
): readonly PreviewStep[] {
  const applications = new Set(labs.flatMap((lab) => (lab === undefined ? [] : applicationObjects(lab))));
  const layer = ({ type, name }: Step): Layer => {
    if (type.startsWith("openstack:")) return "infrastructure";
    return applications.has(`${type} ${name}`) ? "applications" : "platform";
  };
  return steps
    .filter(({ type }) => !type.startsWith("pulumi:"))
    .map(({ kind, name, type, reason }) => ({
      kind,
      layer: layer({ kind, name, type, reason }),
      name: displayName(type, name),
      type,
      reason: short(reason),
    }))
    .sort((one, other) => order(one, other));
}

/** Type and name of each object. */
function applicationObjects(lab: Lab): readonly string[] {
  const isApplication = applicationCharts(lab);
  return lab.deploy.objects.flatMap(({ token, name, chart }) =>
    isApplication(chart) ? [`${token} ${name}`] : [],
  );
}

/** The engine reports resources in the order in which it happens to work. */
function order(one: PreviewStep, other: PreviewStep): number {
  const kinds = STEP_KINDS.indexOf(one.kind) - STEP_KINDS.indexOf(other.kind);
  return kinds === 0 ? (one.name < other.name ? -1 : 1) : kinds;
}

/** Our own keys begin with their kind, those of others do not. */
function displayName(type: string, name: string): string {
  return type.startsWith("openstack:") || name.includes("://")
    ? name
    : `${type.split(":").at(-1) ?? ""} ${name}`;
}

function short(reason: string): string {
  const all = reason.split(", ");
  return all.length <= NAMED
    ? reason
    : `${all.slice(0, NAMED).join(", ")} and ${String(all.length - NAMED)} more`;
}
