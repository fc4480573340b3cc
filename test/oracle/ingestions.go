package oracle

// Ingestions knows what the points of a chart are after any sequence of ingestions, removals, undos and redos: of each
// point, what was last said of it by what is not undone. Its zero value is a chart without points.
type Ingestions struct {
	said   map[string][]word // by point
	undone map[string]bool   // by ingestion
}

// word is one thing said of a point: a value, or "" that it was removed.
type word struct{ ingestion, value string }

// Record says that a point has a value, and reports whether that is news. What is no news is not said.
func (o *Ingestions) Record(ingestion, point, value string) bool {
	if o.Value(point) == value {
		return false
	}
	o.say(point, word{ingestion, value})
	return true
}

// Remove says that a point is gone, which no undo takes back.
func (o *Ingestions) Remove(point string) {
	if o.Value(point) != "" {
		o.say(point, word{})
	}
}

func (o *Ingestions) say(point string, w word) {
	if o.said == nil {
		o.said = map[string][]word{}
	}
	o.said[point] = append(o.said[point], w)
}

// Undo takes back all that an ingestion has said.
func (o *Ingestions) Undo(ingestion string) {
	if o.undone == nil {
		o.undone = map[string]bool{}
	}
	o.undone[ingestion] = true
}

// Redo takes that back.
func (o *Ingestions) Redo(ingestion string) { delete(o.undone, ingestion) }

// Value is a point's value, "" where it is not there.
func (o *Ingestions) Value(point string) string {
	list := o.said[point]
	for i := len(list) - 1; i >= 0; i-- {
		if list[i].ingestion == "" || !o.undone[list[i].ingestion] {
			return list[i].value
		}
	}
	return ""
}

// Points are the points that are there, with their values.
func (o *Ingestions) Points() map[string]string {
	points := map[string]string{}
	for name := range o.said {
		if v := o.Value(name); v != "" {
			points[name] = v
		}
	}
	return points
}
