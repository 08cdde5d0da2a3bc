import { readEnvironment } from "../../environments";
import { resolve } from "node:path";

import { requiredReferences } from "../../../values";
import { lab } from "../../../lab";
import { sshIdentityPart } from "../../../platform/machines/base/ssh-identity";
import { machineConfig } from "../../../platform/machines/config";
import { userData } from "../../../platform/machines/user-data";

const { plan } = lab(readEnvironment(resolve(__dirname, "../../../Pulumi.prod.yaml")));

test("a server's host key is its own secret, so user data may hold it; of the pushes it holds the public half alone", () => {
  for (const server of plan.servers) {
    const { files = [] } = sshIdentityPart(server);
    expect(requiredReferences(files.map(({ content }) => content))).toEqual([
      { kind: "output", name: "machines/push.public" },
      { kind: "secret", name: `identity/${server.key}/ssh-host.key` },
    ]);
    expect(files.map(({ path, mode }) => `${mode} ${path}`)).toEqual([
      "0600 /etc/ssh/labstead_host_ed25519_key",
      "0644 /etc/ssh/labstead_push_keys/labstead",
      "0644 /etc/ssh/sshd_config.d/05-labstead-identity.conf",
    ]);
    const config = machineConfig(server.key, [{ files }]);
    const text = userData(config, { server, domain: plan.domain, software: plan.software });
    expect(text).toContain("HostKey /etc/ssh/labstead_host_ed25519_key");
  }
});

test("the host key of one server in the user data of another is refused", () => {
  const [one, other] = plan.servers;
  if (one === undefined || other === undefined) throw new Error("prod has servers");
  const config = machineConfig(other.key, [sshIdentityPart(one)]);
  expect(() => userData(config, { server: other, domain: plan.domain, software: plan.software })).toThrow(
    `holds the secret identity/${one.key}/ssh-host.key`,
  );
});
