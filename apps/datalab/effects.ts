/** What a new value of each key of `apps.datalab` does to a running lab. */
import type { Effect, Effects } from "../../environment/parts/effects";
import type { DatalabConfig } from "./configuration";

const NEW_PODS = (what: string): Effect => ({
  kind: "inTurns",
  does: `${what} get new pods, one after the other while the old ones answer`,
});

const ONE_POD = (what: string): Effect => ({
  kind: "inPlace",
  does: `${what} stops and starts again, and requests to it fail meanwhile`,
});

export const DATALAB_EFFECTS: Effects<DatalabConfig> = {
  namespace: {
    kind: "stopped",
    would: "deletes the namespace with all users' data and the database, and makes an empty one",
    instead: "for another namespace, bring an environment up beside this one and move the data",
  },
  host: {
    kind: "inPlace",
    does: "the ingress serves the new names at once and the old ones no more; people sign in again, and the provider has to know the new address",
  },
  replicas: {
    app: { kind: "inPlace", does: "pods are added or taken away" },
    api: { kind: "inPlace", does: "pods are added or taken away" },
    infrastructureApi: { kind: "inPlace", does: "pods are added or taken away" },
  },
  imageTags: {
    app: NEW_PODS("the web client's replicas"),
    api: NEW_PODS("the API's replicas"),
    auth: NEW_PODS("the authorisation service's replicas"),
    infrastructureApi: NEW_PODS("the infrastructure API's replicas"),
    docs: NEW_PODS("the documentation's replicas"),
    mongodb: ONE_POD("the database"),
    kubectl: NEW_PODS("the infrastructure API's replicas"),
  },
  auth: {
    issuer: NEW_PODS("the services that check tokens"),
    audience: NEW_PODS("the services that check tokens"),
    clientId: NEW_PODS("the web client's replicas"),
  },
  projects: {
    kind: "entries",
    name: "<project>",
    entry: {
      kind: "inPlace",
      does: "its namespaces are made, with rights of the infrastructure API; of one who is left out the rights end at once, and the namespaces stay with all data",
    },
    each: {
      namespaces: {
        kind: "inPlace",
        does: "`existing` leaves namespaces alone that are there; `made` fails for them",
      },
    },
  },
  unusedNotebooks: {
    warnDays: NEW_PODS("the web client's replicas"),
    stopDays: {
      kind: "inTurns",
      does: "the web client's replicas get new pods, one after the other; the next run, within 15 minutes, stops notebooks by the new number",
    },
  },
  storage: {
    databaseSize: {
      kind: "inPlace",
      does: "the volume grows while the database runs, where its class can; it never shrinks",
    },
    databaseClass: {
      kind: "stopped",
      would: "replaces the volume of the database, and with it all data",
      instead: "back the database up, restore it in an environment that was brought up with the other class",
    },
  },
};
