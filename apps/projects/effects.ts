/** What a new value of each key of `apps.projects` does to a running lab. */
import type { Effect, Effects } from "../../environment/parts/effects";
import type { ProjectsConfig } from "./configuration";

const RESTARTS: Effect = { kind: "inPlace", does: "the stack restarts; files of its storage stay" };
const WORKERS: Effect = {
  kind: "inPlace",
  does: "the workers restart one after the other; computations that run on them are repeated",
};
const ROUTES: Effect = { kind: "inPlace", does: "the ingress takes it at once; stacks keep running" };
const OPEN = { reason: { kind: "inPlace", does: "nothing but the record of the reason changes" } } as const;
const SCALES: Effect = { kind: "inPlace", does: "the autoscaler follows it at once; workers keep running" };
const ASSETS: Effect = {
  kind: "stopped",
  would: "gives all stacks of the project other data, and its volume cannot change",
  instead: "add the data under another name, and remove this one when nobody uses it",
};

export const PROJECTS_EFFECTS: Effects<ProjectsConfig> = {
  host: { kind: "inPlace", does: "the ingress serves the new name at once and the old one no more" },
  auth: { url: ROUTES, signIn: ROUTES },
  projects: {
    kind: "entries",
    name: "<project>",
    entry: {
      kind: "inPlace",
      does: "a new project gets its namespaces; of one that is left out all objects are deleted, but a namespace with storage and its claims stay",
    },
    each: {
      groups: {
        kind: "inPlace",
        does: "people of the group get or lose their rights at once, also to open stacks where auth.url names {groups}",
      },
      internet: { kind: "inPlace", does: "pods reach public addresses or reach them no more, at once" },
      storage: {
        kind: "entries",
        name: "<storage>",
        entry: { kind: "inPlace", does: "a new claim is made; one that is left out stays, with its files" },
        each: {
          size: {
            kind: "inPlace",
            does: "the claim grows while it is used, where its class can; it never shrinks",
          },
          access: {
            kind: "stopped",
            would: "is refused by the API server, since a claim's mode cannot change",
            instead: "add storage under another name, copy the files, and name that one in the stacks",
          },
          storageClass: {
            kind: "stopped",
            would: "is refused by the API server, since a claim's class cannot change",
            instead: "add storage under another name, copy the files, and name that one in the stacks",
          },
        },
      },
      assets: {
        kind: "entries",
        name: "<asset>",
        entry: { kind: "inPlace", does: "all stacks of the project restart, with the data or without it" },
        each: {
          kind: ASSETS,
          name: ASSETS,
          server: ASSETS,
          path: ASSETS,
          driver: ASSETS,
          handle: ASSETS,
          attributes: ASSETS,
          size: ASSETS,
        },
      },
      services: {
        kind: "entries",
        name: "<service>",
        entry: {
          kind: "inPlace",
          does: "the address answers at once, or no more; pods of the service stay as they are",
        },
        each: { port: ROUTES, public: OPEN },
      },
      stacks: {
        kind: "entries",
        name: "<stack>",
        entry: {
          kind: "inPlace",
          does: "a new stack starts; one that is left out is stopped and deleted, and its files stay in the storage",
        },
        each: {
          kind: {
            kind: "inPlace",
            does: "the stack is deleted, and one of the other kind starts under the same name",
          },
          storage: {
            kind: "inPlace",
            does: "the stack restarts with the other storage; files of the old one stay there",
          },
          folder: RESTARTS,
          file: RESTARTS,
          image: { name: RESTARTS, tag: RESTARTS },
          cpu: { request: RESTARTS, limit: RESTARTS },
          memory: { request: RESTARTS, limit: RESTARTS },
          submitsPods: RESTARTS,
          replicas: {
            kind: "inPlace",
            does: "pods of the page are started or stopped; the others keep running",
          },
          public: OPEN,
          workers: {
            min: SCALES,
            max: SCALES,
            cpuPercent: SCALES,
            memoryPercent: SCALES,
            scaleDownSeconds: SCALES,
            cpu: { request: WORKERS, limit: WORKERS },
            memory: { request: WORKERS, limit: WORKERS },
          },
        },
      },
    },
  },
};
