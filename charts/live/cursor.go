package live

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mykpi/mykpi/tenancy"
)

// place is what a cursor says.
type place struct {
	epoch    string
	position int64     // in the feed; below 0 for nowhere
	at       time.Time // to the second
}

// nowhere is the position of a watch that has not been told of every chart yet.
const nowhere = -1

func (f *feed) cursor(position int64) string {
	return base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%s:%d:%d", f.epoch, position, f.hub.now().Unix()))
}

// parseCursor reads a cursor. One of another feed is valid, but no more than its time can be told from it.
func parseCursor(text string) (place, error) {
	wrong := tenancy.Refuse(tenancy.BadUserInput, "after", "is no cursor of an update: use one that kpiUpdated sent, or none")
	raw, err := base64.RawURLEncoding.DecodeString(text)
	parts := strings.Split(string(raw), ":")
	if err != nil || len(parts) != 3 {
		return place{}, wrong
	}
	position, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return place{}, wrong
	}
	seconds, err := strconv.ParseInt(parts[2], 10, 64)
	if err != nil {
		return place{}, wrong
	}
	return place{parts[0], position, time.Unix(seconds, 0)}, nil
}
