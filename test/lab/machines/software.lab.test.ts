/**
 * The script that installs a node's packages, run with real gpg and read by real apt. What the network would answer is
 * made up: a key that is right for one fingerprint only, and packages that nobody downloads.
 */
import { planEnvironment } from "../../environments";
import { isOwner, type SoftwareConfig } from "../../../environment/config";
import { machines } from "../../../platform/machines";
import type { Finished } from "./host";
import { bakedConfig } from "./planned-machines";
import { Room } from "./room";

/** Of nobody: made for this test, without end; {@link OTHER} too. */
const KEY = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawFFZhYJKwYBBAHaRw8BAQdAf3oaXmZS8MZxTfAU19sdLvflitHjDFyU+DIK
QKCWxfW0KVBhY2thZ2VzIG9mIGEgdGVzdCA8cGFja2FnZXNAZXhhbXBsZS5vcmc+
iJAEExYIADgWIQTIyPb9zYW1PKflxU4G80HsrQAJHQUCawFFZgIbAwULCQgHAgYV
CgkICwIEFgIDAQIeAQIXgAAKCRAG80HsrQAJHRvhAQDE2dCvdNeUA/uInPbSmUhp
Wpg22n0OYtkgyEyRZaBelgD/TLQqoQdWzc93bzlzfALvU1YrTW2GsMoagqysDR8e
Ugo=
=CyXn
-----END PGP PUBLIC KEY BLOCK-----
`;
const FINGERPRINT = "C8C8F6FDCD85B53CA7E5C54E06F341ECAD00091D";
const OTHER = `-----BEGIN PGP PUBLIC KEY BLOCK-----

mDMEawFF5hYJKwYBBAHaRw8BAQdAtCo4ZCM9f5QMe4F1BRi3sCke/N4qFoipJrfK
nSrgZ2q0KUFub3RoZXIga2V5IG9mIGEgdGVzdCA8b3RoZXJAZXhhbXBsZS5vcmc+
iJAEExYIADgWIQQIOYjltcoqIROPO1/5k0X7ekfCvwUCawFF5gIbAwULCQgHAgYV
CgkICwIEFgIDAQIeAQIXgAAKCRD5k0X7ekfCvxWfAQCLSU+Q96+6SVvXwHcvmw9O
/jpy3EnsVKt1d6ME8iOT0gEAyponsns6xdx4Rpojid2uG/quSjA1tj3OR6pQL3ot
ww4=
=uSUe
-----END PGP PUBLIC KEY BLOCK-----
`;
const OTHERS_FINGERPRINT = "083988E5B5CA2A21138F3B5FF99345FB7A47C2BF";
const RIGHT = { kind: "fingerprint", fingerprint: FINGERPRINT } as const;
const WRONG = { kind: "fingerprint", fingerprint: "0".repeat(40) } as const;

/** Answers every URL with the key, and writes down what was asked for. */
const CURL = `#!/bin/sh
while [ $# -gt 1 ]; do
  [ "$1" != --output ] || file=$2
  shift
done
echo "curl $1" >> /tmp/asked
cp /tmp/key "$file"
`;
/** Installs nothing, so there is nothing that apt-mark could hold. */
const APT = `#!/bin/sh
echo "\${0##*/} $*" >> /tmp/asked
`;

let room: Room;
beforeEach(async () => {
  room = await Room.open();
  room.write("/tmp/key", KEY);
  room.write("/tmp/bin/curl", CURL, 0o755);
  for (const name of ["apt-get", "apt-mark"]) room.write(`/tmp/bin/${name}`, APT, 0o755);
});
afterEach(() => room.close());

/** Installs what a worker of prod needs. */
async function install(software: SoftwareConfig): Promise<Finished> {
  const config = bakedConfig();
  if (!isOwner(config)) throw new Error("prod is no owner");
  const planned = planEnvironment({ ...config, software });
  if (!planned.ok) throw new Error("prod cannot be planned with this software");
  const files = machines(planned.plan).get("workers.general/0")?.files ?? [];
  for (const { path, content, mode } of files)
    if (/apt|packages$/.test(path)) room.write(path, content, Number.parseInt(mode, 8));
  return room.run(["sh", "-c", "PATH=/tmp/bin:$PATH exec /usr/local/lib/labstead/packages"]);
}

async function read(path: string): Promise<string> {
  return (await room.run(["cat", path])).stdout;
}

test("with the right keys both repositories are written down, and apt reads them", async () => {
  const { code } = await install({
    kind: "repositories",
    kubernetesKey: RIGHT,
    containerd: { kind: "docker", key: RIGHT },
  });
  expect(code).toBe(0);
  const asked = (await read("/tmp/asked")).split("\n");
  expect(asked.filter((line) => line.startsWith("curl "))).toEqual([
    "curl https://pkgs.k8s.io/core:/stable:/v1.36/deb/Release.key",
    "curl https://download.docker.com/linux/debian/gpg",
  ]);
  expect(asked.at(-3)).toMatch(/^apt-get .* install .* containerd\.io=2\.\* .*kubelet=1\.36\.\d+-\* /);
  expect(asked.at(-2)).toBe("apt-mark hold containerd.io kubelet kubeadm");
  expect(await read("/etc/apt/keyrings/docker.asc")).toBe(KEY);
  const { stdout: uris } = await room.run(["apt-get", "update", "--print-uris"]);
  expect(uris).toContain("'https://pkgs.k8s.io/core:/stable:/v1.36/deb/InRelease'");
  expect(uris).toContain("'https://download.docker.com/linux/debian/dists/bookworm/InRelease'");
});

test("a key with another fingerprint is refused: its repository is not written down, nothing is installed", async () => {
  const { code, stderr } = await install({
    kind: "repositories",
    kubernetesKey: RIGHT,
    containerd: { kind: "docker", key: WRONG },
  });
  expect(code).toBe(1);
  expect(stderr).toContain(
    `https://download.docker.com/linux/debian/gpg has fingerprint ${FINGERPRINT}, not ${"0".repeat(40)}\n`,
  );
  expect(
    (await room.run(["ls", "/etc/apt/sources.list.d/docker.list", "/etc/apt/keyrings/docker.asc"])).code,
  ).not.toBe(0);
  expect(await read("/tmp/asked")).not.toContain("apt-get");
});

test("a second key beside the right one is refused: apt would believe it too", async () => {
  room.write("/tmp/key", `${KEY}${OTHER}`);
  const { code, stderr } = await install({
    kind: "repositories",
    kubernetesKey: RIGHT,
    containerd: { kind: "docker", key: RIGHT },
  });
  expect(code).toBe(1);
  expect(stderr).toContain(
    `Release.key has fingerprint ${FINGERPRINT} ${OTHERS_FINGERPRINT}, not ${FINGERPRINT}\n`,
  );
});

test("a mirror's key that was given is not asked for, and the distribution's containerd needs no repository", async () => {
  const { code } = await install({
    kind: "mirror",
    distribution: "https://mirror.example.org/debian",
    kubernetes: "https://mirror.example.org/kubernetes",
    kubernetesKey: { kind: "given", armored: KEY },
    containerd: { kind: "distribution", version: "2.1.*" },
  });
  expect(code).toBe(0);
  const asked = await read("/tmp/asked");
  expect(asked).not.toMatch(/^curl /m);
  expect(asked).toMatch(/ install .* containerd=2\.1\.\* /);
  const { stdout: uris } = await room.run(["apt-get", "update", "--print-uris"]);
  expect(uris).toContain("'https://mirror.example.org/kubernetes/core:/stable:/v1.36/deb/InRelease'");
  expect(uris).not.toContain("docker");
});
