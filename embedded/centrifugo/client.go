package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"

	"github.com/centrifugal/centrifuge"
)

// sourceToken marks subscriptions that the connection token asked for, so that
// a refreshed token can be held against them.
const sourceToken uint8 = 1

// clients decides what a connected client may do.
type clients struct {
	cfg         clientConfig
	node        *centrifuge.Node
	names       *channels
	connections verifier
	subscribes  verifier
	log         *slog.Logger
}

// handleClients hangs the decisions into the node. It comes before the node
// runs.
func handleClients(node *centrifuge.Node, cfg config, names *channels, log *slog.Logger) {
	subscriptionTokens := cfg.Client.Token
	if cfg.Client.SubscriptionToken.Enabled {
		subscriptionTokens = cfg.Client.SubscriptionToken.tokenConfig
	}
	c := &clients{
		cfg: cfg.Client, node: node, names: names, log: log,
		connections: newVerifier(cfg.Client.Token, false),
		subscribes:  newVerifier(subscriptionTokens, true),
	}
	node.OnConnecting(c.connecting)
	node.OnConnect(func(client *centrifuge.Client) {
		client.OnRefresh(func(e centrifuge.RefreshEvent, done centrifuge.RefreshCallback) { done(c.refresh(client, e)) })
		client.OnSubscribe(func(e centrifuge.SubscribeEvent, done centrifuge.SubscribeCallback) { done(c.subscribe(client, e)) })
		client.OnSubRefresh(func(e centrifuge.SubRefreshEvent, done centrifuge.SubRefreshCallback) { done(c.subRefresh(client, e)) })
		client.OnPublish(func(e centrifuge.PublishEvent, done centrifuge.PublishCallback) { done(c.publish(client, e)) })
		client.OnHistory(func(e centrifuge.HistoryEvent, done centrifuge.HistoryCallback) { done(c.history(client, e)) })
		client.OnPresence(func(e centrifuge.PresenceEvent, done centrifuge.PresenceCallback) {
			done(c.presence(client, e.Channel))
		})
		client.OnPresenceStats(func(e centrifuge.PresenceStatsEvent, done centrifuge.PresenceStatsCallback) {
			done(c.presenceStats(client, e.Channel))
		})
	})
}

// connecting answers the first frame of a connection. Without a token and
// without permission to do without, the reply carries no credentials, and the
// library closes with 3501.
func (c *clients) connecting(_ context.Context, e centrifuge.ConnectEvent) (centrifuge.ConnectReply, error) {
	if e.Token == "" {
		if c.cfg.AllowAnonymousConnectWithoutToken || c.cfg.Insecure {
			return centrifuge.ConnectReply{Credentials: &centrifuge.Credentials{}}, nil
		}
		return centrifuge.ConnectReply{}, nil
	}
	token, err := c.connections.verify(e.Token)
	if errors.Is(err, errTokenExpired) {
		return centrifuge.ConnectReply{}, centrifuge.ErrorTokenExpired
	}
	if err != nil {
		c.log.Info("connection token refused", "client", e.ClientID)
		return centrifuge.ConnectReply{}, centrifuge.DisconnectInvalidToken
	}
	if token.User == "" && c.cfg.DisallowAnonymousConnectionTokens {
		return centrifuge.ConnectReply{}, centrifuge.DisconnectPermissionDenied
	}
	info, err := payload(token.Info, token.Info64)
	if err != nil {
		return centrifuge.ConnectReply{}, centrifuge.ErrorInternal
	}
	subscriptions, err := c.tokenSubscriptions(token)
	if err != nil {
		return centrifuge.ConnectReply{}, err
	}
	return centrifuge.ConnectReply{
		Credentials:       &centrifuge.Credentials{UserID: token.User, ExpireAt: token.lifetime(), Info: info},
		Subscriptions:     subscriptions,
		ClientSideRefresh: true,
	}, nil
}

