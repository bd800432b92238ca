package main

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
)

const (
	testKey    = "test-api-key"
	testSecret = "test-token-secret"
	// patience is how long a test waits for a signal before it fails.
	patience = 10 * time.Second
)

// testConfig has one namespace for each behaviour that the tests look at.
const testConfig = `{
  "http_server": { "address": "127.0.0.1" },
  "health": { "enabled": true },
  "prometheus": { "enabled": true },
  "client": { "allowed_origins": ["https://chat.example.com", "https://*.preview.example.com"] },
  "channel": { "namespaces": [
    { "name": "conversation", "history_size": 10, "history_ttl": "1h", "force_recovery": true, "force_positioning": true, "presence": true, "channel_regex": "^[a-z0-9-]+$" },
    { "name": "personal", "history_size": 10, "history_ttl": "1h", "force_recovery": true, "allow_user_limited_channels": true, "allow_history_for_subscriber": true },
    { "name": "open", "allow_subscribe_for_client": true, "allow_publish_for_subscriber": true },
    { "name": "object", "publication_data_format": "json_object" }
  ] }
}`

// standIn is a server of a test's own.
type standIn struct {
	t      *testing.T
	srv    *server
	stop   func()
	logged *lockedBuffer
}

type lockedBuffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func writeConfig(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "centrifugo.json")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// testEnviron is what every test server gets: a free port and the secrets.
func testEnviron(more ...string) []string {
	return append([]string{
		"CENTRIFUGO_HTTP_SERVER_PORT=0",
		"CENTRIFUGO_HTTP_API_KEY=" + testKey,
		"CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY=" + testSecret,
	}, more...)
}

