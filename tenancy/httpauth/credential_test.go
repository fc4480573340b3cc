package httpauth

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
)

func basic(user, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(user+":"+password))
}

func TestFromRequest(t *testing.T) {
	for _, test := range []struct {
		name   string
		header http.Header
		want   Credential // absent means that a Refusal is wanted, but for "nothing"
	}{
		{"nothing", http.Header{"Cookie": {"token=t"}}, Credential{}},
		{"Bearer", http.Header{"Authorization": {"Bearer a.b-c_d"}}, NewCredential(Bearer, "a.b-c_d")},
		{"bearer in other letters and spaces", http.Header{"Authorization": {" bEARER   t "}}, NewCredential(Bearer, "t")},
		{"an API key as Bearer", http.Header{"Authorization": {"Bearer mykpi_live_x"}}, NewCredential(Bearer, "mykpi_live_x")},
		{"X-API-Key", http.Header{"X-Api-Key": {"mykpi_live_x"}}, NewCredential(Header, "mykpi_live_x")},
		{"Basic", http.Header{"Authorization": {basic("n8n", "mykpi_live_x")}}, NewCredential(Basic, "mykpi_live_x")},
		{"Basic with a colon in the password", http.Header{"Authorization": {basic("", "a:b")}}, NewCredential(Basic, "a:b")},
		{"two headers", http.Header{"Authorization": {"Bearer a", "Bearer a"}}, Credential{}},
		{"both headers", http.Header{"Authorization": {"Bearer a"}, "X-Api-Key": {"a"}}, Credential{}},
		{"two in one", http.Header{"Authorization": {"Bearer a, Bearer b"}}, Credential{}},
		{"two in one, close", http.Header{"Authorization": {"Bearer a,b"}}, Credential{}},
		{"empty", http.Header{"Authorization": {""}}, Credential{}},
		{"Bearer alone", http.Header{"Authorization": {"Bearer "}}, Credential{}},
		{"a bare token", http.Header{"Authorization": {"a.b.c"}}, Credential{}},
		{"Bearer without a space", http.Header{"Authorization": {"Bearera.b.c"}}, Credential{}},
		{"another scheme", http.Header{"Authorization": {"Digest a"}}, Credential{}},
		{"in quotes", http.Header{"Authorization": {`Bearer "a"`}}, NewCredential(Bearer, `"a"`)},
		{"with a space", http.Header{"Authorization": {"Bearer a b"}}, Credential{}},
		{"not ASCII", http.Header{"Authorization": {"Bearer ä"}}, Credential{}},
		{"a NUL", http.Header{"X-Api-Key": {"a\x00"}}, Credential{}},
		{"X-API-Key empty", http.Header{"X-Api-Key": {" "}}, Credential{}},
		{"Basic that is none", http.Header{"Authorization": {"Basic %%%"}}, Credential{}},
		{"Basic without a colon", http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("a"))}}, Credential{}},
		{"Basic without a password", http.Header{"Authorization": {basic("mykpi_live_x", "")}}, Credential{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := FromRequest(&http.Request{Header: test.header})
			if got != test.want {
				t.Errorf("got %s %q, want %s %q", got.Scheme(), got.Secret(), test.want.Scheme(), test.want.Secret())
			}
			refused := test.want.Absent() && test.name != "nothing"
			if refused != errors.Is(err, ErrUnauthenticated) || refused != (err != nil) {
				t.Errorf("error %v, want one: %v", err, refused)
			}
		})
	}
}

