/** What a new value of each key of `apps.userPods` does to a running lab. */
import type { Effect, Effects } from "../../environment/parts/effects";
import type { UserPodsConfig } from "./configuration";

const RESTARTS: Effect = {
  kind: "inPlace",
  does: "the pods that run restart, all at once; stopped ones have it at their next start",
};
const NOT_MOVED: Effect = {
  kind: "stopped",
  would: "gives every pod another volume, and leaves the files where they are",
  instead: "add a volume under another name, copy the files, and mount that one",
};
const NEXT_LOOK_UP: Effect = {
  kind: "inPlace",
  does: "the next labstead users add or check asks so; nothing that runs changes",
};
const ROUTES: Effect = { kind: "inPlace", does: "the ingress takes it at once; pods keep running" };

const GATEWAY: Effect = {
  kind: "inPlace",
  does: "the gateway restarts, so open connections end; pods keep running, and count as used at that moment",
};
const SIGN_IN: Effect = {
  kind: "inPlace",
  does: "the gateway restarts, so open connections end, and people may have to sign in again; pods keep running",
};

export const USER_PODS_EFFECTS: Effects<UserPodsConfig> = {
  namespace: {
    kind: "stopped",
    would: "deletes all users' pods and makes an empty namespace, without their claims",
    instead: "for another namespace, bring an environment up beside this one and move the data",
  },
  containers: {
    kind: "entries",
    name: "<container>",
    entry: RESTARTS,
    each: {
      image: { name: RESTARTS, tag: RESTARTS },
      args: RESTARTS,
      port: RESTARTS,
      env: RESTARTS,
      runsAs: { kind: RESTARTS, reason: RESTARTS },
      mounts: {
        kind: "entries",
        name: "<volume>",
        entry: RESTARTS,
        each: { path: RESTARTS, readOnly: RESTARTS },
      },
      scratch: RESTARTS,
      cpu: { request: RESTARTS, limit: RESTARTS },
      memory: { request: RESTARTS, limit: RESTARTS },
    },
  },
  entry: { kind: "inPlace", does: "the Services lead to the other container at once; pods keep running" },
  volumes: {
    kind: "entries",
    name: "<volume>",
    entry: {
      kind: "inPlace",
      does: "the pods that run restart; of a volume that is left out the users' claims stay, and files of a file server stay there",
    },
    each: {
      kind: NOT_MOVED,
      name: NOT_MOVED,
      size: {
        kind: "inPlace",
        does: "the users' claims grow while they are used, where their class can; they never shrink",
      },
      storageClass: {
        kind: "stopped",
        would: "is refused by the API server, since a claim's class cannot change",
        instead: "add a volume under another name in the other class, copy the files, and mount that one",
      },
      server: NOT_MOVED,
      path: NOT_MOVED,
      driver: NOT_MOVED,
      handle: NOT_MOVED,
      attributes: NOT_MOVED,
    },
  },
  directory: {
    url: NEXT_LOOK_UP,
    base: NEXT_LOOK_UP,
    nameAttribute: NEXT_LOOK_UP,
    bindDn: NEXT_LOOK_UP,
    certificateAuthority: NEXT_LOOK_UP,
    timeoutSeconds: NEXT_LOOK_UP,
  },
  users: {
    kind: "entries",
    name: "<user>",
    entry: {
      kind: "inPlace",
      does: "a new user gets a stopped pod; of one who is left out pod, path and rights are deleted, and the claims stay",
    },
    each: {
      uid: {
        kind: "stopped",
        would: "deletes the user's pod, and makes another one whose files belong to somebody else",
        instead: "remove the user, bring that up, and declare the user with the other UID",
      },
      directoryName: NEXT_LOOK_UP,
      gid: { kind: "inPlace", does: "the user's pod restarts, if it runs, with the other group" },
      nodePort: { kind: "inPlace", does: "the user's pod answers at the other port; open connections end" },
      signInName: {
        kind: "inPlace",
        does: "within ten seconds the other person reaches the pod, and the former one no more",
      },
      kubernetesUser: {
        kind: "inPlace",
        does: "the other person may start and stop the pod at once, and the former one no more",
      },
    },
  },
  activePodLimit: { kind: "inPlace", does: "the namespace's quota follows; pods keep running" },
  nodes: RESTARTS,
  exposure: {
    kind: {
      kind: "inPlace",
      does: "paths of the ingress or ports of the nodes are made or deleted at once; pods keep running",
    },
    host: { kind: "inPlace", does: "the ingress serves the new name at once and the old one no more" },
    auth: { url: ROUTES, signIn: ROUTES },
    identity: {
      kind: SIGN_IN,
      issuer: SIGN_IN,
      clientId: SIGN_IN,
      nameClaim: SIGN_IN,
      dn: SIGN_IN,
      authority: SIGN_IN,
      url: SIGN_IN,
      nameHeader: SIGN_IN,
      cookie: SIGN_IN,
      signIn: SIGN_IN,
      signOut: SIGN_IN,
      sessionSeconds: SIGN_IN,
    },
    idle: { kind: GATEWAY, afterSeconds: GATEWAY, everySeconds: GATEWAY },
    stripPath: {
      kind: "inPlace",
      does: "ingress and gateway pass the other path on; behind a gateway open connections end; pods keep running",
    },
  },
};
