/** The ConfigMaps of the DataLabs services, and the paths at which services expect them. */
import { Construct } from "constructs";
import { ConfigFile, json, type Mount } from "../../kit";
import {
  catalogueConfig,
  clustersConfig,
  featureFlagConfig,
  notificationsConfig,
  oidcConfig,
  permissionsConfig,
  storageConfig,
} from "./config-content";
import { identityOf } from "./identity";
import type { DatalabProps } from "./props";
import { imageConfig } from "./stack-images";

/** Folder from which the web client's server serves files to browsers. */
const WEB_ROOT = "/usr/share/nginx/html";
/** Folder in which the services' common library looks for its files. */
const COMMON_CONFIG = "/usr/src/app/node_modules/common/src/config";

export class DatalabConfigFiles extends Construct {
  private readonly storage: ConfigFile;
  private readonly image: ConfigFile;
  private readonly clusters: ConfigFile;
  private readonly oidc: ConfigFile;
  private readonly featureFlags: ConfigFile;
  private readonly catalogue: ConfigFile;
  private readonly notifications: ConfigFile;
  private readonly permissions: ConfigFile;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: DatalabProps,
  ) {
    super(scope, id);
    this.storage = this.file("storage-config", storageConfig(props.storage));
    this.image = this.file("image-config", imageConfig());
    this.clusters = this.file("clusters-config", clustersConfig());
    this.oidc = this.file("oidc-config", oidcConfig(props));
    this.featureFlags = this.file("feature-flag-config", featureFlagConfig(props));
    this.catalogue = this.file("catalogue-asset-repo-config", catalogueConfig());
    this.notifications = this.file("notifications-config", notificationsConfig());
    this.permissions = this.file("datalab-auth-config", permissionsConfig(), "permissions");
  }

  forApp(): readonly Mount[] {
    return [
      at(this.oidc, `${WEB_ROOT}/web_auth_config.json`),
      at(this.storage, `${WEB_ROOT}/storage_config.json`),
      at(this.image, `${WEB_ROOT}/image_config.json`),
      at(this.catalogue, `${WEB_ROOT}/catalogue_asset_repo_config.json`),
      at(this.clusters, `${WEB_ROOT}/clusters_config.json`),
      at(this.featureFlags, `${WEB_ROOT}/feature_flags_config.json`),
    ];
  }

  forApi(): readonly Mount[] {
    return [at(this.storage, `${COMMON_CONFIG}/storage_config.json`)];
  }

  /** JSON is valid YAML, so the service can read it. */
  forAuth(path: string): readonly Mount[] {
    return [at(this.permissions, path)];
  }

  forWatcher(): readonly Mount[] {
    return [
      ...this.forApi(),
      at(this.image, `${COMMON_CONFIG}/image_config.json`),
      at(this.catalogue, `${COMMON_CONFIG}/catalogue_asset_repo_config.json`),
      at(this.clusters, `${COMMON_CONFIG}/clusters_config.json`),
    ];
  }

  forInfrastructureApi(): readonly Mount[] {
    return [...this.forWatcher(), at(this.notifications, `${COMMON_CONFIG}/notifications_config.json`)];
  }

  /** The job that stops unused notebooks. */
  forExpiry(): readonly Mount[] {
    return [
      ...this.forInfrastructureApi(),
      at(this.featureFlags, `${COMMON_CONFIG}/feature_flags_config.json`),
    ];
  }

  private file(name: string, content: unknown, key = "config"): ConfigFile {
    const { namespace } = this.props;
    return new ConfigFile(this, name, {
      ...identityOf(this.props, name, "config"),
      namespace,
      key,
      content: json(content),
    });
  }
}

function at(config: ConfigFile, path: string): Mount {
  return { kind: "config", config, path };
}
