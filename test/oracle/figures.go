package oracle

import (
	"math/big"
	"slices"
	"strings"
	"time"
)

// Point is a point as it was sent.
type Point struct {
	Key   string // "" where its instant is its identity
	At    time.Time
	Value string // a decimal
}

// Standing are the points that a chart has after all of sent were recorded in that order, oldest first and those of one
// instant in the order recorded: of one identity the last word holds, and saying it again changes nothing.
func Standing(sent []Point) []Point {
	var standing []Point
	for _, p := range sent {
		same := slices.IndexFunc(standing, func(q Point) bool {
			return p.Key == q.Key && (p.Key != "" || p.At.Equal(q.At))
		})
		if same >= 0 {
			if standing[same].At.Equal(p.At) && number(standing[same].Value).Cmp(number(p.Value)) == 0 {
				continue
			}
			standing = slices.Delete(standing, same, same+1)
		}
		standing = append(standing, p)
	}
	slices.SortStableFunc(standing, func(a, b Point) int { return a.At.Compare(b.At) })
	return standing
}

// within are the points with from <= at < to that have come by now.
func within(points []Point, from, to, now time.Time) []Point {
	var found []Point
	for _, p := range points {
		if !p.At.Before(from) && p.At.Before(to) && !p.At.After(now) {
			found = append(found, p)
		}
	}
	return found
}

// aggregate is what points come to, nil where there are none. An average is rounded to the millionth.
func aggregate(aggregation string, points []Point) *big.Rat {
	if len(points) == 0 {
		return nil
	}
	sum := new(big.Rat)
	least, greatest := number(points[0].Value), number(points[0].Value)
	for _, p := range points {
		v := number(p.Value)
		sum.Add(sum, v)
		if v.Cmp(least) < 0 {
			least = v
		}
		if v.Cmp(greatest) > 0 {
			greatest = v
		}
	}
	count := new(big.Rat).SetInt64(int64(len(points)))
	switch aggregation {
	case "LAST":
		return number(points[len(points)-1].Value)
	case "SUM":
		return sum
	case "COUNT":
		return count
	case "AVERAGE":
		return rounded(sum.Quo(sum, count))
	case "MINIMUM":
		return least
	case "MAXIMUM":
		return greatest
	}
	panic("oracle: unknown aggregation " + aggregation)
}

func number(decimal string) *big.Rat {
	r, ok := new(big.Rat).SetString(decimal)
	if !ok {
		panic("oracle: no number: " + decimal)
	}
	return r
}

// rounded is r to the millionth, halves away from zero.
func rounded(r *big.Rat) *big.Rat { return number(r.FloatString(6)) }

// decimal writes a number that has at most six decimals as shortly as it can; "" for nil.
func decimal(r *big.Rat) string {
	if r == nil {
		return ""
	}
	return strings.TrimSuffix(strings.TrimRight(r.FloatString(6), "0"), ".")
}
