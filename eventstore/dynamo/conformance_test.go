package dynamo_test

import (
	"testing"

	"github.com/mykpi/mykpi/eventstore"
	"github.com/mykpi/mykpi/eventstore/storetest"
)

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T, o storetest.Options) eventstore.Store {
		options := freshTables(t)
		options.Now = o.Now
		return open(t, options)
	})
}

func BenchmarkConformance(b *testing.B) {
	storetest.Bench(b, func(b *testing.B, o storetest.Options) eventstore.Store {
		options := freshTables(b)
		options.Now = o.Now
		return open(b, options)
	})
}
