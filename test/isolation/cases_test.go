package isolation

import (
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
)

// kind is what a leaf names, and so which values of the other tenant are tried.
type kind string

const (
	chartIDs         kind = "chart IDs"
	chartKeys        kind = "chart keys"
	anyIDs           kind = "IDs of anything"
	apiKeyIDs        kind = "API key IDs"
	memberIDs        kind = "member IDs"
	chartCursors     kind = "cursors of charts"
	pointCursors     kind = "cursors of points"
	historyCursors   kind = "cursors of history"
	updateCursors    kind = "cursors of updates"
	ingestionIDs     kind = "ingestion IDs"
	ingestionCursors kind = "cursors of ingestions"
	rejectedIDs      kind = "IDs of refused points"
	rejectedCursors  kind = "cursors of refused points"
	sourceIDs        kind = "source IDs"
	sourceSecrets    kind = "secrets of sources"
	pointKeys        kind = "point keys"
	receiptKeys      kind = "idempotency keys"
	sources          kind = "names of sources"
	names            kind = "names"
	emails           kind = "addresses"
	nothing          kind = "" // the reason stands beside it
)

// cases says for every leaf what it names. One that names nothing that any tenant has says why.
var cases = map[string]struct {
	kind kind
	why  string
}{
	"Query.node.id":                 {kind: anyIDs},
	"Query.charts.after":            {kind: chartCursors},
	"Query.charts.search":           {kind: names},
	"Chart.points.after":            {kind: pointCursors},
	"Chart.history.after":           {kind: historyCursors},
	"Subscription.kpiUpdated.after": {kind: updateCursors},

	"Query.ingestions.after":         {kind: ingestionCursors},
	"Query.ingestions.source":        {kind: sources},
	"Query.rejectedPoints.after":     {kind: rejectedCursors},
	"Query.rejectedPoints.source":    {kind: sources},
	"Query.rejectedPoints.ingestion": {kind: ingestionIDs},
	"UndoIngestionInput.id":          {kind: ingestionIDs},
	"UndoIngestionInput.reason":      {why: "is kept in the history of one's own charts"},
	"RedoIngestionInput.id":          {kind: ingestionIDs},
	"ReplayRejectedPointsInput.ids":  {kind: rejectedIDs},

	"CreateSourceInput.name":         {kind: names},
	"CreateSourceInput.secret":       {kind: sourceSecrets},
	"RotateSourceSecretInput.id":     {kind: sourceIDs},
	"RotateSourceSecretInput.secret": {kind: sourceSecrets},
	"DeleteSourceInput.id":           {kind: sourceIDs},
	"TestSourceInput.id":             {kind: sourceIDs},
	"TestSourceInput.payload":        {why: "is read by an expression and kept nowhere"},
	"SourceMappingInput.filter":      {why: "an expression over a payload"},
	"SourceMappingInput.value":       {why: "an expression over a payload"},
	"SourceMappingInput.at":          {why: "an expression over a payload"},
	"SourceMappingInput.key":         {why: "an expression over a payload"},

	"ChartRef.id":  {kind: chartIDs},
	"ChartRef.key": {kind: chartKeys},

	"CreateChartInput.key":         {kind: chartKeys},
	"CreateChartInput.name":        {kind: names},
	"CreateChartInput.description": {kind: names},
	"UpdateChartInput.name":        {kind: names},
	"UpdateChartInput.description": {kind: names},
	"UnitInput.currency":           {why: "a code of ISO 4217"},
	"UnitInput.suffix":             {why: "16 characters to show"},

	"DataPointInput.key":                   {kind: pointKeys},
	"RecordDataPointsInput.source":         {kind: sources},
	"RecordDataPointsInput.idempotencyKey": {kind: receiptKeys},
	"RemoveDataPointsInput.keys":           {kind: pointKeys},
	"RemoveDataPointsInput.reason":         {kind: names},

	"UpdateTenantInput.name":   {kind: names},
	"CreateApiKeyInput.name":   {kind: names},
	"RevokeApiKeyInput.id":     {kind: apiKeyIDs},
	"InviteMemberInput.email":  {kind: emails},
	"ChangeMemberRoleInput.id": {kind: memberIDs},
	"RemoveMemberInput.id":     {kind: memberIDs},
}

// also are optional inputs without which the field would ask for nothing.
var also = map[string]bool{
	"UpdateChartInput.name":      true,
	"RemoveDataPointsInput.keys": true,
	"UpdateTenantInput.name":     true,
	"CreateSourceInput.secret":   true,
}

// lookups are the kinds by which something is found: the other tenant itself must get another answer.
var lookups = map[kind]bool{chartIDs: true, chartKeys: true, anyIDs: true}

