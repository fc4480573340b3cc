// Package oracle is a second opinion on what a chart says: KPI and trend from raw points the slow, obvious way, as
// domain.md words it. It shares no code with the product and imports the standard library alone: calendars come of
// walking time and asking package time what the clock shows, figures of math/big.
//
// Figures go in and come out as plain decimals ("1234.5"), "" for null, just as the API writes them. Its promise: it is
// simple enough to be checked by reading. It holds for zones whose clocks are off by quarters of an hour, which is all
// since 1973.
package oracle
