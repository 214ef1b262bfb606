// Command gen writes qemu-1.1.json.gz from qemu-1.1.txt. `go generate ./qapi/compat` runs it.
package main

import (
	"bytes"
	"compress/gzip"
	"log"
	"os"

	"github.com/qmpsh/qmpsh/qapi/compat/table"
)

func main() {
	text, err := os.ReadFile("qemu-1.1.txt")
	if err != nil {
		log.Fatal(err)
	}
	data, err := table.Compile(string(text))
	if err != nil {
		log.Fatalf("qemu-1.1.txt: %v", err)
	}
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := w.Write(data); err != nil {
		log.Fatal(err)
	}
	if err := w.Close(); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile("qemu-1.1.json.gz", b.Bytes(), 0o644); err != nil {
		log.Fatal(err)
	}
}
