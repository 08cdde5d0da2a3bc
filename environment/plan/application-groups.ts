/** Security groups of the applications that servers run: one for each application, public or internal. */
import type { Application } from "../config";
import { APPLICATION_PORTS } from "./applications";
import { cidr, rule, securityGroup } from "./rules";
import type { Member } from "./slots";
import type { NetworkPlan, SecurityGroupPlan } from "./types";

/** Groups of one server's applications. */
export function applicationGroupsOf(member: Member): readonly string[] {
  const keys = member.config.applications.map((each) => groupKey(each, isPublic(member, each)));
  return [...new Set(keys)];
}

export function applicationGroupPlans(
  environment: string,
  network: NetworkPlan,
  members: readonly Member[],
): readonly SecurityGroupPlan[] {
  const used = new Map(
    members.flatMap((member) =>
      member.config.applications.map((each) => {
        const open = isPublic(member, each);
        return [groupKey(each, open), [each, open]] as const;
      }),
    ),
  );
  return [...used].map(([key, [application, open]]) =>
    applicationGroup(environment, network, key, application, open),
  );
}

function applicationGroup(
  environment: string,
  network: NetworkPlan,
  key: string,
  application: Application,
  open: boolean,
): SecurityGroupPlan {
  const from = open ? cidr("0.0.0.0/0") : cidr(network.cidr);
  const who = open ? "from anywhere (publicApplications)" : "from inside the network";
  const rules = APPLICATION_PORTS[application].flatMap((each) =>
    each.ports.map((port) => rule(each.protocol, port, from, `${each.what}, ${who}`)),
  );
  return securityGroup(environment, key, `application ${application}, ${who}`, rules);
}

function isPublic(member: Member, application: Application): boolean {
  return member.publicApplications.includes(application);
}

function groupKey(application: Application, open: boolean): string {
  return open ? `application-${application}-public` : `application-${application}`;
}
