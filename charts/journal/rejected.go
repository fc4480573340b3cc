package journal

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	// RejectedLife is how long a refused point is kept.
	RejectedLife = 30 * 24 * time.Hour
	// chunkBytes is the size at which the refused points of a call go on in another document.
	chunkBytes = 64 << 10
	// maxRaw is how much is kept of a point as it was sent, in bytes. A longer one can't be sent again from here.
	maxRaw = 2048
)

// The names of the documents of refused points, in the order of time.
const (
	RejectedPrefix = "REJECTED#"
	AfterRejected  = "REJECTED$"

	rejectedID = "rej_"
)

// RejectedChunk is one document of refused points, of one call and one chart.
type RejectedChunk struct {
	ID       string          `json:"id"`
	Run      string          `json:"run,omitempty"`
	Source   string          `json:"source,omitempty"`
	Chart    charts.ID       `json:"chart,omitempty"`    // "" where no chart has the key
	ChartKey string          `json:"chartKey,omitempty"` // as it was then, or as it was sent
	At       time.Time       `json:"at"`
	Points   []RejectedPoint `json:"points"`
}

// RejectedPoint is a point that was refused.
type RejectedPoint struct {
	N       int             `json:"n"` // its place in the chunk, for ever
	Code    tenancy.Code    `json:"code"`
	Message string          `json:"message"`
	Raw     json.RawMessage `json:"raw"` // as it was sent, with the instant it came at where it had none
	Cut     bool            `json:"cut,omitempty"`
}

// Name is the name of the chunk's document.
func (c RejectedChunk) Name() string { return RejectedPrefix + c.ID }

// Expires is when the document goes.
func (c RejectedChunk) Expires() time.Time { return c.At.Add(RejectedLife).Truncate(time.Second) }

// PointID is the ID of a point of the chunk.
func (c RejectedChunk) PointID(n int) string { return rejectedID + c.ID + "_" + strconv.Itoa(n) }

// ParseRejectedID is the chunk and the place that an ID of PointID names.
func ParseRejectedID(id string) (chunk string, n int, ok bool) {
	rest, found := strings.CutPrefix(id, rejectedID)
	chunk, place, both := strings.Cut(rest, "_")
	n, err := strconv.Atoi(place)
	if !found || !both || err != nil || n < 0 || len(chunk) > 64 || chunk == "" || !utf8.ValidString(chunk) {
		return "", 0, false
	}
	return chunk, n, true
}

// Body is the chunk's document.
func (c RejectedChunk) Body() []byte {
	body, err := json.Marshal(c)
	if err != nil {
		panic("journal: refused points hold valid JSON alone: " + err.Error())
	}
	return body
}

// ReadRejected reads what Body wrote.
func ReadRejected(body []byte) (RejectedChunk, error) {
	var c RejectedChunk
	if err := json.Unmarshal(body, &c); err != nil {
		return c, fmt.Errorf("journal: refused points: %w", err)
	}
	return c, nil
}

// Chunks lays refused points out on documents; head is what they have in common, and random makes their names unique.
func Chunks(head RejectedChunk, points []RejectedPoint, random string) []RejectedChunk {
	var chunks []RejectedChunk
	size := chunkBytes
	for _, p := range points {
		if len(p.Raw) > maxRaw {
			p.Raw, p.Cut = cutRaw(p.Raw), true
		}
		if size += len(p.Raw) + len(p.Message) + 64; size > chunkBytes {
			next := head
			next.ID = fmt.Sprintf("%s%s%03d", Stamp(head.At), strings.ToLower(random[:min(12, len(random))]), len(chunks))
			next.Points = nil
			chunks = append(chunks, next)
			size = 0
		}
		c := &chunks[len(chunks)-1]
		p.N = len(c.Points)
		c.Points = append(c.Points, p)
	}
	return chunks
}

// cutRaw is the beginning of a value, as a string.
func cutRaw(raw json.RawMessage) json.RawMessage {
	text := strings.ToValidUTF8(string(raw[:maxRaw/2]), "")
	cut, err := json.Marshal(text + "…")
	if err != nil {
		panic("journal: a string can't fail to encode: " + err.Error())
	}
	return cut
}
