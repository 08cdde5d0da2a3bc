/** kube-score over every object of every environment in the repository: no line without a reason in `explained.ts`. */
import type { Manifest } from "../../../deploy/manifest";
import { boundLab } from "../kubernetes/environments";
import { kubernetesBinary } from "../kubernetes/binaries";
import { attempt } from "../machines/host";
import { EXPLANATIONS, type Line } from "./explained";

/** The best grade of a check. */
const ALL_WELL = 10;

/** Environments of one cluster, its owner first. */
const CLUSTERS: readonly { readonly folder: string; readonly stacks: readonly [string, ...string[]] }[] = [
  { folder: ".", stacks: ["prod", "test"] },
  { folder: "examples", stacks: ["datalabs", "datalabs-test"] },
  { folder: "examples", stacks: ["jupyterhub"] },
  { folder: "examples", stacks: ["managed-kubernetes"] },
  { folder: "examples", stacks: ["savu"] },
  { folder: "examples", stacks: ["ska"] },
  { folder: "examples", stacks: ["existing-cluster"] },
  { folder: "examples", stacks: ["projects"] },
];

interface Scored {
  readonly type_meta: { readonly kind: string };
  readonly object_meta: { readonly name: string; readonly namespace?: string };
  readonly checks?: readonly {
    readonly check: { readonly id: string };
    readonly grade: number;
    readonly skipped: boolean;
    readonly comments: readonly { readonly path: string; readonly summary: string }[] | null;
  }[];
}

const log = (line: string): void => void process.stderr.write(`  ${line}\n`);

/** @param version of Kubernetes, such as `1.36` */
async function linesOf(manifests: readonly Manifest[], version: string): Promise<readonly Line[]> {
  const program = await kubernetesBinary("kube-score", log);
  const input = manifests.map((manifest) => JSON.stringify(manifest)).join("\n---\n");
  const score = [program, "score", "--output-format", "json", "--kubernetes-version", `v${version}`, "-"];
  const { stdout, stderr } = await attempt(score, { input });
  if (stdout === "") throw new Error(`kube-score wrote no report: ${stderr}`);
  return (JSON.parse(stdout) as readonly Scored[]).flatMap(({ type_meta, object_meta, checks = [] }) => {
    const missed = checks.filter(({ skipped, grade }) => !skipped && grade < ALL_WELL);
    return missed.flatMap(({ check, comments }) =>
      [...new Set((comments ?? []).map(({ path }) => path).concat(comments?.length ? [] : [""]))].map(
        (container) => ({
          check: check.id,
          kind: type_meta.kind,
          namespace: object_meta.namespace ?? "",
          name: object_meta.name,
          ...(container === "" ? {} : { container }),
        }),
      ),
    );
  });
}

const used = new Set<number>();

test.each(CLUSTERS)("every line about the objects of $stacks has its reason", async ({ folder, stacks }) => {
  const labs = stacks.map((stack) => boundLab(stack, folder));
  const manifests = labs.flatMap((each) => each.manifests);
  const lines = await linesOf(manifests, labs[0]?.plan.cluster.version ?? "");
  const unexplained = lines.filter((line) => {
    const index = EXPLANATIONS.findIndex(
      ({ check, when }) => check === line.check && (when?.(line, manifests) ?? true),
    );
    used.add(index);
    return index === -1;
  });
  expect(unexplained).toEqual([]);
});

test("no reason is left of a line that is gone", () => {
  expect(
    EXPLANATIONS.filter((_, index) => !used.has(index)).map(({ check, reason }) => ({ check, reason })),
  ).toEqual([]);
});

test("a line without a reason is found: a Pod of no workload with an image of no release", async () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "loose", namespace: "default" },
    spec: { containers: [{ name: "web", image: "example/web:latest" }] },
  };
  expect((await linesOf([pod], "1.36")).map(({ check }) => check)).toEqual(
    expect.arrayContaining(["container-image-tag", "container-resources"]),
  );
});
