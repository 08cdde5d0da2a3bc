/** What the programs themselves make of words with everything special in them: HAProxy, nftables, systemd, sshd. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { haproxyFormat, haproxyWord } from "../../../platform/formats/haproxy";
import { nftComment } from "../../../platform/formats/nftables";
import { systemdText, systemdWord } from "../../../platform/formats/systemd";
import { runs } from "../../lab/host/programs";
import { inScratch } from "../../lab/host/undo";

runs("haproxy", "nft", "systemd-analyze");

/** Without control characters, which are refused. */
const WORDS = [
  `/a b"c'd\\e$f\${g}#h;i%j`,
  "/$(id)`id`",
  "/\\",
  "/'",
  '/"',
  "/%[env(HOME)]",
  "/x # y",
  "/{a} [b] (c) <d> |e& *f? ~g!",
  "/é€",
];

/** Exit code and output of a program that reads the text as a file. */
function checked(text: string, name: string, program: string, args: (file: string) => readonly string[]) {
  return inScratch("formats", (folder) => {
    const file = join(folder, name);
    writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(program, args(file), { encoding: "utf8" });
    return { status, said: `${stdout}${stderr}` };
  });
}

test.each(WORDS)("%s is one word for HAProxy, which refuses quotes that are not closed", (word) => {
  const config = (uri: string, host: string) => `defaults
  mode http
  timeout client 1s
  timeout server 1s
  timeout connect 1s
frontend f
  bind 127.0.0.1:1
  default_backend b
backend b
  option httpchk
  http-check send meth GET uri ${uri} ver HTTP/1.1 hdr Host ${host}
  server s 127.0.0.1:1 check
`;
  const check = (text: string) => checked(text, "haproxy.cfg", "haproxy", (file) => ["-c", "-f", file]);
  expect(check(config(haproxyWord(word), haproxyFormat(word)))).toMatchObject({ status: 0 });
  if (/["']/.test(word)) expect(check(config(word, "x"))).toMatchObject({ status: 1 });
});

test.each(WORDS)("%s stays in a comment of nftables", (word) => {
  const rules = `table inet t {\n chain c {\n  accept ${nftComment(word)}\n }\n}\n`;
  expect(checked(rules, "rules.nft", "nft", (file) => ["--check", "--file", file])).toEqual({
    status: 0,
    said: "",
  });
});

test.each(WORDS)("%s is a description and an argument of a unit", (word) => {
  const description = word.endsWith("\\") ? "x" : systemdText(word);
  const unit = `[Unit]\nDescription=${description}\n[Service]\nType=oneshot\nExecStart=/bin/true ${systemdWord(word)}\n`;
  const verified = checked(unit, "formats-test.service", "systemd-analyze", (file) => [
    "verify",
    "--man=no",
    file,
  ]);
  expect(verified).toEqual({ status: 0, said: "" });
});
