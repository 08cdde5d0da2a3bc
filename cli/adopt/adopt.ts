/** From a project to an environment, the imports of its things, and what could not be placed. Reads only. */
import { environments } from "../../catalog";
import type { Adopted } from "../../environment/adopted";
import { errorsOf, FindingsError, type Finding } from "../../environment/findings";
import { configOf } from "../../environment/stack-file";
import type { InfraResource } from "../../infra/types";
import { lab } from "../../lab";
import type { Session } from "../../openstack-api/session";
import { RealOpenStack } from "../../openstack-api/resources/store";
import type { PlainMap } from "../../provider-protocol";
import { inParallel } from "../../provider-protocol/parallel";
import { addressingOf } from "./addressing";
import { environmentOf, type Sources } from "./environment";
import { readProject } from "./found";
import { adoptedOf, type LiveInputs } from "./kept";
import { matchAll, type Matches } from "./match";
import { placeOf, poolsIn } from "./place";
import type { RoleChoice } from "./roles";
import type { AdoptionReport } from "./report";
import { strays } from "./strays";

export interface AdoptQuestion {
  readonly stack: string;
  readonly session: Session;
  readonly roles: readonly RoleChoice[];
  readonly network?: string;
  readonly domain?: string;
}

export interface Adoption {
  readonly report: AdoptionReport;
  readonly environment: PlainMap;
  /** Undefined where the environment has errors: then nothing can be matched. */
  readonly adopted: Adopted | undefined;
}

/** Requests at once. */
const READS = 8;

/** @throws UserError if it is not clear which network is meant; Error if nobody can log in */
export async function adopt(question: AdoptQuestion): Promise<Adoption> {
  const { stack, session, roles, network, domain } = question;
  const found = await readProject(session);
  const place = placeOf(found, network);
  const { pools, unplaced } = poolsIn(found, place, roles);
  const sources: Sources = { stack, domain, found, place, pools, addressing: addressingOf(place, pools) };
  const inferred = environmentOf(sources);
  const { environment, assumptions } = inferred;
  const composed = composedLab(stack, environment);
  if (!("infra" in composed)) {
    const report = { stack, environment, assumptions, unplaced, imports: {}, kept: {}, later: [] };
    return {
      environment,
      adopted: undefined,
      report: { ...report, errors: composed.errors, unread: found.unread },
    };
  }
  const matches = matchAll(sources, composed.plan, composed.infra, inferred.volumes);
  const adopted = adoptedOf(composed.infra, matches, await liveInputs(session, composed.infra, matches));
  const { imports, kept, later } = adopted;
  return {
    environment,
    adopted,
    report: {
      ...{ stack, environment, assumptions, imports, kept, later, errors: [], unread: found.unread },
      unplaced: [
        ...unplaced,
        ...inferred.unplaced,
        ...strays(sources, matches, [...unplaced, ...inferred.unplaced]),
      ],
    },
  };
}

type Composed = Pick<ReturnType<typeof lab>, "plan" | "infra"> | { readonly errors: readonly Finding[] };

function composedLab(stack: string, environment: PlainMap): Composed {
  try {
    return lab({ config: configOf(stack, environments.parse(stack, environment)) }, { overrides: {} });
  } catch (error) {
    if (error instanceof FindingsError) return { errors: errorsOf(error.findings) };
    throw error;
  }
}

/** Of everything that was matched; without what is gone since. */
export async function liveInputs(
  session: Session,
  infra: readonly InfraResource[],
  matches: Matches,
): Promise<LiveInputs> {
  const store = new RealOpenStack(session);
  const live = new Map<string, PlainMap>();
  await inParallel(infra, READS, async ({ key, type }) => {
    const id = matches.get(key);
    const found = id === undefined ? undefined : await store.read(type, id);
    if (found !== undefined) live.set(key, found.inputs);
  });
  return live;
}
