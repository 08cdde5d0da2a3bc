# Schemas, then the services in the order of their dependencies.
prepare_keystone() {
  [ -e "$LAB/state/keystone/prepared" ] && return
  local manage=(keystone-manage --config-file "$LAB/etc/keystone/keystone.conf")
  install -d -m 700 "$LAB/state/keystone/fernet" "$LAB/state/keystone/credential"
  {
    "${manage[@]}" db_sync
    "${manage[@]}" fernet_setup --keystone-user root --keystone-group root
    "${manage[@]}" credential_setup --keystone-user root --keystone-group root
    "${manage[@]}" bootstrap --bootstrap-password "$PASSWORD" --bootstrap-region-id RegionOne \
      --bootstrap-public-url http://127.0.0.1:5000/v3 --bootstrap-internal-url http://127.0.0.1:5000/v3
  } >"$LAB/log/keystone-manage.log" 2>&1
  touch "$LAB/state/keystone/prepared"
}

nova_schema() {
  local manage=(nova-manage --config-file "$LAB/etc/nova/nova.conf")
  "${manage[@]}" api_db sync
  "${manage[@]}" cell_v2 map_cell0 --database_connection "$(database nova_cell0)"
  "${manage[@]}" cell_v2 list_cells | grep -q ' cell1 ' || "${manage[@]}" cell_v2 create_cell --name cell1
  "${manage[@]}" db sync
}

make_schemas() {
  [ -e "$LAB/state/schemas-made" ] && return
  local etc=$LAB/etc job jobs=()
  run() { ("${@:2}") >"$LAB/log/$1-schema.log" 2>&1 & jobs+=("$!:$1"); }
  run identity /usr/bin/python3 "$HERE/seed.py" identity
  run nova nova_schema
  run neutron neutron-db-manage --config-file "$etc/neutron/neutron.conf" upgrade heads
  run octavia octavia-db-manage --config-file "$etc/octavia/octavia.conf" upgrade head
  run cinder cinder-manage --config-file "$etc/cinder/cinder.conf" db sync
  run glance glance-manage --config-file "$etc/glance/glance-api.conf" db_sync
  run placement placement-manage --config-file "$etc/placement/placement.conf" db sync
  for job in "${jobs[@]}"; do
    wait "${job%:*}" || { echo "${job#*:} failed:"; tail -20 "$LAB/log/${job#*:}-schema.log"; exit 1; }
  done
  touch "$LAB/state/schemas-made"
  say "schemas are made"
}

start_services() {
  local etc=$LAB/etc
  api glance 9292 /usr/bin/glance-wsgi-api
  api placement 8778 /usr/bin/placement-api
  api nova-api 8774 /usr/bin/nova-api-wsgi
  api cinder-api 8776 /usr/bin/cinder-wsgi "--config-file $etc/cinder/cinder.conf"
  api octavia-api 9876 /usr/bin/octavia-wsgi "--config-file $etc/octavia/octavia.conf"
  start neutron neutron-server --config-file "$etc/neutron/neutron.conf"
  start nova-conductor nova-conductor --config-file "$etc/nova/nova.conf"
  start nova-scheduler nova-scheduler --config-file "$etc/nova/nova.conf"
  start cinder-scheduler cinder-scheduler --config-file "$etc/cinder/cinder.conf"
  start cinder-volume /usr/bin/python3 -c 'from cinder.cmd.volume import main; main()' --config-file "$etc/cinder/cinder.conf"
  start octavia-worker octavia-worker --config-file "$etc/octavia/octavia.conf"
  start_swift
  wait_for placement answers 8778
  wait_for nova-conductor consumed conductor
  start nova-compute /usr/bin/python3 -m labdrivers.computes "$(seq -s, -f 'compute%02.0f' 1 "$HOSTS")" \
    --config-file "$etc/nova/nova-compute.conf"
}

wait_for_services() {
  wait_for glance answers 9292
  wait_for nova-api answers 8774
  wait_for cinder-api answers 8776
  wait_for octavia-api answers 9876
  wait_for neutron answers 9696
  wait_for swift-proxy answers 8080
  wait_for nova-compute all_hosts
  wait_for octavia-worker consumed scheduler cinder-scheduler cinder-volume.control@ssd cinder-volume.control@hdd octavia_provisioning_v2
  nova-manage --config-file "$LAB/etc/nova/nova.conf" cell_v2 discover_hosts >>"$LAB/log/nova-manage.log" 2>&1
}

all_hosts() { [ "$(sql 'select count(*) from nova.compute_nodes where deleted=0')" -ge "$HOSTS" ]; }

# What a cloud's operator has set up before a lab is created: flavors, images, external networks, zones.
seed() {
  [ -e "$LAB/state/seeded" ] && return
  head -c 4096 /dev/zero >"$LAB/state/image.raw"
  /usr/bin/python3 "$HERE/seed.py" rest "$LAB/state/image.raw" >"$LAB/log/seed.log" 2>&1 || { tail -20 "$LAB/log/seed.log"; exit 1; }
  touch "$LAB/state/seeded"
  say "flavors, images, networks, zones are seeded"
}
