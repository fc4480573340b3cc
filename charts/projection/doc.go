// Package projection is what queries read of a chart's points: a few packed documents made from its events, and the
// folds over them.
//
// Four kinds of documents, each written as seldom as it can be (docs/adr/0003-packed-projection.md):
//
//	NOW#<chart>                        one document of about 1 KB, rewritten with every append: the newest days as day tallies, the
//	                                   open day and the day a week before it by the hour, and the newest points
//	TREND#H#<chart>                    the hours of the eight days before the open day
//	TREND#D#<chart>#<generation>#<y>   the day tallies of a year
//	POINTS#<chart>#<generation>#<at>   pages of points in the order of their instants
//
// Each ends in a seal, the CRC-32C of what is before it: damage is found when it is read, and lists of tallies and points stay
// packed until they are asked for.
//
// A Tally says between which instants its points lie, so a fold over any span uses the coarsest tally that lies within
// it and goes down to hours and points only where one straddles an end.
//
// It imports charts and eventstore's records. Nothing is read or written here: a Series says what it needs, its caller
// loads it. Its promise: the documents are a function of the events and the time zone alone, to the byte.
package projection
