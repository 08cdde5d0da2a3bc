/** What a new value of each key of `apps.hub` does to a running lab. */
import type { Effect, Effects } from "../../environment/parts/effects";
import type { HubsConfig } from "./configuration";
import { DRIVE_EFFECTS } from "./drive/effects";
import { SHARED_DIRECTORY_EFFECTS } from "./shared-directories/effects";

const RESTART: Effect = {
  kind: "inPlace",
  does: "the hub restarts, for some seconds without signing in and starting; running servers stay",
};
const NEXT_START: Effect = {
  kind: "later",
  when: "a person's next start of a server; the hub restarts at once, running servers stay",
};
const RENAMES: Effect = {
  kind: "stopped",
  would: "gives people other names, and with them empty homes",
  instead: "make another hub with the new names, and copy the files",
};
const GROWS: Effect = {
  kind: "inPlace",
  does: "the volume grows while it is used, where its class can; it never shrinks",
};
const COPIES: Effect = {
  kind: "inPlace",
  does: "the next copies follow it; copies that are stored stay where they are",
};

const SCRAPED: Effect = {
  kind: "inPlace",
  does: "the policies admit these pods and no others; the hubs and their proxies restart when it is set or left out, running servers stay",
};

const KEPT_FREE: Effect = {
  kind: "inPlace",
  does: "placeholders are made or deleted; nobody's server is moved",
};

export const HUB_EFFECTS: Effects<HubsConfig> = {
  host: {
    kind: "inPlace",
    does: "the ingress serves the new name at once and the old one no more; people sign in again, and the provider has to know the new address",
  },
  backups: {
    endpoint: COPIES,
    region: COPIES,
    bucket: COPIES,
    schedule: COPIES,
    keep: COPIES,
    homes: { schedule: COPIES, keep: COPIES },
  },
  scheduling: {
    namespace: {
      kind: "inPlace",
      does: "the scheduler, placeholders and pullers are made there, and deleted in the old one",
    },
    userScheduler: NEXT_START,
    userPlaceholder: { replicas: KEPT_FREE, cpu: KEPT_FREE, memory: KEPT_FREE },
    continuousImagePuller: { kind: "inPlace", does: "nodes pull the images, or no longer do so" },
  },
  metrics: { namespace: SCRAPED, name: SCRAPED },
  hubs: {
    kind: "entries",
    name: "<hub>",
    entry: {
      kind: "inPlace",
      does: "a new hub is made; of one that is left out everything is deleted but the volumes, which are protected: the run stops there, until you have decided about them",
    },
    each: {
      namespace: {
        kind: "stopped",
        would: "deletes the namespace with all homes and the database, and makes an empty one",
        instead: "for another namespace, make another hub beside this one and move the data",
      },
      existingNamespace: {
        kind: "stopped",
        would: "deletes the namespace with all homes and the database, or tries to make one that is there",
        instead: "leave it as it is; it says who made the namespace",
      },
      path: {
        kind: "inPlace",
        does: "the hub restarts at its new path; running servers answer at it only after their next start",
      },
      published: { kind: "inPlace", does: "the ingress serves the hub, or does so no more" },
      version: {
        kind: "inPlace",
        does: "the hub restarts, upgrades its database once, and keeps a copy of the old one beside it; running servers stay",
      },
      image: { name: RESTART, tag: RESTART },
      signIn: {
        kind: RESTART,
        minimumPasswordLength: { kind: "later", when: "the next person signs up; the hub restarts at once" },
        failedLogins: RESTART,
        lockSeconds: RESTART,
        clientId: RESTART,
        authorizeUrl: RESTART,
        tokenUrl: RESTART,
        userdataUrl: RESTART,
        usernameClaim: RENAMES,
        groupsClaim: RESTART,
        scopes: RESTART,
        adminGroups: RESTART,
        issuer: RESTART,
        jwksUrl: RESTART,
        usernameKey: RENAMES,
        consumerKey: RESTART,
        letIn: { kind: RESTART, users: RESTART, groups: RESTART },
      },
      admins: RESTART,
      homes: {
        kind: {
          kind: "stopped",
          would: "leaves every person with an empty home, and the old ones where they are",
          instead: "make another hub with the other homes, and copy the files",
        },
        size: {
          kind: "later",
          when: "homes are made from now on; the claim of shared homes and the volume of a drive grow where their class can",
        },
        storageClass: {
          kind: "later",
          when: "homes are made from now on; existing ones stay in their class. The one claim of shared homes or a drive is protected: the run stops there",
        },
        people: { kind: "inPlace", does: "the quota of the namespace follows; homes that are there stay" },
        ...DRIVE_EFFECTS,
      },
      sharedDirectories: SHARED_DIRECTORY_EFFECTS,
      server: {
        image: { name: NEXT_START, tag: NEXT_START },
        cpu: { guarantee: NEXT_START, limit: NEXT_START },
        memory: { guarantee: NEXT_START, limit: NEXT_START },
        defaultUrl: NEXT_START,
        startSeconds: RESTART,
        internet: { kind: "inPlace", does: "the policy of all servers is made or deleted, at once" },
      },
      profiles: {
        kind: "entries",
        name: "<profile>",
        entry: NEXT_START,
        each: {
          title: RESTART,
          description: RESTART,
          groups: NEXT_START,
          image: { name: NEXT_START, tag: NEXT_START },
          cpu: { guarantee: NEXT_START, limit: NEXT_START },
          memory: { guarantee: NEXT_START, limit: NEXT_START },
          defaultUrl: NEXT_START,
          gpu: { resource: NEXT_START, count: NEXT_START },
        },
      },
      cull: {
        kind: RESTART,
        timeoutSeconds: RESTART,
        everySeconds: RESTART,
        maxAgeSeconds: RESTART,
      },
      activeServerLimit: { kind: "inPlace", does: "the hub restarts, and the namespace's quota follows" },
      nodePurpose: NEXT_START,
      database: {
        size: GROWS,
        storageClass: {
          kind: "stopped",
          would: "replaces the volume of the database, and with it all users, groups and tokens",
          instead: "back it up and restore it in another hub, which has the other class",
        },
        existingClaim: {
          kind: "stopped",
          would: "starts the hub with another database, in which nobody is known",
          instead: "back it up and restore it in another hub, which has the other volume",
        },
      },
      traitlets: RESTART,
    },
  },
};
