"""
A small OpenID Connect provider, at https://id.example.org with a certificate of its own. It is no identity provider, but
as strict as one where a client can be wrong: the exact redirect address, the client's secret once, PKCE by S256, codes
that are used once and for a minute, access tokens that end, refresh tokens that rotate. It signs no id tokens.
"""
import base64
import datetime
import hashlib
import json
import secrets
import ssl
import threading
import time
from http.cookies import SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlencode, urlparse

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "id.example.org"
CODE_SECONDS = 60


class Refusal(Exception):
    def __init__(self, status, error):
        super().__init__(error)
        self.status = status


class Provider:
    """`people` are the groups of each, and may change while it runs."""

    def __init__(self, client, secret, redirect, people, token_seconds=3600):
        self.client, self.secret, self.redirect, self.people = client, secret, redirect, people
        self.token_seconds = token_seconds
        self.codes, self.access, self.refreshing = {}, {}, {}
        self.files = None

    def authorize(self, query, person):
        wanted = {"response_type": "code", "client_id": self.client, "redirect_uri": self.redirect, "code_challenge_method": "S256"}
        for name, value in wanted.items():
            if query.get(name) != value:
                raise Refusal(400, f"invalid {name}")
        if "openid" not in query.get("scope", "").split() or not query.get("state") or len(query.get("code_challenge", "")) != 43:
            raise Refusal(400, "scope, state or code_challenge is missing")
        if person not in self.people:
            raise Refusal(401, "nobody is signed in")
        code = secrets.token_urlsafe(24)
        self.codes[code] = (person, query["code_challenge"], time.monotonic() + CODE_SECONDS)
        return f"{self.redirect}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, form, authorization):
        self.check_client(form, authorization)
        match form.get("grant_type"):
            case "authorization_code":
                person, challenge, end = self.codes.pop(form.get("code"), (None, None, 0))
                digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
                proof = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
                if person is None or time.monotonic() > end or proof != challenge or form.get("redirect_uri") != self.redirect:
                    raise Refusal(400, "invalid_grant")
            case "refresh_token":
                person = self.refreshing.pop(form.get("refresh_token"), None)
                if person not in self.people:
                    raise Refusal(400, "invalid_grant")
            case _:
                raise Refusal(400, "unsupported_grant_type")
        access, refresh = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self.access[access] = (person, time.monotonic() + self.token_seconds)
        self.refreshing[refresh] = person
        return {"access_token": access, "token_type": "Bearer", "expires_in": self.token_seconds, "refresh_token": refresh}

    def check_client(self, form, authorization):
        given = [(form["client_id"], form["client_secret"])] if "client_secret" in form else []
        if authorization.startswith("Basic "):
            name, _, secret = base64.b64decode(authorization[6:]).decode().partition(":")
            given.append((unquote(name), unquote(secret)))
        if given != [(self.client, self.secret)]:
            raise Refusal(401, "invalid_client")

    def userinfo(self, authorization):
        person, end = self.access.get(authorization.removeprefix("Bearer "), (None, 0))
        if person not in self.people or time.monotonic() > end or not authorization.startswith("Bearer "):
            raise Refusal(401, "invalid_token")
        return {"sub": f"id-{person}", "preferred_username": person, "groups": self.people[person]}

    def start(self, folder):
        """@returns the file of the authority that has signed its certificate"""
        self.files = self.files or certificate_of(folder)
        certificate, key = self.files
        server = ThreadingHTTPServer(("127.0.0.1", 443), handler_of(self))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        self.server = server
        return str(certificate)

    def stop(self):
        """From now on nobody answers at its address."""
        self.server.shutdown()
        self.server.server_close()


def handler_of(provider):
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            address = urlparse(self.path)
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
            person = cookies["person"].value if "person" in cookies else None
            self.answer(
                {
                    "/authorize": lambda: provider.authorize(only(address.query), person),
                    "/userinfo": lambda: provider.userinfo(self.headers.get("Authorization", "")),
                }.get(address.path)
            )

        def do_POST(self):
            form = only(self.rfile.read(int(self.headers.get("Content-Length", "0"))).decode())
            self.answer((lambda: provider.token(form, self.headers.get("Authorization", ""))) if self.path == "/token" else None)

        def answer(self, made):
            try:
                if made is None:
                    raise Refusal(404, "not found")
                found = made()
            except Refusal as refusal:
                return self.send(refusal.status, {"error": str(refusal)})
            return self.send(200, found) if isinstance(found, dict) else self.send(302, {}, found)

        def send(self, status, content, location=None):
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            if location:
                self.send_header("Location", location)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def only(query):
    """A parameter that is given twice is refused."""
    fields = parse_qs(query, keep_blank_values=True)
    if any(len(values) > 1 for values in fields.values()):
        raise Refusal(400, "a parameter is given twice")
    return {name: values[0] for name, values in fields.items()}


def certificate_of(folder):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(now - datetime.timedelta(days=1))
    builder = builder.not_valid_after(now + datetime.timedelta(days=1))
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
    certificate = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    files = folder / "provider.pem", folder / "provider.key"
    files[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    files[1].write_bytes(key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain))
    return files
