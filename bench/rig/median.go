package rig

import (
	"cmp"
	"slices"
)

// Median is the one in the middle, of an even number the later of the two.
func Median[T cmp.Ordered](all []T) T { return slices.Sorted(slices.Values(all))[len(all)/2] }
