/** The lab's applications as constructs, for use in other charts. */
export { DatalabChart } from "./datalab/chart";
export { DATALAB_IMAGES, datalabImages } from "./datalab/images";
export type { DatalabProps } from "./datalab/props";
export { HubChart } from "./hub/chart";
export { HUB_IMAGES, hubImages } from "./hub/images";
export type { HubPlan } from "./hub/plan";
export { LabNamespace, type LabNamespaceProps } from "./namespace/lab-namespace";
export { DEFAULT_LIMITS, DEFAULT_QUOTA, type ContainerLimits, type Quota } from "./namespace/quota";
export { ProjectChart } from "./projects/chart";
export type { ProjectPlan } from "./projects/plan";
export { TangoDatabase, type TangoDatabaseProps } from "./tango/database";
export { TangoDeviceServer, type TangoDeviceServerProps } from "./tango/device-server";
export { UserPodsChart } from "./user-pods/chart";
export type { UserPodsPlan } from "./user-pods/plan";
