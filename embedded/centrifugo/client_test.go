package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
)

func TestAClientThatWasAwayRecoversWhatItMissed(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		const channel = "conversation:r"
		s.api("publish", `{"channel":"`+channel+`","data":1,"version":1}`)
		first := s.connect("u")
		was := first.subscribe("u", channel)
		if !was.Recoverable || !was.Positioned || was.Offset != 1 {
			t.Fatalf("subscribe: %+v", was)
		}
		_ = first.conn.CloseNow()
		s.api("publish", `{"channel":"`+channel+`","data":{"n":2},"version":2,"tags":{"k":"v"}}`)
		s.api("publish", `{"channel":"`+channel+`","data":3,"version":3}`)

		again := s.connect("u").subscribe("u", channel, fields{"recover": true, "offset": was.Offset, "epoch": was.Epoch})
		if !again.WasRecovering || !again.Recovered {
			t.Errorf("not recovered: %+v", again)
		}
		if len(again.Publications) != 2 {
			t.Fatalf("missed two, got %+v", again.Publications)
		}
		two, three := again.Publications[0], again.Publications[1]
		if string(two.Data) != `{"n":2}` || two.Offset != 2 || two.Version != 2 || two.Tags["k"] != "v" || three.Offset != 3 {
			t.Errorf("got %+v", again.Publications)
		}
	})
}

func TestAPositionThatIsGoneIsNotRecovered(t *testing.T) {
	t.Parallel()
	s := start(t)
	const channel = "conversation:g"
	for n := range 15 {
		s.api("publish", fmt.Sprintf(`{"channel":%q,"data":%d}`, channel, n))
	}
	epoch := s.epochOf(channel)
	// Flag 2 is how a client with a state loader of its own asks to be told by
	// error 112 instead of by recovered: false.
	const wantsError = 2
	for _, c := range []struct {
		name   string
		at     fields
		refuse bool
	}{
		{"history has moved past it", fields{"offset": 2, "epoch": epoch}, true},
		{"other epoch", fields{"offset": 14, "epoch": "other"}, true},
		{"ahead of the top", fields{"offset": 99, "epoch": epoch}, true},
		{"still there", fields{"offset": 5, "epoch": epoch}, false},
	} {
		plain := s.connect("u").subscribe("u", channel, merge(fields{"recover": true}, c.at))
		if !plain.WasRecovering || plain.Recovered == c.refuse {
			t.Errorf("%s: %+v", c.name, plain)
		}
		if c.refuse && (plain.Epoch != epoch || plain.Offset != 15) {
			t.Errorf("%s: position %+v", c.name, plain)
		}
		request := merge(fields{"channel": channel, "token": subscriptionToken(t, "u", channel), "recover": true, "flag": wantsError}, c.at)
		want := 0
		if c.refuse {
			want = 112
		}
		if got := s.connect("u").call(fields{"subscribe": request}); got.code() != want {
			t.Errorf("%s with flag: %+v, want %d", c.name, got, want)
		}
	}
}

