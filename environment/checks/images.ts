/** Images that the program cannot set up: it installs packages by apt, for Debian and Ubuntu. */
import type { OwnerConfig, ServersEnvironmentConfig } from "../config";
import { finding, type Finding } from "../findings";
import { serverSettingsOf, writtenSettings } from "./server-settings";

/** Words of image names. */
const OTHER_SYSTEMS: ReadonlySet<string> = new Set([
  ...[
    "alma",
    "almalinux",
    "alpine",
    "amazonlinux",
    "arch",
    "archlinux",
    "centos",
    "cirros",
    "coreos",
    "eurolinux",
  ],
  ...[
    "fcos",
    "fedora",
    "flatcar",
    "freebsd",
    "gentoo",
    "leap",
    "nixos",
    "openbsd",
    "opensuse",
    "oraclelinux",
  ],
  ...["photon", "redhat", "rhcos", "rhel", "rocky", "rockylinux", "sled", "sles", "suse", "talos", "windows"],
]);
const OUR_SYSTEMS: ReadonlySet<string> = new Set(["debian", "ubuntu"]);
/** Releases that are no longer on the mirrors of their distribution. */
const GONE = /\b(debian[-_ ]?([6-9]|10)|wheezy|jessie|stretch|buster)\b/;

/** @param software of the environment that owns the network */
export function checkImageNames(
  config: ServersEnvironmentConfig,
  software: OwnerConfig["software"] | undefined,
): readonly Finding[] {
  if (software === undefined || software.kind === "baked") return [];
  const written = [
    ...("image" in config && config.image !== undefined ? [["image", config.image] as const] : []),
    ...serverSettingsOf(config).flatMap((settings) => writtenSettings(settings, "image")),
  ];
  return written.flatMap(([path, image]) => {
    const why = reason(image.toLowerCase());
    if (why === undefined) return [];
    return [
      finding(
        "server.image",
        path,
        `"${image}" is ${why}`,
        "name an image of Debian or Ubuntu, or write software: {kind: baked} for one that has all packages",
      ),
    ];
  });
}

function reason(image: string): string | undefined {
  const words = image.split(/[^a-z]+/);
  if (words.some((word) => OUR_SYSTEMS.has(word)))
    return GONE.test(image) ? "a release that left its distribution's mirrors" : undefined;
  return words.some((word) => OTHER_SYSTEMS.has(word)) ? "by its name no system with apt" : undefined;
}
