package main

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"github.com/centrifugal/centrifuge"
)

// broadcastWidth bounds how many channels one broadcast publishes to at once.
const broadcastWidth = 1024

// surveyTimeout bounds the wait for nodes that do not answer.
const surveyTimeout = 5 * time.Second

// api holds the commands of the HTTP API. Each returns its result or one of
// the library's numbered errors; names and policy come from the configuration.
type api struct {
	node  *centrifuge.Node
	names *channels
	log   *slog.Logger
}

func newAPI(node *centrifuge.Node, names *channels, log *slog.Logger) *api {
	return &api{node: node, names: names, log: log}
}

// failure turns an engine error into what the caller sees. Anything without a
// number of its own is an internal error (100), which callers may retry.
func (a *api) failure(command, channel string, err error) *centrifuge.Error {
	var numbered *centrifuge.Error
	if errors.As(err, &numbered) {
		return numbered
	}
	a.log.Error("command failed in the engine", "command", command, "channel", channel, "error", err.Error())
	return centrifuge.ErrorInternal
}

// channel finds the configuration of a channel named by a command.
func (a *api) channel(name string) (channel, *centrifuge.Error) {
	if name == "" {
		return channel{}, centrifuge.ErrorBadRequest
	}
	ch, found := a.names.lookup(name)
	if !found {
		return channel{}, centrifuge.ErrorUnknownChannel
	}
	return ch, nil
}

func (a *api) publish(req publishRequest) (*publishResult, *centrifuge.Error) {
	data, ok := req.body()
	if !ok {
		return nil, centrifuge.ErrorBadRequest
	}
	return a.publishTo(req.Channel, data, req.publication)
}

// publishTo cannot tell whether the engine delivered or suppressed the
// publication: a repeat of a key answers with the first offset, a stale
// version with the channel's present top.
func (a *api) publishTo(name string, data []byte, p publication) (*publishResult, *centrifuge.Error) {
	ch, fault := a.channel(name)
	if fault != nil {
		return nil, fault
	}
	if !a.names.acceptsData(ch, data) {
		return nil, centrifuge.ErrorBadRequest
	}
	result, err := a.node.Publish(name, data,
		historyOptions(ch, p.SkipHistory),
		centrifuge.WithIdempotencyKey(p.IdempotencyKey),
		centrifuge.WithVersion(p.Version, p.VersionEpoch),
		centrifuge.WithDelta(p.Delta),
		centrifuge.WithTags(p.Tags),
	)
	if err != nil {
		return nil, a.failure("publish", name, err)
	}
	return &publishResult{Offset: result.Offset, Epoch: result.Epoch}, nil
}

// broadcast publishes to its channels at the same time. Each channel succeeds
// or fails for itself, in the order they were listed.
func (a *api) broadcast(req broadcastRequest) (*broadcastResult, *centrifuge.Error) {
	data, ok := req.body()
	if !ok || len(req.Channels) == 0 {
		return nil, centrifuge.ErrorBadRequest
	}
	responses := make([]publishResponse, len(req.Channels))
	slots := make(chan struct{}, broadcastWidth)
	var running sync.WaitGroup
	for i, name := range req.Channels {
		slots <- struct{}{}
		running.Go(func() {
			defer func() { <-slots }()
			result, fault := a.publishTo(name, data, req.publication)
			if fault != nil {
				responses[i] = publishResponse{Error: toAPIError(fault)}
				return
			}
			responses[i] = publishResponse{Result: result}
		})
	}
	running.Wait()
	return &broadcastResult{Responses: responses}, nil
}

// unsubscribe without a user means the anonymous ones, as in Centrifugo.
func (a *api) unsubscribe(req unsubscribeRequest) (*empty, *centrifuge.Error) {
	if req.Channel != "" {
		if _, fault := a.channel(req.Channel); fault != nil {
			return nil, fault
		}
	}
	err := a.node.Unsubscribe(req.User, req.Channel,
		centrifuge.WithUnsubscribeClient(req.Client), centrifuge.WithUnsubscribeSession(req.Session))
	if err != nil {
		return nil, a.failure("unsubscribe", req.Channel, err)
	}
	return &empty{}, nil
}

func (a *api) disconnect(req disconnectRequest) (*empty, *centrifuge.Error) {
	how := centrifuge.DisconnectForceNoReconnect
	if req.Disconnect != nil {
		how = centrifuge.Disconnect{Code: req.Disconnect.Code, Reason: req.Disconnect.Reason}
	}
	err := a.node.Disconnect(req.User, centrifuge.WithCustomDisconnect(how),
		centrifuge.WithDisconnectClient(req.Client), centrifuge.WithDisconnectSession(req.Session),
		centrifuge.WithDisconnectClientWhitelist(req.Whitelist))
	if err != nil {
		return nil, a.failure("disconnect", "", err)
	}
	return &empty{}, nil
}

