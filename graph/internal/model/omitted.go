package model

import "github.com/99designs/gqlgen/graphql"

// given is the value that a caller gave, or the other one where it was left out or null.
func given[T any](o graphql.Omittable[*T], or T) T {
	if v := o.Value(); v != nil {
		return *v
	}
	return or
}

// change puts what was given into place; null puts the cleared value there, and what was left out changes nothing.
func change[T any](place *T, o graphql.Omittable[*T], cleared T) {
	if o.IsSet() {
		*place = given(o, cleared)
	}
}
