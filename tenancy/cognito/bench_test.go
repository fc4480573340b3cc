package cognito_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/mykpi/mykpi/tenancy/cognito"
	"github.com/mykpi/mykpi/tenancy/httpauth"
)

func BenchmarkVerify(b *testing.B) {
	b.Run("hit", func(b *testing.B) {
		v, _ := local(b, nil)
		token := genuine(idClaims())
		b.SetBytes(int64(len(token)))
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(b.Context(), token); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("miss", func(b *testing.B) {
		v, _ := local(b, func(c *cognito.Config) { c.CacheSize = 2 })
		var tokens []string // in turn, more than the cache holds
		for n := range 8 {
			tokens = append(tokens, genuine(idClaims().with(object{"jti": fmt.Sprint(n)})))
		}
		b.ReportAllocs()
		n := 0
		for b.Loop() {
			if _, err := v.Verify(b.Context(), tokens[n%len(tokens)]); err != nil {
				b.Fatal(err)
			}
			n++
		}
	})
	b.Run("hit in parallel", func(b *testing.B) {
		v, _ := local(b, nil)
		token := genuine(idClaims())
		b.ReportAllocs()
		b.RunParallel(func(pb *testing.PB) {
			for pb.Next() {
				if _, err := v.Verify(b.Context(), token); err != nil {
					b.Fatal(err)
				}
			}
		})
	})
	b.Run("forged", func(b *testing.B) {
		v, _ := local(b, nil)
		token := sign(header().json(), idClaims().json(), "attacker")
		b.ReportAllocs()
		for b.Loop() {
			if _, err := v.Verify(b.Context(), token); err == nil {
				b.Fatal("taken")
			}
		}
	})
}

// BenchmarkMiddleware is what authentication adds to a request, against the same handler without it.
func BenchmarkMiddleware(b *testing.B) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusNoContent) })
	v, _ := local(b, nil)
	for name, served := range map[string]http.Handler{
		"none": handler,
		"with": httpauth.Middleware(httpauth.Verifiers{Tokens: v}, httpauth.Options{}, handler),
	} {
		b.Run(name, func(b *testing.B) {
			request := httptest.NewRequest(http.MethodPost, "/graphql", nil)
			request.Header.Set("Authorization", "Bearer "+genuine(idClaims()))
			b.ReportAllocs()
			for b.Loop() {
				served.ServeHTTP(httptest.NewRecorder(), request)
			}
		})
	}
}
