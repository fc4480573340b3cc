package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mykpi/mykpi/test/program"
)

// startTimeout bounds the wait for cognito-local; the machine may be busy.
const startTimeout = time.Minute

// userPool is a pool of cognito-local, an emulator of Cognito (npm, pinned in cognitolocal/), with two app clients: one
// whose ID tokens live for a day, and one whose live for three seconds.
type userPool struct {
	endpoint, id   string
	lasting, brief string
}

// startUserPool starts cognito-local on a free port. It ends with the test.
func startUserPool(t *testing.T) *userPool {
	t.Helper()
	modules, err := filepath.Abs("cognitolocal/node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(modules, ".package-lock.json")); err != nil {
		install := exec.Command("npm", "ci")
		install.Dir = filepath.Dir(modules)
		if output, err := install.CombinedOutput(); err != nil {
			t.Fatalf("npm ci: %v\n%s", err, output)
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := listener.Addr().(*net.TCPAddr).Port
	listener.Close()
	process := exec.Command("node", filepath.Join(modules, "cognito-local", "lib", "bin", "start.js"))
	process.Dir = t.TempDir()
	process.Env = append(program.Environment(), "HOST=127.0.0.1", "PORT="+strconv.Itoa(port))
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		process.Process.Kill()
		process.Wait()
	})
	p := &userPool{endpoint: "http://127.0.0.1:" + strconv.Itoa(port)}
	for since := time.Now(); ; time.Sleep(100 * time.Millisecond) {
		response, err := http.Get(p.endpoint + "/health")
		if err == nil {
			response.Body.Close()
			break
		}
		if time.Since(since) > startTimeout {
			t.Fatalf("cognito-local does not answer: %v", err)
		}
	}
	p.id = p.call(t, "CreateUserPool", vars{"PoolName": "mykpi", "Schema": []vars{
		{"Name": "tenant_id", "AttributeDataType": "String", "Mutable": false},
	}})["UserPool"].(map[string]any)["Id"].(string)
	app := func(name string, validity int, unit string) string {
		made := p.call(t, "CreateUserPoolClient", vars{"UserPoolId": p.id, "ClientName": name, "ExplicitAuthFlows": []string{"ALLOW_USER_PASSWORD_AUTH"},
			"IdTokenValidity": validity, "AccessTokenValidity": 1, "TokenValidityUnits": vars{"IdToken": unit}})
		return made["UserPoolClient"].(map[string]any)["ClientId"].(string)
	}
	p.lasting, p.brief = app("lasting", 24, "hours"), app("brief", 3, "seconds")
	for _, role := range []string{"ADMIN", "EDITOR", "VIEWER"} {
		p.call(t, "CreateGroup", vars{"UserPoolId": p.id, "GroupName": role})
	}
	return p
}

// issuer is the iss of its tokens.
func (p *userPool) issuer() string { return p.endpoint + "/" + p.id }

func (p *userPool) call(t *testing.T, action string, input vars) map[string]any {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, p.endpoint, bytes.NewReader(marshal(t, input)))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-amz-json-1.1")
	request.Header.Set("X-Amz-Target", "AWSCognitoIdentityProviderService."+action)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %s %v", action, response.StatusCode, body, err)
	}
	var output map[string]any
	if len(body) > 0 {
		if err := json.Unmarshal(body, &output); err != nil {
			t.Fatalf("%s: %s: %v", action, body, err)
		}
	}
	return output
}

const password = "Correct-horse-1"

// person signs up for a tenant ("" for none), in a group ("" for none).
func (p *userPool) person(t *testing.T, name, tenant, group string) {
	t.Helper()
	name += "@acme.example"
	attributes := []vars{{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}}
	if tenant != "" {
		attributes = append(attributes, vars{"Name": "custom:tenant_id", "Value": tenant})
	}
	p.call(t, "AdminCreateUser", vars{"UserPoolId": p.id, "Username": name, "MessageAction": "SUPPRESS", "UserAttributes": attributes})
	p.call(t, "AdminSetUserPassword", vars{"UserPoolId": p.id, "Username": name, "Password": password, "Permanent": true})
	if group != "" {
		p.call(t, "AdminAddUserToGroup", vars{"UserPoolId": p.id, "Username": name, "GroupName": group})
	}
}

// signIn answers the ID and access tokens that an app client gets for a person.
func (p *userPool) signIn(t *testing.T, app, name string) (id, access string) {
	t.Helper()
	result := p.call(t, "InitiateAuth", vars{"AuthFlow": "USER_PASSWORD_AUTH", "ClientId": app,
		"AuthParameters": vars{"USERNAME": name + "@acme.example", "PASSWORD": password}})["AuthenticationResult"].(map[string]any)
	return result["IdToken"].(string), result["AccessToken"].(string)
}

