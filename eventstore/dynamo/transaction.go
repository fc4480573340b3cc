package dynamo

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/guregu/dynamo/v2"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/tenancy"
)

// Conditions on a document; an expired one counts as absent. ? is the instant of the commit, then the revision.
const (
	ifAbsent  = "attribute_not_exists('PK') OR 'expires' <= ?"
	ifPresent = "(attribute_not_exists('expires') OR 'expires' > ?)"
	ifAt      = ifPresent + " AND 'rev' = ?"
	ifAtHead  = ifAt + " AND 'head' = ?"
	ifNew     = "attribute_not_exists('PK')"
)

// transaction is a Commit on its way to DynamoDB.
type transaction struct {
	store   *Store
	tenant  tenancy.ID
	commit  eventstore.Commit
	now     int64        // one instant for all its conditions and all its attempts
	carrier int          // the put whose document should prove that the append leaves no gap; -1 where a read has
	stale   map[int]bool // puts under Always that replace an expired document
	enlist  bool         // the tenant is new: its first stream

	tx    *dynamo.WriteTx
	items int
	puts  map[int]int // index in the transaction -> index in commit.Puts
}

func newTransaction(s *Store, tenant tenancy.ID, c eventstore.Commit) *transaction {
	return &transaction{store: s, tenant: tenant, commit: c, now: s.now().Unix(), carrier: carrier(c), stale: map[int]bool{}}
}

// carrier is the index of the put whose document should carry the head of the commit's one append, or -1.
func carrier(c eventstore.Commit) int {
	if len(c.Appends) != 1 || c.Appends[0].Expected == 0 {
		return -1
	}
	for i, p := range c.Puts {
		if p.If.Revision() > 0 && p.Expires.IsZero() {
			return i
		}
	}
	return -1
}

// register finds out whether the list of tenants has this one. It is read only when a stream begins, and written only
// when it lacks the tenant: a write each time would have all new streams of a tenant wait for one item.
func (t *transaction) register(ctx context.Context) error {
	for _, a := range t.commit.Appends {
		if a.Expected == 0 {
			it, err := t.store.get(ctx, t.store.enlisted(t.tenant))
			t.enlist = err == nil && it == nil
			return err
		}
	}
	return nil
}

// proveVersions reads the last version that each append builds on. What it finds stays: the log only grows.
func (t *transaction) proveVersions(ctx context.Context) error {
	for _, a := range t.commit.Appends {
		if a.Expected == 0 {
			continue
		}
		it, err := t.store.get(ctx, t.store.eventKey(t.tenant, a.Stream, a.Expected), attrSK)
		if err != nil {
			return err
		}
		if it == nil {
			return fmt.Errorf("%w: %v is not at version %d yet", eventstore.ErrConflict, a.Stream, a.Expected)
		}
	}
	return nil
}

// write tries the commit once; again says that it should be asked in another way.
func (t *transaction) write(ctx context.Context) (again bool, err error) {
	if err := t.build(); err != nil {
		return false, err
	}
	err = t.tx.Run(ctx)
	var cancelled *types.TransactionCanceledException
	if !errors.As(err, &cancelled) || errors.Is(err, eventstore.ErrUnavailable) || ctx.Err() != nil {
		return false, err
	}
	var doubt uncertainError
	if errors.As(err, &doubt) {
		if done, err := t.done(ctx); err != nil || done {
			return false, err
		}
	}
	return t.judge(ctx, cancelled)
}

// done reports whether this very commit is in the log already. Its token answers that for ten minutes; the ID of its
// first event does where the token did not.
func (t *transaction) done(ctx context.Context) (bool, error) {
	if len(t.commit.Appends) == 0 {
		return false, nil
	}
	a := t.commit.Appends[0]
	it, err := t.store.get(ctx, t.store.eventKey(t.tenant, a.Stream, a.Events[0].Version), attrID)
	return err == nil && textOf(it, attrID) == a.Events[0].ID, err
}

// judge says what a cancelled transaction means: a conflict, or that it has to be asked in another way.
func (t *transaction) judge(ctx context.Context, cancelled *types.TransactionCanceledException) (again bool, err error) {
	conflict := fmt.Errorf("%w: %w", eventstore.ErrConflict, cancelled)
	prove := false
	for i, reason := range cancelled.CancellationReasons {
		if passing(reason) {
			continue
		}
		if code(reason) != conditionFailed {
			return false, fmt.Errorf("dynamo: %w", cancelled)
		}
		put, isPut := t.puts[i]
		switch {
		case isPut && t.commit.Puts[put].If == eventstore.Always():
			t.stale[put] = !t.stale[put]
		case isPut && put == t.carrier && t.revisionHolds(put, reason.Item):
			prove = true // it is the head that this document does not carry
		default:
			return false, conflict
		}
	}
	if prove {
		t.carrier = -1
		return true, t.proveVersions(ctx)
	}
	return true, nil
}

