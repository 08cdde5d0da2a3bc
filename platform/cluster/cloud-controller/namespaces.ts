/** Separate, so that checks of an environment load no chart. */
export const CLOUD_CONTROLLER_NAMESPACE = "openstack-cloud-controller";