func TestAnEmptyEpochRecoversWhateverIsThere(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.api("publish", `{"channel":"conversation:w","data":1}`)
	got := s.connect("u").subscribe("u", "conversation:w", fields{"recover": true, "offset": 0, "epoch": ""})
	if !got.Recovered || len(got.Publications) != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestRecoveryIsBoundedByTheConfiguredLimit(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_CLIENT_RECOVERY_MAX_PUBLICATION_LIMIT=3")
	for range 4 {
		s.api("publish", `{"channel":"conversation:l","data":1}`)
	}
	epoch := s.epochOf("conversation:l")
	for since, recovered := range map[int]bool{1: true, 0: false} {
		got := s.connect("u").subscribe("u", "conversation:l", fields{"recover": true, "offset": since, "epoch": epoch})
		if got.Recovered != recovered {
			t.Errorf("since %d: %+v", since, got)
		}
	}
}

func TestARestartLosesPositionsInMemoryAndKeepsThemInRedis(t *testing.T) {
	t.Parallel()
	for engine, recovered := range map[string]bool{"memory": false, "redis": true} {
		t.Run(engine, func(t *testing.T) {
			t.Parallel()
			var environ []string
			if engine == "redis" {
				environ = redisEnviron(t)
			}
			s := start(t, environ...)
			s.api("publish", `{"channel":"conversation:r","data":1}`)
			w := s.connect("u")
			was := w.subscribe("u", "conversation:r")
			s.stop()
			w.expectClose(3001)

			again := start(t, environ...).connect("u").subscribe("u", "conversation:r", fields{"recover": true, "offset": was.Offset, "epoch": was.Epoch})
			if !again.WasRecovering || again.Recovered != recovered {
				t.Errorf("got %+v", again)
			}
		})
	}
}

func TestPresenceCountsClientsAndUsersUntilTheyLeave(t *testing.T) {
	engines(t, func(t *testing.T, engine string, s *standIn) {
		const body = `{"channel":"conversation:p"}`
		one, two, other := s.connect("u"), s.connect("u"), s.connect("v", fields{"info": fields{"n": 1}})
		one.subscribe("u", "conversation:p")
		two.subscribe("u", "conversation:p")
		other.subscribe("v", "conversation:p", fields{"token": subscriptionToken(t, "v", "conversation:p", fields{"info": []int{7}})})
		equal(t, "all", s.api("presence_stats", body), `{"result":{"num_clients":3,"num_users":2}}`)
		equal(t, "channels", s.api("channels", `{"pattern":"conv*:?"}`), `{"result":{"channels":{"conversation:p":{"num_clients":3}}}}`)
		equal(t, "no match", s.api("channels", `{"pattern":"conv*:??"}`), `{"result":{"channels":{}}}`)
		if got := s.api("presence", body); !strings.Contains(got, `"conn_info":{"n":1},"chan_info":[7]`) {
			t.Errorf("presence: %s", got)
		}
		if got := one.call(fields{"unsubscribe": fields{"channel": "conversation:p"}}); got.Error != nil {
			t.Fatalf("unsubscribe: %+v", got)
		}
		equal(t, "one left", s.api("presence_stats", body), `{"result":{"num_clients":2,"num_users":2}}`)
	})
}

func TestUnsubscribeByTheServer(t *testing.T) {
	t.Parallel()
	s := start(t)
	kicked, kept := s.connect("u"), s.connect("v")
	was := kicked.subscribe("u", "conversation:k")
	kept.subscribe("v", "conversation:k")
	s.api("unsubscribe", `{"user":"u","channel":"conversation:k"}`)
	if got := kicked.next(); got.Push == nil || got.Push.Unsubscribe == nil || got.Push.Unsubscribe.Code != 2000 || got.Push.Channel != "conversation:k" {
		t.Fatalf("expected unsubscribe 2000, got %+v", got)
	}
	s.api("publish", `{"channel":"conversation:k","data":"meanwhile"}`)
	equal(t, "the other one hears on", string(kept.nextPublication().Data), `"meanwhile"`)

	again := kicked.subscribe("u", "conversation:k", fields{"recover": true, "offset": was.Offset, "epoch": was.Epoch})
	if !again.Recovered || len(again.Publications) != 1 {
		t.Errorf("a cached token no longer recovers what was missed: %+v", again)
	}
}

func TestUnsubscribeOfOneClientLeavesTheUsersOthers(t *testing.T) {
	t.Parallel()
	s := start(t)
	one := s.dial()
	id := one.call(fields{"connect": fields{"token": connectionToken(t, "u")}}).Connect.Client
	two := s.connect("u")
	one.subscribe("u", "conversation:c")
	two.subscribe("u", "conversation:c")
	s.api("unsubscribe", `{"user":"u","channel":"conversation:c","client":"`+id+`"}`)
	if got := one.next(); got.Push == nil || got.Push.Unsubscribe == nil {
		t.Fatalf("got %+v", got)
	}
	s.api("publish", `{"channel":"conversation:c","data":1}`)
	two.nextPublication()
}

func TestDisconnectByTheServer(t *testing.T) {
	t.Parallel()
	s := start(t)
	for extra, want := range map[string]int{
		``: 3503,
		`,"disconnect":{"code":4501,"reason":"session ended"}`:  4501,
		`,"disconnect":{"code":4001,"reason":"token is stale"}`: 4001,
	} {
		w := s.connect("u")
		s.api("disconnect", `{"user":"u"`+extra+`}`)
		w.expectClose(want)
	}
}

func TestDisconnectSparesTheWhitelisted(t *testing.T) {
	t.Parallel()
	s := start(t)
	spared := s.dial()
	id := spared.call(fields{"connect": fields{"token": connectionToken(t, "u")}}).Connect.Client
	closed := s.connect("u")
	s.api("disconnect", `{"user":"u","whitelist":["`+id+`"]}`)
	closed.expectClose(3503)
	spared.subscribe("u", "conversation:a")
}

func TestWhatAClientMayDoIsDecidedByItsChannel(t *testing.T) {
	t.Parallel()
	s := start(t)
	w := s.connect("u")
	for _, c := range []struct {
		command string
		request fields
		want    int
	}{
		{"publish", fields{"channel": "open:a", "data": 1}, 103},
		{"publish", fields{"channel": "nowhere:a", "data": 1}, 102},
		{"publish", fields{"channel": "open:é", "data": 1}, 107},
		{"history", fields{"channel": "open:a"}, 108},
		{"history", fields{"channel": "personal:#u"}, 103},
		{"presence", fields{"channel": "conversation:a"}, 103},
		{"presence_stats", fields{"channel": "open:a"}, 108},
		{"rpc", fields{"method": "x"}, 108},
		{"subscribe", fields{"channel": "open:a"}, 0},
		{"subscribe", fields{"channel": "open:a"}, 105},
		{"subscribe", fields{"channel": "personal:#u"}, 0},
		{"publish", fields{"channel": "open:a", "data": 1}, 0},
		{"history", fields{"channel": "personal:#u"}, 0},
	} {
		if got := w.call(fields{c.command: c.request}); got.code() != c.want {
			t.Errorf("%s %v: %+v, want %d", c.command, c.request, got, c.want)
		}
	}
}

func TestNoMoreChannelsThanTheLimit(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_CLIENT_CHANNEL_LIMIT=2")
	w := s.connect("u")
	for n, want := range []int{0, 0, 106} {
		if got := w.call(fields{"subscribe": fields{"channel": fmt.Sprintf("open:%d", n)}}); got.code() != want {
			t.Errorf("%d: %+v, want %d", n, got, want)
		}
	}
}

func TestChannelsOfTheConnectionTokenAreSubscribedByTheServer(t *testing.T) {
	t.Parallel()
	s := start(t)
	w := s.connect("u", fields{"channels": []string{"open:a"}, "subs": fields{"conversation:a": fields{}}})
	s.api("broadcast", `{"channels":["open:a","conversation:a"],"data":1}`)
	heard := map[string]bool{}
	for range 2 {
		heard[w.next().Push.Channel] = true
	}
	if !heard["open:a"] || !heard["conversation:a"] {
		t.Errorf("heard %v", heard)
	}
	if got := w.call(fields{"subscribe": fields{"channel": "open:a"}}); got.code() != 105 {
		t.Errorf("a second subscription: %+v", got)
	}
}

func TestAClientThatDoesNotPongIsClosed(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_CLIENT_PING_INTERVAL=1s", "CENTRIFUGO_CLIENT_PONG_TIMEOUT=100ms")
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+s.srv.address+"/connection/websocket", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.CloseNow() }()
	hello := `{"id":1,"connect":{"token":"` + connectionToken(t, "u") + `"}}`
	if err := conn.Write(ctx, websocket.MessageText, []byte(hello)); err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, _, err = conn.Read(ctx)
	}
	if code := websocket.CloseStatus(err); code != 3012 {
		t.Errorf("closed with %d: %v", code, err)
	}
}

