package main

import (
	"strings"
	"testing"
	"time"
)

func load(t *testing.T, text string, environ ...string) (config, loadNotes, error) {
	t.Helper()
	return loadConfig(writeConfig(t, text), environ, map[string]string{})
}

func TestTheProductsOwnConfigurationIsUnderstoodWhole(t *testing.T) {
	t.Parallel()
	cfg, notes, err := loadConfig("../../centrifugo.json", nil, map[string]string{})
	if err != nil {
		t.Fatal(err)
	}
	if len(notes.unknownKeys) > 0 || notes.missingFile != "" {
		t.Errorf("notes: %+v", notes)
	}
	if len(cfg.Channel.Namespaces) == 0 {
		t.Error("no namespaces")
	}
}

func TestTheEnvironmentGoesOverTheFileAndFlagsOverBoth(t *testing.T) {
	t.Parallel()
	file := writeConfig(t, `{
		"http_server": {"port": "8170", "address": "127.0.0.1"},
		"http_api": {"key": "from file"},
		"CLIENT": {"Allowed_Origins": ["https://file.example"], "ping_interval": "0s", "channel_limit": 7},
		"channel": {"namespaces": [{"name": "one-two", "history_size": 5, "history_ttl": "1h"}]}
	}`)
	cfg, _, err := loadConfig(file, []string{
		"CENTRIFUGO_HTTP_SERVER_ADDRESS=127.0.0.2",
		"CENTRIFUGO_HTTP_API_KEY=",
		"CENTRIFUGO_CLIENT_ALLOWED_ORIGINS=https://a.example https://b.example",
		"CENTRIFUGO_CLIENT_TOKEN_HMAC_SECRET_KEY=s",
		"CENTRIFUGO_CLIENT_PONG_TIMEOUT=3s",
		"CENTRIFUGO_CHANNEL_NAMESPACES_ONE_TWO_HISTORY_SIZE=9",
		"CENTRIFUGO_CHANNEL_NAMESPACES_ONE_TWO_PRESENCE=true",
	}, map[string]string{"http_server.address": "127.0.0.3"})
	if err != nil {
		t.Fatal(err)
	}
	space := cfg.Channel.Namespaces[0]
	for what, ok := range map[string]bool{
		"a port written as text":           cfg.HTTPServer.Port == 8170,
		"a flag over the environment":      cfg.HTTPServer.Address == "127.0.0.3",
		"an empty variable is not set":     cfg.HTTPAPI.Key == "from file",
		"a list by spaces":                 strings.Join(cfg.Client.AllowedOrigins, "|") == "https://a.example|https://b.example",
		"a secret":                         cfg.Client.Token.HMACSecretKey == "s",
		"a duration":                       cfg.Client.PongTimeout == 3*time.Second,
		"zero means the default":           cfg.Client.PingInterval == 25*time.Second,
		"the file over the default":        cfg.Client.ChannelLimit == 7,
		"a namespace's number":             space.HistorySize == 9,
		"a namespace's flag":               space.Presence,
		"a namespace keeps what is unsaid": space.HistoryTTL == time.Hour,
	} {
		if !ok {
			t.Errorf("%s: %+v", what, cfg)
		}
	}
}

func TestNamespacesMayComeFromTheEnvironmentWhole(t *testing.T) {
	t.Parallel()
	cfg, _, err := load(t, `{"channel":{"namespaces":[{"name":"old"}]}}`,
		`CENTRIFUGO_CHANNEL_NAMESPACES=[{"name":"new","history_size":2,"history_ttl":"1m"}]`,
		`CENTRIFUGO_CHANNEL_NAMESPACES_NEW_HISTORY_SIZE=3`)
	if err != nil {
		t.Fatal(err)
	}
	if got := cfg.Channel.Namespaces; len(got) != 1 || got[0].Name != "new" || got[0].HistorySize != 3 {
		t.Errorf("got %+v", got)
	}
}

func TestWhatIsUnknownIsNamedAndNoFault(t *testing.T) {
	t.Parallel()
	_, notes, err := load(t, `{"admin":{"enabled":true},"client":{"nope":1},"channel":{"namespaces":[{"name":"aa","zzz":1}]}}`,
		"CENTRIFUGO_NOPE=secret", "OTHER=1")
	if err != nil {
		t.Fatal(err)
	}
	equal(t, "keys", strings.Join(notes.unknownKeys, " "), "admin channel.namespaces[0].zzz client.nope")
	equal(t, "variables", strings.Join(notes.unknownEnv, " "), "CENTRIFUGO_NOPE")
}

