package source

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/charts/journal"
	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

const (
	// mostSources is how many sources a tenant may have.
	mostSources = 200
	// overlap is how long a secret holds that was replaced.
	overlap = 24 * time.Hour
	// programs is how many compiled mappings are remembered.
	programs = 512
	// seenEvery is how exact LastReceivedAt is: it is not worth a write a webhook.
	seenEvery = time.Minute

	prefix, afterSources = "SOURCE#", "SOURCE$"
	seenPrefix           = "SOURCESEEN#"
)

// The events of a source's stream. None holds a secret.
const (
	sourceCreated = "SourceCreated"
	secretRotated = "SourceSecretRotated"
	sourceDeleted = "SourceDeleted"
)

// Registry keeps the sources of all tenants. Make one with New.
type Registry struct {
	journal *journal.Journal
	now     func() time.Time
	newID   func() string

	compiling sync.Mutex // one mapping at a time: hostile ones take milliseconds and megabytes
	programs  *lru.Cache[Mapping, *Program]
	seen      *lru.Cache[string, time.Time]
}

// New makes a registry on the store of a journal, which knows the charts.
func New(j *journal.Journal, now func() time.Time, newID func() string) *Registry {
	compiled, err := lru.New[Mapping, *Program](programs)
	if err != nil {
		panic("source: a cache has a size: " + err.Error())
	}
	seen, err := lru.New[string, time.Time](10 * programs)
	if err != nil {
		panic("source: a cache has a size: " + err.Error())
	}
	return &Registry{journal: j, now: now, newID: newID, programs: compiled, seen: seen}
}

// stored is a source's document.
type stored struct {
	Source
	Secrets []secret `json:"secrets"`
	Version int64    `json:"version"`
}

func stream(id string) eventstore.Stream { return eventstore.Stream{Kind: "SOURCE", ID: id} }

func notFound(field string) error {
	return tenancy.Refuse(tenancy.NotFound, field, "there is no such source")
}

// Create asks for a new source.
type Create struct {
	Name    string
	Kind    Kind
	Chart   charts.Ref
	Mapping Mapping
	Secret  string // "": one is made
}

// CreateSource makes a source and answers it with its secret.
func (r *Registry) CreateSource(ctx context.Context, as tenancy.Identity, c Create) (*Source, string, error) {
	if err := tenancy.CheckName("name", c.Name); err != nil {
		return nil, "", err
	}
	if _, err := r.program(c.Mapping); err != nil {
		return nil, "", err
	}
	key, err := secretOr(c.Kind, c.Secret)
	if err != nil {
		return nil, "", err
	}
	chart, err := r.journal.Resolve(ctx, as.Tenant(), c.Chart)
	if err != nil {
		return nil, "", err
	}
	answers, err := r.journal.Store.Documents(ctx, as.Tenant(), eventstore.Between(prefix, afterSources), journal.ChartSpan(chart))
	if err != nil {
		return nil, "", err
	}
	if len(answers[1]) == 0 {
		return nil, "", charts.NotFound()
	}
	if len(answers[0]) >= mostSources {
		return nil, "", tenancy.Refuse(tenancy.LimitExceeded, "", "there are %d sources already: delete one that is not used", mostSources)
	}
	s := stored{Source: Source{
		ID: newID(as.Tenant(), r.newID()), Name: c.Name, Kind: c.Kind, Chart: chart, Mapping: c.Mapping, CreatedAt: r.now().UTC(),
	}, Secrets: []secret{{Value: key}}}
	if err := r.commit(ctx, as, sourceCreated, s, 0); err != nil {
		return nil, "", err
	}
	return s.source(), key, nil
}

func secretOr(k Kind, given string) (string, error) {
	if given == "" {
		return newSecret(k), nil
	}
	return given, checkSecret(k, given)
}

func (s stored) source() *Source {
	source := s.Source
	source.secrets = s.Secrets
	return &source
}