func (a *api) history(req historyRequest) (*historyResult, *centrifuge.Error) {
	ch, fault := a.channel(req.Channel)
	if fault != nil {
		return nil, fault
	}
	if !ch.hasHistory() {
		return nil, centrifuge.ErrorNotAvailable
	}
	var since *centrifuge.StreamPosition
	if req.Since != nil {
		since = &centrifuge.StreamPosition{Offset: req.Since.Offset, Epoch: req.Since.Epoch}
	}
	found, err := a.node.History(req.Channel,
		centrifuge.WithLimit(int(req.Limit)), centrifuge.WithSince(since),
		centrifuge.WithReverse(req.Reverse), centrifuge.WithHistoryMetaTTL(ch.HistoryMetaTTL))
	if err != nil {
		return nil, a.failure("history", req.Channel, err)
	}
	stored := make([]storedPublication, len(found.Publications))
	for i, p := range found.Publications {
		stored[i] = storedPublication{Data: p.Data, Offset: p.Offset, Tags: p.Tags}
		if p.Info != nil {
			info := toClientInfo(p.Info)
			stored[i].Info = &info
		}
	}
	return &historyResult{Publications: stored, Epoch: found.Epoch, Offset: found.Offset}, nil
}

// historyRemove leaves epoch, offset and version fence of the channel alone.
func (a *api) historyRemove(req channelRequest) (*empty, *centrifuge.Error) {
	ch, fault := a.channel(req.Channel)
	if fault != nil {
		return nil, fault
	}
	if !ch.hasHistory() {
		return nil, centrifuge.ErrorNotAvailable
	}
	if err := a.node.RemoveHistory(req.Channel); err != nil {
		return nil, a.failure("history_remove", req.Channel, err)
	}
	return &empty{}, nil
}

func (a *api) presence(req channelRequest) (*presenceResult, *centrifuge.Error) {
	ch, fault := a.channel(req.Channel)
	if fault != nil {
		return nil, fault
	}
	if !ch.Presence {
		return nil, centrifuge.ErrorNotAvailable
	}
	found, err := a.node.Presence(req.Channel)
	if err != nil {
		return nil, a.failure("presence", req.Channel, err)
	}
	present := make(map[string]clientInfo, len(found.Presence))
	for client, info := range found.Presence {
		present[client] = toClientInfo(info)
	}
	return &presenceResult{Presence: present}, nil
}

func (a *api) presenceStats(req channelRequest) (*presenceStatsResult, *centrifuge.Error) {
	ch, fault := a.channel(req.Channel)
	if fault != nil {
		return nil, fault
	}
	if !ch.Presence {
		return nil, centrifuge.ErrorNotAvailable
	}
	found, err := a.node.PresenceStats(req.Channel)
	if err != nil {
		return nil, a.failure("presence_stats", req.Channel, err)
	}
	return &presenceStatsResult{NumClients: found.NumClients, NumUsers: found.NumUsers}, nil
}

// info is gathered by the nodes every few seconds: a count may lag.
func (a *api) info(empty) (*infoResult, *centrifuge.Error) {
	found, err := a.node.Info()
	if err != nil {
		return nil, a.failure("info", "", err)
	}
	nodes := make([]nodeInfo, len(found.Nodes))
	for i, n := range found.Nodes {
		nodes[i] = nodeInfo{
			UID: n.UID, Name: n.Name, Version: n.Version, Uptime: n.Uptime,
			NumClients: n.NumClients, NumUsers: n.NumUsers, NumSubs: n.NumSubs, NumChannels: n.NumChannels,
		}
		if n.Metrics != nil {
			nodes[i].Metrics = &nodeMetrics{Interval: n.Metrics.Interval, Items: n.Metrics.Items}
		}
	}
	return &infoResult{Nodes: nodes}, nil
}

func (a *api) channels(req channelsRequest) (*channelsResult, *centrifuge.Error) {
	ctx, cancel := context.WithTimeout(context.Background(), surveyTimeout)
	defer cancel()
	found, err := surveyChannels(ctx, a.node, req.Pattern)
	if err != nil {
		return nil, a.failure("channels", "", err)
	}
	return &channelsResult{Channels: found}, nil
}