func (t *transaction) revisionHolds(put int, old item) bool {
	return numberOf(old, attrRevision) == t.commit.Puts[put].If.Revision() && (numberOf(old, attrExpires) == 0 || numberOf(old, attrExpires) > t.now)
}

// build writes the commit down for DynamoDB.
func (t *transaction) build() error {
	t.tx, t.items, t.puts = t.store.db.WriteTx().IdempotentWithToken(rand.Text()), 0, map[int]int{}
	for _, a := range t.commit.Appends {
		if err := t.append(a); err != nil {
			return err
		}
	}
	if t.enlist {
		t.mark(t.store.enlisted(t.tenant))
	}
	for i := range t.commit.Puts {
		t.puts[t.items] = i
		t.document(i)
	}
	for _, d := range t.commit.Deletes {
		t.delete(d)
	}
	return nil
}

func (t *transaction) append(a eventstore.Append) error {
	for _, e := range a.Events {
		k := t.store.eventKey(t.tenant, a.Stream, e.Version)
		it, err := eventItem(k, e)
		if err != nil {
			return err
		}
		t.tx.Put(t.store.db.Table(k.table).Put(it).If(ifNew))
		t.items++
	}
	if a.Expected == 0 {
		t.mark(t.store.registered(t.tenant, a.Stream))
	}
	return nil
}

// mark adds an item that says by its key all there is to say.
func (t *transaction) mark(k key) {
	t.tx.Put(t.store.db.Table(k.table).Put(k.item()))
	t.items++
}

// document adds the put with that index. Under Always the revision is not known here, so that DynamoDB counts it.
func (t *transaction) document(index int) {
	p := t.commit.Puts[index]
	k := t.store.documentKey(t.tenant, p.Key)
	set, remove := t.attributes(p)
	t.items++
	if p.If == eventstore.Always() && !t.stale[index] {
		u := t.store.db.Table(k.table).Update(attrPK, k.pk).Range(attrSK, k.sk).Add(attrRevision, 1).Remove(remove...).If(ifPresent, t.now)
		for name, v := range set {
			u.Set(name, v)
		}
		t.tx.Update(u)
		return
	}
	it := k.item()
	for name, v := range set {
		it[name] = v
	}
	it[attrRevision] = number(p.If.Revision() + 1)
	put := t.store.db.Table(k.table).Put(it)
	switch {
	case p.If.Revision() == 0:
		put.If(ifAbsent, t.now)
	case index == t.carrier:
		a := t.commit.Appends[0]
		put.If(ifAtHead, t.now, p.If.Revision(), headOf(a.Stream, a.Expected)).IncludeItemInCondCheckFail(true)
	default:
		put.If(ifAt, t.now, p.If.Revision())
	}
	t.tx.Put(put)
}

// attributes are what the put writes besides key and revision, and what it takes away.
func (t *transaction) attributes(p eventstore.Put) (set item, remove []string) {
	set = item{}
	if len(p.Body) > 0 {
		set[attrBody] = binaryOf(p.Body)
	} else {
		remove = append(remove, attrBody)
	}
	if p.Active {
		set[attrActive] = text(tenantPK(t.tenant))
	} else {
		remove = append(remove, attrActive)
	}
	if !p.Expires.IsZero() {
		set[attrExpires] = number(p.Expires.Unix())
	} else {
		remove = append(remove, attrExpires)
	}
	if len(t.commit.Appends) == 1 && p.Expires.IsZero() {
		a := t.commit.Appends[0]
		set[attrHead] = binaryOf(headOf(a.Stream, a.Expected+int64(len(a.Events))))
	} else {
		remove = append(remove, attrHead)
	}
	return set, remove
}

func (t *transaction) delete(d eventstore.Delete) {
	k := t.store.documentKey(t.tenant, d.Key)
	del := t.store.db.Table(k.table).Delete(attrPK, k.pk).Range(attrSK, k.sk)
	switch {
	case d.If.Revision() > 0:
		del.If(ifAt, t.now, d.If.Revision())
	case d.If.Absent():
		del.If(ifAbsent, t.now)
	}
	t.tx.Delete(del)
	t.items++
}
