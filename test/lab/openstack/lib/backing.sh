# What the services themselves need: MariaDB, RabbitMQ, memcached.
DATABASES=(keystone glance placement nova_api nova nova_cell0 neutron cinder octavia)

sql() { mariadb -S "$LAB/state/mysql.sock" -N -e "$1"; }

start_backing() {
  if [ ! -d "$LAB/state/mysql/mysql" ]; then
    mariadb-install-db --no-defaults --user=root --datadir="$LAB/state/mysql" --skip-test-db \
      --auth-root-authentication-method=normal >"$LAB/log/mariadb-install.log" 2>&1
  fi
  # Durability is given up for speed: every run creates new data.
  start mariadb mariadbd --no-defaults --user=root --datadir="$LAB/state/mysql" --socket="$LAB/state/mysql.sock" \
    --bind-address=127.0.0.1 --port=3306 --max-connections=1000 --character-set-server=utf8mb3 \
    --innodb-buffer-pool-size=256M --innodb-flush-log-at-trx-commit=0 --skip-innodb-doublewrite --performance-schema=off
  start_rabbitmq
  start memcached memcached -u nobody -l 127.0.0.1 -p 11211 -m 64
  wait_for mariadb sql 'select 1'
  sql "create user if not exists os@'%' identified by '$PASSWORD'; grant all on *.* to os@'%';"
  for database in "${DATABASES[@]}"; do sql "create database if not exists $database"; done
}

# The package's wrappers in /usr/sbin switch to user rabbitmq and the system's folders: go below them.
start_rabbitmq() {
  mkdir -p "$LAB/state/rabbit"
  echo '[].' >"$LAB/state/rabbit/enabled_plugins"
  RABBIT=(env HOME="$LAB/state/rabbit" ERL_EPMD_ADDRESS=127.0.0.1 RABBITMQ_NODENAME=lab@localhost
    RABBITMQ_NODE_IP_ADDRESS=127.0.0.1 RABBITMQ_MNESIA_BASE="$LAB/state/rabbit" RABBITMQ_LOG_BASE="$LAB/log"
    RABBITMQ_LOGS=- RABBITMQ_CONFIG_FILE="$LAB/state/rabbit/none"
    RABBITMQ_ENABLED_PLUGINS_FILE="$LAB/state/rabbit/enabled_plugins"
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS="-kernel inet_dist_use_interface {127,0,0,1}")
  # Before RabbitMQ, which would start one that nobody records.
  start epmd epmd -address 127.0.0.1
  wait_for epmd listens 4369
  start rabbitmq "${RABBIT[@]}" /usr/lib/rabbitmq/bin/rabbitmq-server
}

# True if each of these queues has a consumer: a worker that has just started loses what it is sent.
consumed() { # QUEUE...
  local queues
  queues=$("${RABBIT[@]}" /usr/lib/rabbitmq/bin/rabbitmqctl --quiet list_queues name consumers)
  for queue; do grep -qP "^\Q$queue\E\t[1-9]" <<<"$queues" || return 1; done
}
