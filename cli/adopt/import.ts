/** The imports of an adopted lab, into the state of its stack. The cloud is only read. */
import type { Lab } from "../../lab";
import type { Session } from "../../openstack-api/session";
import { withTaken } from "../recover/take-over";
import { UserError } from "../shared/failure";
import type { Pulumi } from "../shared/pulumi";
import { nameOf, type StackState } from "../shared/stack-state";
import { liveInputs } from "./adopt";
import { takesOf } from "./take";

export interface ImportQuestion {
  readonly stack: string;
  readonly project: string;
  readonly lab: Pick<Lab, "infra" | "adopted">;
  readonly pulumi: Pulumi;
  readonly session: Session;
}

/**
 * Adds what is not in the state yet, then reads it from the cloud by the engine.
 * @returns what it did, a line each
 * @throws UserError if there is nothing to import, no such stack, or a thing is gone; the state is not changed then
 */
export async function importLab(question: ImportQuestion): Promise<readonly string[]> {
  const { stack, project, lab, pulumi, session } = question;
  const { adopted, infra } = lab;
  if (adopted === undefined)
    throw new UserError(`there is no adopted.${stack}.json; first run: labstead adopt ${stack} --write`);
  const state = (await pulumi.export()) ?? noStack(stack);
  const live = await liveInputs(session, infra, new Map(Object.entries(adopted.imports)));
  const gone = Object.entries(adopted.imports).filter(([key]) => !live.has(key));
  if (gone.length > 0)
    throw new UserError(
      `not in the cloud or not in the environment, nothing was imported: ${gone.map(([key, id]) => `${key} (${id})`).join(", ")}`,
    );
  const { base, takes } = takesOf({ stack, project }, infra, { adopted, live, state });
  if (takes.length === 0) return [`${stack}: everything is in the state already`];
  const { deployment } = state;
  const withBase: StackState = {
    ...state,
    deployment: { ...deployment, resources: [...deployment.resources, ...base] },
  };
  await pulumi.import(withTaken(withBase, takes));
  await pulumi.refresh(takes.map(({ operation }) => operation.resource.urn));
  return takes.map(({ operation, id }) => `  ${nameOf(operation.resource)}: is in the state now (${id})`);
}

function noStack(stack: string): never {
  throw new UserError(`there is no stack ${stack}; first run: pulumi stack init ${stack}`);
}
