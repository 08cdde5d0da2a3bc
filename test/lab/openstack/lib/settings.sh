# Configuration files of the services, all below $LAB/etc. Only what differs from the defaults.
settings_path() { echo "$LAB/etc/$1"; }

database() { echo "mysql+pymysql://os:$PASSWORD@127.0.0.1/$1?charset=utf8"; }

# How a service talks to Keystone.
credentials() { # SECTION
  cat <<E
[$1]
auth_type=password
auth_url=http://127.0.0.1:5000/v3
username=svc
password=$PASSWORD
project_name=service
user_domain_name=Default
project_domain_name=Default
region_name=RegionOne
