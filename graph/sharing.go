package graph

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/live"
	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

// Sharing answers subscriptions to kpiUpdated for all at once who ask the same: of one tenant, with the same permissions,
// document and variables. An update is executed and encoded once for them, however many they are. Make one with
// NewSharing, and give its Share to the transports.
type Sharing struct {
	hub *live.Hub

	mu     sync.Mutex // taken before that of a group
	groups map[groupKey]*group
}

// NewSharing shares what a hub tells.
func NewSharing(hub *live.Hub) *Sharing {
	return &Sharing{hub: hub, groups: map[groupKey]*group{}}
}

// groupKey is what the members of a group have in common.
type groupKey [sha256.Size]byte

// Share is a transport.Share. Whatever is wrong with a subscription is left to its ordinary execution to tell.
func (s *Sharing) Share(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext, wake func()) (transport.Feed, error) {
	asked := ask(ctx, exec, op)
	if asked == nil {
		return nil, nil
	}
	tenant := identity(ctx).Tenant()
	watch, err := s.hub.Watch(ctx, tenant, asked.refs, asked.after, nil) // its group wakes it
	if err != nil {
		return nil, nil
	}
	m := &member{sharing: s, watch: watch, wake: wake}
	key := keyOf(ctx, op)
	if s.enter(m, key) {
		return m, nil
	}
	g, err := newGroup(ctx, key, s.hub, exec, op, asked.refs) // not under mu: it reads the store
	if err != nil {
		watch.Close()
		return nil, nil
	}
	s.found(m, g)
	return m, nil
}

// enter puts a member into the group of a key, if that is there.
func (s *Sharing) enter(m *member, key groupKey) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[key]
	if g == nil {
		return false
	}
	g.add(m)
	return true
}

// found puts a member into a new group, or into that which another has founded meanwhile.
func (s *Sharing) found(m *member, g *group) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if there := s.groups[g.key]; there != nil {
		g.watch.Close()
		g = there
	}
	s.groups[g.key] = g
	g.add(m)
}

// newGroup is a group without members. Its own watch tells it what to encode before its members are woken.
func newGroup(ctx context.Context, key groupKey, hub *live.Hub, exec graphql.GraphExecutor, op *graphql.OperationContext, refs []charts.Ref) (*group, error) {
	as, _ := httpauth.From(ctx)
	g := &group{
		key:  key,
		ctx:  httpauth.With(WithTrace(context.Background(), TraceOf(ctx)), as),
		exec: exec, op: op, encoded: map[string][]*encoding{},
	}
	var err error
	if g.watch, err = hub.Watch(ctx, as.Tenant(), refs, nil, g.start); err != nil {
		return nil, err
	}
	g.watch.Skip()
	return g, nil
}

// leave takes a member out of its group, which ends with its last.
func (s *Sharing) leave(m *member) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if m.group.remove(m) {
		delete(s.groups, m.group.key)
		m.group.watch.Close()
	}
}

// keyOf says what a caller asks, but for the cursor from which it goes on: that differs by caller, and no update depends
// on it.
func keyOf(ctx context.Context, op *graphql.OperationContext) groupKey {
	as := identity(ctx)
	variables := op.Variables
	if name := cursorVariable(op); name != "" {
		variables = make(map[string]any, len(op.Variables))
		for k, v := range op.Variables {
			if k != name {
				variables[k] = v
			}
		}
	}
	text, _ := json.Marshal([]any{as.Tenant().String(), as.Permissions(), op.OperationName, op.RawQuery, variables}) // came as JSON
	return sha256.Sum256(text)
}

// cursorVariable is the variable that is passed as after and is used for nothing else, or "".
func cursorVariable(op *graphql.OperationContext) string {
	for _, selection := range op.Operation.SelectionSet {
		field, ok := selection.(*ast.Field)
		if !ok {
			continue
		}
		arg := field.Arguments.ForName("after")
		if arg == nil || arg.Value.Kind != ast.Variable {
			continue
		}
		if declaredAndUsed := 2; strings.Count(op.RawQuery, "$"+arg.Value.Raw) == declaredAndUsed {
			return arg.Value.Raw
		}
	}
	return ""
}

// asked is what the resolver of kpiUpdated is asked, when it is to tell no more than that.
type asked struct {
	called bool
	refs   []charts.Ref
	after  *string
}

type askedKey struct{}

// ask runs a subscription as far as the resolver of kpiUpdated: through its directive, and with its arguments read. It
// answers nil where it does not come to that.
func ask(ctx context.Context, exec graphql.GraphExecutor, op *graphql.OperationContext) *asked {
	a := &asked{}
	responses, ctx := exec.DispatchOperation(context.WithValue(ctx, askedKey{}, a), op)
	for responses(ctx) != nil && !a.called {
	}
	if !a.called {
		return nil
	}
	return a
}

type updateKey struct{}

// follow is the resolver of kpiUpdated: for a caller, or for Sharing, which asks or has one update executed.
func (r *resolver) follow(ctx context.Context, refs []charts.Ref, after *string) (<-chan *live.KpiUpdate, error) {
	if id := transport.LastEventID(ctx); id != "" {
		after = &id // of a browser that repeats its request as it was
	}
	one := make(chan *live.KpiUpdate, 1)
	if a, ok := ctx.Value(askedKey{}).(*asked); ok {
		*a = asked{true, refs, after}
		close(one)
		return one, nil
	}
	if u, ok := ctx.Value(updateKey{}).(*live.KpiUpdate); ok {
		one <- u
		close(one)
		return one, nil
	}
	return r.live.KpiUpdated(ctx, identity(ctx).Tenant(), refs, after)
}