// TestCognitosTokens signs people of two tenants in at cognito-local and lets them do what their roles allow.
func TestCognitosTokens(t *testing.T) {
	pool := startUserPool(t)
	s := allEngines[0].start(t, "--jwt-issuer", pool.issuer(), "--jwt-jwks", pool.issuer()+"/.well-known/jwks.json",
		"--jwt-client", pool.lasting+","+pool.brief)
	north, south := unique(), unique()
	for _, tenant := range []string{north, south} {
		s.run(t, "tenants", "create", tenant)
	}
	clients := map[string]*client{}
	for _, role := range []string{"ADMIN", "EDITOR", "VIEWER"} {
		for i, tenant := range []string{north, south} {
			name := fmt.Sprintf("%s%d", strings.ToLower(role), i)
			pool.person(t, name, tenant, role)
			id, _ := pool.signIn(t, pool.lasting, name)
			clients[name] = s.with(id)
			got := ask[struct {
				Viewer struct {
					Email, Role string
					Tenant      struct{ ID string }
				}
			}](t, clients[name], `{ viewer { email role tenant { id } } }`, nil).Viewer
			if got.Email != name+"@acme.example" || got.Role != role || got.Tenant.ID != tenant {
				t.Errorf("%s is %+v", name, got)
			}
		}
	}

	clients["editor0"].create(t, vars{"key": "orders", "aggregation": "SUM"})
	watcher := clients["viewer0"].subscribe(t, watching)
	if got := watcher.next(t).KpiUpdated.Cause; got != "SNAPSHOT" {
		t.Errorf("first %s", got)
	}
	clients["editor0"].record(t, "orders", []point{{"value": 5}}, nil)
	if got := watcher.next(t).KpiUpdated.Cause; got != "POINTS_RECORDED" {
		t.Errorf("then %s", got)
	}
	if actor := clients["viewer0"].history(t, "orders")[0].Actor; actor.Kind != "USER" || actor.Label != "editor0@acme.example" {
		t.Errorf("the history names %+v", actor)
	}
	a, err := clients["viewer0"].tryRecord(t.Context(), "orders", []point{{"value": 5}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	refused(t, a, "FORBIDDEN", "")
	refused(t, clients["editor0"].do(t, `{ members { id } }`, nil), "FORBIDDEN", "")
	ask[any](t, clients["admin0"], `{ members { id } }`, nil)
	if got := string(clients["admin1"].do(t, `{ chart(by: {key: "orders"}) { id } charts { totalCount } }`, nil).Data); got != `{"chart":null,"charts":{"totalCount":0}}` {
		t.Errorf("the other tenant sees %s", got)
	}

	_, access := pool.signIn(t, pool.lasting, "admin0")
	refused(t, s.with(access).do(t, `{ viewer { subject } }`, nil), "FORBIDDEN", "") // Cognito's access tokens name no tenant
	pool.person(t, "stray", "", "ADMIN")
	stray, _ := pool.signIn(t, pool.lasting, "stray")
	refused(t, s.with(stray).do(t, `{ viewer { subject } }`, nil), "FORBIDDEN", "")
	pool.person(t, "lost", unique(), "ADMIN")
	lost, _ := pool.signIn(t, pool.lasting, "lost")
	refused(t, s.with(lost).do(t, `{ viewer { subject } }`, nil), "FORBIDDEN", "")
	pool.person(t, "idle", north, "")
	idle, _ := pool.signIn(t, pool.lasting, "idle")
	refused(t, s.with(idle).do(t, `{ charts { totalCount } }`, nil), "FORBIDDEN", "")
	refused(t, s.as(t, north, "ADMIN").do(t, `{ viewer { subject } }`, nil), "UNAUTHENTICATED", "") // a development token

	brief, _ := pool.signIn(t, pool.brief, "viewer0")
	expiring := s.with(brief)
	socket := expiring.subscribe(t, watching)
	socket.next(t)
	if code, reason := socket.ended(t); code != 4403 || !strings.Contains(reason, "expired") {
		t.Errorf("the socket of an expired token was closed with %d %s", code, reason)
	}
	for since := time.Now(); ; time.Sleep(time.Second) { // clocks may differ by half a minute
		if a := expiring.do(t, `{ viewer { subject } }`, nil); a.Errors != nil {
			refused(t, a, "UNAUTHENTICATED", "")
			break
		}
		if time.Since(since) > startTimeout+updateTimeout {
			t.Fatal("an expired token is still taken")
		}
	}
}
