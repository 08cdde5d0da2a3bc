"""In place of a person's server: answers at the address that the hub gave it, with the person's name and its process."""
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlparse


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        text = f"stand-in of {os.environ['JUPYTERHUB_USER']} {os.getpid()}".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


service = urlparse(os.environ["JUPYTERHUB_SERVICE_URL"])
ThreadingHTTPServer((service.hostname, service.port), Handler).serve_forever()
