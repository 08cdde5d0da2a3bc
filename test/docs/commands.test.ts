/** Every command that the documentation shows is either run by a test, or named here with the reason why it is not. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { labstead, ROOT } from "../cli/command";
import { pulumiVersion } from "../../tools/toolchain/pulumi";
import { blockBeginning, commandsOf, documents, shellBlocks, TENANT_KUBECONFIG } from "./shell-blocks";

/** Commands of ours that need neither engine nor cloud: run below, from the repository's folder. */
const RUN_HERE: readonly (readonly string[])[] = [
  ["check"],
  ["check", "prod"],
  ["check", "--explain"],
  ["check", "--explain", "port.clash"],
  ["plan", "prod"],
  ["plan", "--file", "examples/ska.yaml"],
  ["plan", "--file", "examples/jupyterhub.yaml"],
  ["plan", "--file", "examples/savu.yaml"],
  ["plan", "--file", "examples/projects.yaml"],
  ["doctor"],
  ["cost"],
  ["cost", "prod"],
  ["cost", "prod", "--json"],
  ["report", "prod"],
  ["report", "--file", "examples/ska.yaml"],
  ["seats", "--file", "examples/jupyterhub.yaml"],
  ["seats", "--file", "examples/jupyterhub.yaml", "--class", "30", "--within", "10"],
  ["seats", "--file", "examples/jupyterhub.yaml", "--json"],
];

