# The CGI of the other server: says in one line of JSON what arrived.
import hashlib
import json
import os
import sys


def digest(data):
    return hashlib.sha256(data).hexdigest()


def parts(content_type, body):
    """The SHA-256 of each part of a multipart/form-data body, by the part's name."""
    import email.policy
    message = email.message_from_bytes(
        b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body,
        policy=email.policy.HTTP)
    return {part.get_param("name", header="content-disposition"):
            digest(part.get_payload(decode=True)) for part in message.iter_parts()}


body = sys.stdin.buffer.read()
content_type = os.environ.get("CONTENT_TYPE")
path, _, query = os.environ["REQUEST_URI"].partition("?")
answer = {
    "method": os.environ["REQUEST_METHOD"],
    "path": path,
    "query": query,
    "type": content_type,
    "length": len(body),
    "sha256": digest(body),
}
if (content_type or "").startswith("multipart/"):
    answer["parts"] = parts(content_type, body)
print("Content-Type: application/json\n")
print(json.dumps(answer))
