package main

import "time"

// config holds the options of Centrifugo that the stand-in honours. The key
// tags joined by dots are an option's path in the file, and its variable is
// CENTRIFUGO_ followed by the same words in capitals. Whatever is not here is
// named in a warning at start.
type config struct {
	HTTPServer struct {
		Address         string `key:"address"`
		Port            int    `key:"port"`
		InternalAddress string `key:"internal_address"`
		InternalPort    string `key:"internal_port"`
	} `key:"http_server"`
	Log struct {
		Level string `key:"level"`
	} `key:"log"`
	Node struct {
		Name                         string        `key:"name"`
		InfoMetricsAggregateInterval time.Duration `key:"info_metrics_aggregate_interval"`
	} `key:"node"`
	Engine struct {
		Type  string      `key:"type"`
		Redis redisConfig `key:"redis"`
	} `key:"engine"`
	Client  clientConfig  `key:"client"`
	Channel channelConfig `key:"channel"`
	HTTPAPI struct {
		Disabled      bool   `key:"disabled"`
		HandlerPrefix string `key:"handler_prefix"`
		Key           string `key:"key"`
		ErrorMode     string `key:"error_mode"`
		External      bool   `key:"external"`
		Insecure      bool   `key:"insecure"`
	} `key:"http_api"`
	WebSocket struct {
		Disabled           bool          `key:"disabled"`
		HandlerPrefix      string        `key:"handler_prefix"`
		Compression        bool          `key:"compression"`
		CompressionMinSize int           `key:"compression_min_size"`
		CompressionLevel   int           `key:"compression_level"`
		ReadBufferSize     int           `key:"read_buffer_size"`
		WriteBufferSize    int           `key:"write_buffer_size"`
		UseWriteBufferPool bool          `key:"use_write_buffer_pool"`
		WriteTimeout       time.Duration `key:"write_timeout"`
		MessageSizeLimit   int           `key:"message_size_limit"`
	} `key:"websocket"`
	Health     endpointConfig `key:"health"`
	Prometheus endpointConfig `key:"prometheus"`
	Shutdown   struct {
		Timeout time.Duration `key:"timeout"`
	} `key:"shutdown"`
}

type endpointConfig struct {
	Enabled       bool   `key:"enabled"`
	HandlerPrefix string `key:"handler_prefix"`
}

type redisConfig struct {
	Address        []string      `key:"address"`
	Prefix         string        `key:"prefix"`
	DB             int           `key:"db"`
	User           string        `key:"user"`
	Password       string        `key:"password"`
	ClientName     string        `key:"client_name"`
	ForceRESP2     bool          `key:"force_resp2"`
	ConnectTimeout time.Duration `key:"connect_timeout"`
	IOTimeout      time.Duration `key:"io_timeout"`
	PresenceTTL    time.Duration `key:"presence_ttl"`
}

type clientConfig struct {
	AllowedOrigins                    []string    `key:"allowed_origins"`
	Token                             tokenConfig `key:"token"`
	SubscriptionToken                 subTokens   `key:"subscription_token"`
	AllowAnonymousConnectWithoutToken bool        `key:"allow_anonymous_connect_without_token"`
	DisallowAnonymousConnectionTokens bool        `key:"disallow_anonymous_connection_tokens"`
	Insecure                          bool        `key:"insecure"`

	PingInterval                time.Duration `key:"ping_interval"`
	PongTimeout                 time.Duration `key:"pong_timeout"`
	ExpiredCloseDelay           time.Duration `key:"expired_close_delay"`
	ExpiredSubCloseDelay        time.Duration `key:"expired_sub_close_delay"`
	StaleCloseDelay             time.Duration `key:"stale_close_delay"`
	PresenceUpdateInterval      time.Duration `key:"presence_update_interval"`
	ChannelPositionCheckDelay   time.Duration `key:"channel_position_check_delay"`
	ChannelPositionMaxTimeLag   time.Duration `key:"channel_position_max_time_lag"`
	ConnectIncludeServerTime    bool          `key:"connect_include_server_time"`
	ChannelLimit                int           `key:"channel_limit"`
	UserConnectionLimit         int           `key:"user_connection_limit"`
	QueueMaxSize                int           `key:"queue_max_size"`
	HistoryMaxPublicationLimit  int           `key:"history_max_publication_limit"`
	RecoveryMaxPublicationLimit int           `key:"recovery_max_publication_limit"`
}

type tokenConfig struct {
	HMACSecretKey                   string `key:"hmac_secret_key"`
	HMACPreviousSecretKey           string `key:"hmac_previous_secret_key"`
	HMACPreviousSecretKeyValidUntil int64  `key:"hmac_previous_secret_key_valid_until"`
	Audience                        string `key:"audience"`
	AudienceRegex                   string `key:"audience_regex"`
	Issuer                          string `key:"issuer"`
	IssuerRegex                     string `key:"issuer_regex"`
}

