# The Debian packages of the services. Installed without starting anything: the lab runs its own processes.
PACKAGES=(
  mariadb-server rabbitmq-server memcached uwsgi-plugin-python3 qemu-utils openssl curl
  python3-keystone glance-common placement-api nova-common nova-conductor nova-scheduler
  neutron-common cinder-common cinder-scheduler octavia-common octavia-worker
  swift-proxy swift-account swift-container swift-object
  python3-openstackclient python3-octaviaclient python3-pymysql python3-memcache python3-pymemcache
)

install_packages() {
  dpkg -s "${PACKAGES[@]}" >/dev/null 2>&1 && return
  say "installing packages"
  local guard=/usr/sbin/policy-rc.d made=
  # Maintainer scripts ask this script whether they may start a service; 101 means no.
  if [ ! -e $guard ]; then printf '#!/bin/sh\nexit 101\n' >$guard; chmod +x $guard; made=1; fi
  local apt=(nice apt-get -q -o DPkg::Lock::Timeout=900 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io)
  "${apt[@]}" update >"$LAB/log/apt.log" 2>&1
  "${apt[@]}" install -y --no-install-recommends "${PACKAGES[@]}" >>"$LAB/log/apt.log" 2>&1 ||
    { tail -30 "$LAB/log/apt.log"; exit 1; }
  [ -z "$made" ] || rm $guard
  say "packages installed"
}
