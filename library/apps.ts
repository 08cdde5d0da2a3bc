/** The lab's applications and namespaces as charts and constructs; each stands in a plain cdk8s app. */
export {
  DATALAB_IMAGES,
  DatalabChart,
  datalabImages,
  DEFAULT_LIMITS,
  DEFAULT_QUOTA,
  HUB_IMAGES,
  HubChart,
  hubImages,
  LabNamespace,
  UserPodsChart,
  type ContainerLimits,
  type DatalabProps,
  type HubPlan,
  type LabNamespaceProps,
  type Quota,
  type UserPodsPlan,
} from "../apps";