/** Run by the named test. */
const RUN_BY: Readonly<Record<string, string>> = {
  "npx --no-install labstead new ../my-lab": "test/library/package.engine.test.ts",
  "npx --no-install labstead rehearse prod test": "test/cli/rehearse.engine.test.ts",
  "npx --no-install labstead rehearse prod test --preview": "test/cli/rehearse.engine.test.ts",
  "npx --no-install labstead rehearse prod test --refresh": "test/cli/rehearse.engine.test.ts",
  "npx --no-install labstead rehearse test --destroy --with-data": "test/cli/rehearse.engine.test.ts",
  "npx --no-install labstead rehearse prod --destroy --with-data": "test/cli/rehearse.engine.test.ts",
  "pulumi destroy -s test": "test/stack/guard.engine.test.ts",
  "pulumi destroy -s prod": "test/stack/guard.engine.test.ts",
  "pulumi state delete 'urn:pulumi:prod::labstead::labstead:index:TenantProtection::tenants' -s prod":
    "test/provider/tenant-protection.engine.test.ts",
  "pulumi state unprotect 'urn:pulumi:prod::labstead::labstead:infra:Addresses$openstack:networking/floatingIp:FloatingIp::floating-ip/vip/api' -s prod":
    "test/lab/openstack/jupyterhub.lab.test.ts",
  "npx --no-install labstead recover prod": "test/cli/destroy.engine.test.ts",
  "npx --no-install labstead recover prod --up": "test/cli/crash.engine.test.ts",
  "npx --no-install labstead recover prod --take volume/gluster/0/brick=6f0c":
    "test/cli/recover.engine.test.ts",
  "npx --no-install labstead recover prod --drop volume/gluster/0/brick": "test/cli/recover.engine.test.ts",
  "npx --no-install labstead destroy prod": "test/cli/destroy.engine.test.ts",
  "npx --no-install labstead destroy prod --with-data": "test/cli/destroy.engine.test.ts",
  "npx --no-install labstead destroy prod --with-data --without-cluster": "test/cli/destroy.engine.test.ts",
  "npx --no-install labstead rehearse prod --latency 500": "test/cli/crash.engine.test.ts",
  "npx --no-install labstead rehearse prod --recover": "test/cli/crash.engine.test.ts",
  "npx --no-install labstead rehearse prod --recover --up": "test/cli/crash.engine.test.ts",
  "npx --no-install labstead state use": "test/lab/state.lab.test.ts",
  "npx --no-install labstead state init prod": "test/lab/state.lab.test.ts",
  "npx --no-install labstead state show prod": "test/lab/state.lab.test.ts",
  "npx --no-install labstead state backup prod": "test/lab/state.lab.test.ts",
  "npx --no-install labstead state restore prod state-backup/prod-20261121T034501.123Z.json":
    "test/lab/state.lab.test.ts",
  "npx --no-install labstead state restore prod state-backup/prod-20261121T034501.123Z.json --older":
    "test/lab/state.lab.test.ts",
  "npx --no-install labstead hubs leave prod physics ada": "test/cli/hubs.test.ts",
  "npx --no-install labstead hubs leave prod physics ada --export --home delete": "test/cli/hubs.test.ts",
  "npx --no-install labstead hubs rename prod statistics ada lovelace": "test/cli/hubs.test.ts",
  "npx --no-install labstead rotate prod": "test/cli/state.test.ts",
  "npx --no-install labstead check prod --cloud": "test/lab/openstack/check.lab.test.ts",
  ...Object.fromEntries(
    [
      "npx --no-install labstead preview --against origin/main",
      "npx --no-install labstead preview prod --against origin/main --output preview.md --comment comment.md",
      "npx --no-install labstead preview --against origin/main --json",
      "npx --no-install labstead report prod --against origin/main",
    ].map((command) => [command, "test/cli/preview/heads.engine.test.ts"]),
  ),
  "npx --no-install labstead client-config ada prod": "test/cli/client-config.engine.test.ts",
  "npx --no-install labstead client-config ada prod --rehearsed": "test/cli/client-config.engine.test.ts",
  "npx --no-install labstead tunnel prod": "test/cli/tunnel.lab.test.ts",
  "npx --no-install labstead tunnel prod --as ada --identity ~/.ssh/id_ed25519":
    "test/cli/tunnel.lab.test.ts",
  "npx --no-install labstead users start savu": "test/cli/users.test.ts",
  "npx --no-install labstead users stop savu": "test/cli/users.test.ts",
  "npx --no-install labstead users list savu": "test/cli/users.test.ts",
  "npx --no-install labstead users add savu emmy grace2=grace.h@example.org":
    "test/cli/users-directory/directory.lab.test.ts",
  "npx --no-install labstead users check savu": "test/cli/users-directory/directory.lab.test.ts",
  "npx --no-install labstead verify prod": "test/cli/verify-run.test.ts",
  "npx --no-install labstead adopt lab --cluster admin.kubeconfig": "test/lab/adopt.lab.test.ts",
  "npx --no-install labstead adopt lab --cluster admin.kubeconfig --domain lab.example.org --write":
    "test/lab/adopt.lab.test.ts",
  "npx --no-install labstead adopt lab": "test/lab/openstack/adopt.lab.test.ts",
  "npx --no-install labstead adopt lab --role 'node-*=workers.general' --role box7=bastion --json":
    "test/lab/openstack/adopt.lab.test.ts",
  "npx --no-install labstead adopt lab --role 'node-*=workers.general' --role box7=bastion --domain lab.example.org --write":
    "test/lab/openstack/adopt.lab.test.ts",
  "npx --no-install labstead adopt lab --import": "test/lab/openstack/adopt.lab.test.ts",
  "npx --no-install labstead drift prod": "test/cli/drift.lab.test.ts",
  "npx --no-install labstead drift prod --json": "test/cli/drift.lab.test.ts",
  "npx --no-install labstead fence prod workers.general/1": "test/cli/fence.test.ts",
  "npx --no-install labstead fence prod workers.general/1 --lift": "test/cli/fence.test.ts",
  "npx --no-install labstead rotate prod credential/cloud-provider": "test/cli/rotate.lab.test.ts",
  "npx --no-install labstead rotate prod ingress.default-certificate": "test/cli/rotate.lab.test.ts",
  "npx --no-install labstead doctor prod": "test/cli/rotate.lab.test.ts",
  "pulumi stack init prod": "test/docs/stack-files.engine.test.ts",
  "pulumi stack init test": "test/docs/stack-files.engine.test.ts",
  "pulumi config set --secret labstead:kubeconfig --stack prod < kubeconfig":
    "test/docs/stack-files.engine.test.ts",
  ...Object.fromEntries(
    commandsOf(blockBeginning(TENANT_KUBECONFIG)).map((command) => [
      command,
      "test/lab/tenant-kubeconfig.lab.test.ts",
    ]),
  ),
  "make test": ".ci/run",
  "make up": "test/tools/commands.test.ts",
  "npm ci": "tools/packages.js",
};

