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
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// source takes a foreign payload. Who sent it is known by its signature, and then counted as any other caller.
func (h *handler) source(w http.ResponseWriter, r *http.Request) error {
	ctx, cancel := context.WithTimeout(r.Context(), bodyTime)
	defer cancel()
	d, err := h.receive(r.WithContext(ctx))
	if err != nil {
		return err
	}
	var answer *Answer
	h.Admit(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		answer, err = h.record(ctx, d)
	})).ServeHTTP(w, r.WithContext(httpauth.With(ctx, d.source.Identity(d.tenant))))
	if answer != nil && err == nil {
		write(w, http.StatusOK, answer)
	}
	return err
}

// delivery is a payload from a sender who has proven itself.
type delivery struct {
	tenant  tenancy.ID
	source  *source.Source
	payload json.RawMessage
	message string // its ID, by which a replay is known, or ""
	header  http.Header
}

// receive reads a delivery, or says why it is none.
func (h *handler) receive(r *http.Request) (d delivery, err error) {
	kind, err := kindOf(r)
	if err != nil {
		return d, err
	}
	if kind != jsonBody {
		return d, refuseRequest(http.StatusUnsupportedMediaType, "send Content-Type: application/json")
	}
	id := r.PathValue("id")
	tenant, ok := source.TenantOf(id)
	if !ok {
		return d, tenancy.Refuse(tenancy.NotFound, "id", "there is no such source")
	}
	d.tenant, d.header = tenant, r.Header
	if d.source, err = h.Sources.Source(r.Context(), tenant, id); err != nil {
		return d, err
	}
	if d.payload, err = readJSON(r, min(h.MaxBody, source.MaxPayload)); err != nil {
		return d, err
	}
	d.message, err = verify(d.source, h.Now(), r.Header, d.payload)
	return d, err
}

// record records what a payload becomes, once for each message.
func (h *handler) record(ctx context.Context, d delivery) (*Answer, error) {
	s, message := d.source, d.message
	if err := h.Sources.Received(ctx, d.tenant, s); err != nil {
		return nil, err
	}
	in, ok, err := h.Sources.Map(ctx, s, d.payload, headersOf(d.header))
	answer := &Answer{}
	if err != nil || !ok {
		return answer.done(), err
	}
	if message == "" && s.Kind == source.Stripe {
		message = eventID(d.payload)
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
	done, err := h.Commands.RecordDataPoints(ctx, s.Identity(d.tenant), c)
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