func TestFromInit(t *testing.T) {
	for _, test := range []struct {
		payload string
		want    Credential
		refused bool
	}{
		{`null`, Credential{}, false},
		{`{}`, Credential{}, false},
		{`{"token":"t"}`, Credential{}, false},
		{`{"headers":{}}`, Credential{}, false},
		{`{"headers":"Bearer t"}`, Credential{}, false},
		{`{"Authorization":"Bearer t"}`, NewCredential(Bearer, "t"), false},
		{`{"authorization":"Bearer t"}`, NewCredential(Bearer, "t"), false},
		{`{"headers":{"Authorization":"bearer t"}}`, NewCredential(Bearer, "t"), false},
		{`{"Headers":{"authorization":"Bearer t"}}`, NewCredential(Bearer, "t"), false},
		{`{"x-api-key":"k"}`, NewCredential(Header, "k"), false},
		{`{"headers":{"X-API-Key":"k"}}`, NewCredential(Header, "k"), false},
		{`{"Authorization":"` + basic("u", "k") + `"}`, NewCredential(Basic, "k"), false},
		{`{"Authorization":"t"}`, Credential{}, true},
		{`{"Authorization":""}`, Credential{}, true},
		{`{"Authorization":null}`, Credential{}, true},
		{`{"Authorization":["Bearer t"]}`, Credential{}, true},
		{`{"headers":{"Authorization":{"a":1}}}`, Credential{}, true},
		{`{"Authorization":"Bearer t","authorization":"Bearer t"}`, Credential{}, true},
		{`{"Authorization":"Bearer t","headers":{"Authorization":"Bearer t"}}`, Credential{}, true},
		{`{"Authorization":"Bearer t","x-api-key":"k"}`, Credential{}, true},
		{`{"Authorization":"Bearer t\nu"}`, Credential{}, true},
		{`{"headers":{"headers":{"Authorization":"Bearer t"}}}`, Credential{}, false},
	} {
		t.Run(test.payload, func(t *testing.T) {
			var payload map[string]any
			if err := json.Unmarshal([]byte(test.payload), &payload); err != nil {
				t.Fatal(err)
			}
			got, err := FromInit(payload)
			if got != test.want || test.refused != errors.Is(err, ErrUnauthenticated) || test.refused != (err != nil) {
				t.Errorf("got %s %q, %v, want %s %q, refused %v", got.Scheme(), got.Secret(), err, test.want.Scheme(), test.want.Secret(), test.refused)
			}
		})
	}
}

func TestCredentialHidesItsSecret(t *testing.T) {
	c := NewCredential(Bearer, "geheim")
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "c", c, "session", Session{Credential: c})
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "c", c, "session", Session{Credential: c})
	text, err := json.Marshal(Session{Credential: c})
	if err != nil {
		t.Fatal(err)
	}
	for _, written := range []string{fmt.Sprintf("%v %+v %#v %s %q", c, c, c, c, c), fmt.Sprintf("%v %+v %#v", Session{Credential: c}, &Session{Credential: c}, []Credential{c}), log.String(), string(text)} {
		if strings.Contains(written, "geheim") {
			t.Errorf("it shows: %s", written)
		}
	}
}

func FuzzFromRequest(f *testing.F) {
	for _, seed := range []string{"Bearer a.b.c", "bearer  mykpi_live_x", basic("u", "p"), "Basic =", "a, b", ""} {
		f.Add(seed, "")
		f.Add("", seed)
	}
	f.Fuzz(func(t *testing.T, authorization, key string) {
		header := http.Header{}
		if authorization != "" {
			header.Set("Authorization", authorization)
		}
		if key != "" {
			header.Set("X-API-Key", key)
		}
		got, err := FromRequest(&http.Request{Header: header})
		switch {
		case err != nil && !errors.Is(err, ErrUnauthenticated):
			t.Fatalf("an error outside the contract: %v", err)
		case err != nil && !got.Absent():
			t.Fatal("both a credential and an error")
		case err == nil && got.Absent() != (len(header) == 0):
			t.Fatalf("absent: %v, of %d headers", got.Absent(), len(header))
		case !got.Absent() && strings.ContainsAny(got.Secret(), " \t\r\n,"):
			t.Fatalf("%q is no secret", got.Secret())
		}
	})
}
