package ingest

import (
	"bytes"
	"encoding/json"
	"errors"
	"mime"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/rawjson"
	"github.com/mykpi/mykpi/tenancy"
)

// The kinds of bodies.
const (
	jsonBody = "application/json"
	csvBody  = "text/csv"
)

// kindOf is the kind of a request's body, or an error that says what to send.
func kindOf(r *http.Request) (string, error) {
	if e := r.Header.Get("Content-Encoding"); e != "" && !strings.EqualFold(e, "identity") {
		return "", refuseRequest(http.StatusUnsupportedMediaType, "send the body as it is, without Content-Encoding")
	}
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset := parameters["charset"]; err != nil || charset != "" && !strings.EqualFold(charset, "utf-8") {
		kind = ""
	}
	switch {
	case kind == jsonBody || strings.HasPrefix(kind, "application/") && strings.HasSuffix(kind, "+json"):
		return jsonBody, nil
	case kind == csvBody:
		return csvBody, nil
	}
	return "", refuseRequest(http.StatusUnsupportedMediaType, "send Content-Type: application/json or text/csv, in UTF-8")
}

// readJSON reads a body whole, of at most so many bytes, and proves that it is one JSON value in UTF-8.
func readJSON(r *http.Request, most int64) (json.RawMessage, error) {
	const believed = 64 << 10 // of what a body says that it will be
	read := bytes.NewBuffer(make([]byte, 0, bytes.MinRead+max(0, min(r.ContentLength, most, believed))))
	if _, err := read.ReadFrom(http.MaxBytesReader(nil, r.Body, most)); err != nil {
		return nil, bodyError(err)
	}
	body := read.Bytes()
	return body, checkJSON(body)
}

// checkJSON refuses what is not one JSON value in UTF-8. jsontext looks at everything at once, three times faster than
// encoding/json.
func checkJSON(body []byte) error {
	switch {
	case jsontext.Value(body).IsValid(jsontext.AllowDuplicateNames(true)):
		return nil
	case !utf8.Valid(body) || hasLoneSurrogate(body):
		return refuseRequest(http.StatusBadRequest, "the body must be valid UTF-8, without half surrogates")
	}
	return refuseRequest(http.StatusBadRequest, "the body is not valid JSON: in n8n, set the body to JSON and let an expression make it, such as {{ $json }}")
}

// bodyError tells a body that came too slowly, or not to its end, from a fault of ours.
func bodyError(err error) error {
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return err
	}
	return refuseRequest(http.StatusBadRequest, "the body did not arrive whole: send it again")
}

// hasLoneSurrogate reports whether valid JSON has an escape such as \ud800 without its other half, which Go would read as
// a replacement character.
func hasLoneSurrogate(body []byte) bool {
	for {
		i := bytes.IndexByte(body, '\\')
		if i < 0 || i+1 >= len(body) {
			return false
		}
		if body = body[i+1:]; body[0] != 'u' {
			body = body[1:]
			continue
		}
		switch high := surrogate(body); {
		case high == 0:
			body = body[1:]
		case high >= 0xdc00:
			return true
		case len(body) < 7 || body[5] != '\\' || surrogate(body[6:]) < 0xdc00:
			return true
		default:
			body = body[7:]
		}
	}
}

// surrogate is the half that b begins with, written u followed by four digits, or 0.
func surrogate(b []byte) int {
	if len(b) < 5 || b[0] != 'u' || b[1]|0x20 != 'd' {
		return 0
	}
	n := 0
	for _, c := range b[1:5] {
		switch {
		case c >= '0' && c <= '9':
			n = n<<4 | int(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			n = n<<4 | int(c|0x20-'a'+10)
		default:
			return 0
		}
	}
	if n < 0xd800 || n > 0xdfff {
		return 0
	}
	return n
}

// sent is what a JSON body says.
type sent struct {
	source         string
	idempotencyKey string
	points         []command.PointInput
}

const shapes = `send {"value": 12.5}, {"points": [{"value": 12.5, "at": "2026-03-29T01:30:00+01:00"}]}, or an array of points`

// parseBody reads the shapes that a body may have: a point, an object of points, or an array of points.
func parseBody(body json.RawMessage) (sent, error) {
	var s sent
	chart := ""
	var points []json.RawMessage
	switch body = bytes.TrimSpace(body); body[0] {
	case '[':
		points = elements(body)
	case '{':
		var list json.RawMessage
		for name, value := range rawjson.Members(body) {
			ok := true
			switch {
			case name.Is("points"):
				list = value
			case name.Is("chart"):
				chart, _ = rawjson.Text(value)
			case name.Is("source"):
				ok = textOrNull(value, &s.source)
			case name.Is("idempotencyKey"):
				ok = textOrNull(value, &s.idempotencyKey)
			}
			if !ok {
				return s, tenancy.Refuse(tenancy.BadUserInput, "", "source and idempotencyKey must be strings; %s", shapes)
			}
		}
		if list == nil {
			points, chart = []json.RawMessage{body}, ""
			break
		}
		if list[0] != '[' {
			return s, tenancy.Refuse(tenancy.BadUserInput, "points", "must be an array of points; %s", shapes)
		}
		points = elements(list)
	default:
		return s, tenancy.Refuse(tenancy.BadUserInput, "", "%s", shapes)
	}
	if n := len(points); n == 0 || n > charts.MaxPointsPerCommand {
		return s, tenancy.Refuse(tenancy.BadUserInput, "points", "send 1 to %d points, got %d", charts.MaxPointsPerCommand, n)
	}
	s.points = make([]command.PointInput, len(points))
	for i, raw := range points {
		p := &s.points[i]
		if *p = command.ReadPoint(raw); p.Chart == "" {
			p.Chart = chart
		}
	}
	return s, nil
}

func elements(array json.RawMessage) []json.RawMessage {
	const point = 32 // bytes, about, of a short one
	return slices.AppendSeq(make([]json.RawMessage, 0, min(len(array)/point+1, charts.MaxPointsPerCommand)), rawjson.Elements(array))
}

// textOrNull reads a string; null leaves it as it was.
func textOrNull(value json.RawMessage, s *string) (ok bool) {
	if string(value) == "null" {
		return true
	}
	*s, ok = rawjson.Text(value)
	return ok
}
