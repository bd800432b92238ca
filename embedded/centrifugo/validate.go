package main

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

var namespaceName = regexp.MustCompile(`^[-a-zA-Z0-9_.]{2,}$`)

// validate refuses what Centrifugo refuses at start, so that a configuration
// that works here is not found broken in production.
func validate(cfg config) []error {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if !slices.Contains([]string{"memory", "redis"}, cfg.Engine.Type) {
		fault("engine.type: unknown engine %q", cfg.Engine.Type)
	}
	if !slices.Contains([]string{"", "transport"}, cfg.HTTPAPI.ErrorMode) {
		fault("http_api.error_mode: unknown mode %q", cfg.HTTPAPI.ErrorMode)
	}
	if cfg.Client.PingInterval <= cfg.Client.PongTimeout {
		fault("client.ping_interval (%s) must be longer than client.pong_timeout (%s)", cfg.Client.PingInterval, cfg.Client.PongTimeout)
	}
	if cfg.HTTPServer.InternalPort != "" {
		if _, err := strconv.ParseUint(cfg.HTTPServer.InternalPort, 10, 16); err != nil {
			fault("http_server.internal_port: %w", err)
		}
	}
	for _, pattern := range cfg.Client.AllowedOrigins {
		if strings.ContainsAny(pattern, `[]{}\!`) {
			fault("client.allowed_origins: %q uses more than the wildcards * and ?", pattern)
		}
	}
	faults = append(faults, validateTokens("client.token", cfg.Client.Token)...)
	if cfg.Client.SubscriptionToken.Enabled {
		faults = append(faults, validateTokens("client.subscription_token", cfg.Client.SubscriptionToken.tokenConfig)...)
	}
	faults = append(faults, validateEngine(cfg.Engine.Type, cfg.Engine.Redis)...)
	return append(faults, validateChannels(cfg.Channel)...)
}

func validateTokens(section string, cfg tokenConfig) []error {
	var faults []error
	for key, pattern := range map[string]string{"audience_regex": cfg.AudienceRegex, "issuer_regex": cfg.IssuerRegex} {
		if _, err := regexp.Compile(pattern); err != nil {
			faults = append(faults, fmt.Errorf("%s.%s: %w", section, key, err))
		}
	}
	return faults
}

func validateEngine(engine string, cfg redisConfig) []error {
	if engine != "redis" {
		return nil
	}
	if len(cfg.Address) == 0 {
		return []error{fmt.Errorf("engine.redis.address: no address given")}
	}
	var faults []error
	for i, address := range cfg.Address {
		if _, err := url.Parse(address); strings.Contains(address, "://") && err != nil {
			// The parser's own message repeats the address, password included.
			faults = append(faults, fmt.Errorf("engine.redis.address[%d]: not a valid URL", i))
		}
	}
	return faults
}

func validateChannels(cfg channelConfig) []error {
	faults := validateOptions("channel.without_namespace", cfg.WithoutNamespace, cfg)
	if err := wholeSeconds(cfg.HistoryMetaTTL); err != nil {
		faults = append(faults, fmt.Errorf("channel.history_meta_ttl: %w", err))
	}
	if !knownDataFormat(cfg.PublicationDataFormat) {
		faults = append(faults, fmt.Errorf("channel.publication_data_format: unknown format %q", cfg.PublicationDataFormat))
	}
	seen := map[string]bool{}
	for _, space := range cfg.Namespaces {
		where := fmt.Sprintf("namespace %q", space.Name)
		if !namespaceName.MatchString(space.Name) {
			faults = append(faults, fmt.Errorf("%s: name must match %s", where, namespaceName))
		}
		if seen[space.Name] {
			faults = append(faults, fmt.Errorf("%s: name must be unique", where))
		}
		seen[space.Name] = true
		faults = append(faults, validateOptions(where, space.channelOptions, cfg)...)
	}
	return faults
}

func validateOptions(where string, o channelOptions, all channelConfig) []error {
	var faults []error
	fault := func(format string, args ...any) {
		faults = append(faults, fmt.Errorf("%s: "+format, append([]any{where}, args...)...))
	}
	for key, ttl := range map[string]time.Duration{"history_ttl": o.HistoryTTL, "history_meta_ttl": o.HistoryMetaTTL} {
		if err := wholeSeconds(ttl); err != nil {
			fault("%s: %w", key, err)
		}
	}
	if (o.HistorySize > 0) != (o.HistoryTTL > 0) {
		fault("history needs both history_size and history_ttl")
	}
	metaTTL := o.HistoryMetaTTL
	if metaTTL == 0 {
		metaTTL = all.HistoryMetaTTL
	}
	if o.HistoryTTL > metaTTL {
		fault("history_ttl (%s) is longer than history_meta_ttl (%s)", o.HistoryTTL, metaTTL)
	}
	if o.ForceRecovery && !o.hasHistory() {
		fault("force_recovery needs history_size and history_ttl")
	}
	if _, err := regexp.Compile(o.ChannelRegex); err != nil {
		fault("channel_regex: %w", err)
	}
	if !knownDataFormat(o.PublicationDataFormat) {
		fault("publication_data_format: unknown format %q", o.PublicationDataFormat)
	}
	return faults
}

func knownDataFormat(format string) bool {
	return slices.Contains([]string{"", "json", "json_object", "binary"}, format)
}

// wholeSeconds exists because Redis keeps these lifetimes in seconds.
func wholeSeconds(d time.Duration) error {
	if d%time.Second != 0 {
		return fmt.Errorf("%s has a fraction of a second", d)
	}
	return nil
}
