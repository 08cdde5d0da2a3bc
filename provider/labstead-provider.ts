/** The provider resource of the package `labstead`, for programs. */
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider of our own resources. Always explicit: the default one of a package `labstead` would read every key of
 * the project's `labstead:` configuration as its own, including the environment and its secrets.
 */
export class LabsteadProvider extends pulumi.ProviderResource {
  constructor(name: string, options: pulumi.ResourceOptions = {}) {
    super("labstead", name, {}, options);
  }
}
