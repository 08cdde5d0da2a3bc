import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseAllDocuments } from "yaml";
import { environments } from "../../catalog";
import { lab } from "../../lab";
import { labstead, ROOT } from "./command";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "labstead-plan-"));
  for (const name of ["Pulumi.prod.yaml", "Pulumi.test.yaml"]) cpSync(join(ROOT, name), join(folder, name));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function edit(name: string, from: string, to: string): void {
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  expect(text).toContain(from);
  writeFileSync(file, text.replace(from, to));
}

test("plan writes the plan, the resources and the manifests, and says where", () => {
  const { code, stdout, stderr } = labstead(["plan", "prod"], folder);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("prod: 15 servers, ");
  expect(stdout).toContain("the whole plan: out/prod/plan.txt");
  expect(readdirSync(join(folder, "out/prod")).sort()).toEqual([
    ".labstead-plan.json",
    "diagram.mmd",
    "findings.json",
    "infrastructure.json",
    "manifests",
    "plan.json",
    "plan.txt",
    "pushed",
    "user-data",
  ]);
  const manifests = readFileSync(join(folder, "out/prod/manifests/datalab.yaml"), "utf8");
  const kinds = parseAllDocuments(manifests).map((document) => (document.toJS() as { kind: string }).kind);
  expect(kinds).toEqual(
    expect.arrayContaining(["Namespace", "Deployment", "StatefulSet", "Ingress", "NetworkPolicy", "Secret"]),
  );
});

test("a plan holds no secret and no marker, only names", () => {
  labstead(["plan", "prod"], folder);
  const files = readdirSync(join(folder, "out/prod"), { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile(),
  );
  const texts = files.map((entry) => readFileSync(join(entry.parentPath, entry.name), "utf8"));
  expect(texts.join("\n")).not.toContain("((labstead:");
  const read = (name: string) => readFileSync(join(folder, "out/prod", name), "utf8");
  expect(read("manifests/datalab.yaml")).toMatch(/<secret (from secret )?datalab\.mongo-password>/);
  expect(read("pushed/prod-gateway-0/etc/wireguard/wg0.conf")).toContain(
    "PrivateKey = <secret wireguard.key>\n",
  );
});

test("every file that is pushed to a server is in the plan, by its path there", () => {
  labstead(["plan", "prod"], folder);
  const { plan, machines } = lab(environments.read(join(folder, "Pulumi.prod.yaml")));
  const pushed = plan.servers.flatMap(({ key, name }) =>
    machines
      .get(key)!
      .files.flatMap(({ delivery, path }) => (delivery.kind === "sealed" ? [name + path] : [])),
  );
  const written = readdirSync(join(folder, "out/prod/pushed"), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(join(folder, "out/prod/pushed"), join(entry.parentPath, entry.name)));
  expect(written.sort()).toEqual(pushed.sort());
  for (const name of [
    "haproxy/labstead.cfg",
    "keepalived/keepalived.conf",
    "wireguard/wg0.conf",
    "labstead/firewall.nft",
  ])
    expect(pushed).toContain(`prod-gateway-0/etc/${name}`);
  expect(pushed).toContain("prod-control-plane-0/etc/labstead/kubernetes/kubeadm.yaml");
});

test("a second plan leaves nothing of the first behind, and everything of others", () => {
  const [gone, theirs] = ["user-data/prod-worker-general-3.yaml", "manifests/theirs.yaml"];
  labstead(["plan", "prod"], folder);
  expect(existsSync(join(folder, "out/prod", gone))).toBe(true);
  writeFileSync(join(folder, "out/prod", theirs), "theirs");
  edit("Pulumi.prod.yaml", "min: 4\n          max: 8", "min: 3\n          max: 8");
  expect(labstead(["plan", "prod"], folder)).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(join(folder, "out/prod", gone))).toBe(false);
  expect(readFileSync(join(folder, "out/prod", theirs), "utf8")).toBe("theirs");
});

