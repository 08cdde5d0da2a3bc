/** How serious a preview is: what its first line says, and the exit code of the command. */
import { assertNever } from "../../errors/assert-never";
import { errorsOf } from "../../environment/findings";
import type { Preview, PreviewStep, StackPreview } from "./types";

/** The worst first. */
const VERDICTS = ["fails", "stops", "disturbs", "changes", "nothing"] as const;
export type Verdict = (typeof VERDICTS)[number];

/** Of a gate: 0 nothing or harmless, 2 it replaces, deletes, interrupts or is refused, 1 errors. */
export type PreviewExitCode = 0 | 1 | 2;

/** Types that follow from others, or hold nothing that anybody would miss. */
const FOLLOWING = /^(labstead:|pulumi:|tls:index\/(certRequest|locallySignedCert))/;
/** A key or password is missed only where another one takes its place. */
const SECRETS = /^(tls|random):/;

/** A deletion or replacement that a reviewer has to see. */
export function isLoud({ kind, type }: PreviewStep): boolean {
  if (FOLLOWING.test(type)) return false;
  return kind === "replace" || (kind === "delete" && !SECRETS.test(type));
}

export function verdictOf(stack: StackPreview): Verdict {
  if (stack.failures.length > 0 || errorsOf(stack.findings.added).length > 0) return "fails";
  if (errorsOf(stack.findings.kept).length > 0) return "fails";
  if (stack.refusals.length > 0) return "stops";
  if (stack.state === "removed" || stack.disruptions.length > 0 || stack.steps.some(isLoud))
    return "disturbs";
  const { settings, findings, quota, cost, seats, files, steps } = stack;
  const differs = [steps, settings, findings.added, findings.gone, quota, cost, seats, files].some(
    ({ length }) => length > 0,
  );
  return differs ? "changes" : "nothing";
}

/** The worst of all stacks, errors between them included. */
export function worst(preview: Preview): Verdict {
  if (errorsOf([...preview.across.added, ...preview.across.kept]).length > 0) return "fails";
  const all = preview.stacks.map(verdictOf);
  return VERDICTS.find((each) => all.includes(each)) ?? "nothing";
}

/** Stacks by their verdict, the worst first. */
export function byVerdict(stacks: readonly StackPreview[]): readonly StackPreview[] {
  return stacks.toSorted(
    (one, other) => VERDICTS.indexOf(verdictOf(one)) - VERDICTS.indexOf(verdictOf(other)),
  );
}

export function exitCodeOf(preview: Preview): PreviewExitCode {
  const verdict = worst(preview);
  switch (verdict) {
    case "fails":
      return 1;
    case "stops":
    case "disturbs":
      return 2;
    case "changes":
    case "nothing":
      return 0;
    default:
      return assertNever(verdict);
  }
}
