/** What the entries of a directory come to. */
import { foundOf } from "../../../cli/users/directory/ldap";

const entry = (uidNumber: string | string[], gidNumber: string | string[] = "100") => ({
  dn: "cn=ada,dc=example,dc=org",
  uidNumber,
  gidNumber,
});
const RULE = "and a pod needs one number from 1, as 0 is root's, to 2147483647";

test.each([
  ["none", [], { kind: "nobody" }],
  ["a person", [entry("37214")], { kind: "person", dn: entry("").dn, uid: 37214, gid: 100 }],
  ["two", [entry("1"), entry("2")], { kind: "several", dns: [entry("").dn, entry("").dn] }],
])("%s", (_case, entries, found) => {
  expect(foundOf(entries)).toEqual(found);
});

test.each([
  ["root", entry("0"), `its uidNumber is 0, ${RULE}`],
  ["root's group", entry("1", "0"), `its gidNumber is 0, ${RULE}`],
  ["without one", entry([]), `its uidNumber is nothing, ${RULE}`],
  ["with two", entry(["1", "2"]), `its uidNumber is 1 and 2, ${RULE}`],
  ["below 0", entry("-2"), `its uidNumber is -2, ${RULE}`],
  ["larger than Kubernetes takes", entry("4294967294"), `its uidNumber is 4294967294, ${RULE}`],
])("an id that no pod can have: %s", (_case, unusable, problem) => {
  expect(foundOf([unusable])).toEqual({ kind: "unusable", dn: unusable.dn, problem });
});
