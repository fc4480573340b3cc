# `make` alone tells the targets.
.DEFAULT_GOAL := help
.PHONY: help demo build test test-n8n check generate lint race bench bench-live bench-fairness fuzz torture drain isolation vuln bench-query bench-scale bench-ingest bench-page bench-phone

FUZZTIME ?= 30s
BENCHTIME ?= 1s

help: ## what there is to make
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-14s %s\n", $$1, $$2}'

demo: ## run a server with a shop's figures
	go run ./cmd/mykpi demo

build: ## build bin/mykpi, a static binary
	CGO_ENABLED=0 go build -trimpath -o bin/mykpi ./cmd/mykpi

test: ## run all tests; installs what they need beyond Go
	./.ci/setup
	go test -timeout 40m ./...

test-n8n: ## the flows of integrations/n8n in the real n8n; installs it, 1.8 GB
	@test -d test/n8n/node_modules/n8n || npm ci --prefix test/n8n
	go test -tags n8n -count 1 -timeout 30m -v ./test/n8n

check: ## what CI runs
	./.ci/run

generate: ## make all generated code again
	go generate ./...

lint: ## gofmt, vet, staticcheck
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo "not gofmt-ed:"; gofmt -l $$(git ls-files '*.go'); exit 1; }
	go vet ./...
	go vet -tags n8n ./test/n8n
	go tool staticcheck ./...

race: ## the packages where goroutines meet, under the race detector
	go test -race -short -timeout 15m ./charts/journal ./charts/live ./charts/query ./eventstore/sqlite ./graph/... ./tenancy/...

vuln: ## known vulnerabilities, where their database can be reached
	./.ci/vuln

bench: ## benchmarks beside the code
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./charts/... ./eventstore/sqlite ./graph/... ./tenancy/...

SOCKETS ?= 1000

bench-query: ## the dashboard query, beside the bytes ready made, gqlgen as it comes and the best of Node
	npm ci --prefix bench/query --no-audit --no-fund
	go run ./bench/query

TENANTS ?= 1 10
DAYS ?= 90

bench-scale: ## one tenant among TENANTS, each with 20 charts and DAYS of hourly points
	go run ./bench/scale -tenants "$(TENANTS)" -days $(DAYS)

bench-ingest: ## points by CSV, webhook and mutation, beside the bare engine and bare net/http on the same journal
	go test ./ingest -run '^$$' -bench Ingest -benchtime 1x -timeout 15m
	go run ./bench/ingest

bench-live: ## one change to SOCKETS dashboards, beside a bare broadcast and the best of Node
	go run ./bench/live -sockets $(SOCKETS)

PAGE_SECONDS ?= 600

bench-page: build ## a dashboard of 50 charts under 10 updates a second for PAGE_SECONDS, in Chromium
	npm ci --prefix dashboard --no-audit --no-fund
	MYKPI=$(CURDIR)/bin/mykpi node dashboard/test/load.mjs $(PAGE_SECONDS)

bench-phone: build ## how soon a slow phone shows the figures, the least of four visits, in Chromium
	npm ci --prefix dashboard --no-audit --no-fund
	MYKPI=$(CURDIR)/bin/mykpi PHONE_PASSES=4 node --test dashboard/test/phone.test.mjs

bench-fairness: ## what one tenant's flood does to another's dashboards and points
	go run ./bench/fairness

fuzz: ## each fuzz test for FUZZTIME
	./.ci/fuzz $(FUZZTIME)

isolation: ## prove the wall between tenants from the schema, and write docs/isolation.md
	MYKPI_ISOLATION_REPORT=$(CURDIR)/docs/isolation.md go test -count 1 -run 'TestTheWallStands|TestEveryLeaf' ./test/isolation

drain: ## end a server that 5,000 dashboards watch; CI does it with 500
	MYKPI_SOCKETS=5000 go test -count 1 -run Leave -v ./test/live

torture: ## kill -9 again and again under load, for long
	MYKPI_KILL_ROUNDS=1000 MYKPI_TORTURE=200 go test -count 1 -timeout 60m -run Kill -v ./eventstore/sqlite ./test/e2e