// start runs a server on testConfig, changed by variables of the environment.
func start(t *testing.T, environ ...string) *standIn {
	t.Helper()
	cfg, _, err := loadConfig(writeConfig(t, testConfig), testEnviron(environ...), map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	logged := &lockedBuffer{}
	srv, err := startServer(cfg, newLogger(logged, cfg.Log.Level))
	if err != nil {
		t.Fatal(err)
	}
	s := &standIn{t: t, srv: srv, logged: logged}
	s.stop = sync.OnceFunc(func() {
		if err := srv.shutdown(); err != nil {
			t.Errorf("shutdown: %v", err)
		}
	})
	t.Cleanup(s.stop)
	return s
}

// answer is an HTTP reply as the tables of this suite write it.
type answer struct {
	status            int
	contentType, body string
}

func (s *standIn) request(method, path, body string, headers map[string]string) answer {
	s.t.Helper()
	return request(s.t, s.srv.address, method, path, body, headers)
}

func request(t *testing.T, address, method, path, body string, headers map[string]string) answer {
	t.Helper()
	req, err := http.NewRequest(method, "http://"+address+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range headers {
		req.Header.Set(name, value)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header.Get("Content-Type"), string(text)}
}

var withKey = map[string]string{"X-API-Key": testKey}

// api posts a command and returns the body, in which epochs read "E".
func (s *standIn) api(command, body string) string {
	s.t.Helper()
	got := s.request(http.MethodPost, "/api/"+command, body, withKey)
	if got.status != http.StatusOK {
		s.t.Fatalf("%s: status %d: %s", command, got.status, got.body)
	}
	return withoutEpochs(got.body)
}

func (s *standIn) epochOf(channel string) string {
	s.t.Helper()
	got := s.request(http.MethodPost, "/api/history", `{"channel":"`+channel+`"}`, withKey)
	var reply struct{ Result historyResult }
	if err := json.Unmarshal([]byte(got.body), &reply); err != nil {
		s.t.Fatal(err)
	}
	return reply.Result.Epoch
}

func equal(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got  %s\n want %s", what, got, want)
	}
}

type fields = map[string]any

// sign makes an HS256 token.
func sign(t *testing.T, secret string, claims fields) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	encode := base64.RawURLEncoding.EncodeToString
	input := encode([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + encode(payload)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(input))
	return input + "." + encode(mac.Sum(nil))
}

func in(d time.Duration) int64 { return time.Now().Add(d).Unix() }

func connectionToken(t *testing.T, user string, more ...fields) string {
	t.Helper()
	return sign(t, testSecret, merge(fields{"sub": user, "exp": in(time.Hour)}, more...))
}

func subscriptionToken(t *testing.T, user, channel string, more ...fields) string {
	t.Helper()
	return sign(t, testSecret, merge(fields{"sub": user, "channel": channel, "exp": in(time.Hour)}, more...))
}

func merge(into fields, more ...fields) fields {
	for _, extra := range more {
		for key, value := range extra {
			into[key] = value
		}
	}
	return into
}

// frame is any message of the client protocol, or the close of the connection.
type frame struct {
	ID        uint32
	Error     *apiError
	Connect   *struct{ Client string }
	Subscribe *subscribed
	History   *struct{ Publications []published }
	Publish   *struct{}
	Refresh   *struct{}
	Push      *struct {
		Channel     string
		Pub         *published
		Unsubscribe *struct{ Code uint32 }
	}
	SubRefresh    *struct{}            `json:"sub_refresh"`
	PresenceStats *presenceStatsResult `json:"presence_stats"`

	closedWith int
}

type subscribed struct {
	Recoverable   bool
	Positioned    bool
	WasRecovering bool `json:"was_recovering"`
	Recovered     bool
	Epoch         string
	Offset        uint64
	Publications  []published
	Expires       bool
}

type published struct {
	Data    json.RawMessage
	Offset  uint64
	Version uint64
	Tags    map[string]string
}

// wire is a client that speaks the protocol frame by frame.
type wire struct {
	t      *testing.T
	conn   *websocket.Conn
	frames chan frame
	lastID uint32
	// passed holds what arrived while call waited for its reply.
	passed []frame
}

func (s *standIn) dial() *wire {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+s.srv.address+"/connection/websocket", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	conn.SetReadLimit(-1)
	w := &wire{t: s.t, conn: conn, frames: make(chan frame, 1024)}
	go w.read()
	s.t.Cleanup(func() { _ = conn.CloseNow() })
	return w
}

// connect dials as a user who must get in.
func (s *standIn) connect(user string, more ...fields) *wire {
	s.t.Helper()
	w := s.dial()
	if reply := w.call(fields{"connect": fields{"token": connectionToken(s.t, user, more...)}}); reply.Connect == nil {
		s.t.Fatalf("connect refused: %+v", reply)
	}
	return w
}

func (w *wire) read() {
	for {
		_, text, err := w.conn.Read(context.Background())
		if err != nil {
			var closed websocket.CloseError
			code := -1
			if errors.As(err, &closed) {
				code = int(closed.Code)
			}
			w.frames <- frame{closedWith: code}
			return
		}
		for line := range strings.SplitSeq(strings.TrimSpace(string(text)), "\n") {
			if line == "{}" {
				_ = w.conn.Write(context.Background(), websocket.MessageText, []byte("{}"))
				continue
			}
			var f frame
			if err := json.Unmarshal([]byte(line), &f); err != nil {
				w.t.Errorf("frame %s: %v", line, err)
			}
			w.frames <- f
		}
	}
}

func (w *wire) receive() frame {
	w.t.Helper()
	select {
	case f := <-w.frames:
		return f
	case <-time.After(patience):
		w.t.Fatal("no frame arrived in time")
		return frame{}
	}
}

// call sends a command and returns its reply, or the close that came instead.
func (w *wire) call(command fields) frame {
	w.t.Helper()
	w.lastID++
	command["id"] = w.lastID
	text, err := json.Marshal(command)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.conn.Write(context.Background(), websocket.MessageText, text); err != nil {
		w.t.Fatal(err)
	}
	for {
		f := w.receive()
		if f.ID == w.lastID || f.closedWith != 0 {
			return f
		}
		w.passed = append(w.passed, f)
	}
}

// next is the next frame that is no reply: a push or the close.
func (w *wire) next() frame {
	w.t.Helper()
	if len(w.passed) > 0 {
		f := w.passed[0]
		w.passed = w.passed[1:]
		return f
	}
	return w.receive()
}

func (w *wire) nextPublication() published {
	w.t.Helper()
	f := w.next()
	if f.Push == nil || f.Push.Pub == nil {
		w.t.Fatalf("expected a publication, got %+v", f)
	}
	return *f.Push.Pub
}

func (w *wire) expectClose(code int) {
	w.t.Helper()
	if f := w.next(); f.closedWith != code {
		w.t.Fatalf("expected close %d, got %+v", code, f)
	}
}

// subscribe enters a channel with a token of the user's own and must succeed.
func (w *wire) subscribe(user, channel string, more ...fields) subscribed {
	w.t.Helper()
	request := merge(fields{"channel": channel, "token": subscriptionToken(w.t, user, channel)}, more...)
	reply := w.call(fields{"subscribe": request})
	if reply.Subscribe == nil {
		w.t.Fatalf("subscribe refused: %+v", reply)
	}
	return *reply.Subscribe
}

// code reads a reply as the number the tables use: an error's code, a close's
// code, or 0 for success.
func (f frame) code() int {
	if f.Error != nil {
		return int(f.Error.Code)
	}
	return f.closedWith
}
