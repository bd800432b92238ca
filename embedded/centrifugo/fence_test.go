package main

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// engines runs a test on the memory engine and, where a server program is on
// the PATH, on a Redis of the test's own.
func engines(t *testing.T, test func(t *testing.T, engine string, s *standIn)) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		test(t, "memory", start(t))
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		test(t, "redis", start(t, redisEnviron(t)...))
	})
}

func redisEnviron(t *testing.T) []string {
	t.Helper()
	return []string{"CENTRIFUGO_ENGINE_TYPE=redis", "CENTRIFUGO_ENGINE_REDIS_ADDRESS=redis://" + startRedis(t)}
}

// startRedis skips the test when there is no Redis to start.
func startRedis(t *testing.T) (address string) {
	t.Helper()
	program := ""
	for _, name := range []string{"redis-server", "valkey-server"} {
		if found, err := exec.LookPath(name); err == nil && program == "" {
			program = found
		}
	}
	if program == "" {
		t.Skip("neither redis-server nor valkey-server is on the PATH")
	}
	port := freePort(t)
	cmd := exec.Command(program, "--port", port, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--dir", t.TempDir())
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
	})
	ready := make(chan struct{})
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if strings.Contains(lines.Text(), "Ready to accept connections") {
				close(ready)
			}
		}
	}()
	select {
	case <-ready:
	case <-time.After(patience):
		t.Fatal("Redis did not come up")
	}
	return "127.0.0.1:" + port
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// publishing is one publication of a script and what the caller is told.
type publishing struct{ fields, reply string }

func (s *standIn) publishAll(channel string, script []publishing) {
	s.t.Helper()
	for _, p := range script {
		equal(s.t, p.fields, s.api("publish", `{"channel":"`+channel+`",`+p.fields+`}`), p.reply)
	}
}

func offset(n int) string { return fmt.Sprintf(`{"result":{"offset":%d,"epoch":"E"}}`, n) }

// heard reads publications up to the one whose data is "end".
func (w *wire) heard() string {
	w.t.Helper()
	var all []string
	for {
		data := string(w.nextPublication().Data)
		if data == `"end"` {
			return strings.Join(all, " ")
		}
		all = append(all, data)
	}
}

func TestTheVersionFenceStopsStaleAndEqualVersions(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		listener := s.connect("u")
		listener.subscribe("u", "conversation:f")
		s.publishAll("conversation:f", []publishing{
			{`"data":1,"version":1`, offset(1)},
			{`"data":2,"version":2`, offset(2)},
			{`"data":3,"version":3`, offset(3)},
			// The caller is told the channel's top, not that nothing was sent.
			{`"data":"stale","version":2`, offset(3)},
			{`"data":"equal","version":3`, offset(3)},
			{`"data":"end","version":4`, offset(4)},
		})
		equal(t, "heard", listener.heard(), `1 2 3`)
	})
}

func TestSkippingHistoryLeavesTheFenceShut(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		listener := s.connect("u")
		listener.subscribe("u", "conversation:f")
		s.publishAll("conversation:f", []publishing{
			{`"data":3,"version":3`, offset(1)},
			{`"data":"typing","skip_history":true`, `{"result":{}}`},
			{`"data":"stale","version":2`, offset(1)},
			{`"data":"unfenced","version":9,"skip_history":true`, `{"result":{}}`},
			{`"data":4,"version":4`, offset(2)},
			{`"data":"end","version":5`, offset(3)},
		})
		equal(t, "heard", listener.heard(), `3 "typing" "unfenced" 4`)
	})
}

func TestAnUnversionedPublicationInHistoryOpensTheFenceInMemoryOnly(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		listener := s.connect("u")
		listener.subscribe("u", "conversation:f")
		staleReply, want := offset(3), `3 "unversioned" "stale"`
		if engine == "redis" {
			staleReply, want = offset(2), `3 "unversioned"`
		}
		s.publishAll("conversation:f", []publishing{
			{`"data":3,"version":3`, offset(1)},
			{`"data":"unversioned"`, offset(2)},
			{`"data":"stale","version":2`, staleReply},
		})
		s.api("publish", `{"channel":"conversation:f","data":"end","skip_history":true}`)
		equal(t, "heard", listener.heard(), want)
	})
}

func TestANewVersionEpochStartsTheFenceAnew(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		s.publishAll("conversation:f", []publishing{
			{`"data":1,"version":9,"version_epoch":"one"`, offset(1)},
			{`"data":2,"version":1,"version_epoch":"two"`, offset(2)},
			{`"data":3,"version":1,"version_epoch":"two"`, offset(2)},
			{`"data":4,"version":2,"version_epoch":"two"`, offset(3)},
		})
	})
}

