package graph

import (
	"reflect"
	"testing"

	"github.com/mykpi/mykpi/graph/internal/exec"
)

func TestWhatIsRememberedHasNoResolver(t *testing.T) {
	schema := theSchema()
	resolvers := reflect.TypeFor[exec.ResolverRoot]()
	for _, name := range Remembered().Types {
		if _, found := resolvers.MethodByName(name); found {
			t.Errorf("%s has a resolver: whether its answer follows from the tenant's commits is not plain to see", name)
		}
		if schema.Types[name] == nil {
			t.Errorf("the schema has no %s", name)
		}
	}
	for _, name := range Remembered().Fields {
		if schema.Query.Fields.ForName(name) == nil {
			t.Errorf("Query has no %s", name)
		}
	}
}
