/** Words of sshd_config and ssh_config, and lines of authorized_keys. */
import { wordOf } from "./word";

/** @throws Error for a blank, quote, comment or pattern character; the lab's names contain none */
export function sshWord(text: string): string {
  return wordOf("OpenSSH", text, /^[A-Za-z0-9._:/@%+=,-]+$/);
}

export interface AuthorizedKey {
  /** `restrict`, `permitopen` …, with a value if the option has one. */
  readonly options: readonly (string | readonly [name: string, value: string])[];
  /** Type and body, or a marker if known later. */
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

/** The path of a program; or a port with a host, which may be any host or one that is known later. */
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
