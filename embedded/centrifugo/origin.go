package main

import (
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"
)

// parseOriginPattern prepares an entry of allowed_origins. A star stands for
// any run of characters except a slash, so https://*.example.com covers the
// subdomains and not example.com itself.
func parseOriginPattern(pattern string) (string, error) {
	if _, err := path.Match(pattern, ""); err != nil {
		return "", fmt.Errorf("origin pattern %q: %w", pattern, err)
	}
	return strings.ToLower(pattern), nil
}

// originCheck admits requests without an Origin header, which come from no
// browser, and those whose origin is listed.
func originCheck(allowed []string) func(*http.Request) bool {
	var patterns []string
	for _, entry := range allowed {
		if pattern, err := parseOriginPattern(entry); err == nil {
			patterns = append(patterns, pattern)
		}
	}
	return func(r *http.Request) bool {
		given := r.Header.Get("Origin")
		if given == "" {
			return true
		}
		origin, err := url.Parse(strings.ToLower(given))
		if err != nil {
			return false
		}
		for _, pattern := range patterns {
			if pattern == "*" {
				return true
			}
			if matched, _ := path.Match(pattern, origin.String()); matched {
				return true
			}
		}
		return false
	}
}
