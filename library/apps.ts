/** The lab's applications and namespaces as charts and constructs; each stands in a plain cdk8s app. */
export {
  DatalabChart,
  datalabImages,
  datalabProps,
  DEFAULT_LIMITS,
  DEFAULT_QUOTA,
  LabNamespace,
  type ContainerLimits,
  type DatalabProps,
  type LabNamespaceProps,
  type Quota,
} from "../apps";
