#!/bin/bash
# install.sh: the packages that up.sh needs, so that a machine where they cannot be had is told from services that do not
# start. Ends with the reason if they cannot.
set -euo pipefail
HERE=$(cd "$(dirname "$0")" && pwd)
LAB=$(mktemp -d)
trap 'rm -rf "$LAB"' EXIT
mkdir "$LAB/log"

export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8
for part in process packages; do . "$HERE/lib/$part.sh"; done

[ "$(id -u)" = 0 ] || { echo "it installs services by apt, which needs root"; exit 1; }
. /etc/os-release
[ "$ID $VERSION_ID" = "debian 12" ] || { echo "it needs OpenStack as Debian 12 has it, this is ${PRETTY_NAME:-$ID}"; exit 1; }
install_packages
