"""One folder of a bucket, by the S3 protocol (signature version 4) and nothing but Python's own library."""
import hashlib
import hmac
import os
import urllib.error
import urllib.parse
import urllib.request
import xml.etree.ElementTree
from datetime import datetime, timezone

ANSWER_SECONDS = 300
# Of an upload in parts, of which S3 takes 10,000: up to 320 GB, with one part in memory.
PART_BYTES = 32 << 20


class Problem(Exception):
    """What a person can do something about."""


def now():
    return datetime.now(timezone.utc)


def stamp():
    """Of a copy's name: names sort by time."""
    return now().strftime("%Y-%m-%dT%H-%M-%SZ")


class Store:
    def __init__(self):
        self.endpoint = os.environ["BACKUP_ENDPOINT"].rstrip("/")
        self.region = os.environ["BACKUP_REGION"]
        self.bucket = os.environ["BACKUP_BUCKET"]
        self.prefix = os.environ["BACKUP_PREFIX"]
        self.access = os.environ["BACKUP_ACCESS_KEY"]
        self.secret = os.environ["BACKUP_SECRET_KEY"]

    def names(self):
        """Of the copies, the oldest first."""
        found, more = [], {}
        while True:
            tree = xml.etree.ElementTree.fromstring(self.ask("GET", "", {"list-type": "2", "prefix": self.prefix, **more}))
            found += [key.removeprefix(self.prefix) for key in texts(tree, "Key")]
            token = texts(tree, "NextContinuationToken")
            if not token:
                return sorted(found)
            more = {"continuation-token": token[0]}

    def put(self, name, content):
        self.ask("PUT", self.prefix + name, body=content)

    def get(self, name):
        return self.ask("GET", self.prefix + name)

    def open(self, name):
        """Its content, as a file that is read once."""
        return self.answer("GET", self.prefix + name)

    def upload(self, name):
        """A file to write to. It is in the store when it is closed, and not at all after an error."""
        return Upload(self, self.prefix + name)

    def delete(self, name):
        self.ask("DELETE", self.prefix + name)

    def ask(self, method, key, query=None, body=b""):
        with self.answer(method, key, query, body) as answer:
            return answer.read()

    def answer(self, method, key, query=None, body=b""):
        path = urllib.parse.quote(urllib.parse.urlsplit(self.endpoint).path + f"/{self.bucket}" + (f"/{key}" if key else ""))
        arguments = "&".join(f"{quoted(name)}={quoted(value)}" for name, value in sorted((query or {}).items()))
        parts = urllib.parse.urlsplit(self.endpoint)
        url = f"{parts.scheme}://{parts.netloc}{path}" + (f"?{arguments}" if arguments else "")
        headers = self.signed(method, parts.netloc, path, arguments, body)
        request = urllib.request.Request(url, data=body or None, headers=headers, method=method)
        try:
            return urllib.request.urlopen(request, timeout=ANSWER_SECONDS)
        except urllib.error.HTTPError as error:
            said = error.read().decode(errors="replace")[:300]
            raise Problem(f"{self.endpoint} answers {method} of {path} with {error.code}: {said}") from None
        except OSError as error:
            raise Problem(f"{self.endpoint} does not answer: {error}") from None

    def signed(self, method, host, path, arguments, body):
        time = now().strftime("%Y%m%dT%H%M%SZ")
        digest = hashlib.sha256(body).hexdigest()
        headers = {"host": host, "x-amz-content-sha256": digest, "x-amz-date": time}
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        canonical = "\n".join([method, path, arguments, lines, names, digest])
        scope = f"{time[:8]}/{self.region}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", time, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret}".encode()
        for part in scope.split("/"):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
        credential = f"AWS4-HMAC-SHA256 Credential={self.access}/{scope}, SignedHeaders={names}, Signature={signature}"
        return {**headers, "authorization": credential}


class Upload:
    """In one request if it is small, else in parts."""

    def __init__(self, store, key):
        self.store = store
        self.key = key
        self.waiting = bytearray()
        self.tags = []
        self.id = None
        self.size = 0

    def write(self, content):
        self.waiting += content
        self.size += len(content)
        while len(self.waiting) > PART_BYTES:
            self.part(self.waiting[:PART_BYTES])
            del self.waiting[:PART_BYTES]
        return len(content)

    def part(self, content):
        if self.id is None:
            begun = self.store.ask("POST", self.key, {"uploads": ""})
            [self.id] = texts(xml.etree.ElementTree.fromstring(begun), "UploadId")
        query = {"partNumber": str(len(self.tags) + 1), "uploadId": self.id}
        with self.store.answer("PUT", self.key, query, bytes(content)) as answer:
            self.tags.append(answer.headers["ETag"])

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        if kind is not None:
            return self.abandon()
        if self.id is None:
            return self.store.ask("PUT", self.key, body=bytes(self.waiting)) and None
        self.part(self.waiting)
        parts = "".join(
            f"<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>" for number, tag in enumerate(self.tags, 1)
        )
        body = f"<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>".encode()
        answered = xml.etree.ElementTree.fromstring(self.store.ask("POST", self.key, {"uploadId": self.id}, body))
        # S3 may begin to answer with 200 before it knows.
        if answered.tag.endswith("Error"):
            raise Problem(f"{self.store.endpoint} did not put {self.key} together: {', '.join(texts(answered, 'Message'))}")

    def abandon(self):
        if self.id is not None:
            self.store.ask("DELETE", self.key, {"uploadId": self.id})


def texts(tree, name):
    """Of all elements of a name, whatever their namespace."""
    return [each.text for each in tree.iter() if each.tag.rsplit("}", 1)[-1] == name]


def quoted(text):
    return urllib.parse.quote(text, safe="-_.~")
