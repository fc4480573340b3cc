// Package lru keeps values by their sizes and gives up those that were used longest ago. Where values count alike,
// github.com/hashicorp/golang-lru, on which it stands, is used as it is.
//
// It promises: what is kept is never more than the budget that its owner last added within, and the last of each key's values.
package lru
