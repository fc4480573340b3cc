package transport

import (
	"bytes"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// compressFrom is the size in bytes above which an answer is compressed: below it the headers cost as much as is saved.
const compressFrom = 1 << 10

// contentCoding chooses zstd, gzip or "" for an answer of size bytes.
func contentCoding(r *http.Request, size int) string {
	if size <= compressFrom {
		return ""
	}
	accepted := strings.Join(r.Header.Values("Accept-Encoding"), ",")
	if accepted == "" {
		return ""
	}
	quality := map[string]float64{}
	for entry := range strings.SplitSeq(accepted, ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(entry), ";")
		q := 1.0
		if text, ok := strings.CutPrefix(strings.TrimSpace(weight), "q="); ok {
			var err error
			if q, err = strconv.ParseFloat(text, 64); err != nil {
				continue
			}
		}
		quality[strings.ToLower(strings.TrimSpace(coding))] = q
	}
	of := func(coding string) float64 {
		if q, named := quality[coding]; named {
			return q
		}
		return quality["*"]
	}
	switch z, g := of("zstd"), of("gzip"); {
	case z > 0 && z >= g:
		return "zstd"
	case g > 0:
		return "gzip"
	}
	return ""
}

var gzipWriters = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // the level is a constant that is valid
	return w
}}

var zstdEncoders = sync.Pool{New: func() any {
	e, err := zstd.NewWriter(nil,
		zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(128<<10), zstd.WithLowerEncoderMem(true))
	if err != nil {
		panic("transport: zstd options: " + err.Error()) // constants, and the tests run this
	}
	return e
}}

// compress packs text into dst. It reports false where that does not pay.
func compress(dst *bytes.Buffer, text []byte, coding string) bool {
	if coding == "zstd" {
		e := zstdEncoders.Get().(*zstd.Encoder)
		defer zstdEncoders.Put(e)
		dst.Grow(len(text) / 2)
		dst.Write(e.EncodeAll(text, dst.AvailableBuffer()))
		return dst.Len() < len(text)
	}
	w := gzipWriters.Get().(*gzip.Writer)
	defer gzipWriters.Put(w)
	w.Reset(dst)
	if _, err := w.Write(text); err != nil {
		return false
	}
	return w.Close() == nil && dst.Len() < len(text)
}
