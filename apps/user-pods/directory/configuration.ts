/** `apps.userPods.directory`: where UIDs and GIDs of users are looked up, by the commands that write them down. */
import { z } from "zod";
import { line } from "../../../environment/schema/texts";

/** A TLS port of its own, or the plain port, on which TLS is begun before anything is asked. */
const ADDRESS =
  /^ldaps?:\/\/([A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(:[0-9]{1,5})?$/;

const attribute = (what: string) =>
  z
    .string()
    .regex(
      /^[A-Za-z][A-Za-z0-9-]{0,99}$/,
      `is not ${what}; write the name of an attribute, such as uid or mail`,
    );

/** An LDAP server with entries of the class posixAccount (RFC 2307). */
export const directorySchema = z.strictObject({
  url: z
    .string()
    .regex(
      ADDRESS,
      "is not the address of an LDAP server; write ldaps://ldap.example.org, or ldap:// for a server that begins TLS on its plain port",
    )
    .describe("Of the LDAP server. It is never asked without TLS: with ldap://, StartTLS comes first."),
  base: line("the base of the search, such as ou=people,dc=example,dc=org").describe(
    "Entry below which people are looked for.",
  ),
  nameAttribute: attribute("the attribute of a name")
    .default("uid")
    .describe("Attribute with the name of a person: a user name, an e-mail address, a federal id."),
  bindDn: line("the entry that the commands bind as")
    .optional()
    .describe("Whose password is read from $LABSTEAD_LDAP_PASSWORD. Default: anonymous."),
  certificateAuthority: line("a path")
    .optional()
    .describe(
      "File with the authority's certificate, below the folder of the stack file. Default: Node.js' own.",
    ),
  timeoutSeconds: z
    .int("is not a whole number; write seconds")
    .min(1, "is less than 1; write seconds, 1 or more")
    .max(120, "is more than 120; write seconds, 120 or less")
    .default(10)
    .describe("For the connection, and for each answer."),
});

export type DirectoryConfig = z.output<typeof directorySchema>;
