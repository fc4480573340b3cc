package transport

import (
	"mime"
	"strconv"
	"strings"
)

// The media types that are answered.
const (
	mediaJSON        = "application/json"
	mediaGraphQL     = "application/graphql-response+json"
	mediaEventStream = "text/event-stream"
)

// preference is what an Accept header says of the three media types: a quality from 0 (never) to 1.
type preference struct{ json, graphql, events float64 }

// negotiate reads Accept. A wildcard stands for application/json alone: the two others are only for clients that name
// them. No header at all asks for application/json. Malformed ranges are ignored.
func negotiate(accept []string) preference {
	header := strings.Join(accept, ",")
	if strings.TrimSpace(header) == "" {
		return preference{json: 1}
	}
	var p preference
	specificity := 0 // of the range that decided p.json: */* 1, application/* 2, application/json 3
	ofJSON := func(s int, q float64) {
		if s > specificity {
			specificity, p.json = s, q
		} else if s == specificity {
			p.json = max(p.json, q)
		}
	}
	for entry := range strings.SplitSeq(header, ",") {
		media, q, ok := acceptRange(entry)
		if !ok {
			continue
		}
		switch media {
		case "*/*":
			ofJSON(1, q)
		case "application/*":
			ofJSON(2, q)
		case mediaJSON:
			ofJSON(3, q)
		case mediaGraphQL:
			p.graphql = max(p.graphql, q)
		case mediaEventStream:
			p.events = max(p.events, q)
		}
	}
	return p
}

// acceptRange parses one media range with its quality. A charset other than UTF-8 can't be served.
func acceptRange(entry string) (media string, q float64, ok bool) {
	media, params, err := mime.ParseMediaType(entry)
	if err != nil || media == "" {
		return "", 0, false
	}
	if charset, set := params["charset"]; set && !isUTF8(charset) {
		return "", 0, false
	}
	q = 1
	if text, set := params["q"]; set {
		q, err = strconv.ParseFloat(text, 64)
		if err != nil || !(q >= 0 && q <= 1) {
			return "", 0, false
		}
	}
	return media, q, true
}

// media chooses the type of a single answer. "" is: none is acceptable.
func (p preference) media() string {
	switch {
	case p.graphql > 0 && p.graphql >= p.json:
		return mediaGraphQL
	case p.json > 0:
		return mediaJSON
	}
	return ""
}

// wantsEvents reports whether a stream of events is preferred to any single answer.
func (p preference) wantsEvents() bool { return p.events > 0 && p.events > max(p.json, p.graphql) }

func isUTF8(charset string) bool {
	return strings.EqualFold(charset, "utf-8") || strings.EqualFold(charset, "utf8")
}
