/** Settings of the stack in addition to the environment: secret ones, and Pulumi's own. */
import * as pulumi from "@pulumi/pulumi";
import { finding, FindingsError, type Finding } from "../environment/findings";
import type { EnvironmentPlan } from "../environment/plan/types";
import type { Lab } from "../lab";

/** Packages whose default provider would read more than it should. */
const EXPLICIT_PROVIDERS = ["kubernetes", "labstead", "openstack"] as const;

/**
 * Composes a lab and checks the stack's settings, so that the problems of both are reported at once.
 * @param compose throws FindingsError
 * @param settings findings of the stack's settings. @default none
 * @throws FindingsError
 */
export function withSettings(compose: () => Lab, settings: readonly Finding[] = []): Lab {
  const composed = tried(compose);
  if (composed instanceof FindingsError)
    throw new FindingsError(composed.environment, [...settings, ...composed.findings]);
  const { plan } = composed;
  const findings = [...settings, ...missingSettings(plan)];
  if (findings.length > 0) throw new FindingsError(plan.environment, findings);
  return composed;
}

function tried(compose: () => Lab): Lab | FindingsError {
  try {
    return compose();
  } catch (error) {
    if (error instanceof FindingsError) return error;
    throw error;
  }
}

/**
 * Without this setting, a resource that lacks `provider` would be created in whatever cloud or cluster the user's shell
 * is configured for. Only for our own program; a user's program decides itself.
 */
export function defaultProviders(): readonly Finding[] {
  const disabled =
    new pulumi.Config("pulumi").getObject<readonly string[]>("disable-default-providers") ?? [];
  const missing = EXPLICIT_PROVIDERS.filter((name) => !disabled.includes(name) && !disabled.includes("*"));
  if (missing.length === 0) return [];
  return [
    finding(
      "stack.setting",
      "pulumi:disable-default-providers",
      `does not list ${missing.join(" and ")}`,
      `add this line under config in Pulumi.${pulumi.getStack()}.yaml: pulumi:disable-default-providers: [${EXPLICIT_PROVIDERS.join(", ")}]`,
    ),
  ];
}

/** Values that the user has to provide. */
function missingSettings({ secrets, cluster }: EnvironmentPlan): readonly Finding[] {
  const config = new pulumi.Config("labstead");
  const needed = [
    ...secrets.flatMap((each) => (each.kind === "given" ? [each.configKey] : [])),
    ...(cluster.kind === "existing" ? ["kubeconfig"] : []),
  ];
  return needed
    .filter((key) => config.get(key) === undefined)
    .map((key) =>
      finding(
        "stack.setting",
        `labstead:${key}`,
        "is not set",
        `run: pulumi config set --secret labstead:${key}`,
      ),
    );
}
