package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/centrifugal/centrifuge"
	"github.com/prometheus/client_golang/prometheus"
)

// newNode builds the engine: Centrifugo's settings in the library's terms.
// With Redis it fails when the server cannot be reached.
func newNode(cfg config, names *channels, registry *prometheus.Registry, log *slog.Logger) (*centrifuge.Node, error) {
	level, handler := libraryLog(log)
	node, err := centrifuge.New(centrifuge.Config{
		Version:                          version,
		Name:                             nodeName(cfg),
		LogLevel:                         level,
		LogHandler:                       handler,
		NodeInfoMetricsAggregateInterval: cfg.Node.InfoMetricsAggregateInterval,
		ClientConnectIncludeServerTime:   cfg.Client.ConnectIncludeServerTime,
		ClientPresenceUpdateInterval:     cfg.Client.PresenceUpdateInterval,
		ClientExpiredCloseDelay:          cfg.Client.ExpiredCloseDelay,
		ClientExpiredSubCloseDelay:       cfg.Client.ExpiredSubCloseDelay,
		ClientStaleCloseDelay:            cfg.Client.StaleCloseDelay,
		ClientChannelPositionCheckDelay:  cfg.Client.ChannelPositionCheckDelay,
		ClientChannelPositionMaxTimeLag:  cfg.Client.ChannelPositionMaxTimeLag,
		ClientQueueMaxSize:               cfg.Client.QueueMaxSize,
		ClientChannelLimit:               cfg.Client.ChannelLimit,
		UserConnectionLimit:              cfg.Client.UserConnectionLimit,
		ChannelMaxLength:                 cfg.Channel.MaxLength,
		HistoryMaxPublicationLimit:       cfg.Client.HistoryMaxPublicationLimit,
		RecoveryMaxPublicationLimit:      cfg.Client.RecoveryMaxPublicationLimit,
		HistoryMetaTTL:                   cfg.Channel.HistoryMetaTTL,
		Metrics: centrifuge.MetricsConfig{
			MetricsNamespace:         "centrifugo",
			RegistererGatherer:       registry,
			GetChannelNamespaceLabel: names.namespaceLabel,
		},
	})
	if err != nil {
		return nil, err
	}
	if cfg.Engine.Type == "redis" {
		if err := useRedis(node, cfg.Engine.Redis); err != nil {
			return nil, err
		}
	}
	node.OnSurvey(answerSurvey(node))
	return node, nil
}

func nodeName(cfg config) string {
	if cfg.Node.Name != "" {
		return cfg.Node.Name
	}
	host, err := os.Hostname()
	if err != nil {
		host = "?"
	}
	return host + "_" + strconv.Itoa(cfg.HTTPServer.Port)
}

func useRedis(node *centrifuge.Node, cfg redisConfig) error {
	var shards []*centrifuge.RedisShard
	for _, address := range cfg.Address {
		shard, err := centrifuge.NewRedisShard(node, centrifuge.RedisShardConfig{
			Address:        redisAddress(address),
			DB:             cfg.DB,
			User:           cfg.User,
			Password:       cfg.Password,
			ClientName:     cfg.ClientName,
			ForceRESP2:     cfg.ForceRESP2,
			ConnectTimeout: cfg.ConnectTimeout,
			IOTimeout:      cfg.IOTimeout,
		})
		if err != nil {
			return fmt.Errorf("engine.redis: %w", err)
		}
		shards = append(shards, shard)
	}
	broker, err := centrifuge.NewRedisBroker(node, centrifuge.RedisBrokerConfig{Prefix: cfg.Prefix, Shards: shards})
	if err != nil {
		return fmt.Errorf("engine.redis: %w", err)
	}
	presence, err := centrifuge.NewRedisPresenceManager(node, centrifuge.RedisPresenceManagerConfig{
		Prefix: cfg.Prefix, PresenceTTL: cfg.PresenceTTL, Shards: shards,
	})
	if err != nil {
		return fmt.Errorf("engine.redis: %w", err)
	}
	node.SetBroker(broker)
	node.SetPresenceManager(presence)
	return nil
}

// redisAddress accepts host:port beside the URL form.
func redisAddress(address string) string {
	if strings.Contains(address, "://") {
		return address
	}
	if _, _, err := net.SplitHostPort(address); err != nil {
		return net.JoinHostPort(address, "6379")
	}
	return address
}