// tokenSubscriptions are the channels a connection token subscribes to by
// itself. One unknown namespace among them ends the connection.
func (c *clients) tokenSubscriptions(token claims) (map[string]centrifuge.SubscribeOptions, error) {
	subscriptions := map[string]centrifuge.SubscribeOptions{}
	for name, sub := range tokenChannels(token) {
		ch, found := c.names.lookup(name)
		if !found {
			c.log.Warn("connection token names a channel of an unknown namespace", "channel", name)
			return nil, centrifuge.ErrorUnknownChannel
		}
		info, err := payload(sub.Info, sub.Info64)
		if err != nil {
			return nil, centrifuge.ErrorInternal
		}
		data, err := payload(sub.Data, sub.Data64)
		if err != nil {
			return nil, centrifuge.ErrorInternal
		}
		options := subscribeOptions(ch)
		options.ChannelInfo, options.Data, options.Source = info, data, sourceToken
		sub.Override.apply(&options)
		subscriptions[name] = options
	}
	return subscriptions, nil
}

// tokenChannels unites the channels and subs claims; subs knows more.
func tokenChannels(token claims) map[string]subscribeClaims {
	all := map[string]subscribeClaims{}
	for _, name := range token.Channels {
		all[name] = subscribeClaims{}
	}
	maps.Copy(all, token.Subs)
	return all
}

// refresh extends a connection by a new token. When that token's channels
// differ from the present ones the client is sent to reconnect, because
// subscriptions of the server's making begin with the connection.
func (c *clients) refresh(client *centrifuge.Client, e centrifuge.RefreshEvent) (centrifuge.RefreshReply, error) {
	token, err := c.connections.verify(e.Token)
	if errors.Is(err, errTokenExpired) {
		return centrifuge.RefreshReply{Expired: true}, nil
	}
	if err != nil || token.User != client.UserID() {
		c.log.Info("connection token refused at refresh", "client", client.ID())
		return centrifuge.RefreshReply{}, centrifuge.DisconnectInvalidToken
	}
	info, err := payload(token.Info, token.Info64)
	if err != nil {
		return centrifuge.RefreshReply{}, centrifuge.DisconnectInvalidToken
	}
	wanted := tokenChannels(token)
	kept := 0
	for name, present := range client.ChannelsWithContext() {
		if present.Source != sourceToken {
			continue
		}
		if _, still := wanted[name]; !still {
			return centrifuge.RefreshReply{}, centrifuge.DisconnectInsufficientState
		}
		kept++
	}
	if kept != len(wanted) {
		return centrifuge.RefreshReply{}, centrifuge.DisconnectInsufficientState
	}
	return centrifuge.RefreshReply{ExpireAt: token.lifetime(), Info: info}, nil
}

// payload is a claim that comes as JSON or as Base64.
func payload(plain json.RawMessage, base64Text string) ([]byte, error) {
	if base64Text == "" {
		return plain, nil
	}
	return base64.StdEncoding.DecodeString(base64Text)
}

func subscribeOptions(ch channel) centrifuge.SubscribeOptions {
	return centrifuge.SubscribeOptions{
		EmitPresence:      ch.Presence,
		EmitJoinLeave:     ch.JoinLeave,
		PushJoinLeave:     ch.ForcePushJoinLeave,
		EnablePositioning: ch.ForcePositioning,
		EnableRecovery:    ch.ForceRecovery,
		HistoryMetaTTL:    ch.HistoryMetaTTL,
	}
}

func (o override) apply(options *centrifuge.SubscribeOptions) {
	if o.Presence != nil {
		options.EmitPresence = o.Presence.Value
	}
	if o.JoinLeave != nil {
		options.EmitJoinLeave = o.JoinLeave.Value
	}
	if o.ForcePushJoinLeave != nil {
		options.PushJoinLeave = o.ForcePushJoinLeave.Value
	}
	if o.ForceRecovery != nil {
		options.EnableRecovery = o.ForceRecovery.Value
	}
	if o.ForcePositioning != nil {
		options.EnablePositioning = o.ForcePositioning.Value
	}
}
