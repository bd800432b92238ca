package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"time"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// server is a running stand-in.
type server struct {
	cfg  config
	node *centrifuge.Node
	http []*http.Server
	// address and internalAddress are what the listeners got, which differs
	// from the configuration where the port was 0.
	address, internalAddress string
	// failed carries the error of a listener that died by itself.
	failed chan error
}

// startServer returns once clients can connect. Ports are taken before the
// engine runs, so that a busy one leaves nothing behind.
func startServer(cfg config, log *slog.Logger) (*server, error) {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	names := newChannels(cfg.Channel)
	listeners, err := listen(cfg)
	if err != nil {
		return nil, err
	}
	release := func() {
		for _, listener := range listeners {
			listener.Close()
		}
	}
	node, err := newNode(cfg, names, registry, log)
	if err != nil {
		release()
		return nil, err
	}
	handleClients(node, cfg, names, log)
	if err := node.Run(); err != nil {
		release()
		return nil, err
	}
	s := &server{cfg: cfg, node: node, failed: make(chan error, len(listeners))}
	external, internal := routes(cfg, node, newAPI(node, names, log), registry)
	s.address = listeners[0].Addr().String()
	if len(listeners) == 1 {
		s.serve(listeners[0], append(external, internal...), log)
		return s, nil
	}
	s.internalAddress = listeners[1].Addr().String()
	s.serve(listeners[0], external, log)
	s.serve(listeners[1], internal, log)
	return s, nil
}

// listen opens the public port and, where one is configured, the internal one.
func listen(cfg config) ([]net.Listener, error) {
	addresses := []string{net.JoinHostPort(cfg.HTTPServer.Address, strconv.Itoa(cfg.HTTPServer.Port))}
	if cfg.HTTPServer.InternalPort != "" {
		host := cfg.HTTPServer.InternalAddress
		if host == "" {
			host = cfg.HTTPServer.Address
		}
		// The same address twice is one listener, but any two free ports are two.
		internal := net.JoinHostPort(host, cfg.HTTPServer.InternalPort)
		if internal != addresses[0] || cfg.HTTPServer.Port == 0 {
			addresses = append(addresses, internal)
		}
	}
	var listeners []net.Listener
	for _, address := range addresses {
		listener, err := net.Listen("tcp", address)
		if err != nil {
			for _, opened := range listeners {
				opened.Close()
			}
			return nil, fmt.Errorf("listen: %w", err)
		}
		listeners = append(listeners, listener)
	}
	return listeners, nil
}

type route struct {
	pattern string
	handler http.Handler
}

// routes splits what browsers may reach from what only our own machines may.
// The two are one when no internal port is set.
func routes(cfg config, node *centrifuge.Node, api *api, registry *prometheus.Registry) (external, internal []route) {
	if !cfg.WebSocket.Disabled {
		external = append(external, route{cfg.WebSocket.HandlerPrefix, webSocket(cfg, node)})
	}
	if !cfg.HTTPAPI.Disabled {
		if cfg.HTTPAPI.External {
			external = append(external, api.routes(cfg)...)
		} else {
			internal = append(internal, api.routes(cfg)...)
		}
	}
	if cfg.Health.Enabled {
		internal = append(internal, route{cfg.Health.HandlerPrefix, http.HandlerFunc(health)})
	}
	if cfg.Prometheus.Enabled {
		internal = append(internal, route{cfg.Prometheus.HandlerPrefix, promhttp.HandlerFor(registry, promhttp.HandlerOpts{})})
	}
	return external, internal
}

func (s *server) serve(listener net.Listener, routes []route, log *slog.Logger) {
	mux := http.NewServeMux()
	for _, r := range routes {
		mux.Handle(r.pattern, r.handler)
	}
	// A hijacked WebSocket connection outlives these deadlines. The write
	// deadline is what bounds how long an API call may take.
	srv := &http.Server{
		Handler:      mux,
		ReadTimeout:  30 * time.Second,
		WriteTimeout: 10 * time.Second,
		ErrorLog:     slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	s.http = append(s.http, srv)
	go func() {
		if err := srv.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
			s.failed <- err
		}
	}()
	log.Info("serving", "address", listener.Addr().String())
}

func webSocket(cfg config, node *centrifuge.Node) http.Handler {
	return centrifuge.NewWebsocketHandler(node, centrifuge.WebsocketConfig{
		CheckOrigin:        originCheck(cfg.Client.AllowedOrigins),
		Compression:        cfg.WebSocket.Compression,
		CompressionLevel:   cfg.WebSocket.CompressionLevel,
		CompressionMinSize: cfg.WebSocket.CompressionMinSize,
		ReadBufferSize:     cfg.WebSocket.ReadBufferSize,
		WriteBufferSize:    cfg.WebSocket.WriteBufferSize,
		UseWriteBufferPool: cfg.WebSocket.UseWriteBufferPool,
		WriteTimeout:       cfg.WebSocket.WriteTimeout,
		MessageSizeLimit:   cfg.WebSocket.MessageSizeLimit,
		PingPongConfig: centrifuge.PingPongConfig{
			PingInterval: cfg.Client.PingInterval,
			PongTimeout:  cfg.Client.PongTimeout,
		},
	})
}

// health says that the process answers, and like Centrifugo's nothing about
// Redis behind it.
func health(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write([]byte("{}"))
}

// shutdown tells clients to reconnect elsewhere (3001) and lets API calls
// finish, both within the configured time.
func (s *server) shutdown() error {
	ctx, cancel := context.WithTimeout(context.Background(), s.cfg.Shutdown.Timeout)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- s.node.Shutdown(ctx) }()
	var faults []error
	for _, srv := range s.http {
		faults = append(faults, srv.Shutdown(ctx))
	}
	return errors.Join(append(faults, <-done)...)
}
