/** The secrets of the DataLabs services: how each is generated, what a new value does, and how charts use it. */
import type { PasswordPlan, RsaKeyPairPlan } from "../../environment/plan/types-secrets";

/** The services' MongoDB user. */
const databasePassword: PasswordPlan = {
  kind: "password",
  name: "datalab.mongo-password",
  length: 32,
  rotation: {
    kind: "refused",
    why: "MongoDB keeps the password of its first start: change it in the database by db.changeUserPassword, then here",
  },
};

/** Key with which the authorisation service signs its tokens. */
const signingKey: RsaKeyPairPlan = {
  kind: "keyPair",
  name: "datalab.auth-signing-key",
  algorithm: "RSA",
  bits: 2048,
  rotation: {
    kind: "rotate",
    does: "a new key; restart the authorisation service, whose users then sign in again",
  },
};

/** For the stores that users start. S3 clients accept access keys of 3 to 20 characters. */
const storeAccessKey: PasswordPlan = {
  kind: "password",
  name: "datalab.minio-access-key",
  length: 20,
  rotation: {
    kind: "rotate",
    does: "a new access key for stores that users start from now on; running ones keep theirs until they restart",
  },
};

/** S3 clients accept secret keys of 8 to 40 characters. */
const storeSecretKey: PasswordPlan = {
  kind: "password",
  name: "datalab.minio-secret-key",
  length: 40,
  rotation: {
    kind: "rotate",
    does: "a new secret key for stores that users start from now on; running ones keep theirs until they restart",
  },
};

export const DATALAB_SECRETS = { databasePassword, signingKey, storeAccessKey, storeSecretKey } as const;
