package transport

import (
	"context"
	"errors"
	"time"
)

// Session is who holds a long-lived stream, as authentication found it.
type Session struct {
	// Context is the parent of every operation's context. It should carry the identity and as little else as may be:
	// it lives as long as the stream.
	Context context.Context
	// User and Tenant are what the limits count by.
	User, Tenant string
	// Expires is when the credential ends; the zero time is never.
	Expires time.Time
}

// ErrTryAgain is wrapped by an authentication callback that could not tell, such as when the store is down. The socket
// is closed with 1013, on which clients come back, and not with 4403.
var ErrTryAgain = errors.New("authentication is not available")
