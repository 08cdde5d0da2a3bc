/** Words of sshd_config and ssh_config, and lines of authorized_keys. */
import { wordOf } from "./word";

/** @throws Error for a blank, a quote, a comment or a pattern's character, none of which a name of ours has */
export function sshWord(text: string): string {
  return wordOf("OpenSSH", text, /^[A-Za-z0-9._:/@%+=,-]+$/);
}

export interface AuthorizedKey {
  /** `restrict`, `permitopen` …, a value for those that have one. */
  readonly options: readonly (string | readonly [name: string, value: string])[];
  /** Type and body, or the marker of one that is known later. */
  readonly key: string;
  readonly comment: string;
}

/** Without a line break. */
export function authorizedKey({ options, key, comment }: AuthorizedKey): string {
  const given = options.map((each) =>
    typeof each === "string" ? sshWord(each) : `${sshWord(each[0])}="${optionValue(each[1])}"`,
  );
  const words = [key.split(" ").map(keyWord).join(" "), comment.split(" ").map(sshWord).join(" ")];
  return [...(given.length === 0 ? [] : [given.join(",")]), ...words].join(" ");
}

/** The path of a program; or a host, which may be any or one that is known later, and a port. */
function optionValue(text: string): string {
  return wordOf(
    "OpenSSH",
    text,
    /^(\/[A-Za-z0-9._-]+)+$|^[A-Za-z0-9.*-]+:\d+$|^\(\(labstead:[^"\\\s]+\)\):\d+$/,
  );
}

function keyWord(text: string): string {
  return wordOf("OpenSSH", text, /^[A-Za-z0-9+/=@.-]+$|^\(\(labstead:[^"\\\s]+\)\)$/);
}
