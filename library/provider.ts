/** The resources of Labstead's own Pulumi provider: gates, pushed files, guards. The plugin is in `provider/`. */
export * from "../provider/sdk";
