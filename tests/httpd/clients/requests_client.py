"""requests_client.py KIND URL TYPE FILE METHOD...: send FILE with each METHOD, follow
redirects, print what the last server answered. KIND: bytes, file or generator."""
import sys
from functools import partial
from pathlib import Path

import requests

kind, url, content_type, path, *methods = sys.argv[1:]
BODIES = {
    "bytes": lambda: Path(path).read_bytes(),
    "file": lambda: open(path, "rb"),
    "generator": lambda: iter(partial(open(path, "rb").read, 65536), b""),
}
for method in methods:
    answer = requests.request(method, url, data=BODIES[kind](), timeout=120,
                              headers={"Content-Type": content_type})
    print(answer.text, end="")
