# Swift on one device: what is stored lies in $LAB/state/swift/lab.
declare -A SWIFT_PORTS=([object]=6200 [container]=6201 [account]=6202)

swift_settings() {
  local kind folder=$LAB/etc/swift
  mkdir -p "$folder" "$LAB/state/swift/lab"
  # Swift looks for this file in /etc/swift only; the processes see it there in a mount namespace of their own.
  printf '[swift-hash]\nswift_hash_path_suffix=lab\n[storage-policy:0]\nname=default\ndefault=yes\n' >"$folder/swift.conf"
  for kind in account container object; do
    swift_ring $kind
    cat >"$folder/$kind-server.conf" <<EOF
[DEFAULT]
bind_ip=127.0.0.1
bind_port=${SWIFT_PORTS[$kind]}
swift_dir=$folder
devices=$LAB/state/swift
mount_check=false
user=root
workers=0
[pipeline:main]
pipeline=$kind-server
[app:$kind-server]
use=egg:swift#$kind
EOF
  done
  swift_proxy_settings "$folder"
}

swift_proxy_settings() { # FOLDER
  cat >"$1/proxy-server.conf" <<EOF
[DEFAULT]
bind_ip=127.0.0.1
bind_port=8080
swift_dir=$1
user=root
workers=0
[pipeline:main]
pipeline=catch_errors gatekeeper cache authtoken keystoneauth versioned_writes symlink proxy-server
[filter:catch_errors]
use=egg:swift#catch_errors
[filter:gatekeeper]
use=egg:swift#gatekeeper
[filter:cache]
use=egg:swift#memcache
memcache_servers=127.0.0.1:11211
[filter:authtoken]
paste.filter_factory=keystonemiddleware.auth_token:filter_factory
$(credentials keystone_authtoken | tail -n +2)
www_authenticate_uri=http://127.0.0.1:5000
memcached_servers=127.0.0.1:11211
delay_auth_decision=true
[filter:keystoneauth]
use=egg:swift#keystoneauth
operator_roles=member,admin
[filter:versioned_writes]
use=egg:swift#versioned_writes
allow_versioned_writes=true
allow_object_versioning=true
[filter:symlink]
use=egg:swift#symlink
[app:proxy-server]
use=egg:swift#proxy
account_autocreate=true
EOF
}

# A ring with one replica on one device; 2^4 partitions are plenty for it.
swift_ring() { # KIND
  local builder=$LAB/etc/swift/$1.builder
  [ -e "$LAB/etc/swift/$1.ring.gz" ] && return
  {
    swift-ring-builder "$builder" create 4 1 1
    swift-ring-builder "$builder" add "r1z1-127.0.0.1:${SWIFT_PORTS[$1]}/lab" 1
    swift-ring-builder "$builder" rebalance
  } >>"$LAB/log/swift-ring.log"
}

swift() { # NAME COMMAND...
  local name=$1
  shift
  start "$name" unshare --mount sh -c 'mount --bind "$0" /etc/swift && exec "$@"' "$LAB/etc/swift" "$@"
}

start_swift() {
  local kind
  for kind in account container object; do swift "swift-$kind" "swift-$kind-server" "$LAB/etc/swift/$kind-server.conf"; done
  swift swift-proxy swift-proxy-server "$LAB/etc/swift/proxy-server.conf"
}
