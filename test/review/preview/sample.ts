/** Previews for tests: nothing changes but what is given. */
import type { FindingId } from "../../../environment/findings";
import { finding, type Finding } from "../../../environment/findings";
import type { FindingChanges, Preview, PreviewStep, StackPreview } from "../../../review/preview/types";

export const SERVER = "openstack:compute/instance:Instance";
export const NO_FINDINGS: FindingChanges = { added: [], kept: [], gone: [] };

export function stackOf(given: Partial<StackPreview> = {}): StackPreview {
  const nothing = { failures: [], refusals: [], messages: [], steps: [], disruptions: [] };
  return {
    stack: "prod",
    state: "changed",
    ...nothing,
    settings: [],
    findings: NO_FINDINGS,
    accepted: [],
    quota: [],
    cost: [],
    seats: [],
    files: [],
    ...given,
  };
}

export function previewOf(...stacks: readonly Partial<StackPreview>[]): Preview {
  return {
    against: "main",
    base: "b".repeat(40),
    head: "a".repeat(40),
    notes: [],
    across: NO_FINDINGS,
    stacks: stacks.map(stackOf),
  };
}

export function stepOf(
  kind: PreviewStep["kind"],
  name: string,
  given: Partial<PreviewStep> = {},
): PreviewStep {
  return { kind, name, layer: "infrastructure", type: SERVER, reason: "", ...given };
}

export function found(id: FindingId, path: string, explanation = "is wrong"): Finding {
  return finding(id, path, explanation, "correct it");
}