func TestTheFenceOutlivesTheRemovalOfHistory(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		s.publishAll("conversation:f", []publishing{{`"data":1,"version":3`, offset(1)}})
		s.api("history_remove", `{"channel":"conversation:f"}`)
		s.publishAll("conversation:f", []publishing{
			{`"data":2,"version":2`, offset(1)},
			{`"data":3,"version":4`, offset(2)},
		})
	})
}

func TestWithoutHistoryThereIsNoFence(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		listener := s.connect("u")
		listener.subscribe("u", "open:f")
		s.publishAll("open:f", []publishing{
			{`"data":2,"version":2`, `{"result":{}}`},
			{`"data":1,"version":1`, `{"result":{}}`},
			{`"data":"end"`, `{"result":{}}`},
		})
		equal(t, "heard", listener.heard(), `2 1`)
	})
}

func TestARepeatedIdempotencyKeyIsHeardOnceAndAnswersAlike(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		listener := s.connect("u")
		listener.subscribe("u", "conversation:i")
		s.publishAll("conversation:i", []publishing{
			{`"data":1,"idempotency_key":"k"`, offset(1)},
			{`"data":2`, offset(2)},
			{`"data":"other body","idempotency_key":"k"`, offset(1)},
		})
		equal(t, "other channel", s.api("publish", `{"channel":"conversation:j","data":1,"idempotency_key":"k"}`), offset(1))
		equal(t, "broadcast", s.api("broadcast", `{"channels":["conversation:i","conversation:n"],"data":"new only","idempotency_key":"k"}`),
			`{"result":{"responses":[{"result":{"offset":1,"epoch":"E"}},{"result":{"offset":1,"epoch":"E"}}]}}`)
		equal(t, "inside a batch", s.api("batch", `{"commands":[{"publish":{"channel":"conversation:i","data":3,"idempotency_key":"b"}},{"publish":{"channel":"conversation:i","data":3,"idempotency_key":"b"}}]}`),
			`{"replies":[{"publish":{"offset":3,"epoch":"E"}},{"publish":{"offset":3,"epoch":"E"}}]}`)
		s.publishAll("conversation:i", []publishing{{`"data":"end"`, offset(4)}})
		equal(t, "heard", listener.heard(), `1 2 3`)
	})
}

func TestAPublicationTheFenceStoppedLeavesItsKeyFree(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		s.publishAll("conversation:k", []publishing{
			{`"data":5,"version":5`, offset(1)},
			{`"data":4,"version":4,"idempotency_key":"k"`, offset(1)},
			{`"data":6,"version":6,"idempotency_key":"k"`, offset(2)},
		})
	})
}

func TestKeysWorkWithoutHistory(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		listener := s.connect("u")
		listener.subscribe("u", "open:k")
		s.publishAll("open:k", []publishing{
			{`"data":1,"idempotency_key":"k"`, `{"result":{}}`},
			{`"data":2,"idempotency_key":"k"`, `{"result":{}}`},
			{`"data":"end"`, `{"result":{}}`},
		})
		equal(t, "heard", listener.heard(), `1`)
	})
}

func TestARestartForgetsTheFenceInMemoryAndKeepsItInRedis(t *testing.T) {
	t.Parallel()
	t.Run("memory", func(t *testing.T) {
		t.Parallel()
		s := start(t)
		s.publishAll("conversation:r", []publishing{{`"data":1,"version":3`, offset(1)}})
		s.stop()
		start(t).publishAll("conversation:r", []publishing{{`"data":1,"version":3`, offset(1)}, {`"data":1,"version":4`, offset(2)}})
	})
	t.Run("redis", func(t *testing.T) {
		t.Parallel()
		redis := redisEnviron(t)
		s := start(t, redis...)
		s.publishAll("conversation:r", []publishing{{`"data":1,"version":3`, offset(1)}})
		s.stop()
		start(t, redis...).publishAll("conversation:r", []publishing{{`"data":1,"version":3`, offset(1)}, {`"data":1,"version":4`, offset(2)}})
	})
}

func TestTwoNodesOnOneRedisShareFencePresenceAndDelivery(t *testing.T) {
	t.Parallel()
	redis := redisEnviron(t)
	a, b := start(t, redis...), start(t, redis...)
	listener := a.connect("u")
	listener.subscribe("u", "conversation:two")
	equal(t, "from b", b.api("publish", `{"channel":"conversation:two","data":5,"version":5}`), offset(1))
	equal(t, "stale from a", a.api("publish", `{"channel":"conversation:two","data":4,"version":4}`), offset(1))
	equal(t, "presence seen from b", b.api("presence_stats", `{"channel":"conversation:two"}`), `{"result":{"num_clients":1,"num_users":1}}`)
	b.api("publish", `{"channel":"conversation:two","data":"end"}`)
	equal(t, "heard", listener.heard(), `5`)
}
