#!/bin/sh
# install.sh PACKAGE...: installs Debian packages without starting their services; one process at a time.
set -eu
exec 9>/run/lock/labstead-packages
flock 9
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin

# Maintainer scripts ask this script whether they may start a service; 101 means no.
guard=/usr/sbin/policy-rc.d
if [ ! -e $guard ]; then
  trap 'rm -f $guard' EXIT
  printf '#!/bin/sh\nexit 101\n' >$guard
  chmod +x $guard
fi
apt() {
  apt-get -q -y -o DPkg::Lock::Timeout=900 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io "$@"
}
apt update
apt install --no-install-recommends "$@"