// subTokens is off by default, and then subscription tokens are verified with
// the settings of connection tokens.
type subTokens struct {
	Enabled bool `key:"enabled"`
	tokenConfig
}

type channelConfig struct {
	WithoutNamespace      channelOptions `key:"without_namespace"`
	Namespaces            []channelSpace `key:"namespaces"`
	HistoryMetaTTL        time.Duration  `key:"history_meta_ttl"`
	PublicationDataFormat string         `key:"publication_data_format"`
	MaxLength             int            `key:"max_length"`
	PrivatePrefix         string         `key:"private_prefix"`
	NamespaceBoundary     string         `key:"namespace_boundary"`
	UserBoundary          string         `key:"user_boundary"`
	UserSeparator         string         `key:"user_separator"`
}

type channelSpace struct {
	Name string `key:"name"`
	channelOptions
}

type channelOptions struct {
	Presence              bool          `key:"presence"`
	JoinLeave             bool          `key:"join_leave"`
	ForcePushJoinLeave    bool          `key:"force_push_join_leave"`
	HistorySize           int           `key:"history_size"`
	HistoryTTL            time.Duration `key:"history_ttl"`
	HistoryMetaTTL        time.Duration `key:"history_meta_ttl"`
	ForcePositioning      bool          `key:"force_positioning"`
	AllowPositioning      bool          `key:"allow_positioning"`
	ForceRecovery         bool          `key:"force_recovery"`
	AllowRecovery         bool          `key:"allow_recovery"`
	PublicationDataFormat string        `key:"publication_data_format"`
	ChannelRegex          string        `key:"channel_regex"`

	AllowSubscribeForClient    bool `key:"allow_subscribe_for_client"`
	AllowSubscribeForAnonymous bool `key:"allow_subscribe_for_anonymous"`
	AllowPublishForClient      bool `key:"allow_publish_for_client"`
	AllowPublishForSubscriber  bool `key:"allow_publish_for_subscriber"`
	AllowPublishForAnonymous   bool `key:"allow_publish_for_anonymous"`
	AllowPresenceForClient     bool `key:"allow_presence_for_client"`
	AllowPresenceForSubscriber bool `key:"allow_presence_for_subscriber"`
	AllowPresenceForAnonymous  bool `key:"allow_presence_for_anonymous"`
	AllowHistoryForClient      bool `key:"allow_history_for_client"`
	AllowHistoryForSubscriber  bool `key:"allow_history_for_subscriber"`
	AllowHistoryForAnonymous   bool `key:"allow_history_for_anonymous"`
	AllowUserLimitedChannels   bool `key:"allow_user_limited_channels"`
}

// defaultConfig spells out Centrifugo's defaults, because the library's own
// differ in places: pong timeout, recovery limit, history metadata lifetime.
func defaultConfig() config {
	var cfg config
	cfg.HTTPServer.Port = 8000
	cfg.Log.Level = "info"
	cfg.Node.InfoMetricsAggregateInterval = 60 * time.Second
	cfg.Engine.Type = "memory"
	cfg.Engine.Redis = redisConfig{
		Address:        []string{"redis://127.0.0.1:6379"},
		Prefix:         "centrifugo",
		ConnectTimeout: time.Second,
		IOTimeout:      4 * time.Second,
		PresenceTTL:    60 * time.Second,
	}
	cfg.Client = clientConfig{
		PingInterval:                25 * time.Second,
		PongTimeout:                 8 * time.Second,
		ExpiredCloseDelay:           25 * time.Second,
		ExpiredSubCloseDelay:        25 * time.Second,
		StaleCloseDelay:             10 * time.Second,
		PresenceUpdateInterval:      27 * time.Second,
		ChannelPositionCheckDelay:   40 * time.Second,
		ChannelLimit:                128,
		QueueMaxSize:                1048576,
		HistoryMaxPublicationLimit:  300,
		RecoveryMaxPublicationLimit: 300,
	}
	cfg.Channel = channelConfig{
		HistoryMetaTTL:    720 * time.Hour,
		MaxLength:         255,
		PrivatePrefix:     "$",
		NamespaceBoundary: ":",
		UserBoundary:      "#",
		UserSeparator:     ",",
	}
	cfg.HTTPAPI.HandlerPrefix = "/api"
	cfg.WebSocket.HandlerPrefix = "/connection/websocket"
	cfg.WebSocket.CompressionLevel = 1
	cfg.WebSocket.WriteTimeout = time.Second
	cfg.WebSocket.MessageSizeLimit = 65536
	cfg.Health.HandlerPrefix = "/health"
	cfg.Prometheus.HandlerPrefix = "/metrics"
	cfg.Shutdown.Timeout = 30 * time.Second
	return cfg
}