test("a folder that is not a plan's is left as it is, and the message says what to do", () => {
  mkdirSync(join(folder, "prod"));
  writeFileSync(join(folder, "prod/theirs.txt"), "theirs");
  expect(labstead(["plan", "prod", "-o", "."], folder)).toMatchObject({
    code: 1,
    stdout: "",
    stderr:
      "prod: is not empty, and labstead plan did not write it: it has no .labstead-plan.json; move it away, or let the plan be written elsewhere: -o <folder>. Nothing was changed\n",
  });
  expect(readdirSync(join(folder, "prod"))).toEqual(["theirs.txt"]);
});

test("a folder that an older version wrote, without a list, is taken over", () => {
  labstead(["plan", "prod"], folder);
  rmSync(join(folder, "out/prod/.labstead-plan.json"));
  expect(labstead(["plan", "prod"], folder)).toMatchObject({ code: 0, stderr: "" });
  expect(existsSync(join(folder, "out/prod/.labstead-plan.json"))).toBe(true);
});

test("a tenant is planned from its owner's file, without state", () => {
  const { code, stdout } = labstead(["plan", "test"], folder);
  expect(code).toBe(0);
  expect(stdout).toContain("test: 1 servers, ");
  expect(readFileSync(join(folder, "out/test/plan.txt"), "utf8")).toContain(
    "test-load-balancer-0  192.168.3.209",
  );
});

test("errors come together, name path, value and fix, and nothing is written", () => {
  edit("Pulumi.prod.yaml", "cidr: 192.168.3.0/24", "cidr: 192.168.3.0");
  edit("Pulumi.prod.yaml", "flavor: tiny", "flavour: tiny");
  const { code, stdout, stderr } = labstead(["plan", "prod"], folder);
  expect(code).toBe(1);
  expect(stdout).toBe("");
  expect(stderr).toContain(
    '  network.cidr: "192.168.3.0" is not an IPv4 network; write its first address and prefix length, such as 192.168.3.0/24\n',
  );
  expect(stderr).toContain("  servers.bastion.flavour: ");
  expect(stderr).toContain("did you mean flavor?");
  expect(stderr).not.toContain("    at ");
  expect(existsSync(join(folder, "out"))).toBe(false);
});

test("a stack without a file says what to create", () => {
  const { code, stderr } = labstead(["plan", "staging"], folder);
  expect(code).toBe(1);
  expect(stderr).toContain("Pulumi.staging.yaml: does not exist; create it");
});

test("check goes through all stacks and fails on errors of any", () => {
  expect(labstead(["check"], folder)).toMatchObject({ code: 0 });
  edit("Pulumi.prod.yaml", "      test:\n        slot: 0", "      other:\n        slot: 0");
  const { code, stdout } = labstead(["check"], folder);
  expect(code).toBe(1);
  expect(stdout).toContain("prod: no errors");
  expect(stdout).toContain("test: 1 error");
  expect(stdout).toContain("add this line under tenants in Pulumi.prod.yaml: test: {slot: ");
});

test("check sees what two environments claim both", () => {
  const second = readFileSync(join(folder, "Pulumi.prod.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.second.yaml"), second);
  const { code, stdout } = labstead(["check"], folder);
  expect(code).toBe(1);
  expect(stdout).toContain(
    'Pulumi.second.yaml apps.datalab.host: "datalabs.lab.example.org" is already served by prod; choose another host',
  );
});

test("check adds up what an owner and its tenants need of one project", () => {
  const instances = (stack: string) => {
    labstead(["plan", stack], folder);
    const row = /^ *instances +(\d+)/m.exec(readFileSync(join(folder, "out", stack, "plan.txt"), "utf8"));
    return Number(row?.[1]);
  };
  const [prod, together] = [instances("prod"), instances("prod") + instances("test")];
  expect(together).toBeGreaterThan(prod);
  edit("Pulumi.prod.yaml", "instances: 30", `instances: ${String(together)}`);
  expect(labstead(["check"], folder)).toMatchObject({ code: 0 });
  edit("Pulumi.prod.yaml", `instances: ${String(together)}`, `instances: ${String(together - 1)}`);
  const { code, stdout } = labstead(["check"], folder);
  expect(code).toBe(1);
  expect(stdout).toContain(
    `Pulumi.prod.yaml quota.instances: prod and its tenants (test) need ${String(together)} together, the project's limit is ${String(together - 1)}; request a larger quota and raise the number here, or make one of them smaller [quota.exceeded]`,
  );
});
