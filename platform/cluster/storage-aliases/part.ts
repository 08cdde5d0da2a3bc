/** StorageClasses of drivers that an administrator installs. */
import type { OwnerConfig } from "../../../environment/config";
import { finding, type Finding } from "../../../environment/findings";
import { ownersComponent } from "../../../environment/parts/part";
import { plannedClass } from "../../../environment/storage-classes";
import type * as Charts from "./chart";
import type { ForeignAlias } from "./chart";

export const storageAliases = ownersComponent({
  key: "storage-aliases",
  title: "storage classes of other drivers",
  claims: (config) => ({
    storageClasses: foreign(config).map(({ name, path }) => ({ path, name })),
  }),
  check: (config) => [...notInstalled(config), ...notThere(config)],
  plan: (config, { environment }) => {
    const classes = foreign(config).map(({ name, alias }) => ({
      ...plannedClass(config.storage, name),
      alias,
    }));
    return classes.length === 0 ? undefined : { environment, classes };
  },
  charts: () => (require("./chart") as typeof Charts).storageAliasesCharts,
});

interface NamedAlias {
  readonly name: string;
  readonly path: string;
  readonly alias: ForeignAlias;
}

function foreign({ storage: { aliases } }: OwnerConfig): readonly NamedAlias[] {
  return Object.entries(aliases).flatMap(([name, alias]) =>
    alias.kind === "block" || alias.kind === "shared"
      ? []
      : [{ name, path: `storage.aliases.${name}`, alias }],
  );
}

/** What each kind needs. */
const DRIVERS: Readonly<Record<ForeignAlias["kind"], string>> = {
  "ceph-rbd": "ceph-csi's RBD driver",
  cephfs: "ceph-csi's CephFS driver",
  manila: "the Manila CSI driver",
};

function notInstalled(config: OwnerConfig): readonly Finding[] {
  return foreign(config).map(({ path, alias: { kind, namespace } }) =>
    finding(
      "setting.inactive",
      path,
      `makes a class of ${DRIVERS[kind]}, and does not install it: claims wait for it`,
      `install it with its Secrets in the namespace ${namespace}`,
    ),
  );
}

/** An alias of shared storage that the environment does not have, and a default class that nothing makes. */
function notThere({ storage }: OwnerConfig): readonly Finding[] {
  const { aliases, shared, block, defaultClass } = storage;
  const classes = [
    block.className,
    ...(shared.kind === "none" ? [] : [shared.className]),
    ...Object.keys(aliases),
  ];
  const orphans = Object.entries(aliases).filter(
    ([, { kind }]) => kind === "shared" && shared.kind === "none",
  );
  return [
    ...orphans.map(([name]) =>
      finding(
        "storage.alias",
        `storage.aliases.${name}`,
        "is another name of the class of storage.shared, which is none",
        "write storage.shared, or another kind",
      ),
    ),
    ...(defaultClass === undefined || classes.includes(defaultClass)
      ? []
      : [
          finding(
            "storage.default-class",
            "storage.defaultClass",
            `"${defaultClass}" is no class of this cluster`,
            `write one of ${classes.join(", ")}`,
          ),
        ]),
  ];
}
