/** The API's Status as an error. */
import { ApiRefusal } from "../apply-set/objects";
import type { FieldConflict } from "../apply-set/objects";
import type { Answer } from "./http-api";
import { fieldOf, json, listOf, textOf } from "./json-fields";

/** The error of an unsuccessful answer. */
export function refusalOf({ status, body }: Answer): ApiRefusal {
  const content = json(body);
  const message = textOf(content, "message") || `HTTP ${status}: ${body.trim().slice(0, 300) || "no text"}`;
  return new ApiRefusal(status, textOf(content, "reason"), message, conflictsOf(content));
}

/** The answer, if it has one of these statuses. @throws ApiRefusal */
export function accepted(answer: Answer, statuses: readonly number[] = [200]): Answer {
  if (statuses.includes(answer.status)) return answer;
  throw refusalOf(answer);
}

/** Server-side apply names each conflict: `conflict with "kubectl" using apps/v1`, and the field. */
function conflictsOf(content: unknown): readonly FieldConflict[] {
  const causes = fieldOf(fieldOf(content, "details"), "causes");
  return listOf(causes).flatMap((cause) => {
    if (textOf(cause, "reason") !== "FieldManagerConflict") return [];
    const [, manager = ""] = /conflict with "([^"]*)"/.exec(textOf(cause, "message")) ?? [];
    return [{ manager, field: textOf(cause, "field") }];
  });
}
