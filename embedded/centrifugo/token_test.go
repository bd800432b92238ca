package main

import (
	"crypto/hmac"
	"crypto/sha512"
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestConnectionTokens(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct {
		name, token string
		want        int
	}{
		{"good", connectionToken(t, "u"), 0},
		{"none", "", 3501},
		{"garbage", "abc", 3500},
		{"three garbled parts", "a.b.c", 3500},
		{"signed by somebody else", sign(t, "other", fields{"sub": "u", "exp": in(time.Hour)}), 3500},
		{"expired", connectionToken(t, "u", fields{"exp": in(-time.Second)}), 109},
		{"expired and signed by somebody else", sign(t, "other", fields{"sub": "u", "exp": in(-time.Second)}), 3500},
		{"not valid yet", connectionToken(t, "u", fields{"nbf": in(time.Hour)}), 109},
		{"a subscription token", subscriptionToken(t, "u", "conversation:a"), 3500},
		{"numeric user", connectionToken(t, "u", fields{"sub": 5}), 3500},
		{"no expiry", sign(t, testSecret, fields{"sub": "u"}), 0},
		{"anonymous", connectionToken(t, ""), 0},
		{"audience and issuer that nobody asked for", connectionToken(t, "u", fields{"aud": []string{"x"}, "iss": "y"}), 0},
		{"channels", connectionToken(t, "u", fields{"channels": []string{"conversation:a"}}), 0},
		{"channels of an unknown namespace", connectionToken(t, "u", fields{"channels": []string{"nowhere:a"}}), 102},
	} {
		command := fields{}
		if c.token != "" {
			command["token"] = c.token
		}
		if got := s.dial().call(fields{"connect": command}); got.code() != c.want {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}

func TestSubscriptions(t *testing.T) {
	t.Parallel()
	s := start(t)
	const own = "conversation:a"
	for _, c := range []struct {
		name, channel, token string
		want                 int
	}{
		{"good token", own, subscriptionToken(t, "u", own), 0},
		{"no token", own, "", 103},
		{"garbage", own, "abc", 103},
		{"signed by somebody else", own, sign(t, "other", fields{"sub": "u", "channel": own}), 103},
		{"a connection token", own, connectionToken(t, "u"), 103},
		{"token of another channel", own, subscriptionToken(t, "u", "conversation:b"), 3500},
		{"token of another user", own, subscriptionToken(t, "v", own), 3500},
		{"token without a user", own, sign(t, testSecret, fields{"channel": own}), 3500},
		{"expired", own, subscriptionToken(t, "u", own, fields{"exp": in(-time.Second)}), 109},
		{"not valid yet", own, subscriptionToken(t, "u", own, fields{"nbf": in(time.Hour)}), 109},
		{"unknown namespace", "nowhere:a", subscriptionToken(t, "u", "nowhere:a"), 102},
		{"name outside the expression", "conversation:A!", subscriptionToken(t, "u", "conversation:A!"), 107},
		{"name outside ASCII", "open:é", "", 107},
		{"name too long", "open:" + strings.Repeat("a", 251), "", 107},
		{"open namespace", "open:a", "", 0},
		{"closed namespace", "object:a", "", 103},
		{"private prefix without token", "$open:a", "", 103},
		{"private prefix with token", "$open:a", subscriptionToken(t, "u", "$open:a"), 0},
		{"own user-limited channel", "personal:#u", "", 0},
		{"shared user-limited channel", "personal:x#t,u", "", 0},
		{"user-limited channel of another", "personal:#v", "", 103},
		{"user-limited name where that is off", "object:#u", "", 103},
	} {
		request := fields{"channel": c.channel}
		if c.token != "" {
			request["token"] = c.token
		}
		if got := s.connect("u").call(fields{"subscribe": request}); got.code() != c.want {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}

func TestSubscriptionTokensMayHaveASecretOfTheirOwn(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_CLIENT_SUBSCRIPTION_TOKEN_ENABLED=true", "CENTRIFUGO_CLIENT_SUBSCRIPTION_TOKEN_HMAC_SECRET_KEY=second")
	for secret, want := range map[string]int{testSecret: 103, "second": 0} {
		token := sign(t, secret, fields{"sub": "u", "channel": "conversation:a"})
		// A connection each: on one of them the second try would be refused as a repeat.
		if got := s.connect("u").call(fields{"subscribe": fields{"channel": "conversation:a", "token": token}}); got.code() != want {
			t.Errorf("%s: %+v, want %d", secret, got, want)
		}
	}
}

func TestASubscriptionIsRefreshedOnlyByATokenOfItsOwn(t *testing.T) {
	t.Parallel()
	s := start(t)
	const channel = "conversation:a"
	for _, c := range []struct {
		name, token string
		want        int
	}{
		{"good", subscriptionToken(t, "u", channel), 0},
		{"other channel", subscriptionToken(t, "u", "conversation:b"), 3500},
		{"other user", subscriptionToken(t, "v", channel), 3500},
		{"signed by somebody else", sign(t, "other", fields{"sub": "u", "channel": channel}), 3500},
		{"expired", subscriptionToken(t, "u", channel, fields{"exp": in(-time.Second)}), 0},
	} {
		w := s.connect("u")
		w.subscribe("u", channel)
		if got := w.call(fields{"sub_refresh": fields{"channel": channel, "token": c.token}}); got.code() != c.want {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}

func TestAConnectionIsRefreshedOnlyByItsUsersToken(t *testing.T) {
	t.Parallel()
	s := start(t)
	channels := fields{"channels": []string{"conversation:a"}}
	for _, c := range []struct {
		name   string
		before fields
		token  string
		want   int
	}{
		{"good", nil, connectionToken(t, "u"), 0},
		{"other user", nil, connectionToken(t, "v"), 3500},
		{"signed by somebody else", nil, sign(t, "other", fields{"sub": "u"}), 3500},
		{"expired", nil, connectionToken(t, "u", fields{"exp": in(-time.Second)}), 3005},
		{"same channels", channels, connectionToken(t, "u", channels), 0},
		{"a channel more", nil, connectionToken(t, "u", channels), 3010},
		{"a channel less", channels, connectionToken(t, "u"), 3010},
	} {
		if got := s.connect("u", c.before).call(fields{"refresh": fields{"token": c.token}}); got.code() != c.want {
			t.Errorf("%s: %+v, want %d", c.name, got, c.want)
		}
	}
}

func TestWhatIsNotRefreshedEnds(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_CLIENT_EXPIRED_CLOSE_DELAY=1s", "CENTRIFUGO_CLIENT_EXPIRED_SUB_CLOSE_DELAY=1s", "CENTRIFUGO_CLIENT_PRESENCE_UPDATE_INTERVAL=500ms")
	soon := fields{"exp": in(2 * time.Second)}
	connection := s.connect("u", soon)
	subscription := s.connect("u")
	expiring := subscription.call(fields{"subscribe": fields{"channel": "conversation:a", "token": subscriptionToken(t, "u", "conversation:a", soon)}})
	if expiring.Subscribe == nil || !expiring.Subscribe.Expires {
		t.Fatalf("subscribe: %+v", expiring)
	}
	forever := subscription.subscribe("u", "conversation:b", fields{"token": subscriptionToken(t, "u", "conversation:b", soon, fields{"expire_at": 0})})
	if forever.Expires {
		t.Error("expire_at 0 still expires")
	}
	connection.expectClose(3005)
	if got := subscription.next(); got.Push == nil || got.Push.Unsubscribe == nil || got.Push.Unsubscribe.Code != 2501 {
		t.Errorf("expected unsubscribe 2501, got %+v", got)
	}
}

// TestVerify holds the clock still, so that the edges can be looked at.
func TestVerify(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_000_000, 0)
	with := func(cfg tokenConfig) verifier {
		v := newVerifier(cfg, false)
		v.now = func() time.Time { return now }
		return v
	}
	plain := with(tokenConfig{HMACSecretKey: testSecret})
	rotated := tokenConfig{HMACSecretKey: "new", HMACPreviousSecretKey: testSecret}
	rotatedUntil := func(at int64) verifier {
		cfg := rotated
		cfg.HMACPreviousSecretKeyValidUntil = at
		return with(cfg)
	}
	named := with(tokenConfig{HMACSecretKey: testSecret, Audience: "chat", Issuer: "us"})
	patterned := with(tokenConfig{HMACSecretKey: testSecret, AudienceRegex: "^ch", IssuerRegex: "^u"})
	token := func(claims fields) string { return sign(t, testSecret, claims) }

	for _, c := range []struct {
		name  string
		by    verifier
		token string
		want  error
	}{
		{"expires this second", plain, token(fields{"exp": now.Unix()}), errTokenExpired},
		{"expires in half a second", plain, token(fields{"exp": float64(now.Unix()) + 0.5}), nil},
		{"begins this second", plain, token(fields{"nbf": now.Unix()}), errTokenExpired},
		{"began before", plain, token(fields{"nbf": now.Unix() - 1}), nil},
		{"exp is no number", plain, token(fields{"exp": "soon"}), errTokenInvalid},
		{"no secret configured", with(tokenConfig{}), sign(t, "", fields{}), errTokenInvalid},
		{"previous secret", with(rotated), token(fields{}), nil},
		{"previous secret before its end", rotatedUntil(now.Unix() + 1), token(fields{}), nil},
		{"previous secret after its end", rotatedUntil(now.Unix()), token(fields{}), errTokenInvalid},
		{"named audience and issuer", named, token(fields{"aud": "chat", "iss": "us"}), nil},
		{"one audience of several", named, token(fields{"aud": []string{"x", "chat"}, "iss": "us"}), nil},
		{"other audience", named, token(fields{"aud": "x", "iss": "us"}), errTokenInvalid},
		{"other issuer", named, token(fields{"aud": "chat", "iss": "them"}), errTokenInvalid},
		{"audience and issuer by expression", patterned, token(fields{"aud": "chat", "iss": "us"}), nil},
		{"audience outside the expression", patterned, token(fields{"aud": "x", "iss": "us"}), errTokenInvalid},
		{"issuer outside the expression", patterned, token(fields{"aud": "chat", "iss": "them"}), errTokenInvalid},
		{"HS512", plain, signHS512(testSecret, `{"sub":"u"}`), nil},
		{"unsigned", plain, unsigned(`{"sub":"u"}`), errTokenInvalid},
	} {
		if _, err := c.by.verify(c.token); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
	}
}

func signHS512(secret, payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(`{"alg":"HS512"}`)) + "." + encode([]byte(payload))
	mac := hmac.New(sha512.New, []byte(secret))
	mac.Write([]byte(input))
	return input + "." + encode(mac.Sum(nil))
}

func unsigned(payload string) string {
	encode := base64.RawURLEncoding.EncodeToString
	return encode([]byte(`{"alg":"none"}`)) + "." + encode([]byte(payload)) + "."
}
