/** The lab's applications and namespaces as charts and constructs; each stands in a plain cdk8s app. */
export {
  DATALAB_IMAGES,
  DatalabChart,
  datalabImages,
  DEFAULT_LIMITS,
  DEFAULT_QUOTA,
  LabNamespace,
  type ContainerLimits,
  type DatalabProps,
  type LabNamespaceProps,
  type Quota,
} from "../apps";
