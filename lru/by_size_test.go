package lru_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"github.com/mykpi/mykpi/lru"
)

// Whatever is done, what is kept is what a plain list in the order of use would keep, and never more than the budget.
func TestBySize(t *testing.T) {
	type entry struct{ key, value, size int }
	rapid.Check(t, func(t *rapid.T) {
		var c lru.BySize[int, int]
		var model []entry // what was used longest ago first
		find := func(key int) int { return slices.IndexFunc(model, func(e entry) bool { return e.key == key }) }
		keys := rapid.IntRange(0, 8)
		forget := func(key int) {
			if i := find(key); i >= 0 {
				model = slices.Delete(model, i, i+1)
			}
		}
		step := 0
		t.Repeat(map[string]func(*rapid.T){
			"add": func(t *rapid.T) {
				step++
				e := entry{keys.Draw(t, "key"), step, rapid.IntRange(0, 60).Draw(t, "size")}
				budget := rapid.IntRange(0, 100).Draw(t, "budget")
				c.Add(e.key, e.value, e.size, budget)
				forget(e.key)
				if e.size > budget {
					return
				}
				model = append(model, e)
				for total(model, func(e entry) int { return e.size }) > budget {
					model = model[1:]
				}
			},
			"get": func(t *rapid.T) {
				key := keys.Draw(t, "key")
				got, found := c.Get(key)
				i := find(key)
				if found != (i >= 0) || found && got != model[i].value {
					t.Fatalf("%d is %d, %v, in %v", key, got, found, model)
				}
				if found {
					e := model[i]
					forget(key)
					model = append(model, e)
				}
			},
			"remove": func(t *rapid.T) {
				key := keys.Draw(t, "key")
				got, found := c.Remove(key)
				i := find(key)
				if found != (i >= 0) || found && got != model[i].value {
					t.Fatalf("removed %d: %d, %v, of %v", key, got, found, model)
				}
				forget(key)
			},
			"remove the oldest": func(t *rapid.T) {
				if c.RemoveOldest(); len(model) > 0 {
					model = model[1:]
				}
			},
			"": func(t *rapid.T) {
				got, found := c.Oldest()
				if found != (len(model) > 0) || found && got != model[0].value {
					t.Fatalf("the oldest is %d, %v, of %v", got, found, model)
				}
			},
		})
	})
}

func total[E any](of []E, size func(E) int) (sum int) {
	for _, e := range of {
		sum += size(e)
	}
	return sum
}

func ExampleBySize() {
	var texts lru.BySize[string, string]
	for _, text := range []string{"a text", "another", "a third"} {
		texts.Add(text[:3], text, len(text), 15)
	}
	for _, key := range []string{"a t", "ano"} {
		text, found := texts.Get(key)
		fmt.Printf("%q %v\n", text, found)
	}
	// Output:
	// "a third" true
	// "another" true
}
