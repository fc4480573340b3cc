package transport

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"unicode/utf8"
)

// Types of graphql-transport-ws messages that a client may send.
const (
	typeInit      = "connection_init"
	typePing      = "ping"
	typePong      = "pong"
	typeSubscribe = "subscribe"
	typeComplete  = "complete"
)

// maxID is the longest operation id in bytes. Clients use UUIDs or small numbers.
const maxID = 255

// message is a client's message that is well formed.
type message struct {
	Type    string
	ID      string
	Payload json.RawMessage // an object, or nil
	request *request        // of a subscribe message
}

// parseMessage checks all that PROTOCOL.md says of the form of a message. Its errors are fit for a close frame: short,
// and without a word of the message.
func parseMessage(text []byte) (*message, error) {
	if !utf8.Valid(text) {
		return nil, errors.New("the message is not valid UTF-8")
	}
	var wire struct {
		Type    *string         `json:"type"`
		ID      *string         `json:"id"`
		Payload json.RawMessage `json:"payload"`
	}
	if err := json.Unmarshal(text, &wire); err != nil {
		return nil, errors.New("the message is not a valid JSON object")
	}
	if wire.Type == nil {
		return nil, errors.New("the message has no type")
	}
	m := &message{Type: *wire.Type, Payload: wire.Payload}
	if wire.ID != nil {
		m.ID = *wire.ID
	}
	if bytes.Equal(m.Payload, []byte("null")) {
		m.Payload = nil
	}
	if m.Payload != nil && m.Payload[0] != '{' {
		return nil, errors.New("the payload is not an object")
	}
	switch m.Type {
	case typeInit, typePing, typePong:
		return m, nil
	case typeSubscribe, typeComplete:
		if m.ID == "" || len(m.ID) > maxID {
			return nil, errors.New("the message has no id, or one that is too long")
		}
	default:
		return nil, errors.New("the message is of a type that a client does not send")
	}
	if m.Type == typeSubscribe {
		if m.Payload == nil {
			return nil, errors.New("the subscribe message has no payload")
		}
		q, bad := parseRequest(m.Payload)
		if bad == nil {
			_, bad = q.params(nil)
		}
		if bad != nil {
			return nil, errors.New(bad.err.Message)
		}
		m.request, m.Payload = q, nil
	}
	return m, nil
}

// closeReason cuts a reason to what a close frame holds, 123 bytes, between runes.
func closeReason(reason string) string {
	if len(reason) <= 123 {
		return reason
	}
	return strings.ToValidUTF8(reason[:123], "")
}
