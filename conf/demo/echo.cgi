#!/bin/sh
# Answers with the request it received.
body=$(mktemp)
trap 'rm -f "$body"' EXIT
cat >"$body"
sum=$(sha256sum "$body")

echo 'Content-Type: text/plain'
echo
echo "port $SERVER_PORT received: $REQUEST_METHOD $REQUEST_URI"
echo "$(wc -c <"$body") bytes${CONTENT_TYPE:+ of $CONTENT_TYPE}"
echo "sha256 ${sum%% *}"
head -c 200 "$body"
echo
