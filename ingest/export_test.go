package ingest

import (
	"net/http"
	"time"

	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest/source"
)

// Verify lets tests send signatures past HTTP.
func Verify(s *source.Source, now time.Time, header http.Header, body []byte) error {
	_, err := verify(s, now, header, body)
	return err
}

// CheckJSON is checkJSON.
func CheckJSON(body []byte) error { return checkJSON(body) }

// ParseBody lets tests send bodies past HTTP.
func ParseBody(body []byte) (points []command.PointInput, err error) {
	if err := checkJSON(body); err != nil {
		return nil, err
	}
	s, err := parseBody(body)
	return s.points, err
}

// HasLoneSurrogate is hasLoneSurrogate.
func HasLoneSurrogate(body []byte) bool { return hasLoneSurrogate(body) }
