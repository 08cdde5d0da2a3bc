/** The stacks of the backend, as the official CLI lists them. */
import { execFileSync } from "node:child_process";
import { backendFailureText, knownBackend } from "../shared/backend-failure";
import { UserError } from "../shared/failure";
import { withoutMetadataService } from "../shared/pulumi";
import type { StackSummary } from "../shared/stack-order";

/** @throws UserError if the backend cannot be read */
export function listStacks(executable: string): readonly StackSummary[] {
  const backend = knownBackend(process.cwd(), process.env);
  try {
    const text = execFileSync(executable, ["stack", "ls", "--json", "--non-interactive"], {
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...withoutMetadataService(backend), ...process.env },
    });
    return JSON.parse(text) as readonly StackSummary[];
  } catch (error) {
    const reason = backendFailureText(stderrOf(error), backend);
    if (reason !== undefined) throw new UserError(reason);
    throw new UserError(
      `pulumi cannot list the stacks: ${firstLine(error)}; run: pulumi login (docs/real-cloud.md), or: labstead doctor`,
    );
  }
}

function firstLine(error: unknown): string {
  return stderrOf(error).trim().split("\n")[0] ?? "";
}

function stderrOf(error: unknown): string {
  return typeof error === "object" && error !== null && "stderr" in error
    ? String(error.stderr)
    : String(error);
}
