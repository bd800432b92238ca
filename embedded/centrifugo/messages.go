package main

import (
	"encoding/base64"
	"encoding/json"

	"github.com/centrifugal/centrifuge"
)

// The requests and replies of the HTTP API. Decoding is encoding/json's: keys
// match in any case, unknown ones are ignored, and a value of the wrong type
// fails the whole body.

type publishRequest struct {
	Channel string `json:"channel"`
	publication
}

type broadcastRequest struct {
	Channels []string `json:"channels"`
	publication
}

// publication is what publish and broadcast have in common.
type publication struct {
	Data           json.RawMessage   `json:"data"`
	Data64         string            `json:"b64data"`
	SkipHistory    bool              `json:"skip_history"`
	Tags           map[string]string `json:"tags"`
	IdempotencyKey string            `json:"idempotency_key"`
	Delta          bool              `json:"delta"`
	Version        uint64            `json:"version"`
	VersionEpoch   string            `json:"version_epoch"`
}

// body is the publication's payload, false when the Base64 form is malformed.
func (p publication) body() ([]byte, bool) {
	if p.Data64 == "" {
		return p.Data, true
	}
	data, err := base64.StdEncoding.DecodeString(p.Data64)
	return data, err == nil
}

// publishResult stays empty for a channel without history.
type publishResult struct {
	Offset uint64 `json:"offset,omitempty"`
	Epoch  string `json:"epoch,omitempty"`
}

type broadcastResult struct {
	Responses []publishResponse `json:"responses"`
}

type publishResponse struct {
	Error  *apiError      `json:"error,omitempty"`
	Result *publishResult `json:"result,omitempty"`
}

type unsubscribeRequest struct {
	User    string `json:"user"`
	Channel string `json:"channel"`
	Client  string `json:"client"`
	Session string `json:"session"`
}

type disconnectRequest struct {
	User       string   `json:"user"`
	Client     string   `json:"client"`
	Session    string   `json:"session"`
	Whitelist  []string `json:"whitelist"`
	Disconnect *struct {
		Code   uint32 `json:"code"`
		Reason string `json:"reason"`
	} `json:"disconnect"`
}

type channelRequest struct {
	Channel string `json:"channel"`
}

type presenceResult struct {
	Presence map[string]clientInfo `json:"presence"`
}

type clientInfo struct {
	User     string          `json:"user"`
	Client   string          `json:"client"`
	ConnInfo json.RawMessage `json:"conn_info,omitempty"`
	ChanInfo json.RawMessage `json:"chan_info,omitempty"`
}

func toClientInfo(info *centrifuge.ClientInfo) clientInfo {
	return clientInfo{User: info.UserID, Client: info.ClientID, ConnInfo: info.ConnInfo, ChanInfo: info.ChanInfo}
}

type presenceStatsResult struct {
	NumClients int `json:"num_clients"`
	NumUsers   int `json:"num_users"`
}

type historyRequest struct {
	Channel string          `json:"channel"`
	Limit   int32           `json:"limit"`
	Reverse bool            `json:"reverse"`
	Since   *streamPosition `json:"since"`
}

type streamPosition struct {
	Offset uint64 `json:"offset"`
	Epoch  string `json:"epoch"`
}

type historyResult struct {
	Publications []storedPublication `json:"publications"`
	Epoch        string              `json:"epoch"`
	Offset       uint64              `json:"offset"`
}

type storedPublication struct {
	Data   json.RawMessage   `json:"data"`
	Info   *clientInfo       `json:"info,omitempty"`
	Offset uint64            `json:"offset,omitempty"`
	Tags   map[string]string `json:"tags,omitempty"`
}

type infoResult struct {
	Nodes []nodeInfo `json:"nodes"`
}

type nodeInfo struct {
	UID         string       `json:"uid"`
	Name        string       `json:"name"`
	Version     string       `json:"version"`
	NumClients  uint32       `json:"num_clients"`
	NumUsers    uint32       `json:"num_users"`
	NumSubs     uint32       `json:"num_subs"`
	NumChannels uint32       `json:"num_channels"`
	Uptime      uint32       `json:"uptime,omitempty"`
	Metrics     *nodeMetrics `json:"metrics,omitempty"`
}

type nodeMetrics struct {
	Interval float64            `json:"interval"`
	Items    map[string]float64 `json:"items"`
}

type channelsRequest struct {
	Pattern string `json:"pattern"`
}

type channelsResult struct {
	Channels map[string]channelInfo `json:"channels"`
}

type channelInfo struct {
	NumClients int `json:"num_clients"`
}

type empty struct{}

// apiError is an error as the HTTP API writes it.
type apiError struct {
	Code    uint32 `json:"code"`
	Message string `json:"message"`
}

func toAPIError(err *centrifuge.Error) *apiError {
	return &apiError{Code: err.Code, Message: err.Message}
}
