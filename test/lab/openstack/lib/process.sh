# Processes of the lab: each leads its own process group, and is recorded in run/NAME.pid.
T0=$SECONDS
say() { printf '[%3ds] %s\n' $((SECONDS - T0)) "$*"; }

# One script at a time uses the folder; its children do not hold the lock (9>&- below).
alone() {
  exec 9>"$LAB/lock"
  flock 9
}

# Start time of a process, in ticks since boot: distinguishes it from a later one with the same id.
began() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20; }

# run/NAME.pid holds the process id and when it began.
alive() { # NAME
  local pid since
  read -r pid since 2>/dev/null <"$LAB/run/$1.pid" || return 1
  [ -n "$since" ] && [ "$(began "$pid")" = "$since" ]
}

pid_of() { cut -d' ' -f1 "$LAB/run/$1.pid"; }

start() { # NAME COMMAND...
  local name=$1
  shift
  alive "$name" && return
  setsid "$@" >>"$LAB/log/$name.log" 2>&1 </dev/null 9>&- &
  echo "$! $(began $!)" >"$LAB/run/$name.pid"
}

# uWSGI for an API. `Connection: close`, because a client that holds one would hold one of the few workers.
api() { # NAME PORT SCRIPT [ARGUMENTS]
  start "$1" uwsgi --plugin python3 --master --lazy-apps --enable-threads --processes "$WORKERS" --threads 1 \
    --http-socket "127.0.0.1:$2" --wsgi-file "$3" --pyargv "${4-}" --buffer-size 65535 --listen 100 \
    --rem-header Content-Length --add-header "Connection: close" --die-on-term --no-orphans --need-app \
    --disable-logging --procname-prefix "$1 "
}

wait_for() { # NAME COMMAND...
  local name=$1 until=$((SECONDS + PATIENCE))
  shift
  until "$@" >/dev/null 2>&1; do
    alive "$name" && [ $SECONDS -lt $until ] || { echo "$name does not come up:"; tail -30 "$LAB/log/$name.log"; exit 1; }
    sleep 0.3
  done
  say "$name is up"
}

# Fails with the reason if another process has a port of a service that is to be started.
free_ports() {
  local name port
  while read -r name port; do
    ! alive "$name" && listens "$port" 2>/dev/null || continue
    echo "something else listens at 127.0.0.1:$port, which $name needs"
    exit 1
  done <<END
mariadb 3306
epmd 4369
rabbitmq 5672
memcached 11211
keystone 5000
glance 9292
placement 8778
nova-api 8774
neutron 9696
cinder-api 8776
octavia-api 9876
swift-proxy 8080
END
}

answers() { curl -so /dev/null --max-time 5 "http://127.0.0.1:$1/"; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# Ends processes by their recorded ids, the whole group of each, and waits until they are gone.
stop() { # NAME...
  local name pid
  for name; do alive "$name" && kill -TERM "$(pid_of "$name")"; done
  for name; do
    if alive "$name"; then
      pid=$(pid_of "$name")
      for _ in $(seq 150); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.1; done
      kill -KILL -- "-$pid" 2>/dev/null
    fi
    rm -f "$LAB/run/$name.pid"
  done
}
