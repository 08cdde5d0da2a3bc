import { commentMarkdown, MARKER, previewMarkdown } from "../../../review/preview/markdown";
import { code, fenced, plain, table } from "../../../review/preview/markdown-blocks";
import { found, previewOf, stepOf } from "./sample";

function start(text: string, count = 5): readonly string[] {
  return text.split("\n").slice(0, count);
}

test("a change without meaning says so in its first line", () => {
  const text = previewMarkdown(previewOf({}, { stack: "test" }));
  expect(start(text, 1)).toEqual(["# Nothing changes against main"]);
  expect(text).not.toContain("## ");
  expect(text.trimEnd().endsWith(MARKER)).toBe(true);
});

test("what is refused, deleted, replaced and interrupted comes first, the worst stack before the others", () => {
  const steps = [
    stepOf("create", "server/d"),
    stepOf("replace", "server/b", { reason: "generation: 1 → 2" }),
    stepOf("replace", "server/c", { reason: "generation: 1 → 2" }),
    stepOf("delete", "volume/a", {
      type: "openstack:blockstorage/volume:Volume",
      reason: "no longer configured",
    }),
  ];
  const text = previewMarkdown(
    previewOf(
      { stack: "test", steps: [stepOf("create", "server/x")] },
      { steps, disruptions: [{ text: "restarts server/e", note: "allowed by changes.allow" }] },
      { stack: "old", refusals: ["this would disturb what runs\n  a: 1 → 2\n    count up"] },
    ),
  );
  expect(start(text, 10)).toEqual([
    "# old: up stops before it changes anything; prod: deletes 1, replaces 2, interrupts 1, creates 1; test: creates 1",
    "",
    "- **refused**: this would disturb what runs",
    "  ```text",
    "    a: 1 → 2",
    "      count up",
    "  ```",
    "- **deletes** `volume/a`: no longer configured",
    "- **replaces** `server/b`, `server/c`: generation: 1 → 2",
    "- **interrupts**: restarts server/e (allowed by changes.allow)",
  ]);
});

test("harmless changes are said to be so", () => {
  const text = previewMarkdown(previewOf({ steps: [stepOf("create", "server/x")] }));
  expect(start(text, 1)).toEqual(["# prod: creates 1 (nothing is deleted or replaced)"]);
});

test("a finding that the change accepts is among what comes first, with its reason", () => {
  const accepted = [
    { finding: found("control-plane.single", "servers.controlPlane.min"), reason: "a <teaching> lab" },
  ];
  expect(start(previewMarkdown(previewOf({ accepted })), 3).at(-1)).toBe(
    "- **accepts** `control-plane.single` servers.controlPlane.min: is wrong; correct it: a &lt;teaching> lab",
  );
});

test("new findings are apart from old ones, with their fixes", () => {
  const findings = {
    added: [found("port.unclaimed", "ports.published.mail")],
    kept: [found("control-plane.single", "servers.controlPlane.min")],
    gone: [found("setting.inactive", "servers.workers.general.max")],
  };
  const text = previewMarkdown(previewOf({ findings }));
  expect(text).toContain("- **info** `port.unclaimed` ports.published.mail: is wrong; correct it");
  expect(text).toMatch(/No longer found:\n\n- .*setting\.inactive/);
  expect(text).toMatch(/<summary>1 findings? as before<\/summary>\n\n- .*control-plane\.single/);
});

test("the comment leaves diffs out, and says so", () => {
  const files = [{ files: ["pushed/a/x.cfg", "pushed/b/x.cfg"], diff: "@@ -1 +1 @@\n-a\n+b" }];
  const preview = previewOf({ files });
  expect(previewMarkdown(preview)).toContain(
    "<summary>pushed/a/x.cfg, and the same in 1 more</summary>\n\n```diff\n@@",
  );
  const comment = commentMarkdown(preview);
  expect(comment).not.toContain("```diff");
  expect(comment).toContain("Differences of manifests and servers' files (1) are in the whole report.");
});

test("a comment fits GitHub's limit whatever changes", () => {
  const lost = Array.from({ length: 500 }, (_, at) =>
    stepOf("delete", `volume/${String(at)}`, { reason: `because of ${String(at)}` }),
  );
  const settings = Array.from({ length: 2_000 }, (_, at) => ({
    ...{ path: `servers.workers.pool-${String(at)}`, before: "1", after: "2" },
    effect: "in place: one more is made",
  }));
  const preview = previewOf({ steps: lost, settings });
  const comment = commentMarkdown(preview);
  expect(comment.length).toBeLessThan(65_536);
  expect(comment).toContain("- and 480 more, in the whole report\n");
  expect(comment).toContain("The tables are in the whole report.");
  expect(previewMarkdown(preview)).toMatch(/<summary>and 480 more<\/summary>[^]*volume\/499/);
});

test("a long message is shown to its end", () => {
  const refused = [
    "this would disturb what runs",
    ...Array.from({ length: 30 }, (_, at) => `  line ${String(at)}`),
  ];
  const lines = previewMarkdown(previewOf({ refusals: [refused.join("\n")] })).split("\n");
  expect(lines.slice(3, 35)).toEqual(["  ```text", ...refused.slice(1).map((line) => `  ${line}`), "  ```"]);
});

test("texts of a stack file open no element, no link and mention nobody", () => {
  expect(plain("<b>[x](y) @ada\n")).toBe("&lt;b>\\[x](y) &#64;ada\\n");
  expect(code("a`b``c")).toBe("``` a`b``c ```");
  expect(fenced("text", "```\nx")).toEqual(["````text", "```", "x", "````"]);
  expect(table(["a"], [["x|y"]])).toEqual(["| a |", "| --- |", "| x\\|y |"]);
});

test("over the quota is marked, and an amount below it is not", () => {
  const quota = [
    { name: "cores", before: 11, after: 19, limit: 16 },
    { name: "instances", before: 5, after: 6, limit: 12 },
  ];
  const text = previewMarkdown(previewOf({ quota }));
  expect(text).toContain("| cores | 11 | 19 **too much** | 16 |");
  expect(text).toContain("| instances | 5 | 6 | 12 |");
});
