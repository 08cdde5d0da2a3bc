/**
 * Location of the state of the project in a folder: the choice of Pulumi.yaml, and the one that the engine would use.
 */
import { backendUrl } from "../../environment/backend-url";
import { errorsOf, findingText } from "../../environment/findings";
import { PROJECT_FILE, readProject, type Project } from "../../environment/project-file";
import { UserError } from "./failure";

/** @throws UserError with all problems of Pulumi.yaml */
export function projectIn(directory: string): Project {
  const read = readProject(directory);
  if (read.ok) return read.project;
  const errors = errorsOf(read.findings).map((each) => `  ${findingText(each)}`);
  throw new UserError([`${PROJECT_FILE} cannot be used, nothing was changed:`, ...errors].join("\n"));
}

/**
 * Why the engine would use another state than the project's choice; undefined if it would not. With another state
 * everything would be created a second time.
 */
export function backendMismatch(
  { state, backendUrl: written }: Project,
  environment: NodeJS.ProcessEnv,
): string | undefined {
  if (state === undefined) return undefined;
  const chosen = backendUrl(state);
  const given = environment["PULUMI_BACKEND_URL"];
  if (given !== undefined && given !== "") {
    return given === chosen
      ? undefined
      : `PULUMI_BACKEND_URL is ${given}, ${PROJECT_FILE} chooses ${chosen}; run: unset PULUMI_BACKEND_URL`;
  }
  if (written === chosen) return undefined;
  return `backend.url of ${PROJECT_FILE} is ${written ?? "missing"}, labstead.state means ${chosen}; run: labstead state use`;
}
