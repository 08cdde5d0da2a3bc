/** The provider resource of the package `labstead`, for programs. */
import * as pulumi from "@pulumi/pulumi";

/**
 * The provider of our own resources. Always explicit: the default one of a package `labstead` would take every key of
 * the project's `labstead:` configuration, the environment and its secrets included, as its own.
 */
export class LabsteadProvider extends pulumi.ProviderResource {
  constructor(name: string, options: pulumi.ResourceOptions = {}) {
    super("labstead", name, {}, options);
  }
}