func TestAMissingFileIsNoFault(t *testing.T) {
	t.Parallel()
	cfg, notes, err := loadConfig("/nowhere/centrifugo.json", nil, map[string]string{})
	if err != nil || notes.missingFile == "" || cfg.HTTPServer.Port != 8000 {
		t.Errorf("%v %+v", err, notes)
	}
}

func TestFaultsOfTheConfiguration(t *testing.T) {
	t.Parallel()
	space := func(options string) string { return `{"channel":{"namespaces":[` + options + `]}}` }
	for text, want := range map[string]string{
		`{`:                                   "config file",
		`[]`:                                  "config file",
		`{} {}`:                               "trailing characters",
		`{"client":5}`:                        "client: expected an object",
		`{"client":{"ping_interval":"8s"}}`:   "client.ping_interval (8s) must be longer",
		`{"client":{"ping_interval":"soon"}}`: "client.ping_interval: time: invalid duration",
		`{"client":{"channel_limit":"x"}}`:    "client.channel_limit",
		`{"client":{"allowed_origins":["https://[a]"]}}`:                                   "client.allowed_origins",
		`{"client":{"token":{"audience_regex":"("}}}`:                                      "client.token.audience_regex",
		`{"health":{"enabled":"perhaps"}}`:                                                 "health.enabled",
		`{"http_server":{"port":"abc"}}`:                                                   "http_server.port",
		`{"http_server":{"internal_port":"abc"}}`:                                          "http_server.internal_port",
		`{"engine":{"type":"nats"}}`:                                                       `engine.type: unknown engine "nats"`,
		`{"http_api":{"error_mode":"loud"}}`:                                               "http_api.error_mode",
		`{"channel":{"history_meta_ttl":"1500ms"}}`:                                        "fraction of a second",
		`{"channel":{"publication_data_format":"xml"}}`:                                    "channel.publication_data_format",
		`{"channel":{"without_namespace":{"history_size":1}}}`:                             "channel.without_namespace: history needs both",
		`{"channel":{"namespaces":{}}}`:                                                    "channel.namespaces: expected a list",
		space(`5`):                                                                         "channel.namespaces[0]: expected an object",
		space(`{"name":"aa","history_size":"x"}`):                                          "channel.namespaces[0].history_size",
		space(`{"name":"a"}`):                                                              "name must match",
		space(`{"name":"a b"}`):                                                            "name must match",
		space(`{"name":"aa"},{"name":"aa"}`):                                               "name must be unique",
		space(`{"name":"aa","history_size":1}`):                                            "history needs both",
		space(`{"name":"aa","history_ttl":"1s"}`):                                          "history needs both",
		space(`{"name":"aa","force_recovery":true}`):                                       "force_recovery needs",
		space(`{"name":"aa","channel_regex":"("}`):                                         "channel_regex",
		space(`{"name":"aa","publication_data_format":"xml"}`):                             "publication_data_format",
		space(`{"name":"aa","history_size":1,"history_ttl":"721h"}`):                       "longer than history_meta_ttl (720h0m0s)",
		space(`{"name":"aa","history_size":1,"history_ttl":"2h","history_meta_ttl":"1h"}`): "longer than history_meta_ttl (1h0m0s)",
	} {
		if _, _, err := load(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestEveryFaultIsListedAtOnce(t *testing.T) {
	t.Parallel()
	_, _, err := load(t, `{"engine":{"type":"nats"}}`, "CENTRIFUGO_HTTP_SERVER_PORT=abc")
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("got %v", err)
	}
}

func TestTheInternalPortKeepsTheAPIFromTheOutside(t *testing.T) {
	t.Parallel()
	for external, apiOutside := range map[string]bool{"false": false, "true": true} {
		s := start(t, "CENTRIFUGO_HTTP_SERVER_INTERNAL_PORT=0", "CENTRIFUGO_HTTP_SERVER_INTERNAL_ADDRESS=127.0.0.1", "CENTRIFUGO_HTTP_API_EXTERNAL="+external)
		for path, want := range map[string]bool{"/api/info": apiOutside, "/health": false, "/metrics": false, "/connection/websocket": true} {
			method := "GET"
			if path == "/api/info" {
				method = "POST"
			}
			if got := request(t, s.srv.address, method, path, "{}", withKey).status != 404; got != want {
				t.Errorf("external %s: %s outside: %t", external, path, got)
			}
			if got := request(t, s.srv.internalAddress, method, path, "{}", withKey).status != 404; got == want {
				t.Errorf("external %s: %s inside: %t", external, path, got)
			}
		}
	}
}
