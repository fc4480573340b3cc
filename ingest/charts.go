package ingest

import (
	"context"
	"errors"
	"net/http"
	"slices"

	"github.com/mykpi/mykpi/charts"
	"github.com/mykpi/mykpi/charts/command"
	"github.com/mykpi/mykpi/tenancy"
)

// oneChart takes points of the chart in the address.
func (h *handler) oneChart(r *http.Request, as tenancy.Identity) (any, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	o, err := optionsOf(r, kind)
	if err != nil {
		return nil, err
	}
	key := r.PathValue("key")
	if kind == csvBody {
		return h.csv(r, as, key, o)
	}
	s, err := h.readPoints(r)
	if err != nil {
		return nil, err
	}
	for i := range s.points {
		if p := &s.points[i]; p.Chart != "" && p.Chart != key && p.Invalid == nil {
			p.Invalid = tenancy.Refuse(tenancy.BadUserInput, "chart", "is another chart than that of the address: post to /webhooks/charts for many charts at once")
		}
	}
	o.merge(s)
	ctx, cancel := context.WithTimeout(r.Context(), bodyTime)
	defer cancel()
	done, err := h.Commands.RecordDataPoints(ctx, as, command.RecordDataPoints{
		Chart: charts.Ref{Key: key}, Points: s.points, Source: o.source, IdempotencyKey: o.idempotencyKey,
		FailOnInvalid: o.failOnInvalid, Backfill: o.backfill, DryRun: o.dryRun,
	})
	if err != nil {
		return nil, err
	}
	answer := Answer{DryRun: o.dryRun}
	answer.add(done)
	for _, j := range done.Rejected {
		answer.reject(j)
	}
	return answer.done(), nil
}

func (h *handler) readPoints(r *http.Request) (sent, error) {
	body, err := readJSON(r, h.MaxBody)
	if err != nil {
		return sent{}, err
	}
	return parseBody(body)
}

// manyCharts takes points that each name their chart.
func (h *handler) manyCharts(r *http.Request, as tenancy.Identity) (any, error) {
	kind, err := kindOf(r)
	if err != nil {
		return nil, err
	}
	if kind != jsonBody {
		return nil, refuseRequest(http.StatusUnsupportedMediaType, "send Content-Type: application/json here; a CSV file goes to /webhooks/charts/KEY")
	}
	o, err := optionsOf(r, kind)
	if err != nil {
		return nil, err
	}
	s, err := h.readPoints(r)
	if err != nil {
		return nil, err
	}
	o.merge(s)
	if o.failOnInvalid {
		return nil, refuseRequest(http.StatusBadRequest, "onInvalid=FAIL is for one chart: post to /webhooks/charts/KEY")
	}
	ctx, cancel := context.WithTimeout(r.Context(), bodyTime)
	defer cancel()
	ingestion, err := h.Commands.Begin(as, command.Intake{Source: o.source, Backfill: o.backfill, DryRun: o.dryRun, Lone: len(s.points) == 1})
	if err != nil {
		return nil, err
	}
	answer := &Answer{DryRun: o.dryRun}
	err = recordMany(ctx, ingestion, s, o.idempotencyKey, answer)
	if ended := ingestion.End(ctx); err == nil {
		err = ended
	}
	if err != nil {
		return nil, err
	}
	answer.name(ingestion)
	slices.SortFunc(answer.Rejected, func(a, b command.Rejection) int { return a.Index - b.Index })
	return answer.done(), nil
}

// recordMany records the points chart by chart. Those of a chart that is not there, or can't take any, are refused.
func recordMany(ctx context.Context, ingestion *command.Ingestion, s sent, idempotencyKey string, answer *Answer) error {
	places := map[string][]int{}
	var keys []string
	for i, p := range s.points {
		key := p.Chart
		if places[key] == nil {
			keys = append(keys, key)
		}
		places[key] = append(places[key], i)
	}
	var homeless []command.Refused
	refuse := func(key string, why *tenancy.Refusal) {
		for _, place := range places[key] {
			r := command.Rejection{Index: place, Code: why.Code, Message: why.Error()}
			homeless = append(homeless, command.Refused{Rejection: r, ChartKey: key, Point: s.points[place]})
			answer.reject(r)
		}
	}
	for _, key := range keys {
		if key == "" {
			refuse(key, tenancy.Refuse(tenancy.BadUserInput, "chart", `is missing: name the chart by its key, such as {"chart": "revenue", "value": 12.5}`))
			continue
		}
		points := make([]command.PointInput, len(places[key]))
		for i, place := range places[key] {
			points[i] = s.points[place]
		}
		done, err := ingestion.Record(ctx, command.RecordDataPoints{Chart: charts.Ref{Key: key}, Points: points, IdempotencyKey: idempotencyKey})
		if refused, ok := errors.AsType[*tenancy.Refusal](err); ok && (refused.Code == tenancy.NotFound || refused.Field == "chart") {
			refuse(key, refused)
			continue
		}
		if err != nil {
			return err
		}
		answer.add(done)
		for _, j := range done.Rejected {
			j.Index = places[key][j.Index]
			answer.reject(j)
		}
	}
	return ingestion.Refuse(ctx, homeless, idempotencyKey)
}
