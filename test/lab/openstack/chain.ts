/** The least time that an operation can take: that of its slowest chain of resources which need each other. */
import type { ResourceState, StackState } from "../../../cli/shared/stack-state";
import type { Done } from "./steps";

export interface Chain {
  /** Of its resources, added up. */
  readonly seconds: number;
  /** `subnet 0.4 s`, in the order of creation. */
  readonly links: readonly string[];
}

const NOTHING: Chain = { seconds: 0, links: [] };

/**
 * The chain whose resources took longest, each alone as measured in the operation.
 * @param state while the resources exist, before a destroy
 */
export function slowestChain({ steps }: Pick<Done, "steps">, { deployment }: StackState): Chain {
  const took = new Map(steps.map(({ urn, began, ended = began }) => [urn, ended - began]));
  const resources = new Map(deployment.resources.map((each) => [each.urn, each]));
  const known = new Map<string, Chain>();
  const endingWith = (urn: string): Chain => {
    const found = known.get(urn);
    if (found !== undefined) return found;
    const before = longest(needs(resources.get(urn)).map(endingWith));
    const seconds = took.get(urn);
    const chain = seconds === undefined ? before : extended(before, urn, seconds);
    known.set(urn, chain);
    return chain;
  };
  return longest([...resources.keys()].map(endingWith));
}

function longest(chains: readonly Chain[]): Chain {
  return chains.reduce((one, other) => (other.seconds > one.seconds ? other : one), NOTHING);
}

function extended({ seconds, links }: Chain, urn: string, more: number): Chain {
  return {
    seconds: seconds + more,
    links: [...links, `${urn.split("::").slice(3).join("::")} ${more.toFixed(1)} s`],
  };
}

/** URNs of what a resource waits for, by inputs and by declaration. */
function needs(resource: ResourceState | undefined): readonly string[] {
  const declared = resource?.["dependencies"];
  return Array.isArray(declared) ? declared.filter((each) => typeof each === "string") : [];
}