// commit appends an event and puts, or for sourceDeleted deletes, the document.
func (r *Registry) commit(ctx context.Context, as tenancy.Identity, kind string, s stored, revision int64) error {
	data, err := json.Marshal(s.Source)
	if err != nil {
		return err
	}
	s.Version++
	body, err := json.Marshal(s)
	if err != nil {
		return err
	}
	now := r.now().UTC()
	key := eventstore.Key{Name: prefix + s.ID}
	c := eventstore.Commit{Appends: []eventstore.Append{{Stream: stream(s.ID), Expected: s.Version - 1, Events: []eventstore.Event{{
		Version: s.Version, ID: r.newID(), Type: kind, Schema: 1, OccurredAt: now, RecordedAt: now, Actor: as.Actor(), Data: data,
	}}}}}
	if kind == sourceDeleted {
		c.Deletes = []eventstore.Delete{{Key: key, If: eventstore.IfRevision(revision)}, {Key: eventstore.Key{Name: seenPrefix + s.ID}}}
	} else {
		c.Puts = []eventstore.Put{{Key: key, Body: body, If: eventstore.IfRevision(revision)}}
	}
	err = r.journal.Store.Commit(ctx, as.Tenant(), c)
	if errors.Is(err, eventstore.ErrConflict) {
		return tenancy.Refuse(tenancy.VersionConflict, "id", "the source was changed at the same time: try again")
	}
	return err
}

func (r *Registry) read(ctx context.Context, tenant tenancy.ID, id string) (stored, int64, error) {
	var s stored
	if of, ok := TenantOf(id); !ok || of != tenant {
		return s, 0, notFound("id")
	}
	answers, err := r.journal.Store.Documents(ctx, tenant, eventstore.One(eventstore.Key{Name: prefix + id}), eventstore.One(eventstore.Key{Name: seenPrefix + id}))
	if err != nil {
		return s, 0, err
	}
	if len(answers[0]) == 0 {
		return s, 0, notFound("id")
	}
	s, err = readStored(answers[0][0])
	if err == nil && len(answers[1]) > 0 {
		err = s.wasSeen(answers[1][0])
	}
	return s, answers[0][0].Revision, err
}

func readStored(d eventstore.Document) (s stored, err error) {
	if err := json.Unmarshal(d.Body, &s); err != nil {
		return s, fmt.Errorf("source: %s: %w", d.Key.Name, err)
	}
	return s, nil
}

func (s *stored) wasSeen(d eventstore.Document) error {
	at, err := time.Parse(time.RFC3339, string(d.Body))
	if err != nil {
		return fmt.Errorf("source: %s: %w", d.Key.Name, err)
	}
	s.LastReceivedAt = &at
	return nil
}

