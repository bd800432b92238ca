package main

import (
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

var epochs = regexp.MustCompile(`"epoch":"[^"]+"`)

func withoutEpochs(body string) string {
	return epochs.ReplaceAllString(body, `"epoch":"E"`)
}

const (
	plainText = "text/plain; charset=utf-8"
	jsonType  = "application/json"
)

func TestHTTPShapesAreThoseOfCentrifugo(t *testing.T) {
	t.Parallel()
	s := start(t)
	notFound := answer{404, plainText, "404 page not found\n"}
	badRequest := answer{400, plainText, "Bad Request\n"}
	good := `{"channel":"open:a","data":1}`
	accepted := answer{200, jsonType, `{"result":{}}`}
	none := map[string]string{}

	for _, c := range []struct {
		name, method, path, body string
		headers                  map[string]string
		want                     answer
	}{
		{"no key", "POST", "/api/publish", good, none, answer{status: 401}},
		{"wrong key", "POST", "/api/publish", good, map[string]string{"X-API-Key": "x"}, answer{status: 401}},
		{"key in Authorization", "POST", "/api/publish", good, map[string]string{"Authorization": "apikey " + testKey}, accepted},
		{"bearer is no key", "POST", "/api/publish", good, map[string]string{"Authorization": "Bearer " + testKey}, answer{status: 401}},
		{"key in query", "POST", "/api/publish?api_key=" + testKey, good, none, accepted},
		{"right key beside a wrong one", "POST", "/api/publish?api_key=" + testKey, good, map[string]string{"X-API-Key": "x"}, accepted},
		{"GET without key is 405, not 401", "GET", "/api/publish", "", none, answer{status: 405}},
		{"GET with key", "GET", "/api/publish", "", withKey, answer{status: 405}},
		{"PUT", "PUT", "/api/batch", good, withKey, answer{status: 405}},
		{"unknown command without key", "POST", "/api/nope", good, none, notFound},
		{"trailing slash", "POST", "/api/publish/", good, withKey, notFound},
		{"unknown path", "GET", "/x", "", none, notFound},
		{"malformed", "POST", "/api/publish", `{`, withKey, badRequest},
		{"empty body", "POST", "/api/publish", "", withKey, badRequest},
		{"array", "POST", "/api/publish", `[]`, withKey, badRequest},
		{"wrong type", "POST", "/api/publish", `{"channel":1}`, withKey, badRequest},
		{"trailing garbage", "POST", "/api/publish", good + "x", withKey, badRequest},
		{"two documents", "POST", "/api/publish", good + good, withKey, badRequest},
		{"unknown field", "POST", "/api/publish", `{"channel":"open:a","data":1,"idempotencyKey":"k"}`, withKey, accepted},
		{"other case", "POST", "/api/publish", `{"CHANNEL":"open:a","Data":1}`, withKey, accepted},
		{"no namespace", "POST", "/api/publish", `{"channel":"bare","data":1}`, withKey, accepted},
		{"data null", "POST", "/api/publish", `{"channel":"open:a","data":null}`, withKey, accepted},
		{"unsubscribe without user", "POST", "/api/unsubscribe", `{}`, withKey, accepted},
		{"disconnect without user", "POST", "/api/disconnect", `{}`, withKey, accepted},
		{"name no client could use", "POST", "/api/publish", `{"channel":"open:` + strings.Repeat("é", 300) + `","data":1}`, withKey, accepted},
		{"8 MB body", "POST", "/api/publish", `{"channel":"open:a","data":"` + strings.Repeat("x", 8<<20) + `"}`, withKey, accepted},
		{"health", "GET", "/health", "", none, answer{200, jsonType, `{}`}},
		{"plain GET on the WebSocket", "GET", "/connection/websocket", "", none, answer{400, plainText, "Bad Request\n"}},
	} {
		if got := s.request(c.method, c.path, c.body, c.headers); got != c.want {
			t.Errorf("%s:\n got  %+v\n want %+v", c.name, got, c.want)
		}
	}
}

func TestFaultsOfACommand(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, c := range []struct{ command, body, want string }{
		{"publish", `{"channel":"conversation:a"}`, `{"error":{"code":107,"message":"bad request"}}`},
		{"publish", `{"channel":"","data":1}`, `{"error":{"code":107,"message":"bad request"}}`},
		{"publish", `{"channel":"nowhere:a","data":1}`, `{"error":{"code":102,"message":"unknown channel"}}`},
		{"publish", `{"channel":"object:a","data":1}`, `{"error":{"code":107,"message":"bad request"}}`},
		{"publish", `{"channel":"object:a","data":{}}`, `{"result":{}}`},
		{"publish", `{"channel":"open:a","b64data":"!"}`, `{"error":{"code":107,"message":"bad request"}}`},
		{"broadcast", `{"channels":[],"data":1}`, `{"error":{"code":107,"message":"bad request"}}`},
		{"broadcast", `{"channels":["conversation:f","nowhere:a","open:a",""],"data":1}`,
			`{"result":{"responses":[{"result":{"offset":1,"epoch":"E"}},{"error":{"code":102,"message":"unknown channel"}},{"result":{}},{"error":{"code":107,"message":"bad request"}}]}}`},
		{"history", `{"channel":"open:a"}`, `{"error":{"code":108,"message":"not available"}}`},
		{"history_remove", `{"channel":"open:a"}`, `{"error":{"code":108,"message":"not available"}}`},
		{"presence", `{"channel":"open:a"}`, `{"error":{"code":108,"message":"not available"}}`},
		{"presence_stats", `{"channel":"open:a"}`, `{"error":{"code":108,"message":"not available"}}`},
		{"presence", `{"channel":"conversation:a"}`, `{"result":{"presence":{}}}`},
		{"presence_stats", `{"channel":"conversation:a"}`, `{"result":{"num_clients":0,"num_users":0}}`},
		{"channels", `{}`, `{"result":{"channels":{}}}`},
	} {
		equal(t, c.command+" "+c.body, s.api(c.command, c.body), c.want)
	}
}

func TestTransportErrorModeTellsTheFaultByStatus(t *testing.T) {
	t.Parallel()
	s := start(t)
	headers := maps.Clone(withKey)
	headers["X-Centrifugo-Error-Mode"] = "transport"
	for _, c := range []struct {
		command, body string
		want          answer
	}{
		{"publish", `{"channel":"nowhere:a","data":1}`, answer{404, jsonType, `{"code":102,"message":"unknown channel"}`}},
		{"publish", `{"channel":"open:a"}`, answer{400, jsonType, `{"code":107,"message":"bad request"}`}},
		{"history", `{"channel":"open:a"}`, answer{400, jsonType, `{"code":108,"message":"not available"}`}},
		{"history", `{"channel":"conversation:a","since":{"offset":1,"epoch":"foreign"},"limit":1}`, answer{416, jsonType, `{"code":112,"message":"unrecoverable position"}`}},
		{"broadcast", `{"channels":["nowhere:a"],"data":1}`, answer{200, jsonType, `{"result":{"responses":[{"error":{"code":102,"message":"unknown channel"}}]}}`}},
		{"batch", `{"commands":[{"publish":{"channel":"nowhere:a","data":1}}]}`, answer{200, jsonType, `{"replies":[{"error":{"code":102,"message":"unknown channel"}}]}`}},
	} {
		if got := s.request(http.MethodPost, "/api/"+c.command, c.body, headers); got != c.want {
			t.Errorf("%s %s:\n got  %+v\n want %+v", c.command, c.body, got, c.want)
		}
	}
}

func TestTransportErrorModeCanBeTheDefault(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_HTTP_API_ERROR_MODE=transport")
	if got := s.request("POST", "/api/publish", `{"channel":"nowhere:a","data":1}`, withKey); got.status != 404 {
		t.Errorf("got %+v", got)
	}
}

func TestHistoryReadsForwardsBackwardsAndFromAPosition(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, data := range []string{`{"n": 1}`, `"<b>"`, `3`} {
		s.api("publish", `{"channel":"conversation:h","data":`+data+`,"tags":{"k":"v"}}`)
	}
	at := func(more string) string { return s.api("history", `{"channel":"conversation:h"`+more+`}`) }
	page := func(publications string) string {
		return `{"result":{"publications":[` + publications + `],"epoch":"E","offset":3}}`
	}
	one, two, three := `{"data":{"n":1},"offset":1,"tags":{"k":"v"}}`, `{"data":"\u003cb\u003e","offset":2,"tags":{"k":"v"}}`, `{"data":3,"offset":3,"tags":{"k":"v"}}`

	equal(t, "no limit given", at(``), page(``))
	equal(t, "two", at(`,"limit":2`), page(one+","+two))
	equal(t, "all", at(`,"limit":-1`), page(one+","+two+","+three))
	equal(t, "backwards", at(`,"limit":1,"reverse":true`), page(three))
	equal(t, "since", at(`,"limit":-1,"since":{"offset":1,"epoch":"`+s.epochOf("conversation:h")+`"}`), page(two+","+three))
	equal(t, "foreign epoch", at(`,"limit":-1,"since":{"offset":1,"epoch":"x"}`), `{"error":{"code":112,"message":"unrecoverable position"}}`)
	equal(t, "removed", s.api("history_remove", `{"channel":"conversation:h"}`), `{"result":{}}`)
	equal(t, "offset outlives removal", at(`,"limit":-1`), page(``))
}

func TestInfoSaysThatThisIsAStandIn(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_NODE_NAME=here")
	if got := s.api("info", `{}`); !strings.Contains(got, `"name":"here","version":"0.0.0 STANDIN"`) {
		t.Errorf("got %s", got)
	}
}

func TestMetricsCountWhatTheEngineDid(t *testing.T) {
	t.Parallel()
	s := start(t)
	s.api("publish", `{"channel":"open:a","data":1}`)
	got := s.request("GET", "/metrics", "", nil)
	if got.status != 200 || !strings.Contains(got.body, `centrifugo_node_messages_sent_count{channel_namespace="open",type="publication"} 1`) {
		t.Errorf("status %d, body %.2000s", got.status, got.body)
	}
}

func TestEndpointsThatAreOffDoNotExist(t *testing.T) {
	t.Parallel()
	s := start(t, "CENTRIFUGO_HEALTH_ENABLED=false", "CENTRIFUGO_PROMETHEUS_ENABLED=false")
	for _, path := range []string{"/health", "/metrics"} {
		if got := s.request("GET", path, "", nil); got.status != 404 {
			t.Errorf("%s: %+v", path, got)
		}
	}
}

func TestWithoutAConfiguredKeyNobodyGetsIn(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		insecure bool
		want     int
	}{{false, 401}, {true, 200}} {
		handler := authorized("", c.insecure, func(w http.ResponseWriter, _ *http.Request) {})
		res := &recorded{header: http.Header{}, status: 200}
		handler.ServeHTTP(res, &http.Request{Header: http.Header{}, URL: mustURL(t, "/api/info?api_key=")})
		if res.status != c.want {
			t.Errorf("insecure %t: %d", c.insecure, res.status)
		}
	}
}
