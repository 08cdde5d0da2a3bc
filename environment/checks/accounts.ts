/** Users of desktops: each gets an account of their name, which must not exist on the server. */
import { isTakenAccount, LONGEST_ACCOUNT, OPERATOR } from "../accounts";
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";

export function checkAccounts({ servers: { desktops } }: OwnerConfig): readonly Finding[] {
  return Object.keys(desktops?.users ?? {}).flatMap((user) => {
    const why = reason(user);
    if (why === undefined) return [];
    const fix = "choose another name for the user";
    return [finding("server.account", `servers.desktops.users.${user}`, why, fix)];
  });
}

function reason(user: string): string | undefined {
  if (user === OPERATOR) return "is the operators' account on every server";
  if (isTakenAccount(user)) return "is an account or a group that the system or one of its packages has";
  return user.length > LONGEST_ACCOUNT
    ? `has ${String(user.length)} characters, and an account's name has at most ${String(LONGEST_ACCOUNT)}`
    : undefined;
}
