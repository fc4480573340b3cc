package dynamo_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/mykpi/mykpi/eventstore/dynamo"
	"github.com/mykpi/mykpi/eventstore/dynamo/dynamolocal"
)

// exchange is one request on its way through the proxy.
type exchange struct {
	t         testing.TB
	w         http.ResponseWriter
	request   *http.Request
	operation string // such as Query
	body      []byte
	target    string
}

// fault does something to a request, and answers it or not.
type fault func(*exchange)

// proxy stands between an engine and DynamoDB Local and has faults befall the requests of some operations.
type proxy struct {
	*httptest.Server
	t      testing.TB
	target string

	mu     sync.Mutex
	faults map[string][]fault
	always map[string]fault
	seen   map[string]int
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	p := &proxy{t: t, target: target, faults: map[string][]fault{}, always: map[string]fault{}, seen: map[string]int{}}
	p.Server = httptest.NewServer(p)
	t.Cleanup(p.Close)
	return p
}

// next has faults befall the operation's next requests, one each.
func (p *proxy) next(operation string, faults ...fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.faults[operation], p.seen[operation] = faults, 0
}

// each has a fault befall each of the operation's requests that no other does; nil ends it.
func (p *proxy) each(operation string, f fault) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.always[operation], p.seen[operation] = f, 0
}

// count is how many requests of the operation there were since next or each.
func (p *proxy) count(operation string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen[operation]
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return // the client has gone away
	}
	_, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), ".")
	e := &exchange{t: p.t, w: w, request: r, operation: operation, body: body, target: p.target}
	p.take(operation)(e)
}

func (p *proxy) take(operation string) fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.seen[operation]++
	if rest := p.faults[operation]; len(rest) > 0 {
		p.faults[operation] = rest[1:]
		return rest[0]
	}
	if f := p.always[operation]; f != nil {
		return f
	}
	return pass
}

// forward sends the request on and answers what DynamoDB said.
func (e *exchange) forward() (status int, header http.Header, body []byte) {
	request, err := http.NewRequest(e.request.Method, e.target+e.request.URL.Path, bytes.NewReader(e.body))
	if err != nil {
		e.t.Errorf("proxy: %v", err)
		return http.StatusInternalServerError, nil, nil
	}
	request.Header = e.request.Header.Clone()
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		e.t.Errorf("proxy: %v", err)
		return http.StatusInternalServerError, nil, nil
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body)
	if err != nil {
		e.t.Errorf("proxy: %v", err)
	}
	return response.StatusCode, response.Header, body
}

func (e *exchange) answer(status int, header http.Header, body []byte) {
	for name, values := range header {
		e.w.Header()[name] = values
	}
	e.w.WriteHeader(status)
	_, _ = e.w.Write(body) // the client may have gone away
}

func pass(e *exchange) { e.answer(e.forward()) }

// cut closes the connection before DynamoDB hears of the request.
func cut(e *exchange) {
	c, _, err := http.NewResponseController(e.w).Hijack()
	if err != nil {
		e.t.Errorf("proxy: %v", err)
		return
	}
	_ = c.Close()
}

// lost closes the connection after DynamoDB has done the request.
func lost(e *exchange) {
	e.forward()
	cut(e)
}

// torn sends half of the answer.
func torn(e *exchange) {
	status, header, body := e.forward()
	e.answer(status, header, body[:len(body)/2])
	cut(e)
}

// stuck does the request and then says nothing until the client gives up.
func stuck(e *exchange) {
	e.forward()
	<-e.request.Context().Done()
}

// failing answers an error of DynamoDB's without doing the request.
func failing(status int, code, extra string) fault {
	return func(e *exchange) {
		body := `{"__type":"com.amazonaws.dynamodb.v20120810#` + code + `","message":"by the test"` + extra + `}`
		e.answer(status, http.Header{"Content-Type": {"application/x-amz-json-1.0"}}, []byte(body))
	}
}

var (
	throttled  = failing(400, "ProvisionedThroughputExceededException", "")
	limited    = failing(400, "ThrottlingException", "")
	broken     = failing(500, "InternalServerError", "")
	gateway    = func(e *exchange) { e.answer(503, nil, []byte("<html>Service Unavailable</html>")) }
	inProgress = failing(400, "TransactionInProgressException", "")
	denied     = failing(400, "AccessDeniedException", "")
	conflicted = failing(400, "TransactionCanceledException", `,"CancellationReasons":[{"Code":"None"},{"Code":"TransactionConflict","Message":"by the test"}]`)
	txLimited  = failing(400, "TransactionCanceledException", `,"CancellationReasons":[{"Code":"ThrottlingError","Message":"by the test"},{"Code":"None"}]`)
)

// forgetful takes the token out of the request, as if DynamoDB had forgotten it, and then does f.
func forgetful(f fault) fault {
	return func(e *exchange) {
		var request map[string]any
		if err := json.Unmarshal(e.body, &request); err != nil {
			e.t.Errorf("proxy: %v", err)
		}
		delete(request, "ClientRequestToken")
		e.body, _ = json.Marshal(request) // it was JSON
		f(e)
	}
}

// after does something first.
func after(first func(), f fault) fault {
	return func(e *exchange) {
		first()
		f(e)
	}
}

// partial does the first part of a batch and answers that the rest was not processed.
func partial(e *exchange) {
	var request struct{ RequestItems map[string]json.RawMessage }
	if err := json.Unmarshal(e.body, &request); err != nil {
		e.t.Errorf("proxy: %v", err)
	}
	rest := map[string]any{}
	for table, raw := range request.RequestItems {
		if e.operation == "BatchWriteItem" {
			var writes []json.RawMessage
			if err := json.Unmarshal(raw, &writes); err != nil {
				e.t.Errorf("proxy: %v", err)
			}
			request.RequestItems[table], _ = json.Marshal(writes[:1])
			if len(writes) > 1 {
				rest[table] = writes[1:]
			}
			continue
		}
		var gets map[string]any
		if err := json.Unmarshal(raw, &gets); err != nil {
			e.t.Errorf("proxy: %v", err)
		}
		keys := gets["Keys"].([]any)
		gets["Keys"] = keys[:1]
		request.RequestItems[table], _ = json.Marshal(gets)
		if len(keys) > 1 {
			rest[table] = map[string]any{"Keys": keys[1:], "ConsistentRead": gets["ConsistentRead"]}
		}
	}
	e.body, _ = json.Marshal(request)
	status, _, body := e.forward()
	var response map[string]any
	if err := json.Unmarshal(body, &response); err != nil {
		e.t.Errorf("proxy: %v", err)
	}
	name := "UnprocessedKeys"
	if e.operation == "BatchWriteItem" {
		name = "UnprocessedItems"
	}
	response[name] = rest
	body, _ = json.Marshal(response)
	e.answer(status, nil, body)
}

// behindProxy answers Options that go through the proxy.
func behindProxy(t testing.TB) (dynamo.Options, *proxy) {
	t.Helper()
	o := freshTables(t)
	p := newProxy(t, local.Endpoint(t))
	o.Config = dynamolocal.Config(p.URL)
	return o, p
}
