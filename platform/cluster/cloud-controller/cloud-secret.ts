/** The Secret with `cloud.conf` of one component: the cloud controller manager, or the CSI driver. */
import { Secret } from "cdk8s-plus-27";
import type { Construct } from "constructs";
import { credentialValues } from "../../../environment/cluster-cloud";
import { metadataOf, type Identity, type Mount } from "../../../kit";
import { cloudConfigFile, type CloudConfig } from "./cloud-config";
import type { CloudLogin } from "./login";

const FOLDER = "/etc/config";
const FILE = "cloud.conf";
const AUTHORITY_FILE = "ca.crt";

/** Path of the file in a container that mounts it. */
export const CLOUD_CONFIG_PATH = `${FOLDER}/${FILE}`;

/** A Secret with `cloud.conf` of one component. */
export interface CloudSecretProps extends Identity {
  readonly namespace: string;
  readonly login: CloudLogin;
  /** Everything but the login. */
  readonly sections: Omit<CloudConfig, "Global">;
}

/** The Secret with `cloud.conf`, as a mount; pods start again when it changes, because neither program reads it twice. */
export function cloudSecret(scope: Construct, id: string, props: CloudSecretProps): Mount {
  const { login, sections, namespace } = props;
  const { authority } = login;
  const file = (password: string) => cloudConfigFile({ Global: globalKeys(login, password), ...sections });
  const created = new Secret(scope, id, {
    metadata: metadataOf(props, namespace),
    immutable: false,
    stringData: {
      [FILE]: file(credentialValues(login.credential).secret.toString()),
      ...(authority === undefined ? {} : { [AUTHORITY_FILE]: authority }),
    },
  });
  // A new secret comes with a new id.
  const version = `${file("")}${authority ?? ""}`;
  return {
    kind: "secret",
    path: FOLDER,
    secret: Secret.fromSecretName(scope, `${id}Name`, created.name),
    version,
  };
}

/** Id and secret are known when the credential exists. */
function globalKeys({ authUrl, region, credential, authority }: CloudLogin, password: string) {
  return {
    "auth-url": authUrl,
    region,
    "application-credential-id": credentialValues(credential).id.toString(),
    "application-credential-secret": password,
    ...(authority === undefined ? {} : { "ca-file": `${FOLDER}/${AUTHORITY_FILE}` }),
  };
}
