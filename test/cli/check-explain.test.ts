import { explanation } from "../../cli/check/explain";
import { FINDING_TOPICS } from "../../environment/findings";
import { labstead } from "./command";

const UDP = [
  "port.udp (error): UDP port behind HAProxy",
  "  HAProxy carries TCP only, so the port would be open in every rule without a listener. Let Octavia be the edge, or",
  "  use TCP if the service offers it.",
  "  documented in docs/findings.md#portudp and docs/environment.md#ports",
].join("\n");

test("a finding is reported with its severity, its title, the reason and where it is documented", () => {
  expect(explanation([], "port.udp")).toBe(UDP);
});

test("without an id all are listed, with severity and title", () => {
  const lines = explanation([]).split("\n");
  expect(lines).toHaveLength(FINDING_TOPICS.flatMap(({ rows }) => Object.keys(rows)).length);
  expect(lines).toEqual(
    expect.arrayContaining([
      "error   port.udp                UDP port behind HAProxy",
      "warning control-plane.single    single control plane",
      "info    quota.unknown-flavor    flavor whose size is not known",
    ]),
  );
});

const ALL = "npx --no-install labstead check --explain lists all";

test.each([
  ["port.clsh", `"port.clsh" is no finding; did you mean port.clash, host.clash? ${ALL}`],
  ["across.hots", `"across.hots" is no finding; did you mean across.host, across.file? ${ALL}`],
  ["Port.Udp", `"Port.Udp" is no finding; did you mean port.udp, port.edge? ${ALL}`],
  ["across", `"across" is no finding; did you mean across.host, across.address, across.network? ${ALL}`],
  ["prod", `"prod" is no finding; ${ALL}`],
  ["", `"" is no finding; ${ALL}`],
])("%j is none, and the nearest are named", (id, message) => {
  expect(() => explanation([], id)).toThrow(new Error(message));
});

test("stacks beside an id are refused", () => {
  expect(() => explanation(["prod", "test"], "port.udp")).toThrow(
    new Error("--explain takes one id and no stacks; leave out prod and test"),
  );
});

test("the command prints it, and an id that is none is one line and a failure", () => {
  expect(labstead(["check", "--explain", "port.udp"])).toEqual({ code: 0, stdout: `${UDP}\n`, stderr: "" });
  expect(labstead(["check", "prod", "--explain", "port.clsh"])).toEqual({
    code: 1,
    stdout: "",
    stderr: "--explain takes one id and no stacks; leave out prod\n",
  });
});
