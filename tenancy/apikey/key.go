package apikey

import (
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// Key is one API key, without its secret.
type Key struct {
	ID          string               `json:"id"`
	Name        string               `json:"name"`
	Prefix      string               `json:"prefix"` // of its secret: enough to know it by
	Permissions []tenancy.Permission `json:"permissions"`
	ChartIDs    []string             `json:"chartIds,omitempty"` // the only charts into which it may record; nil for all
	CreatedAt   time.Time            `json:"createdAt"`
	ExpiresAt   *time.Time           `json:"expiresAt,omitempty"`
	RevokedAt   *time.Time           `json:"revokedAt,omitempty"`
	LastUsedAt  *time.Time           `json:"-"` // to the minute or so
}

// IsNode marks Key as a Node of the GraphQL schema.
func (*Key) IsNode() {}

// GetID is the key's ID, as the Node interface asks.
func (k *Key) GetID() string { return k.ID }

// stands reports whether the key may be used.
func (k *Key) stands(now time.Time) bool {
	return k.RevokedAt == nil && (k.ExpiresAt == nil || now.Before(*k.ExpiresAt))
}

// record is the document of a key.
type record struct {
	Key
	Hash    hash  `json:"hash"`
	Version int64 `json:"version"`
}
