/** How a component of the cluster logs in to OpenStack: the same for the cloud controller manager and the CSI driver. */
import { CLOUD_VALUES } from "../../../environment/cluster-cloud";
import type { CloudPlan } from "../../../environment/plan/types";

/** Login of one component. */
export interface CloudLogin {
  /** Text, or the named value of the cloud's catalog. */
  readonly authUrl: string;
  readonly region: string;
  /** Key of the application credential. */
  readonly credential: string;
  /** In PEM. @default the public authorities of the image */
  readonly authority?: string;
}

/** @param credential key of the component's application credential */
export function cloudLogin({ authUrl, region, authority }: CloudPlan, credential: string): CloudLogin {
  return {
    authUrl: authUrl ?? CLOUD_VALUES.authUrl.toString(),
    region: region ?? CLOUD_VALUES.region.toString(),
    credential,
    ...(authority === undefined ? {} : { authority }),
  };
}