/** Not run: what they need cannot be had in a test without internet and cloud. */
const NOT_RUN: Readonly<Record<string, string>> = {
  [`curl -fsSL https://get.pulumi.com | sh -s -- --version ${pulumiVersion()}`]:
    "installs the official CLI from the internet",
  "export OS_CLOUD=mylab": "sets the reader's own cloud",
  "openstack application credential create labstead --unrestricted --role member --role load-balancer_member --expiration 2027-06-30T00:00:00":
    "the reader's own cloud",
  "chmod 600 ~/.config/openstack/clouds.yaml": "the reader's own file",
  "export PULUMI_CONFIG_PASSPHRASE_FILE=~/.config/labstead/passphrase": "the reader's own file",
  "openstack ec2 credentials create": "the reader's own cloud",
  ...Object.fromEntries(
    [
      "kubectl get nodes -o custom-columns=NAME:.metadata.name,ID:.spec.providerID,TAINTS:.spec.taints",
      "kubectl logs -n openstack-cloud-controller -l app.kubernetes.io/name=openstack-cloud-controller-manager --tail=20",
      "kubectl get pods -n cinder-csi",
      "kubectl get storageclass,volumesnapshotclass",
      "kubectl get pvc,pv -A",
    ].map((command) => [command, "the reader's own cluster, on the reader's own cloud"]),
  ),
  "pulumi config set --secret labstead:hub-backups-access-key": "the reader's own key",
  "pulumi config set --secret labstead:hub-backups-secret-key": "the reader's own key",
  ...Object.fromEntries(
    commandsOf(blockBeginning("kubectl -n physics scale deployment/hub --replicas=0"))
      .concat(commandsOf(blockBeginning("kubectl -n physics create job restore")))
      .map((command) => [
        command,
        "the reader's own cluster; test/lab/hub/database.lab.test.ts runs the job's program",
      ]),
  ),
  ...Object.fromEntries(
    commandsOf(blockBeginning("kubectl -n physics-drive scale deployment/drive --replicas=0")).map(
      (command) => [
        command,
        "the reader's own cluster; test/lab/hub/home-copies.lab.test.ts runs the job's program",
      ],
    ),
  ),
  ...Object.fromEntries(
    [
      "kubectl -n physics get pods -l component=singleuser-server",
      "kubectl -n physics exec -i deploy/hub -- python3 - <claims.py",
      "kubectl -n physics exec -i deploy/hub -- python3 - <copy.py",
      "helm -n physics upgrade",
      "helm -n physics uninstall",
    ]
      .flatMap((start) => commandsOf(blockBeginning(start)))
      .map((command) => [
        command,
        "the reader's own cluster and chart; test/lab/hub/from-chart.lab.test.ts begins with what they leave behind",
      ]),
  ),
  "export AWS_ACCESS_KEY_ID=<access>": "the reader's own key",
  "export AWS_SECRET_ACCESS_KEY=<secret>": "the reader's own key",
  "openstack container create prod-state": "the reader's own cloud",
  "aws --endpoint-url https://object-store.example.org s3api put-bucket-versioning --bucket prod-state --versioning-configuration Status=Enabled":
    "the reader's own bucket; test/lab/s3/server.ts does the same by the SDK",
  'export PATH="$HOME/.pulumi/bin:$PATH"': "the reader's own shell",
  "pulumi login": "the reader's own backend",
  "kubectl -n kube-system get pods,services -l app.kubernetes.io/part-of=ingress-nginx":
    "the reader's own cluster",
  "kubectl -n kube-system get pods,services -l app.kubernetes.io/part-of=traefik": "the reader's own cluster",
  "kubectl get ingress --all-namespaces": "the reader's own cluster",
  ...Object.fromEntries(
    [
      "kubectl -n metallb-system get pods,ipaddresspools,l2advertisements",
      "kubectl -n kube-system get services -l app.kubernetes.io/component=entry",
      "kubectl -n metallb-system get servicel2statuses",
    ].map((command) => [command, "the reader's own cluster"]),
  ),
  "kubectl get secret -n soil jupyterlab-notes -o jsonpath='{.data.token}' | base64 -d":
    "the reader's own cluster",
  ...Object.fromEntries(
    shellBlocks("docs/migrations.md")
      .flatMap(commandsOf)
      .map((command) => [
        command,
        "the reader's own clusters and host; test/docs/migrations.lab.test.ts runs what containers run of it",
      ]),
  ),
  "kubectl drain prod-worker-general-1 --ignore-daemonsets --delete-emptydir-data":
    "the reader's own cluster; test/lab/drain.lab.test.ts evicts by the same calls",
  "kubectl uncordon prod-worker-general-1": "the reader's own cluster",
  "pulumi preview -s prod": "needs the official plugins",
  "pulumi stack init lab": "test/lab/openstack/adopt.lab.test.ts makes the stack by the engine",
  "npx --no-install labstead preview lab":
    "needs the official plugins; test/lab/openstack/adopt.lab.test.ts previews by the engine",
  "pulumi up -s prod": "needs the official plugins and a cloud",
  "pulumi up -s test": "needs the official plugins and a cloud",
};

const shown = [...new Set(documents().flatMap(shellBlocks).flatMap(commandsOf))];
const ours = (args: readonly string[]): string => `npx --no-install labstead ${args.join(" ")}`;

test.each(shown)("%s is accounted for", (command) => {
  const known = [...RUN_HERE.map(ours), ...Object.keys(RUN_BY), ...Object.keys(NOT_RUN)];
  expect(known).toContain(command);
});

test.each([...new Set(Object.values(RUN_BY))])("%s exists", (file) => {
  expect(existsSync(join(ROOT, file))).toBe(true);
});

test("nothing is accounted for that no document shows", () => {
  const known = [...RUN_HERE.map(ours), ...Object.keys(RUN_BY), ...Object.keys(NOT_RUN)];
  expect(known.filter((command) => !shown.includes(command))).toEqual([]);
});

test.each(RUN_HERE.map((args) => [args.join(" "), args] as const))("labstead %s runs", (_, args) => {
  const { code, stderr } = labstead(args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});
