package main

import (
	"net/http"
	"strings"
)

// originCheck admits requests without an Origin header, which come from no
// browser, and those whose origin is listed. The server's own host is no
// exception. https://*.example.com covers the subdomains, not example.com.
func originCheck(allowed []string) func(*http.Request) bool {
	var matches []func(string) bool
	for _, pattern := range allowed {
		matches = append(matches, wildcard(strings.ToLower(pattern)))
	}
	return func(r *http.Request) bool {
		origin := strings.ToLower(r.Header.Get("Origin"))
		if origin == "" {
			return true
		}
		for _, match := range matches {
			if match(origin) {
				return true
			}
		}
		return false
	}
}
