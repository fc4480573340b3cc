package isolation

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// TestNothingCrosses lets 50 tenants with the same chart key record, read and watch at once, in the same words. Every value
// carries its tenant in its digits. MYKPI_ISOLATION_SECONDS says for how long, 3 by default.
func TestNothingCrosses(t *testing.T) {
	seconds := 3
	if text := os.Getenv("MYKPI_ISOLATION_SECONDS"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 {
			t.Fatalf("MYKPI_ISOLATION_SECONDS=%q is no number of seconds", text)
		}
		seconds = n
	}
	for _, engine := range []string{onSQLite, onDynamoDB} {
		t.Run(engine, func(t *testing.T) {
			s := start(t, binary, engine, "--rate-mutations", "0", "--rate-tenant", "0", "--rate-address", "0")
			crowd := gather(t, s, 50)
			end := time.Now().Add(time.Duration(seconds) * time.Second)
			var everybody sync.WaitGroup
			for _, one := range crowd {
				everybody.Go(func() { one.watch(t) })
			}
			var asked atomic.Int64
			for range 16 {
				everybody.Go(func() {
					for time.Now().Before(end) && !t.Failed() {
						one := crowd[rand.IntN(len(crowd))]
						one.act(t, crowd)
						asked.Add(1)
					}
				})
			}
			time.Sleep(time.Until(end))
			for _, one := range crowd {
				one.socket.Close()
			}
			everybody.Wait()
			updates := int64(0)
			for _, one := range crowd {
				updates += one.updates.Load()
			}
			t.Logf("%d questions and %d updates of %d tenants", asked.Load(), updates, len(crowd))
			if updates == 0 || asked.Load() == 0 {
				t.Error("nobody asked, or nobody was told")
			}
		})
	}
}

// resident is one tenant of the crowd. All its values are number times a million and a bit.
type resident struct {
	*caller
	number  int
	chart   string
	count   atomic.Int64
	socket  *websocket.Conn
	updates atomic.Int64
}

const million = 1_000_000

func gather(t *testing.T, s *server, n int) []*resident {
	t.Helper()
	crowd := make([]*resident, n)
	for i := range crowd {
		// t1 and t10, t2 and t20: names that begin alike.
		one := &resident{caller: s.tenant(t, "t"+strconv.Itoa(i+1)), number: i + 1}
		data := one.must(t, `mutation { createChart(input: {key: "same", name: "Same"}) { chart { id } } }`, nil)
		one.chart = at(data, "createChart", "chart", "id").(string)
		one.socket = subscribe(t, one.caller, `subscription { kpiUpdated { cause cursor chart { id key kpi { value } points(first: 3) { nodes { key value } } } } }`, nil)
		crowd[i] = one
	}
	return crowd
}

const reading = `{ chart(by: {key: "same"}) { id kpi { value } trend { buckets { value } } points(first: 50) { nodes { key value } } history(first: 5) { nodes { data actor { id } } } }
	charts { totalCount nodes { id kpi { value } } } tenant { id name } apiKeys { id } ingestions(first: 5) { nodes { id charts { id } } } }`

// act records, or asks in words that all tenants share.
func (r *resident) act(t *testing.T, crowd []*resident) {
	switch rand.IntN(4) {
	case 0, 1:
		value := int64(r.number)*million + r.count.Add(1)%million
		key := "k" + strconv.Itoa(rand.IntN(20))
		r.check(t, `mutation($key: String!, $value: Decimal!) { recordDataPoints(input: {chart: {key: "same"}, points: [{key: $key, value: $value}]}) { chart { id kpi { value } } recorded corrected } }`,
			vars{"key": key, "value": value})
	case 2:
		r.check(t, reading, nil)
	case 3: // another tenant's chart, by its ID
		other := crowd[rand.IntN(len(crowd))]
		_, body, err := r.ask(`query($id: ID!) { chart(by: {id: $id}) { id kpi { value } } }`, vars{"id": other.chart})
		if err != nil {
			t.Error(err)
		}
		if want := `{"data":{"chart":null}}`; other != r && body != want {
			t.Errorf("tenant %d asks for a chart of %d: %s", r.number, other.number, body)
		}
		r.judge(t, body)
	}
}

func (r *resident) check(t *testing.T, query string, variables vars) {
	status, body, err := r.ask(query, variables)
	if err != nil || status != 200 || strings.Contains(body, `"errors"`) {
		t.Errorf("tenant %d: %d %v %.300s", r.number, status, err, body)
		return
	}
	r.judge(t, body)
}

var (
	figures    = regexp.MustCompile(`"value":(\d+)`)
	chartNames = regexp.MustCompile(`chart_[a-z0-9]{26}`)
)

// judge holds that an answer is of this tenant alone.
func (r *resident) judge(t *testing.T, body string) {
	for _, figure := range figures.FindAllStringSubmatch(body, -1) {
		n, err := strconv.Atoi(figure[1])
		if err != nil || n/million != r.number {
			t.Errorf("tenant %d is told %s: %.500s", r.number, figure[0], body)
		}
	}
	for _, id := range chartNames.FindAllString(body, -1) {
		if id != r.chart {
			t.Errorf("tenant %d is told of chart %s: %.500s", r.number, id, body)
		}
	}
}

// watch judges all that comes by the socket, until it is closed.
func (r *resident) watch(t *testing.T) {
	r.socket.SetReadDeadline(time.Time{})
	for {
		_, message, err := r.socket.ReadMessage()
		if err != nil {
			return
		}
		if strings.Contains(string(message), `"type":"error"`) {
			t.Errorf("tenant %d: %s", r.number, message)
		}
		r.updates.Add(1)
		r.judge(t, string(message))
	}
}

// TestAQueryByItsHashIsTheAskersOwn registers a query as one tenant and sends its hash alone as another.
func TestAQueryByItsHashIsTheAskersOwn(t *testing.T) {
	s := start(t, binary, onSQLite)
	a, b := s.tenant(t, unique()), s.tenant(t, unique())
	const query = `{ tenant { id } }`
	sum := sha256.Sum256([]byte(query))
	extensions := vars{"persistedQuery": vars{"version": 1, "sha256Hash": hex.EncodeToString(sum[:])}}
	for _, c := range []struct {
		who  *caller
		body vars
	}{{a, vars{"query": query, "extensions": extensions}}, {b, vars{"extensions": extensions}}, {a, vars{"extensions": extensions}}} {
		body, err := json.Marshal(c.body)
		if err != nil {
			t.Fatal(err)
		}
		if got := c.who.post(t, body); got != fmt.Sprintf(`{"data":{"tenant":{"id":%q}}}`, c.who.tenant) {
			t.Errorf("%s is answered %s", c.who.tenant, got)
		}
	}
}