// Source is a source of a tenant, or a NOT_FOUND Refusal.
func (r *Registry) Source(ctx context.Context, tenant tenancy.ID, id string) (*Source, error) {
	s, _, err := r.read(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	return s.source(), nil
}

// Sources are all sources of a tenant, the oldest first.
func (r *Registry) Sources(ctx context.Context, tenant tenancy.ID) ([]Source, error) {
	answers, err := r.journal.Store.Documents(ctx, tenant, eventstore.Between(prefix, afterSources), eventstore.Between(seenPrefix, seenPrefix+"~"))
	if err != nil {
		return nil, err
	}
	seen := map[string]eventstore.Document{}
	for _, d := range answers[1] {
		seen[strings.TrimPrefix(d.Key.Name, seenPrefix)] = d
	}
	sources := make([]Source, 0, len(answers[0]))
	for _, d := range answers[0] {
		s, err := readStored(d)
		if note, ok := seen[s.ID]; ok && err == nil {
			err = s.wasSeen(note)
		}
		if err != nil {
			return nil, err
		}
		sources = append(sources, *s.source())
	}
	slices.SortFunc(sources, func(a, b Source) int {
		if c := a.CreatedAt.Compare(b.CreatedAt); c != 0 {
			return c
		}
		return strings.Compare(a.ID, b.ID)
	})
	return sources, nil
}

// RotateSecret gives a source another secret, made where none is given, and answers both. The one before holds 24 hours
// more, those before it no longer.
func (r *Registry) RotateSecret(ctx context.Context, as tenancy.Identity, id, given string) (*Source, string, error) {
	s, revision, err := r.read(ctx, as.Tenant(), id)
	if err != nil {
		return nil, "", err
	}
	key, err := secretOr(s.Kind, given)
	if err != nil {
		return nil, "", err
	}
	before := s.Secrets[0]
	before.Until = r.now().UTC().Add(overlap)
	s.Secrets = []secret{{Value: key}, before}
	if err := r.commit(ctx, as, secretRotated, s, revision); err != nil {
		return nil, "", err
	}
	return s.source(), key, nil
}

// Delete takes a source out of use. What it recorded stays.
func (r *Registry) Delete(ctx context.Context, as tenancy.Identity, id string) error {
	s, revision, err := r.read(ctx, as.Tenant(), id)
	if err != nil {
		return err
	}
	return r.commit(ctx, as, sourceDeleted, s, revision)
}

// Test says which points a payload would become, and records nothing. A payload that the filter passes over becomes
// none.
func (r *Registry) Test(ctx context.Context, tenant tenancy.ID, id string, payload json.RawMessage) ([]command.PointInput, error) {
	s, err := r.Source(ctx, tenant, id)
	if err != nil {
		return nil, err
	}
	in, ok, err := r.Map(ctx, s, payload, map[string]string{})
	if err != nil || !ok {
		return nil, err
	}
	return []command.PointInput{in}, nil
}

// program is the program of a mapping, or the Refusal of one that can't be compiled.
func (r *Registry) program(m Mapping) (*Program, error) {
	if program, ok := r.programs.Get(m); ok {
		return program, nil
	}
	r.compiling.Lock()
	defer r.compiling.Unlock()
	if program, ok := r.programs.Get(m); ok {
		return program, nil
	}
	program, err := m.Compile()
	if err == nil {
		r.programs.Add(m, program)
	}
	return program, err
}

// Map makes a point of a payload; ok is false where the source's filter passes it over.
func (r *Registry) Map(ctx context.Context, s *Source, payload json.RawMessage, headers map[string]string) (command.PointInput, bool, error) {
	program, err := r.program(s.Mapping)
	if refused, ok := errors.AsType[*tenancy.Refusal](err); ok {
		// What an earlier version of the server took; the payload is kept as one that can't be mapped.
		return command.PointInput{Raw: payload, Invalid: refused}, true, nil
	}
	if err != nil {
		return command.PointInput{}, false, err
	}
	in, ok, err := program.Point(ctx, payload, headers)
	if errors.Is(err, errBusy) {
		err = fmt.Errorf("%w: %w", eventstore.ErrUnavailable, err)
	}
	return in, ok, err
}

// Received notes that a source's sender was heard of.
func (r *Registry) Received(ctx context.Context, tenant tenancy.ID, s *Source) error {
	now := r.now().UTC()
	if last, ok := r.seen.Get(s.ID); ok && now.Sub(last) < seenEvery {
		return nil
	}
	r.seen.Add(s.ID, now)
	return r.journal.Store.Commit(ctx, tenant, eventstore.Commit{Puts: []eventstore.Put{
		{Key: eventstore.Key{Name: seenPrefix + s.ID}, Body: []byte(now.Format(time.RFC3339))},
	}})
}

// Identity is whom the points of a source are recorded by, once its sender has proven itself.
func (s *Source) Identity(tenant tenancy.ID) tenancy.Identity {
	return tenancy.Verified(tenancy.Claims{
		Tenant: tenant, Actor: tenancy.Actor{Kind: tenancy.APIKey, ID: s.ID, Label: s.Name}, Permissions: []tenancy.Permission{tenancy.Record},
	})
}
