package main

import (
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/mykpi/mykpi/bench/rig"
)

// serveFloor answers every POST with the bytes of a file: what any server over net/http costs at least.
func serveFloor(file string) error {
	answer, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return rig.Listen(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer)
	}))
}
