/** What the scripts of this folder start, and what the services load by themselves. */
import { loads, runs } from "../host/programs";

// The services.
runs(
  "cinder-manage",
  "cinder-scheduler",
  "cinder-wsgi",
  "glance-manage",
  "glance-wsgi-api",
  "keystone-manage",
);
runs(
  "keystone-wsgi-public",
  "neutron-db-manage",
  "neutron-server",
  "nova-api-wsgi",
  "nova-conductor",
  "nova-manage",
);
runs(
  "nova-scheduler",
  "octavia-db-manage",
  "octavia-worker",
  "octavia-wsgi",
  "placement-api",
  "placement-manage",
);
runs("swift-account-server", "swift-container-server", "swift-object-server", "swift-proxy-server");
runs("swift-ring-builder", "uwsgi");
loads("python3-memcache", "python3-octaviaclient", "python3-pymemcache", "python3-pymysql", "qemu-utils");
// What they need.
runs("epmd", "mariadb", "mariadb-install-db", "mariadbd", "memcached", "rabbitmq-server", "rabbitmqctl");
// The scripts themselves.
runs(
  "basename",
  "bash",
  "cat",
  "cp",
  "curl",
  "cut",
  "dirname",
  "env",
  "flock",
  "grep",
  "head",
  "id",
  "install",
);
runs("kill", "mkdir", "mktemp", "mount", "openssl", "python3", "rm", "sed", "seq", "setsid", "sh", "sleep");
runs("tail", "touch", "unshare", "chmod");
