package main

import (
	"regexp"
	"strings"
)

// wildcard compiles a pattern in which * stands for any run of characters and
// ? for one of them; everything else stands for itself.
func wildcard(pattern string) func(string) bool {
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	return regexp.MustCompile(`(?s)^` + quoted + `$`).MatchString
}
