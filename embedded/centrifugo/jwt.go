package main

import (
	"crypto"
	"crypto/hmac"
	_ "crypto/sha256" // registers HS256
	_ "crypto/sha512" // registers HS384 and HS512
	"encoding/base64"
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	errTokenInvalid = errors.New("token is invalid")
	errTokenExpired = errors.New("token has expired")
)

// claims is the union of what connection and subscription tokens carry.
type claims struct {
	User     string          `json:"sub"`
	Channel  string          `json:"channel"`
	Info     json.RawMessage `json:"info"`
	Info64   string          `json:"b64info"`
	Override override        `json:"override"`

	Channels []string                   `json:"channels"`
	Subs     map[string]subscribeClaims `json:"subs"`

	ExpiresAt *numericDate `json:"exp"`
	NotBefore *numericDate `json:"nbf"`
	Audience  audience     `json:"aud"`
	Issuer    string       `json:"iss"`
	// ExpireAt replaces exp as the time at which the connection or subscription
	// ends; 0 means never. The token itself still expires by exp.
	ExpireAt *int64 `json:"expire_at"`
}

// subscribeClaims configures one server-side subscription.
type subscribeClaims struct {
	Info     json.RawMessage `json:"info"`
	Info64   string          `json:"b64info"`
	Data     json.RawMessage `json:"data"`
	Data64   string          `json:"b64data"`
	Override override        `json:"override"`
}

// override lets a token change options of its channel for one subscription.
type override struct {
	Presence           *struct{ Value bool } `json:"presence"`
	JoinLeave          *struct{ Value bool } `json:"join_leave"`
	ForcePushJoinLeave *struct{ Value bool } `json:"force_push_join_leave"`
	ForceRecovery      *struct{ Value bool } `json:"force_recovery"`
	ForcePositioning   *struct{ Value bool } `json:"force_positioning"`
}

// lifetime is the Unix second at which what the token grants ends, 0 for never.
func (c claims) lifetime() int64 {
	switch {
	case c.ExpireAt != nil:
		return *c.ExpireAt
	case c.ExpiresAt != nil:
		return time.Time(*c.ExpiresAt).Unix()
	default:
		return 0
	}
}

// numericDate is seconds since 1970, perhaps with a fraction.
type numericDate time.Time

func (d *numericDate) UnmarshalJSON(text []byte) error {
	var seconds float64
	if err := json.Unmarshal(text, &seconds); err != nil {
		return err
	}
	*d = numericDate(time.UnixMilli(int64(seconds * 1000)))
	return nil
}

// audience is one name or a list of them.
type audience []string

func (a *audience) UnmarshalJSON(text []byte) error {
	var one string
	if json.Unmarshal(text, &one) == nil {
		*a = audience{one}
		return nil
	}
	return json.Unmarshal(text, (*[]string)(a))
}

// verifier checks the tokens of one kind. Only HMAC is supported: it is what
// this product signs with.
type verifier struct {
	cfg           tokenConfig
	audienceRegex *regexp.Regexp
	issuerRegex   *regexp.Regexp
	wantsChannel  bool
	now           func() time.Time
}

// newVerifier makes a checker for subscription tokens, which must name a
// channel, or for connection tokens, which must not.
func newVerifier(cfg tokenConfig, wantsChannel bool) verifier {
	v := verifier{cfg: cfg, wantsChannel: wantsChannel, now: time.Now}
	if cfg.AudienceRegex != "" {
		v.audienceRegex = regexp.MustCompile(cfg.AudienceRegex)
	}
	if cfg.IssuerRegex != "" {
		v.issuerRegex = regexp.MustCompile(cfg.IssuerRegex)
	}
	return v
}

// verify returns the claims, errTokenInvalid or errTokenExpired. Expiry is
// looked at last, since only a token that is right in every other way is worth
// renewing. A token from the future counts as expired, as it does in Centrifugo.
func (v verifier) verify(token string) (claims, error) {
	var c claims
	signed, payload, ok := v.openSigned(token)
	if !ok || !signed || json.Unmarshal(payload, &c) != nil {
		return claims{}, errTokenInvalid
	}
	if !v.issuedForUs(c) || (c.Channel != "") != v.wantsChannel {
		return claims{}, errTokenInvalid
	}
	now := v.now()
	if c.ExpiresAt != nil && !time.Time(*c.ExpiresAt).After(now) {
		return claims{}, errTokenExpired
	}
	if c.NotBefore != nil && !time.Time(*c.NotBefore).Before(now) {
		return claims{}, errTokenExpired
	}
	return c, nil
}

func (v verifier) issuedForUs(c claims) bool {
	if v.cfg.Audience != "" && !slices.Contains(c.Audience, v.cfg.Audience) {
		return false
	}
	if v.audienceRegex != nil && !slices.ContainsFunc(c.Audience, v.audienceRegex.MatchString) {
		return false
	}
	if v.cfg.Issuer != "" && c.Issuer != v.cfg.Issuer {
		return false
	}
	return v.issuerRegex == nil || v.issuerRegex.MatchString(c.Issuer)
}

// openSigned splits a token, reports whether one of our keys signed it, and
// returns its payload. ok is false for what is no token at all.
func (v verifier) openSigned(token string) (signed bool, payload []byte, ok bool) {
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return false, nil, false
	}
	var decoded [3][]byte
	for i, part := range parts {
		var err error
		if decoded[i], err = base64.RawURLEncoding.DecodeString(part); err != nil {
			return false, nil, false
		}
	}
	var header struct {
		Algorithm string `json:"alg"`
	}
	if json.Unmarshal(decoded[0], &header) != nil {
		return false, nil, false
	}
	hash, known := map[string]crypto.Hash{"HS256": crypto.SHA256, "HS384": crypto.SHA384, "HS512": crypto.SHA512}[header.Algorithm]
	if !known {
		return false, nil, false
	}
	signingInput := token[:strings.LastIndexByte(token, '.')]
	for _, key := range v.keys() {
		mac := hmac.New(hash.New, []byte(key))
		mac.Write([]byte(signingInput))
		signed = signed || hmac.Equal(mac.Sum(nil), decoded[2])
	}
	return signed, decoded[1], true
}

// keys is empty when no secret is configured: then no token is valid.
func (v verifier) keys() []string {
	var keys []string
	if v.cfg.HMACSecretKey != "" {
		keys = append(keys, v.cfg.HMACSecretKey)
	}
	until := v.cfg.HMACPreviousSecretKeyValidUntil
	if v.cfg.HMACPreviousSecretKey != "" && (until == 0 || v.now().Unix() < until) {
		keys = append(keys, v.cfg.HMACPreviousSecretKey)
	}
	return keys
}
