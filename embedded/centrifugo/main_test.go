package main

import (
	"context"
	"encoding/json"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// recorded is a response writer that keeps the status.
type recorded struct {
	header http.Header
	status int
}

func (r *recorded) Header() http.Header         { return r.header }
func (r *recorded) Write(p []byte) (int, error) { return len(p), nil }
func (r *recorded) WriteHeader(status int)      { r.status = status }

func mustURL(t *testing.T, text string) *url.URL {
	t.Helper()
	parsed, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// launch runs the program as main does, and lets the test watch its log.
type launch struct {
	out, log *lockedBuffer
	stop     context.CancelFunc
	exit     chan int
}

func launched(t *testing.T, environ []string, args ...string) *launch {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	l := &launch{out: &lockedBuffer{}, log: &lockedBuffer{}, stop: cancel, exit: make(chan int, 1)}
	go func() { l.exit <- run(ctx, args, environ, l.out, l.log) }()
	return l
}

func (l *launch) wait(t *testing.T) int {
	t.Helper()
	select {
	case code := <-l.exit:
		return code
	case <-time.After(patience):
		t.Fatalf("still running; log: %s", l.log)
		return -1
	}
}

func TestVersionSaysWhatThisIs(t *testing.T) {
	t.Parallel()
	l := launched(t, nil, "version")
	if code := l.wait(t); code != 0 || !strings.Contains(l.out.String(), "stand-in 0.0.0 STANDIN") {
		t.Errorf("exit %d, %s", code, l.out)
	}
}

func TestItServesUntilItIsToldToStop(t *testing.T) {
	t.Parallel()
	port := freePort(t)
	l := launched(t, testEnviron(), "-c", writeConfig(t, testConfig), "--http_server.port", port)
	address := "127.0.0.1:" + port
	waitForListener(t, address)
	s := &standIn{t: t, srv: &server{address: address}}
	w := s.connect("u")
	l.stop()
	w.expectClose(3001)
	if code := l.wait(t); code != 0 {
		t.Errorf("exit %d, log: %s", code, l.log)
	}
	for line := range strings.SplitSeq(strings.TrimSpace(l.log.String()), "\n") {
		var entry struct{ Level, Message, Time string }
		if err := json.Unmarshal([]byte(line), &entry); err != nil || entry.Level == "" || entry.Message == "" {
			t.Errorf("not a log line: %s", line)
		}
	}
	if !strings.Contains(l.log.String(), "stand-in for Centrifugo") {
		t.Errorf("log: %s", l.log)
	}
}

// waitForListener has nothing to wait on but the port itself.
func waitForListener(t *testing.T, address string) {
	t.Helper()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); {
		if conn, err := (&net.Dialer{Timeout: time.Second}).DialContext(t.Context(), "tcp", address); err == nil {
			_ = conn.Close()
			return
		}
	}
	t.Fatal("nobody listens")
}

func TestFaultsEndTheProgramWithOne(t *testing.T) {
	t.Parallel()
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = taken.Close() })
	_, takenPort, err := net.SplitHostPort(taken.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	file := writeConfig(t, testConfig)
	for name, c := range map[string]struct {
		environ []string
		args    []string
		logged  string
	}{
		"bad configuration": {testEnviron("CENTRIFUGO_ENGINE_TYPE=nats"), []string{"-c", file}, "unknown engine"},
		"port in use":       {testEnviron("CENTRIFUGO_HTTP_SERVER_PORT=" + takenPort), []string{"--config=" + file}, "address already in use"},
		"no Redis":          {testEnviron("CENTRIFUGO_ENGINE_TYPE=redis", "CENTRIFUGO_ENGINE_REDIS_ADDRESS=127.0.0.1:"+freePort(t)), []string{"-c", file}, "connection refused"},
		"unknown flag":      {nil, []string{"--nope"}, "flag provided but not defined"},
		"unknown command":   {nil, []string{"nope"}, `unknown command "nope"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := launched(t, c.environ, c.args...)
			if code := l.wait(t); code != 1 || !strings.Contains(l.log.String(), c.logged) {
				t.Errorf("exit %d, log: %s", code, l.log)
			}
		})
	}
}
