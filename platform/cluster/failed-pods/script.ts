/** The program that deletes pods which failed some time ago. */

/** Variables of the program. */
export const COLLECTION_VARIABLES = {
  /** Hours after its end for which a failed pod is kept. */
  hours: "KEEP_HOURS",
  /** Folder with the token of its service account and the API server's authority. */
  account: "ACCOUNT_FOLDER",
} as const;

/** Python 3.11 or newer, with nothing but its library. */
export const COLLECTION_SCRIPT = String.raw`"""Deletes pods that failed more than KEEP_HOURS ago: python3 collect.py."""
import json
import os
import ssl
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import datetime, timedelta, timezone
from pathlib import Path

ANSWER_SECONDS = 30
PAGE = 500


class Api:
    def __init__(self):
        folder = Path(os.environ["ACCOUNT_FOLDER"])
        self.url = f"https://{os.environ['KUBERNETES_SERVICE_HOST']}:{os.environ['KUBERNETES_SERVICE_PORT']}"
        self.token = (folder / "token").read_text().strip()
        self.tls = ssl.create_default_context(cafile=folder / "ca.crt")

    def ask(self, method, path, body=None):
        headers = {"authorization": f"Bearer {self.token}", "content-type": "application/json"}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=content, headers=headers, method=method)
        with urllib.request.urlopen(request, timeout=ANSWER_SECONDS, context=self.tls) as answer:
            return json.load(answer)

    def failed(self):
        """All failed pods, page by page."""
        page = ""
        while True:
            query = urllib.parse.urlencode(
                {"fieldSelector": "status.phase=Failed", "limit": PAGE, **({"continue": page} if page else {})}
            )
            answer = self.ask("GET", f"/api/v1/pods?{query}")
            yield from answer["items"]
            page = answer["metadata"].get("continue", "")
            if not page:
                return


def ended(pod):
    """When its last container ended; an evicted pod may have had none, and counts from its last condition or its start."""
    status = pod["status"]
    containers = [*status.get("initContainerStatuses", []), *status.get("containerStatuses", [])]
    times = [each["state"]["terminated"].get("finishedAt") for each in containers if "terminated" in each["state"]]
    times += [each.get("lastTransitionTime") for each in status.get("conditions", [])]
    known = [each for each in times if each]
    return datetime.fromisoformat(max(known) if known else pod["metadata"]["creationTimestamp"])


def collect():
    api = Api()
    limit = datetime.now(timezone.utc) - timedelta(hours=int(os.environ["KEEP_HOURS"]))
    problems = 0
    for pod in [each for each in api.failed() if ended(each) < limit]:
        of = pod["metadata"]
        name = f"{of['namespace']}/{of['name']}"
        try:
            # Of another pod that has the name by now nothing is known.
            body = {"kind": "DeleteOptions", "apiVersion": "v1", "preconditions": {"uid": of["uid"]}}
            api.ask("DELETE", f"/api/v1/namespaces/{of['namespace']}/pods/{of['name']}", body)
            print(f"deleted {name}, failed since {ended(pod).isoformat()}")
        except urllib.error.HTTPError as error:
            if error.code in (404, 409):
                continue
            problems += 1
            print(f"{name} stays: the API server answers {error.code}", file=sys.stderr)
    return problems


if __name__ == "__main__":
    try:
        sys.exit(1 if collect() else 0)
    except OSError as error:
        sys.exit(f"the API server does not answer: {error}")
`;
