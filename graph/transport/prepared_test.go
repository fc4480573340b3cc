package transport_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/mykpi/mykpi/graph/transport"
	"github.com/mykpi/mykpi/graph/transport/guard"
)

// observed counts what is prepared anew, and holds the last operation that was executed.
type observed struct {
	mu       sync.Mutex
	prepared int
	executed *graphql.OperationContext
}

func (*observed) ExtensionName() string                   { return "Observed" }
func (*observed) Validate(graphql.ExecutableSchema) error { return nil }

func (o *observed) MutateOperationContext(context.Context, *graphql.OperationContext) *gqlerror.Error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.prepared++
	return nil
}

func (o *observed) InterceptOperation(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.executed = graphql.GetOperationContext(ctx)
	return next(ctx)
}

func preparing(t *testing.T, budget int) (*testServer, *observed) {
	o := &observed{}
	return newTestServer(t, func(s *testServer) {
		s.gql.Use(transport.NewPersistedQueries(1 << 20))
		s.gql.Use(guard.New(guard.Options{Introspect: func(ctx context.Context) error { return nil }}))
		s.gql.Use(o)
		s.http.Prepared = transport.NewPrepared(budget)
	}), o
}

func TestWhatIsPreparedOnce(t *testing.T) {
	s, o := preparing(t, 1<<20)
	for _, c := range []struct {
		name, body string
		header     []string
		once       bool
	}{
		{"a query", `{"query":"{version}"}`, nil, true},
		{"variables", `{"query":"query($t:String){echo(text:$t)}","variables":{"t":"a"}}`, nil, true},
		{"other variables of the same text", `{"query":"query($t:String){echo(text:$t)}","variables":{"t":"b"}}`, nil, true},
		{"one of two operations", `{"query":"query A{version} query B{echo}","operationName":"B"}`, nil, true},
		{"the other one", `{"query":"query A{version} query B{echo}","operationName":"A"}`, nil, true},
		{"a failure", `{"query":"{maybe(code:\"NOT_FOUND\")}"}`, nil, true},
		{"a mutation", `{"query":"mutation{record}"}`, nil, false},
		{"introspection", `{"query":"{__schema{queryType{name}}}"}`, nil, false},
		{"a text by its hash", persisted(sum("{version}"), "{version}"), nil, false},
		{"a refusal", `{"query":"{versio}"}`, nil, false},
		{"a variable that is none", `{"query":"query($n:Int){echo(n:$n)}","variables":{"n":"x"}}`, nil, false},
		{"no operation", `{"query":"query A{version} query B{echo}","operationName":"C"}`, nil, false},
		{"a text that is no JSON", `{version}`, []string{"Content-Type", "application/graphql"}, false},
		{"a large body", `{"query":"{version}"}` + strings.Repeat(" ", 16<<10), nil, false},
	} {
		header := append([]string{"Content-Type", jsonType, "Accept", gqlType}, c.header...)
		if c.header != nil {
			header = append(c.header, "Accept", gqlType)
		}
		first := s.send(t, "POST", "/", c.body, header...)
		times := o.prepared
		for range 2 {
			if again := s.send(t, "POST", "/", c.body, header...); again.status != first.status || again.body != first.body {
				t.Errorf("%s: %d %s, then %d %s", c.name, first.status, first.body, again.status, again.body)
			}
		}
		refused := first.status == http.StatusBadRequest
		if anew := o.prepared - times; c.once != (anew == 0) && !refused {
			t.Errorf("%s: prepared anew %d times of 2", c.name, anew)
		}
	}
}

// What an executor gives an operation, one that is prepared has too, but for what belongs to one request.
func TestAPreparedOperationIsWhatTheExecutorMakes(t *testing.T) {
	s, o := preparing(t, 1<<20)
	const body = `{"query":"query Q($t:String){echo(text:$t)}","operationName":"Q","variables":{"t":"a"}}`
	executed := func(mark string) reflect.Value {
		s.send(t, "POST", "/", body, "Content-Type", jsonType, "X-Mark", mark)
		if got := o.executed.Headers.Get("X-Mark"); got != mark {
			t.Errorf("the headers are those of request %q, want %q", got, mark)
		}
		if o.executed.Stats.OperationStart.IsZero() || o.executed.Stats.Read.Start.IsZero() {
			t.Errorf("request %s: it tells no times: %+v", mark, o.executed.Stats)
		}
		return reflect.ValueOf(o.executed).Elem()
	}
	made, prepared := executed("1"), executed("2")
	if made.Addr().Pointer() == prepared.Addr().Pointer() {
		t.Fatal("two requests have one operation")
	}
	for i := range made.NumField() {
		name := made.Type().Field(i).Name
		if name == "Headers" || name == "Stats" || !made.Type().Field(i).IsExported() {
			continue
		}
		a, b := made.Field(i), prepared.Field(i)
		same := a.Kind() == reflect.Func && a.Pointer() == b.Pointer()
		if !same && (a.Kind() == reflect.Func || !reflect.DeepEqual(a.Interface(), b.Interface())) {
			t.Errorf("%s: %v, want %v", name, b, a)
		}
	}
}

func TestPreparedOperationsAreBounded(t *testing.T) {
	s, o := preparing(t, 64<<10)
	body := func(i int) string { return fmt.Sprintf(`{"query":"{echo(text:\"%0500d\")}"}`, i) }
	for i := range 100 {
		s.send(t, "POST", "/", body(i), "Content-Type", jsonType)
	}
	before := o.prepared
	s.send(t, "POST", "/", body(0), "Content-Type", jsonType)
	if o.prepared == before {
		t.Error("the first of a hundred is still kept, within a budget for three")
	}
}

func BenchmarkPrepared(b *testing.B) {
	for name, prepared := range map[string]*transport.Prepared{"anew": nil, "prepared": transport.NewPrepared(1 << 20)} {
		b.Run(name, func(b *testing.B) {
			s := newTestServer(b, func(s *testServer) {
				s.gql.Use(guard.New(guard.Options{}))
				s.http.Prepared = prepared
			})
			const body = `{"query":"query Q($t:String){version echo(text:$t) a:echo b:echo c:echo d:echo}","operationName":"Q","variables":{"t":"a"}}`
			b.ReportAllocs()
			for b.Loop() {
				r := httptest.NewRequest("POST", "/", strings.NewReader(body))
				r.Header.Set("Content-Type", jsonType)
				w := httptest.NewRecorder()
				s.gql.ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
