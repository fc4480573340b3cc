package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/mykpi/mykpi/dashboard"
	"github.com/mykpi/mykpi/graph"
	"github.com/mykpi/mykpi/graph/graphiql"
	"github.com/mykpi/mykpi/onewrite"
	"github.com/mykpi/mykpi/tenancy/devissuer"
	"github.com/mykpi/mykpi/yield"
)

// server is a server on its socket. Tests start one on port 0.
type server struct {
	config    serverConfig
	core      *core
	instances *instances
	edge      *edge
	yielder   *yield.Yielder
	issuer    *devissuer.Issuer // nil where development tokens are not believed
	logger    *slog.Logger
	listener  net.Listener
	http      *http.Server
}

// newServer opens everything and listens, but serves nothing yet.
func newServer(ctx context.Context, c serverConfig, logs io.Writer) (_ *server, err error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	s := &server{config: c}
	defer func() {
		if err != nil {
			s.close()
		}
	}()
	if s.logger, err = newLogger(c, logs); err != nil {
		return nil, err
	}
	if s.core, err = openCore(ctx, c.storeConfig); err != nil {
		return nil, err
	}
	if s.yielder, err = yield.New(); err != nil {
		return nil, err
	}
	s.core.commands.Yield = s.yielder.Now
	s.core.keep(c.documentMemory)
	if s.instances, err = joinInstances(c, s.core, s.logger); err != nil {
		return nil, err
	}
	handler, err := s.handler()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", c.listen)
	if err != nil {
		return nil, err
	}
	s.listener = onewrite.Listener(listener)
	s.http = &http.Server{
		Handler:           handler,
		ConnContext:       onewrite.ConnContext,
		ReadHeaderTimeout: c.headerTimeout,
		WriteTimeout:      time.Minute, // websockets and event streams have deadlines of their own
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
	return s, nil
}

func newLogger(c serverConfig, logs io.Writer) (*slog.Logger, error) {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.logLevel)); err != nil {
		return nil, fmt.Errorf("--log-level is debug, info, warn or error, not %q", c.logLevel)
	}
	options := &slog.HandlerOptions{Level: level}
	if c.logFormat == "json" {
		return slog.New(slog.NewJSONHandler(logs, options)), nil
	}
	return slog.New(slog.NewTextHandler(logs, options)), nil
}

// handler is every path of the server.
func (s *server) handler() (http.Handler, error) {
	auth, err := s.authenticator()
	if err != nil {
		return nil, err
	}
	s.edge = newEdge(s.config.edgeConfig, s.core, auth, s.config.quotas(s.config.socketsPerTenant))
	graphql, err := s.edge.handler(graph.Config{Version: version(), Logger: s.logger, PublicIntrospection: s.config.development})
	if err != nil {
		return nil, err
	}
	page, err := dashboard.Handler(s.config.dashboardConfig.options())
	if err != nil {
		return nil, err
	}
	webhooks := s.webhooks(auth)
	mux := http.NewServeMux()
	mux.Handle("/", reads(page, webhooks))
	mux.Handle("/webhooks", webhooks)
	mux.Handle("/webhooks/", webhooks)
	mux.Handle("/graphql", graphql)
	if s.config.development {
		page, err := graphiql.Handler()
		if err != nil {
			return nil, err
		}
		mux.Handle("/graphiql", page)
		mux.Handle("/graphiql/", page)
	}
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { writeStatus(w, http.StatusOK, "ok", "") })
	mux.HandleFunc("GET /readyz", s.ready)
	mux.HandleFunc("GET /metrics", s.metrics)
	return mux, nil
}

// reads has what is no GET answered as a webhook is: whoever mistyped the address to post to is told so in JSON.
func reads(page, webhooks http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet || r.Method == http.MethodHead {
			page.ServeHTTP(w, r)
			return
		}
		webhooks.ServeHTTP(w, r)
	})
}

// ready answers 503 while the store can't serve, and when the server is about to end.
func (s *server) ready(w http.ResponseWriter, r *http.Request) {
	if s.edge.registry.Draining() {
		writeStatus(w, http.StatusServiceUnavailable, "unavailable", "the server is stopping")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	if err := s.core.store.Ready(ctx); err != nil {
		s.logger.Warn("not ready", "error", err)
		writeStatus(w, http.StatusServiceUnavailable, "unavailable", "the store can't serve")
		return
	}
	if why := s.instances.apart(); why != "" {
		writeStatus(w, http.StatusOK, "degraded", why)
		return
	}
	writeStatus(w, http.StatusOK, "ready", "")
}

func writeStatus(w http.ResponseWriter, code int, status, why string) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(struct {
		Status string `json:"status"`
		Why    string `json:"why,omitempty"`
	}{status, why})
}

func (s *server) url() string { return "http://" + s.listener.Addr().String() }

// run serves until ctx ends, then lets requests end.
func (s *server) run(ctx context.Context) error {
	spareThread()
	failed := make(chan error, 1)
	s.instances.start()
	go func() { failed <- s.http.Serve(s.listener) }()
	s.logger.Info("serving", "url", s.url(), "data", s.config.data, "version", version())
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		s.logger.Info("stopping", "within", s.config.shutdown)
		drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.config.shutdown)
		defer cancel()
		if err := s.edge.registry.Drain(drain); err != nil {
			s.logger.Warn("some dashboards did not leave in time", "error", err)
		}
		if err = s.http.Shutdown(drain); err != nil {
			s.http.Close()
		}
	}
	return errors.Join(ignoreClosed(err), s.edge.flush(ctx), s.close())
}

func ignoreClosed(err error) error {
	if errors.Is(err, http.ErrServerClosed) || errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

func (s *server) close() error {
	if s.core == nil {
		return nil
	}
	if s.instances != nil {
		s.instances.close()
	}
	return errors.Join(s.core.close(), s.yielder.Close())
}
