package sqlite

const (
	applicationID = 0x4d4b5049 // "MKPI", in the file's header
	schemaVersion = 1          // user_version in the file's header; a file of a newer one is refused

	// markEvery is the distance of two marks in versions. It belongs to the schema.
	markEvery = 64
)

const schema = `
CREATE TABLE streams(
	no      INTEGER PRIMARY KEY,
	name    TEXT NOT NULL UNIQUE,    -- tenant#KIND#id
	version INTEGER NOT NULL,        -- of the newest event
	head    INTEGER NOT NULL         -- its seq
) STRICT;

CREATE TABLE events(
	seq     INTEGER PRIMARY KEY,     -- the order of appends, over all tenants
	stream  INTEGER NOT NULL,        -- streams.no
	version INTEGER NOT NULL,
	prev    INTEGER NOT NULL,        -- seq of the stream's event before this one; 0 for none
	record  BLOB NOT NULL            -- see record.go
) STRICT;

CREATE TABLE marks(
	stream  INTEGER NOT NULL,
	version INTEGER NOT NULL,        -- a multiple of 64
	seq     INTEGER NOT NULL,
	PRIMARY KEY (stream, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE documents(
	no       INTEGER PRIMARY KEY,
	key      TEXT NOT NULL UNIQUE,   -- tenant##name or tenant#KIND#id#name
	revision INTEGER NOT NULL,
	expires  INTEGER NOT NULL,       -- Unix seconds; 0 for never
	body     BLOB NOT NULL
) STRICT;

CREATE INDEX expiring ON documents(expires) WHERE expires > 0;
`
