package devissuer_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/mykpi/mykpi/tenancy"
	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/devissuer"
)

func open(t *testing.T, dir string) *devissuer.Issuer {
	t.Helper()
	issuer, err := devissuer.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	return issuer
}

func verifier(t *testing.T, issuer *devissuer.Issuer) *cognito.Verifier {
	t.Helper()
	v, err := cognito.New(cognito.Config{Issuers: []cognito.Issuer{issuer.Trust()}})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestTokensAreVerifiedAsCognitosAre(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data", "keys")
	token, err := open(t, dir).Issue(devissuer.Token{
		Tenant: tenancy.MustParseID("acme"), Role: tenancy.Editor, Subject: "sue", Email: "sue@example.com", TTL: time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	identity, err := verifier(t, open(t, dir)).Verify(context.Background(), token)
	if err != nil {
		t.Fatal(err)
	}
	if identity.Tenant().String() != "acme" || identity.Role() != tenancy.Editor || identity.Email() != "sue@example.com" {
		t.Errorf("got %+v", identity)
	}
	if want := (tenancy.Actor{Kind: tenancy.User, ID: "sue", Label: "sue@example.com"}); identity.Actor() != want {
		t.Errorf("actor %+v, want %+v", identity.Actor(), want)
	}
	if left := time.Until(identity.Expires()); left <= 0 || left > time.Minute {
		t.Errorf("expires in %s, want a minute", left)
	}
}

func TestAnotherDirectoryIsAnotherIssuer(t *testing.T) {
	token, err := open(t, t.TempDir()).Issue(devissuer.Token{Tenant: tenancy.MustParseID("acme"), Role: tenancy.Admin})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := verifier(t, open(t, t.TempDir())).Verify(context.Background(), token); err == nil {
		t.Error("the token of another directory was taken")
	}
}

func TestIssueRefuses(t *testing.T) {
	acme := tenancy.MustParseID("acme")
	for name, token := range map[string]devissuer.Token{
		"no tenant":    {Role: tenancy.Admin},
		"no role":      {Tenant: acme},
		"unknown role": {Tenant: acme, Role: "OWNER"},
		"negative TTL": {Tenant: acme, Role: tenancy.Admin, TTL: -time.Hour},
		"tiny TTL":     {Tenant: acme, Role: tenancy.Admin, TTL: time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := open(t, t.TempDir()).Issue(token); err == nil {
				t.Error("it was issued")
			}
		})
	}
}

func TestOpenAgreesOnOneKey(t *testing.T) {
	dir := t.TempDir()
	documents := make([]string, 8)
	var group sync.WaitGroup
	for n := range documents {
		group.Go(func() {
			issuer, err := devissuer.Open(dir)
			if err != nil {
				t.Error(err)
				return
			}
			documents[n] = string(issuer.JWKS())
		})
	}
	group.Wait()
	if len(slices.Compact(documents)) != 1 {
		t.Error("openers got different keys")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Fatalf("want the key file alone, got %v, %v", entries, err)
	}
	info, err := entries[0].Info()
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v, want 0600", info.Mode(), err)
	}
}

func TestOpenRefusesAKeyThatIsNotPrivateOrNotAKey(t *testing.T) {
	for name, spoil := range map[string]func(path string) error{
		"readable by others": func(path string) error { return os.Chmod(path, 0o644) },
		"not PEM":            func(path string) error { return os.WriteFile(path, []byte("hello"), 0o600) },
		"cut off":            func(path string) error { return os.Truncate(path, 200) },
		"empty":              func(path string) error { return os.Truncate(path, 0) },
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			open(t, dir)
			files, err := filepath.Glob(filepath.Join(dir, "*"))
			if err != nil || len(files) != 1 {
				t.Fatal(files, err)
			}
			if err := spoil(files[0]); err != nil {
				t.Fatal(err)
			}
			if _, err := devissuer.Open(dir); err == nil {
				t.Error("it was opened")
			}
		})
	}
}