// world is what a tenant has, by kind.
type world map[kind][]string

// furnish gives a tenant one of everything; its points hold the figure.
func furnish(t testing.TB, c *caller, figure int) world {
	t.Helper()
	name, email := unique(), unique()+"@b.example"
	key, point, receipt, source, secret := unique(), unique(), unique(), unique(), "whsec_"+unique()
	w := world{chartKeys: {key}, pointKeys: {point}, receiptKeys: {receipt}, sources: {source}, names: {name}, emails: {email}, sourceSecrets: {secret}}
	data := c.must(t, `mutation($in: CreateChartInput!) { createChart(input: $in) { chart { id } } }`,
		vars{"in": vars{"key": key, "name": name, "description": name, "aggregation": "SUM"}})
	id := at(data, "createChart", "chart", "id").(string)
	w[chartIDs] = []string{id}
	c.must(t, `mutation($in: RecordDataPointsInput!) { recordDataPoints(input: $in) { recorded } }`, vars{"in": vars{
		"chart": vars{"id": id}, "source": source, "idempotencyKey": receipt,
		"points": []vars{{"key": point, "at": "2026-01-01T00:00:00Z", "value": figure}, {"at": "2026-01-02T00:00:00Z", "value": figure}, {"value": "1e99"}},
	}})
	data = c.must(t, `mutation($name: String!, $email: String!) {
		createApiKey(input: {name: $name}) { apiKey { id } }
		inviteMember(input: {email: $email, role: ADMIN}) { member { id } } }`, vars{"name": name, "email": email})
	w[apiKeyIDs] = []string{at(data, "createApiKey", "apiKey", "id").(string)}
	made := c.must(t, `mutation($id: ID!, $name: String!, $secret: String!) {
		createSource(input: {name: $name, kind: STRIPE, chart: {id: $id}, secret: $secret}) { source { id } } }`, vars{"id": id, "name": name, "secret": secret})
	w[sourceIDs] = []string{at(made, "createSource", "source", "id").(string)}
	w[memberIDs] = []string{at(data, "inviteMember", "member", "id").(string)}
	data = c.must(t, `query($id: ID!) { charts(first: 1) { pageInfo { endCursor } } chart(by: {id: $id}) {
		points(first: 1) { pageInfo { endCursor } } history(first: 1) { pageInfo { endCursor } } } }`, vars{"id": id})
	kept := c.must(t, `{ ingestions(first: 1) { nodes { id } pageInfo { endCursor } } rejectedPoints(first: 1) { nodes { id } pageInfo { endCursor } } }`, nil)
	w[ingestionIDs] = []string{at(kept, "ingestions", "nodes", 0, "id").(string)}
	w[ingestionCursors] = []string{at(kept, "ingestions", "pageInfo", "endCursor").(string)}
	w[rejectedIDs] = []string{at(kept, "rejectedPoints", "nodes", 0, "id").(string)}
	w[rejectedCursors] = []string{at(kept, "rejectedPoints", "pageInfo", "endCursor").(string)}
	w[chartCursors] = []string{at(data, "charts", "pageInfo", "endCursor").(string)}
	w[pointCursors] = []string{at(data, "chart", "points", "pageInfo", "endCursor").(string)}
	w[historyCursors] = []string{at(data, "chart", "history", "pageInfo", "endCursor").(string)}
	w[updateCursors] = []string{firstCursor(t, c)}
	w[anyIDs] = []string{id, w[apiKeyIDs][0], w[memberIDs][0], w[ingestionIDs][0], w[sourceIDs][0], c.tenant}
	return w
}

// stranger is a value of the same shape that names nothing. A cursor keeps its digits: they are a place in time or among
// versions, which both tenants have; what else it holds names other things. One of digits alone stays what it is, and
// shows that the place is looked up in A's own list.
func stranger(value string) string {
	if raw, err := base64.RawURLEncoding.DecodeString(value); err == nil && cursorText.Match(raw) {
		kind, place, _ := strings.Cut(string(raw), ":")
		return base64.RawURLEncoding.EncodeToString([]byte(kind + ":" + shifted(place)))
	}
	if name, domain, isAddress := strings.Cut(value, "@"); isAddress {
		return stranger(name) + "@" + domain
	}
	end := max(0, len(value)-8)
	return value[:end] + shifted(value[end:])
}

// cursorText is what a cursor is within. Many an ID is base64 of something too, though of no text.
var cursorText = regexp.MustCompile(`^[ -~]+:[ -~]*$`)

// shifted has other small letters.
func shifted(text string) string {
	return strings.Map(func(c rune) rune {
		if c >= 'a' && c <= 'z' {
			return 'a' + (c-'a'+3)%26
		}
		return c
	}, text)
}
