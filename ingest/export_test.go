package ingest

import (
	"encoding/json"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/ingest/source"
)

// Verify lets tests send signatures past HTTP.
func Verify(s *source.Source, now time.Time, header http.Header, body []byte) error {
	_, err := verify(s, now, header, body)
	return err
}

// ParseBody lets tests send bodies past HTTP.
func ParseBody(body []byte) (points []json.RawMessage, err error) {
	if !json.Valid(body) {
		return nil, nil
	}
	s, err := parseBody(body)
	return s.points, err
}

// HasLoneSurrogate is hasLoneSurrogate.
func HasLoneSurrogate(body []byte) bool { return hasLoneSurrogate(body) }
