/** The Secrets of the DataLabs services: names here; values are bound when they are registered. */
import { Secret, type ISecret } from "cdk8s-plus-27";
import { Construct } from "constructs";
import { keyPairValues, secretValue } from "../../environment/secrets";
import { metadataOf, type SecretKey } from "../../kit";
import type { NamedValue } from "../../values";
import { identityOf } from "./identity";
import type { DatalabProps } from "./props";
import { DATALAB_SECRETS } from "./secrets";

export class DatalabSecrets extends Construct {
  /** Keys `private` and `public`, with which the authorisation service signs its tokens. */
  readonly signingKey: ISecret;
  /** Password of the database user. */
  readonly databasePassword: SecretKey;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DatalabProps,
  ) {
    super(scope, id);
    const { databasePassword, signingKey, storeAccessKey, storeSecretKey } = DATALAB_SECRETS;
    const signing = keyPairValues(signingKey);
    this.databasePassword = {
      secret: this.secret("mongo-password-secret", { secret: secretValue(databasePassword) }),
      key: "secret",
    };
    this.signingKey = this.secret("auth-signing-key", { private: signing.key, public: signing.public });
    // For the stores that users start: the infrastructure API mounts it into them.
    this.secret("minio-shared-store-secret", {
      accessKey: secretValue(storeAccessKey),
      secretKey: secretValue(storeSecretKey),
    });
  }

  /** A Secret whose keys contain named values. */
  private secret(name: string, values: Readonly<Record<string, NamedValue>>): ISecret {
    const { namespace } = this.props;
    new Secret(this, name, {
      metadata: metadataOf(identityOf(this.props, name, "secret"), namespace),
      immutable: false,
      stringData: Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value.toString()])),
    });
    return Secret.fromSecretName(this, `${name}-reference`, name);
  }
}
