// client KIND URL TYPE FILE METHOD...: send FILE with each METHOD, follow redirects,
// print what the last server answered. KIND says what http.NewRequest is given: bytes
// (it can ask for them again) or file (it cannot). https is HTTP/2, whatever the
// certificate.
package main

import (
	"bytes"
	"crypto/tls"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	kind, url, contentType, file := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	client := &http.Client{Transport: &http.Transport{
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true},
		ForceAttemptHTTP2: true,
	}}
	for _, method := range os.Args[5:] {
		request, err := http.NewRequest(method, url, body(kind, file))
		check(err)
		request.Header.Set("Content-Type", contentType)
		answer, err := client.Do(request)
		check(err)
		_, err = io.Copy(os.Stdout, answer.Body)
		check(err)
	}
}

func body(kind, file string) io.Reader {
	opened, err := os.Open(file)
	check(err)
	if kind == "file" {
		return opened
	}
	data, err := io.ReadAll(opened)
	check(err)
	return bytes.NewReader(data)
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
