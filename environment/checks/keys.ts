/** SSH keys: one per person, so that removing an entry removes its access. */
import type { OwnerConfig } from "../config";
import { finding, type Finding } from "../findings";
import { keyIdentity } from "../schema/ssh-key";
import { duplicatePairs } from "./duplicates";

export function checkKeys({ keyPair, people }: OwnerConfig): readonly Finding[] {
  const keys = Object.entries(people).flatMap(([name, { ssh }]) =>
    ssh === undefined
      ? []
      : [{ name, as: ssh.as, key: keyIdentity(ssh.key), path: `people.${name}.ssh.key` }],
  );
  const operators = keyPair.kind === "managed" ? keyIdentity(keyPair.publicKey) : undefined;
  return [
    ...duplicatePairs(keys, ({ key }) => key).map(([first, { path }]) =>
      finding(
        "access.person",
        path,
        `is already the key of people.${first.name}`,
        "let each person create a key of their own",
      ),
    ),
    ...keys
      .filter(({ as, key }) => as === "jump" && key === operators)
      .map(({ path }) =>
        finding(
          "access.person",
          path,
          "is the operators' key, keyPair.publicKey, which every server lets in with root privileges",
          "write this person's own key, or as: operator",
        ),
      ),
  ];
}
