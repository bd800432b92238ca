package main

import (
	"errors"

	"github.com/centrifugal/centrifuge"
)

// subscribe decides about one channel, in Centrifugo's order: the namespace
// must exist (102), the name be well formed (107), and then a token, a list of
// users in the name, or a permission of the namespace must open it (103).
func (c *clients) subscribe(client *centrifuge.Client, e centrifuge.SubscribeEvent) (centrifuge.SubscribeReply, error) {
	ch, found := c.names.lookup(e.Channel)
	if !found {
		return centrifuge.SubscribeReply{}, centrifuge.ErrorUnknownChannel
	}
	if !c.names.wellFormed(ch) {
		return centrifuge.SubscribeReply{}, centrifuge.ErrorBadRequest
	}
	options := subscribeOptions(ch)
	if e.Token != "" {
		token, err := c.subscriptionToken(client, e.Channel, e.Token)
		if err != nil {
			return centrifuge.SubscribeReply{}, err
		}
		if options.ChannelInfo, err = payload(token.Info, token.Info64); err != nil {
			return centrifuge.SubscribeReply{}, centrifuge.ErrorPermissionDenied
		}
		options.ExpireAt = token.lifetime()
		token.Override.apply(&options)
	} else if !c.mayEnter(client, ch) {
		c.log.Info("subscribe refused", "channel", e.Channel, "user", client.UserID(), "client", client.ID())
		return centrifuge.SubscribeReply{}, centrifuge.ErrorPermissionDenied
	}
	// What the client asks for beyond the namespace's own settings.
	options.EnablePositioning = options.EnablePositioning || (e.Positioned && ch.AllowPositioning)
	options.EnableRecovery = options.EnableRecovery || (e.Recoverable && ch.AllowRecovery)
	options.PushJoinLeave = options.PushJoinLeave || (e.JoinLeave && c.may(client, ch, presenceRights))
	return centrifuge.SubscribeReply{Options: options, ClientSideRefresh: true}, nil
}

// subscriptionToken verifies a token against the client that brings it. A
// token for another channel or another user is an attempt at something and
// ends the connection (3500); a bad one is a refusal (103); an old one asks
// for a new one (109).
func (c *clients) subscriptionToken(client *centrifuge.Client, name, text string) (claims, error) {
	token, err := c.subscribes.verify(text)
	switch {
	case errors.Is(err, errTokenExpired):
		return claims{}, centrifuge.ErrorTokenExpired
	case err != nil:
		c.log.Info("subscription token refused", "channel", name, "client", client.ID())
		return claims{}, centrifuge.ErrorPermissionDenied
	case token.Channel != name || token.User != client.UserID():
		c.log.Info("subscription token is for another channel or user", "channel", name, "client", client.ID())
		return claims{}, centrifuge.DisconnectInvalidToken
	}
	return token, nil
}

// mayEnter decides about a subscription without a token.
func (c *clients) mayEnter(client *centrifuge.Client, ch channel) bool {
	if ch.private {
		return false
	}
	if limited, allowed := c.names.userLimited(ch, client.UserID()); limited && ch.AllowUserLimitedChannels {
		return allowed
	}
	return c.may(client, ch, subscribeRights) || c.cfg.Insecure
}

// subRefresh extends a subscription. A bad token, which is only a refusal to
// enter, ends the connection of somebody who is inside.
func (c *clients) subRefresh(client *centrifuge.Client, e centrifuge.SubRefreshEvent) (centrifuge.SubRefreshReply, error) {
	token, err := c.subscriptionToken(client, e.Channel, e.Token)
	if errors.Is(err, centrifuge.ErrorTokenExpired) {
		return centrifuge.SubRefreshReply{Expired: true}, nil
	}
	if err != nil {
		return centrifuge.SubRefreshReply{}, centrifuge.DisconnectInvalidToken
	}
	info, err := payload(token.Info, token.Info64)
	if err != nil {
		return centrifuge.SubRefreshReply{}, centrifuge.DisconnectInvalidToken
	}
	return centrifuge.SubRefreshReply{ExpireAt: token.lifetime(), Info: info}, nil
}

// rights are the three flags that open one operation: to every client, to
// those subscribed to the channel, and to the nameless among them.
type rights func(channel) (client, subscriber, anonymous bool)

func subscribeRights(ch channel) (client, subscriber, anonymous bool) {
	return ch.AllowSubscribeForClient, false, ch.AllowSubscribeForAnonymous
}

func publishRights(ch channel) (client, subscriber, anonymous bool) {
	return ch.AllowPublishForClient, ch.AllowPublishForSubscriber, ch.AllowPublishForAnonymous
}

func presenceRights(ch channel) (client, subscriber, anonymous bool) {
	return ch.AllowPresenceForClient, ch.AllowPresenceForSubscriber, ch.AllowPresenceForAnonymous
}

func historyRights(ch channel) (client, subscriber, anonymous bool) {
	return ch.AllowHistoryForClient, ch.AllowHistoryForSubscriber, ch.AllowHistoryForAnonymous
}

func (c *clients) may(client *centrifuge.Client, ch channel, of rights) bool {
	anyone, subscriber, anonymous := of(ch)
	if client.UserID() == "" && !anonymous {
		return false
	}
	return anyone || (subscriber && client.IsSubscribed(ch.name))
}

// reach looks up the channel of one of the calls below. The name is judged
// first, then whether the channel has the feature at all, then the right.
func (c *clients) reach(client *centrifuge.Client, name string, of rights, available func(channel) bool) (channel, error) {
	ch, found := c.names.lookup(name)
	switch {
	case !found:
		return channel{}, centrifuge.ErrorUnknownChannel
	case !c.names.wellFormed(ch):
		return channel{}, centrifuge.ErrorBadRequest
	case !available(ch):
		return channel{}, centrifuge.ErrorNotAvailable
	case !c.may(client, ch, of) && !c.cfg.Insecure:
		return channel{}, centrifuge.ErrorPermissionDenied
	}
	return ch, nil
}

func always(channel) bool           { return true }
func keepsHistory(ch channel) bool  { return ch.hasHistory() }
func keepsPresence(ch channel) bool { return ch.Presence }

func (c *clients) publish(client *centrifuge.Client, e centrifuge.PublishEvent) (centrifuge.PublishReply, error) {
	ch, err := c.reach(client, e.Channel, publishRights, always)
	if err != nil {
		return centrifuge.PublishReply{}, err
	}
	if !c.names.acceptsData(ch, e.Data) {
		return centrifuge.PublishReply{}, centrifuge.ErrorBadRequest
	}
	result, err := c.node.Publish(e.Channel, e.Data, centrifuge.WithClientInfo(e.ClientInfo), historyOptions(ch, false))
	return centrifuge.PublishReply{Result: &result}, err
}

// The three below hand an empty reply back when the call is allowed: the
// library then reads for itself, within the limits it was configured with.

func (c *clients) history(client *centrifuge.Client, e centrifuge.HistoryEvent) (centrifuge.HistoryReply, error) {
	_, err := c.reach(client, e.Channel, historyRights, keepsHistory)
	return centrifuge.HistoryReply{}, err
}

func (c *clients) presence(client *centrifuge.Client, name string) (centrifuge.PresenceReply, error) {
	_, err := c.reach(client, name, presenceRights, keepsPresence)
	return centrifuge.PresenceReply{}, err
}

func (c *clients) presenceStats(client *centrifuge.Client, name string) (centrifuge.PresenceStatsReply, error) {
	_, err := c.reach(client, name, presenceRights, keepsPresence)
	return centrifuge.PresenceStatsReply{}, err
}
