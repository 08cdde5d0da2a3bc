/** The choices at the start of a server, as KubeSpawner offers them. */
import { PythonDefinition, pythonExpression, type PythonValue } from "../../../kit/python";
import type { ProfilePlan } from "../plan";
import { serverTraits } from "./server-traits";

/** A list, or where groups have choices of their own, a function that makes each person's list. */
export function profileList(profiles: readonly ProfilePlan[]): PythonValue | PythonDefinition {
  if (profiles.every(({ groups }) => groups === undefined))
    return profiles.map((profile, index) => profileOf(profile, index === 0));
  return new PythonDefinition("offered_profiles", definition(profiles));
}

/**
 * KubeSpawner asks it for the page, and again when a server starts, so that nobody gets another group's choice by its
 * name. With an empty list it would start a server without a profile.
 */
function definition(profiles: readonly ProfilePlan[]): string {
  const listed = profiles.map((profile) => [profile.groups ?? [], profileOf(profile, false)]);
  return `
def offered_profiles(spawner):
    """The choices without groups, and those of the person's groups; the first one is the default."""
    from tornado.web import HTTPError

    groups = {group.name for group in spawner.user.groups}
    listed = ${pythonExpression(listed)}
    offered = [profile for allowed, profile in listed if not allowed or groups.intersection(allowed)]
    if not offered:
        raise HTTPError(403, "None of your groups may start a server here. Ask the administrators of this hub.")
    return offered
`;
}

function profileOf({ slug, title, description, gpu, ...server }: ProfilePlan, first: boolean): PythonValue {
  const device = gpu === undefined ? {} : { [gpu.resource]: String(gpu.count) };
  return {
    slug,
    display_name: htmlText(title),
    ...(description === undefined ? {} : { description: htmlText(description) }),
    ...(first ? { default: true } : {}),
    kubespawner_override: {
      ...serverTraits(server),
      ...(gpu === undefined ? {} : { extra_resource_limits: device, extra_resource_guarantees: device }),
    },
  };
}

/** KubeSpawner puts both texts of a profile into its page as they are. */
function htmlText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
