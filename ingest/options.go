package ingest

import (
	"net/http"
	"strconv"
	"strings"
)

// options are what a request asks for beside its points.
type options struct {
	source         string
	idempotencyKey string
	backfill       bool
	dryRun         bool
	failOnInvalid  bool
	decimalComma   bool // of a CSV file
}

// optionsOf reads the parameters of the address and the Idempotency-Key header.
func optionsOf(r *http.Request, kind string) (options, error) {
	o := options{idempotencyKey: strings.TrimSpace(r.Header.Get("Idempotency-Key"))}
	for name, values := range r.URL.Query() {
		value := values[0]
		ok := true
		switch name {
		case "source":
			o.source = value
		case "mode":
			o.backfill, ok = oneOf(value, "BACKFILL", "LIVE")
		case "onInvalid":
			o.failOnInvalid, ok = oneOf(value, "FAIL", "SKIP")
		case "dryRun":
			var err error
			o.dryRun, err = strconv.ParseBool(value)
			ok = err == nil
		case "decimal":
			o.decimalComma, ok = oneOf(value, "COMMA", "POINT")
		default:
			return o, refuseRequest(http.StatusBadRequest, "a parameter of the address is unknown: there are source, mode=BACKFILL, dryRun=true, onInvalid=FAIL and, for CSV, decimal=comma")
		}
		if !ok || len(values) > 1 {
			return o, refuseRequest(http.StatusBadRequest, "the parameter %s of the address has a value it can't have: write mode=BACKFILL, dryRun=true, onInvalid=FAIL or decimal=comma", name)
		}
	}
	if kind == csvBody && o.failOnInvalid {
		return o, refuseRequest(http.StatusBadRequest, "onInvalid=FAIL is for JSON: a CSV file is recorded while it is read")
	}
	return o, nil
}

// oneOf reports whether a value is the first of two, whatever the case; ok is false where it is neither.
func oneOf(value, first, second string) (isFirst, ok bool) {
	isFirst = strings.EqualFold(value, first)
	return isFirst, isFirst || strings.EqualFold(value, second)
}

// merge takes what the body says where neither the address nor the header does.
func (o *options) merge(s sent) {
	if o.source == "" {
		o.source = s.source
	}
	if o.idempotencyKey == "" {
		o.idempotencyKey = s.idempotencyKey
	}
}
