/** Ids of the things of a report, from domain keys, so that links agree with what they lead to. */
export const ids = {
  pool: (pool: string) => `pool/${pool}`,
  server: (server: string) => `server/${server}`,
  network: "network",
  vip: (key: string) => `vip/${key}`,
  loadBalancer: (key: string) => `load-balancer/${key}`,
  wireguard: "wireguard",
  cluster: "cluster",
  tenant: (name: string) => `tenant/${name}`,
  group: (key: string) => `group/${key}`,
  rule: (group: string, rule: string) => `rule/${group}/${rule}`,
  port: (name: string) => `port/${name}`,
  volume: (pool: string, name: string) => `volume/${pool}/${name}`,
  storageClass: (name: string) => `storage-class/${name}`,
  container: (key: string) => `container/${key}`,
  namespace: (name: string) => `namespace/${name}`,
  application: (key: string) => `application/${key}`,
  person: (name: string) => `person/${name}`,
  /** @param place among those of the same id at the same path */
  finding: (id: string, path: string, place: number) => `finding/${id}/${path}/${String(place)}`,
} as const;