func TestOnlyListedOriginsMayConnect(t *testing.T) {
	t.Parallel()
	s := start(t)
	for origin, want := range map[string]int{
		"":                              http.StatusSwitchingProtocols,
		"https://chat.example.com":      http.StatusSwitchingProtocols,
		"HTTPS://Chat.Example.com":      http.StatusSwitchingProtocols,
		"https://a.preview.example.com": http.StatusSwitchingProtocols,
		"https://preview.example.com":   http.StatusForbidden,
		"http://chat.example.com":       http.StatusForbidden,
		"https://chat.example.com:444":  http.StatusForbidden,
		"https://evil.example":          http.StatusForbidden,
		"http://" + s.srv.address:       http.StatusForbidden,
		"null":                          http.StatusForbidden,
	} {
		header := http.Header{}
		if origin != "" {
			header.Set("Origin", origin)
		}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		conn, res, err := websocket.Dial(ctx, "ws://"+s.srv.address+"/connection/websocket", &websocket.DialOptions{HTTPHeader: header})
		cancel()
		if res == nil {
			t.Fatalf("%q: %v", origin, err)
		}
		if conn != nil {
			_ = conn.CloseNow()
		}
		if res.StatusCode != want {
			t.Errorf("%q: %d, want %d", origin, res.StatusCode, want)
		}
	}
}

func TestNeitherBodiesNorTokensReachTheLog(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_LOG_LEVEL=trace")
	w := s.connect("u")
	token := subscriptionToken(t, "v", "conversation:a")
	w.call(fields{"publish": fields{"channel": "open:a", "data": "whispered"}})
	s.api("publish", `{"channel":"nowhere:a","data":"whispered"}`)
	w.call(fields{"subscribe": fields{"channel": "conversation:a", "token": token}})
	s.stop()
	logged := s.logged.String()
	if !strings.Contains(logged, "client command error") {
		t.Fatalf("the refusal is not in the log: %s", logged)
	}
	for _, secret := range []string{"whispered", token, testSecret, testKey} {
		if strings.Contains(logged, secret) {
			t.Errorf("%q is in the log", secret)
		}
	}
}
