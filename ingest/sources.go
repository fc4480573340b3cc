package ingest

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/ingest/source"
	"github.com/mykpi/mykpi/tenancy"
)

// source takes a foreign payload.
func (h *handler) source(r *http.Request) (any, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	if kind != jsonBody {
		return nil, refuseRequest(http.StatusUnsupportedMediaType, "send Content-Type: application/json")
	}
	ctx, cancel := context.WithTimeout(r.Context(), bodyTime)
	defer cancel()
	id := r.PathValue("id")
	tenant, ok := source.TenantOf(id)
	if !ok {
		return nil, tenancy.Refuse(tenancy.NotFound, "id", "there is no such source")
	}
	s, err := h.Sources.Source(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	payload, err := readJSON(http.MaxBytesReader(nil, r.Body, min(h.MaxBody, source.MaxPayload)))
	if err != nil {
		return nil, err
	}
	message, err := verify(s, h.Now(), r.Header, payload)
	if err != nil {
		return nil, err
	}
	if err := h.Sources.Received(ctx, tenant, s); err != nil {
		return nil, err
	}
	return h.record(ctx, tenant, s, payload, message, r.Header)
}

// record records what a payload becomes, once for each message.
func (h *handler) record(ctx context.Context, tenant tenancy.ID, s *source.Source, payload json.RawMessage, message string, header http.Header) (*Answer, error) {
	in, ok, err := h.Sources.Map(ctx, s, payload, headersOf(header))
	answer := &Answer{}
	if err != nil || !ok {
		return answer.done(), err
	}
	if message == "" && s.Kind == source.Stripe {
		message = eventID(payload)
	}
	c := command.RecordDataPoints{Chart: charts.Ref{ID: s.Chart}, Points: []command.PointInput{in}, Source: s.ID}
	if message != "" {
		c.IdempotencyKey = "webhook:" + s.ID + ":" + message
		if len(c.IdempotencyKey) > 255 {
			c.IdempotencyKey = "webhook:" + message
		}
		if in.Key == nil && in.Invalid == nil {
			c.Points[0].Key = &message // so that it counts once for ever
		}
	}
	done, err := h.Commands.RecordDataPoints(ctx, s.Identity(tenant), c)
	if refused, isRefusal := errors.AsType[*tenancy.Refusal](err); isRefusal && refused.Code == tenancy.IdempotencyKeyReused {
		return nil, tenancy.Refuse(tenancy.IdempotencyKeyReused, "", "a message with this ID and another body came before: send new messages with IDs of their own")
	}
	if err != nil {
		return nil, err
	}
	answer.add(done)
	for _, j := range done.Rejected {
		answer.reject(j)
	}
	return answer.done(), nil
}

// eventID is the ID of a Stripe event, "evt_…", or "".
func eventID(payload json.RawMessage) string {
	var event struct{ ID string }
	if json.Unmarshal(payload, &event) != nil || len(event.ID) > 200 {
		return ""
	}
	return event.ID
}

// headersOf are the headers that a mapping sees: the first of each name, in small letters, and no credential.
func headersOf(header http.Header) map[string]string {
	headers := make(map[string]string, len(header))
	for name, values := range header {
		switch name {
		case "Authorization", "X-Webhook-Secret", "X-Api-Key", "Cookie", "Proxy-Authorization":
		default:
			headers[strings.ToLower(name)] = values[0]
		}
	}
	return headers
}
