package transport

import (
	"bytes"
	"context"

	"github.com/99designs/gqlgen/graphql"
)

// Event is one result of a shared subscription.
type Event struct {
	// ID is what a client names in Last-Event-ID to go on from here (SSE alone); "" for none.
	ID string
	// Payload is a whole execution result, such as {"data":{…}}, encoded. It is only read, so that any number of
	// clients may share it.
	Payload []byte
}

// Feed is one client's place in a subscription whose results are encoded once for many clients. The transport pulls
// whenever it can write, so a feed that answers with the newest state conflates for slow clients by itself, and there is
// no queue between the two.
type Feed interface {
	// Next returns the oldest result that this client must still see, or nil while there is none. It never blocks and
	// is called by one goroutine at a time. io.EOF is the end of the subscription; any other error, which must be
	// fit for clients' eyes (a *gqlerror.Error or a gqlerror.List), is its failure.
	Next() (*Event, error)
	// Close ends the feed. It is called exactly once, perhaps while Next runs; a last Next may follow.
	Close()
}

// Share offers a subscription that was parsed, validated and passed the guards to the owner of shared results. It returns
// nil where the operation is to be executed in the ordinary way. The resolver and its directives are not run for a
// shared one: Share itself must authorise the caller in ctx, which ends with the subscription. wake tells the transport
// to call Next, which it may do before wake returns; so nothing that Next waits for may be held. It may be called from any
// goroutine, even before Share returns, never waits for a client, and does nothing after Close.
type Share func(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, wake func()) (Feed, error)

// Payload encodes a response as an event carries it.
func Payload(resp *graphql.Response) []byte {
	var body bytes.Buffer
	encode(&body, resp)
	return body.Bytes()
}
