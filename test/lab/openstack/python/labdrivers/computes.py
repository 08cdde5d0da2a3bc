"""nova-compute for several hosts in one process, as Nova's own functional tests have it. First argument: host names."""
import sys

from nova import service
from nova.cmd import compute

create = service.Service.create


def main():
    hosts = sys.argv.pop(1).split(',')
    serve = service.serve

    def serve_all(server):
        serve(server)
        # The launcher's pool has room for 10 services.
        service._launcher.services.tg.pool.resize(len(hosts) + 10)
        for host in hosts[1:]:
            service._launcher.launch_service(create(host=host, binary='nova-compute', topic=server.topic))

    service.Service.create = classmethod(lambda cls, **kw: create(host=hosts[0], **kw))
    service.serve = serve_all
    compute.main()


main()
