package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net"
	"os"
	"regexp"
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

// channelsSurvey asks every node for its channels and their subscribers.
const channelsSurvey = "channels"

const surveyFault = 1

func answerSurvey(node *centrifuge.Node) centrifuge.SurveyHandler {
	return func(event centrifuge.SurveyEvent, reply centrifuge.SurveyCallback) {
		if event.Op != channelsSurvey {
			reply(centrifuge.SurveyReply{Code: surveyFault})
			return
		}
		matches := channelPattern(string(event.Data))
		found := map[string]channelInfo{}
		for _, name := range node.Hub().Channels() {
			if count := node.Hub().NumSubscribers(name); count > 0 && matches(name) {
				found[name] = channelInfo{NumClients: count}
			}
		}
		data, err := json.Marshal(found)
		if err != nil {
			reply(centrifuge.SurveyReply{Code: surveyFault})
			return
		}
		reply(centrifuge.SurveyReply{Data: data})
	}
}

// channelPattern knows * for any run of characters and ? for one of them.
func channelPattern(pattern string) func(string) bool {
	if pattern == "" {
		return func(string) bool { return true }
	}
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(`(?s)^` + quoted + `$`).MatchString
}

func surveyChannels(ctx context.Context, node *centrifuge.Node, pattern string) (map[string]channelInfo, error) {
	answers, err := node.Survey(ctx, channelsSurvey, []byte(pattern), "")
	if err != nil {
		return nil, err
	}
	total := map[string]channelInfo{}
	for uid, answer := range answers {
		var found map[string]channelInfo
		if answer.Code != 0 {
			return nil, fmt.Errorf("node %s answered the survey with code %d", uid, answer.Code)
		}
		if err := json.Unmarshal(answer.Data, &found); err != nil {
			return nil, err
		}
		for name, info := range found {
			total[name] = channelInfo{NumClients: total[name].NumClients + info.NumClients}
		}
	}
	return total, nil
}
