# Processes of the lab: each leads its own process group, and its id stands in run/NAME.pid.
T0=$SECONDS
say() { printf '[%3ds] %s\n' $((SECONDS - T0)) "$*"; }

# True if the recorded process lives and is not another one that got its id later.
alive() {
  local file=$LAB/run/$1.pid
  [ -s "$file" ] && grep -qsz "^LABSTEAD_OPENSTACK=$LAB\$" "/proc/$(cat "$file")/environ"
}

start() { # NAME COMMAND...
  local name=$1
  shift
  alive "$name" && return
  LABSTEAD_OPENSTACK=$LAB setsid "$@" >>"$LAB/log/$name.log" 2>&1 </dev/null &
  echo $! >"$LAB/run/$name.pid"
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

answers() { curl -so /dev/null --max-time 5 "http://127.0.0.1:$1/"; }
listens() { (exec 3<>"/dev/tcp/127.0.0.1/$1"); }

# Ends processes by their recorded ids, the whole group of each, and waits until they are gone.
stop() { # NAME...
  local name pid
  for name; do alive "$name" && kill -TERM "$(cat "$LAB/run/$name.pid")"; done
  for name; do
    pid=$(cat "$LAB/run/$name.pid" 2>/dev/null) || continue
    if alive "$name"; then
      for _ in $(seq 150); do kill -0 -- "-$pid" 2>/dev/null || break; sleep 0.1; done
      kill -KILL -- "-$pid" 2>/dev/null
    fi
    rm -f "$LAB/run/$name.pid"
  done
}
