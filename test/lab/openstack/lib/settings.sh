# Configuration files of the services, all below $LAB/etc. Only what differs from the defaults.
database() { echo "mysql+pymysql://os:$PASSWORD@127.0.0.1/$1?charset=utf8"; }

# Settings of a service for Keystone.
credentials() { # SECTION
  cat <<EOF
[$1]
auth_type=password
auth_url=http://127.0.0.1:5000/v3
username=svc
password=$PASSWORD
project_name=service
user_domain_name=Default
project_domain_name=Default
region_name=RegionOne
EOF
}

# Sections that every service needs.
common() { # SERVICE
  cat <<EOF
[oslo_concurrency]
lock_path=$LAB/state/$1/locks
[oslo_messaging_rabbit]
heartbeat_in_pthread=false
$(credentials keystone_authtoken)
www_authenticate_uri=http://127.0.0.1:5000
memcached_servers=127.0.0.1:11211
service_token_roles=service
service_token_roles_required=true
EOF
}

write_settings() {
  local service
  for service in keystone glance placement nova neutron cinder octavia; do
    mkdir -p "$LAB/etc/$service" "$LAB/state/$service"
    "${service}_settings"
  done
  swift_settings
}

keystone_settings() {
  cat >"$LAB/etc/keystone/keystone.conf" <<EOF
[DEFAULT]
max_token_size=255
[database]
connection=$(database keystone)
[token]
provider=fernet
expiration=86400
[fernet_tokens]
key_repository=$LAB/state/keystone/fernet
[credential]
key_repository=$LAB/state/keystone/credential
[cache]
enabled=true
backend=dogpile.cache.pymemcache
memcache_servers=127.0.0.1:11211
EOF
}

glance_settings() {
  cp /usr/share/glance-common/glance-api-paste.ini "$LAB/etc/glance/"
  cat >"$LAB/etc/glance/glance-api.conf" <<EOF
[DEFAULT]
enabled_backends=file:file
enabled_import_methods=[glance-direct]
show_multiple_locations=false
worker_self_reference_url=http://127.0.0.1:9292
[database]
connection=$(database glance)
[paste_deploy]
flavor=keystone
config_file=$LAB/etc/glance/glance-api-paste.ini
[glance_store]
default_backend=file
[file]
filesystem_store_datadir=$LAB/state/glance/images
[os_glance_staging_store]
filesystem_store_datadir=$LAB/state/glance/staging
[os_glance_tasks_store]
filesystem_store_datadir=$LAB/state/glance/tasks
$(common glance)
EOF
}

placement_settings() {
  cat >"$LAB/etc/placement/placement.conf" <<EOF
[api]
auth_strategy=keystone
[placement_database]
connection=$(database placement)
$(common placement)
EOF
}

nova_settings() {
  cp /usr/share/nova-common/api-paste.ini "$LAB/etc/nova/"
  cat >"$LAB/etc/nova/nova-compute.conf" <<EOF
[DEFAULT]
transport_url=$MESSAGES
my_ip=127.0.0.1
host=control
state_path=$LAB/state/nova
compute_driver=fake.FakeDriver
instances_path=$LAB/state/nova/instances
update_resources_interval=300
heal_instance_info_cache_interval=-1
[conductor]
workers=1
[scheduler]
workers=1
max_attempts=10
discover_hosts_in_cells_interval=-1
[filter_scheduler]
host_subset_size=4
[glance]
api_servers=http://127.0.0.1:9292
$(credentials cinder)
catalog_info=volumev3:cinderv3:publicURL
$(credentials placement)
$(credentials neutron)
$(credentials service_user)
send_service_user_token=true
[vnc]
enabled=false
$(common nova)
EOF
  # nova-compute may not reach the databases, so it must not see them.
  cat "$LAB/etc/nova/nova-compute.conf" - >"$LAB/etc/nova/nova.conf" <<EOF
[database]
connection=$(database nova)
[api_database]
connection=$(database nova_api)
EOF
}

neutron_settings() {
  cat >"$LAB/etc/neutron/neutron.conf" <<EOF
[DEFAULT]
transport_url=$MESSAGES
bind_host=127.0.0.1
state_path=$LAB/state/neutron
api_paste_config=/etc/neutron/api-paste.ini
core_plugin=ml2
service_plugins=labdrivers.l3.L3
api_workers=$WORKERS
wsgi_default_pool_size=2
wsgi_keep_alive=false
global_physnet_mtu=9000
rpc_workers=0
dhcp_agent_notification=false
notify_nova_on_port_status_changes=true
notify_nova_on_port_data_changes=true
[database]
connection=$(database neutron)
$(credentials nova)
$(credentials placement)
$(common neutron)
[ml2]
mechanism_drivers=lab
type_drivers=flat,vxlan
tenant_network_types=vxlan
extension_drivers=port_security
[ml2_type_flat]
flat_networks=*
[ml2_type_vxlan]
vni_ranges=1:10000
EOF
}

cinder_settings() {
  local backend
  cat >"$LAB/etc/cinder/cinder.conf" <<EOF
[DEFAULT]
transport_url=$MESSAGES
host=control
my_ip=127.0.0.1
state_path=$LAB/state/cinder
api_paste_config=/etc/cinder/api-paste.ini
auth_strategy=keystone
glance_api_servers=http://127.0.0.1:9292
enabled_backends=ssd,hdd
default_volume_type=ssd
[database]
connection=$(database cinder)
$(credentials nova)
$(credentials service_user)
send_service_user_token=true
$(common cinder)
EOF
  for backend in ssd hdd; do
    printf '[%s]\nvolume_driver=labdrivers.volumes.SparseFiles\nvolume_backend_name=%s\n' $backend $backend
  done >>"$LAB/etc/cinder/cinder.conf"
}

octavia_settings() {
  local state=$LAB/state/octavia
  [ -s "$state/ca.pem" ] || openssl req -x509 -newkey rsa:2048 -days 3650 -subj /CN=lab -passout "pass:$PASSWORD" \
    -keyout "$state/ca.key" -out "$state/ca.pem" 2>/dev/null
  cat >"$LAB/etc/octavia/octavia.conf" <<EOF
[DEFAULT]
transport_url=$MESSAGES
[database]
connection=$(database octavia)
[api_settings]
enabled_provider_drivers=amphora:The amphora driver without amphorae
default_provider_driver=amphora
[oslo_messaging]
topic=octavia_prov
[controller_worker]
workers=1
amphora_driver=amphora_noop_driver
compute_driver=compute_noop_driver
network_driver=lab_vip_port_driver
image_driver=image_noop_driver
volume_driver=volume_noop_driver
loadbalancer_topology=SINGLE
amp_boot_network_list=
client_ca=$state/ca.pem
[certificates]
ca_certificate=$state/ca.pem
ca_private_key=$state/ca.key
ca_private_key_passphrase=$PASSWORD
server_certs_key_passphrase=insecure-key-do-not-use-this-key
[health_manager]
heartbeat_key=$PASSWORD
$(credentials service_auth)
$(common octavia)
EOF
}
