/** The inputs of ClusterMade: their rules and meaning. */
import { reveal } from "../../provider-protocol";
import type { PropertyMap } from "../../provider-protocol";
import { oneOf, requiredText, text } from "../inputs";
import type { InputRules } from "../inputs";

/** What becomes of the volumes of claims. */
export const VOLUME_CHOICES = ["keep", "remove"] as const;
export type VolumeChoice = (typeof VOLUME_CHOICES)[number];

/** Complete and known inputs. */
export interface ClusterMadeInputs {
  readonly cluster: string;
  readonly volumes: VolumeChoice;
}

export const CLUSTER_MADE_RULES: InputRules = {
  resource: "ClusterMade",
  known: ["cluster", "volumes"],
  rules: { cluster: requiredText, volumes: oneOf(VOLUME_CHOICES) },
};

export function clusterMadeInputs(inputs: PropertyMap): ClusterMadeInputs {
  const plain = reveal(inputs);
  return {
    cluster: text(plain["cluster"]),
    volumes: VOLUME_CHOICES.find((choice) => choice === plain["volumes"]) ?? "keep",
  };
}
