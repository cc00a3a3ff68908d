// client KIND URL TYPE FILE METHOD...: send FILE with each METHOD, follow redirects,
// print what the last server answered. KIND says what http.NewRequest is given: bytes
// (it can ask for them again) or reader (it cannot).
package main

import (
	"bytes"
	"io"
	"log"
	"net/http"
	"os"
)

func main() {
	kind, url, contentType, file := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	data, err := os.ReadFile(file)
	check(err)
	for _, method := range os.Args[5:] {
		var body io.Reader = bytes.NewReader(data)
		if kind == "reader" {
			body = io.MultiReader(body)
		}
		request, err := http.NewRequest(method, url, body)
		check(err)
		request.Header.Set("Content-Type", contentType)
		answer, err := http.DefaultClient.Do(request)
		check(err)
		_, err = io.Copy(os.Stdout, answer.Body)
		check(err)
	}
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
