package main

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"github.com/centrifugal/centrifuge"
)

func (o channelOptions) hasHistory() bool {
	return o.HistorySize > 0 && o.HistoryTTL > 0
}

// channels answers what a channel's name means under the configuration.
type channels struct {
	cfg     channelConfig
	byName  map[string]*channelOptions
	regexes map[string]*regexp.Regexp
}

// newChannels expects a configuration that validate has passed.
func newChannels(cfg channelConfig) *channels {
	c := &channels{cfg: cfg, byName: map[string]*channelOptions{}, regexes: map[string]*regexp.Regexp{}}
	compile := func(pattern string) {
		if pattern != "" {
			c.regexes[pattern] = regexp.MustCompile(pattern)
		}
	}
	compile(cfg.WithoutNamespace.ChannelRegex)
	for i, space := range cfg.Namespaces {
		c.byName[space.Name] = &cfg.Namespaces[i].channelOptions
		compile(space.ChannelRegex)
	}
	return c
}

// channel is a name with its meaning looked up.
type channel struct {
	*channelOptions
	name string
	// local is what follows the namespace, or the whole name without one.
	local   string
	private bool
}

// lookup reports false when the name belongs to a namespace that is not
// configured. A private prefix is no part of the namespace.
func (c *channels) lookup(name string) (channel, bool) {
	bare := strings.TrimPrefix(name, c.cfg.PrivatePrefix)
	found := channel{name: name, local: bare, private: c.cfg.PrivatePrefix != "" && bare != name}
	space := ""
	if c.cfg.NamespaceBoundary != "" {
		if before, after, cut := strings.Cut(bare, c.cfg.NamespaceBoundary); cut {
			space, found.local = before, after
		}
	}
	if space == "" {
		found.channelOptions = &c.cfg.WithoutNamespace
		return found, true
	}
	found.channelOptions = c.byName[space]
	return found, found.channelOptions != nil
}

// namespaceLabel is the metrics label of a channel.
func (c *channels) namespaceLabel(name string) string {
	bare := strings.TrimPrefix(name, c.cfg.PrivatePrefix)
	if space, _, cut := strings.Cut(bare, c.cfg.NamespaceBoundary); cut && c.byName[space] != nil {
		return space
	}
	return ""
}

// wellFormed holds names that clients use to the namespace's expression, or to
// ASCII where there is none. The server API may use any name.
func (c *channels) wellFormed(ch channel) bool {
	if ch.ChannelRegex != "" {
		return c.regexes[ch.ChannelRegex].MatchString(ch.local)
	}
	return !strings.ContainsFunc(ch.name, func(r rune) bool { return r > 127 })
}

// userLimited tells whether the name carries a list of users, as in
// chat:#42 or dialog#42,43, and whether the given one is on it.
func (c *channels) userLimited(ch channel, user string) (limited, allowed bool) {
	if c.cfg.UserBoundary == "" {
		return false, false
	}
	at := strings.LastIndex(ch.name, c.cfg.UserBoundary)
	if at < 0 {
		return false, false
	}
	list := ch.name[at+len(c.cfg.UserBoundary):]
	if c.cfg.UserSeparator == "" {
		return true, list == user
	}
	return true, slices.Contains(strings.Split(list, c.cfg.UserSeparator), user)
}

// acceptsData checks a publication's body against the configured format. The
// namespace's word counts before the general one.
func (c *channels) acceptsData(ch channel, data []byte) bool {
	format := ch.PublicationDataFormat
	if format == "" {
		format = c.cfg.PublicationDataFormat
	}
	switch format {
	case "json":
		return json.Valid(data)
	case "json_object":
		return json.Valid(data) && strings.HasPrefix(strings.TrimLeft(string(data), " \t\r\n"), "{")
	case "binary":
		return true
	default:
		return len(data) > 0
	}
}

// historyOptions makes a publication part of the channel's history, unless the
// channel has none or the publication is to skip it. A metadata lifetime of
// zero lets the node's own apply.
func historyOptions(ch channel, skip bool) centrifuge.PublishOption {
	if skip || !ch.hasHistory() {
		return centrifuge.WithHistory(0, 0)
	}
	return centrifuge.WithHistory(ch.HistorySize, ch.HistoryTTL, ch.HistoryMetaTTL)
}
