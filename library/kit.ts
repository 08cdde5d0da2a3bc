/** Typed building blocks of charts: workloads, Services, accounts, namespaces; they stand in any cdk8s chart. */
export * from "../kit";
