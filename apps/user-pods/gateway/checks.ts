/** Whether the gateway can know every user by exactly one name. */
import { duplicatePairs } from "../../../environment/checks/duplicates";
import { finding, type Finding } from "../../../environment/findings";
import type { ApplicationContext } from "../../../environment/parts/part";
import type { UserPodsConfig } from "../configuration";

type Context = ApplicationContext<UserPodsConfig>;

/** Name by which the sign-in knows a user. */
export function signInNameOf(
  name: string,
  { signInName }: { readonly signInName?: string | undefined },
): string {
  return signInName ?? name;
}

export function checkGateway(context: Context): readonly Finding[] {
  return context.config.exposure.kind === "gateway"
    ? [...checkNames(context), ...checkDirectory(context)]
    : checkUnusedNames(context);
}

function checkNames({ config, at }: Context): readonly Finding[] {
  return duplicatePairs(Object.entries(config.users), ([name, user]) => signInNameOf(name, user)).map(
    ([[first], [second, user]]) =>
      finding(
        "user-pods.sign-in",
        at(`users.${second}.signInName`),
        `"${signInNameOf(second, user)}" is already the name by which ${at(`users.${first}`)} signs in`,
        "write the name that the sign-in has for this user",
      ),
  );
}

function checkDirectory({ config, at }: Context): readonly Finding[] {
  const { exposure, directory } = config;
  if (exposure.kind !== "gateway" || exposure.identity.kind !== "ldap" || directory !== undefined) return [];
  return [
    finding(
      "user-pods.sign-in",
      at("exposure.identity.kind"),
      `"ldap" needs a directory, and ${at("directory")} is missing`,
      `describe the directory there, or write another kind`,
    ),
  ];
}

function checkUnusedNames({ config, at }: Context): readonly Finding[] {
  return Object.entries(config.users)
    .filter(([, { signInName }]) => signInName !== undefined)
    .map(([name]) =>
      finding(
        "user-pods.sign-in",
        at(`users.${name}.signInName`),
        `has no effect, since exposure.kind is ${config.exposure.kind}`,
        "remove it, or write exposure.kind: gateway",
      ),
    );
}
