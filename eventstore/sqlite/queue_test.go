package sqlite

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/mykpi/mykpi/tenancy"
)

// waitingRoom is a queue, and the names of what was pushed into it.
type waitingRoom struct {
	*queue
	names map[*request]string
}

func newWaitingRoom() waitingRoom { return waitingRoom{newQueue(), map[*request]string{}} }

// push lets a tenant's commits wait, of so many bytes each.
func (w waitingRoom) push(size int, names ...string) {
	for _, name := range names {
		r := &request{tenant: tenancy.MustParseID(strings.TrimRight(name, "0123456789")), commit: &commit{size: size}}
		w.names[r] = name
		w.queue.push(r)
	}
}

func (w waitingRoom) pushJob() {
	r := &request{}
	w.names[r] = "job"
	w.queue.push(r)
}

func (w waitingRoom) named(group []*request) (names []string) {
	for _, r := range group {
		names = append(names, w.names[r])
	}
	return names
}

// numbered are the names of a tenant's commits.
func numbered(tenant string, from, to int) (names []string) {
	for n := from; n <= to; n++ {
		names = append(names, fmt.Sprint(tenant, n))
	}
	return names
}

// A small commit shares its transaction with no more than a share of what another tenant has sent before it.
func TestTenantsTakeTurns(t *testing.T) {
	w := newWaitingRoom()
	w.push(share/2, numbered("large", 1, 9)...)
	w.push(100, "small1", "small2", "small3")
	group, room := w.take(nil, groupBytes)
	if got, want := w.named(group), []string{"large1", "small1", "large2", "small2", "small3"}; !slices.Equal(got, want) {
		t.Errorf("the first group is %v, want %v", got, want)
	}
	if want := groupBytes - share - 300; room != want {
		t.Errorf("there is room for %d bytes, want %d", room, want)
	}
	if group, _ = w.take(group, room); len(group) != 5 {
		t.Errorf("%v join a group that has their tenant's share", w.named(group[5:]))
	}
}

// Who comes while a tenant alone has its many commits done joins behind a share of them; then that tenant has had its own.
func TestWhoComesJoins(t *testing.T) {
	w := newWaitingRoom()
	w.push(share/2, numbered("large", 1, 9)...)
	group, room := w.take(nil, groupBytes)
	group, room = w.take(group, room)
	if got, want := w.named(group), numbered("large", 1, 4); !slices.Equal(got, want) {
		t.Errorf("alone, the tenant gets %v, want %v", got, want)
	}
	w.push(100, "small1")
	for range 2 {
		group, room = w.take(group, room)
	}
	if got, want := w.named(group[4:]), []string{"small1"}; !slices.Equal(got, want) {
		t.Errorf("%v join, want %v", got, want)
	}
	group, _ = w.take(nil, groupBytes)
	if got, want := w.named(group), numbered("large", 5, 6); !slices.Equal(got, want) {
		t.Errorf("the next group is %v, want %v", got, want)
	}
}

// However much others send, what is too large for a group begun, and a job, get their turn.
func TestNobodyStarves(t *testing.T) {
	w := newWaitingRoom()
	w.push(share, numbered("busy", 1, 3)...)
	w.push(2*groupBytes, "huge1")
	w.pushJob()
	var order []string
	for n := 4; len(order) < 9; n += 3 {
		group, _ := w.take(nil, groupBytes)
		order = append(order, w.named(group)...)
		w.push(share, numbered("busy", n, n+2)...)
	}
	if want := []string{"busy1", "huge1", "job", "busy2", "busy3", "busy4", "busy5", "busy6", "busy7"}; !slices.Equal(order, want) {
		t.Errorf("the order is %v, want %v", order, want)
	}
}

// A tenant with nothing waiting costs nothing.
func TestNoLineIsKept(t *testing.T) {
	w := newWaitingRoom()
	w.push(100, "a1", "b1", "a2")
	if w.length() != 3 {
		t.Errorf("%d wait, want 3", w.length())
	}
	w.take(nil, groupBytes)
	if w.length() != 0 || len(w.lines) != 0 || len(w.of) != 0 {
		t.Errorf("%d wait in %d lines of %d tenants, want none", w.length(), len(w.lines), len(w.of))
	}
}
