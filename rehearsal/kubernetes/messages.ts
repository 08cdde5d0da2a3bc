/** What a user reads when something fails. Wording of the official provider. */
import { ApiError } from "./api-error";

export const UNREACHABLE = "configured Kubernetes cluster is unreachable";
const FORGET_HINT =
  'by rerunning the operation with the PULUMI_K8S_DELETE_UNREACHABLE environment variable set to "true"';

export const DELETE_UNREACHABLE = `${UNREACHABLE}. If the cluster was deleted, you can remove this resource from Pulumi state ${FORGET_HINT}`;

export const READ_UNREACHABLE = `failed to read resource state due to unreachable cluster. If the cluster was deleted, you can remove this resource from Pulumi state ${FORGET_HINT}`;

/** Where the official provider would try to list and watch again and again, without an end and without a word. */
export function waitsForEver(id: string, refusal: string): string {
  return `"${id}" is deleted, and the official provider would wait for ever to see it gone: ${refusal}`;
}

const EXISTS_HELP = `

The resource already exists in the cluster. This can happen when:

  - Renaming a Pulumi resource: use an alias to preserve the identity,
    or use deleteBeforeReplace if the resource needs replacement.
  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)
    to manage specific fields without owning the resource lifecycle.
  - Adopting a resource into Pulumi: use \`pulumi import\`. Note that
    protected resources (e.g. kube-system) cannot be deleted on destroy.
  - Intentional upsert: set upsertExistingObjects on the provider to allow
    server-side apply to update existing objects on create.`;

/** The error of a creation that the API server refused; any other error as it is. */
export function creationFailure(error: unknown, urn: string, version: string): unknown {
  if (!(error instanceof ApiError)) return error;
  const help = error.reason === "AlreadyExists" ? EXISTS_HELP : "";
  const refused =
    error.reason === "NoMatch"
      ? `creation of resource "${urn}" with kind ${version} failed because the Kubernetes API server reported that the apiVersion for this resource does not exist. Verify that any required CRDs have been created`
      : `resource "${urn}" was not successfully created by the Kubernetes API server`;
  return new Error(`${refused}: ${error.message}${help}`, { cause: error });
}
