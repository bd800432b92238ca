package main

import (
	"strings"
	"testing"
)

func TestABatchGoesOnAfterABadCommandAndKeepsItsPlaces(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.api("batch", `{"commands":[
		{"publish":{"channel":"conversation:b","data":1}},
		{"publish":{"channel":"nowhere:b","data":1}},
		{"publish":{"channel":"conversation:b"}},
		{"publish":{"channel":"","data":1}},
		null,
		{"publish":{"channel":"object:b","data":1}},
		{"nope":{}},
		{},
		{"batch":{"commands":[]}},
		{"publish":null},
		{"Publish":{"channel":"conversation:b","data":2}},
		{"unsubscribe":{"user":"u","channel":"conversation:b"}},
		{"disconnect":{"user":"u"}},
		{"presence_stats":{"channel":"conversation:b"}},
		{"history":{"channel":"conversation:b"}},
		{"history":{"channel":"conversation:never"}},
		{"broadcast":{"channels":["open:a"],"data":1}},
		{"history":{"channel":"conversation:b"},"publish":{"channel":"conversation:b","data":3}}
	]}`)
	want := `{"replies":[` + strings.Join([]string{
		`{"publish":{"offset":1,"epoch":"E"}}`,
		`{"error":{"code":102,"message":"unknown channel"}}`,
		`{"error":{"code":107,"message":"bad request"}}`,
		`{"error":{"code":107,"message":"bad request"}}`,
		`{"error":{"code":107,"message":"bad request"}}`,
		`{"error":{"code":107,"message":"bad request"}}`,
		`{"error":{"code":104,"message":"not found"}}`,
		`{"error":{"code":104,"message":"not found"}}`,
		`{"error":{"code":104,"message":"not found"}}`,
		`{"error":{"code":104,"message":"not found"}}`,
		`{"publish":{"offset":2,"epoch":"E"}}`,
		`{"unsubscribe":{}}`,
		`{"disconnect":{}}`,
		`{"presence_stats":{"num_clients":0,"num_users":0}}`,
		`{"history":{"publications":[],"epoch":"E","offset":2}}`,
		`{"history":{"publications":[],"epoch":"E","offset":0}}`,
		`{"broadcast":{"responses":[{"result":{}}]}}`,
		`{"publish":{"offset":3,"epoch":"E"}}`,
	}, ",") + `]}`
	equal(t, "replies", got, want)
}

func TestAnEmptyBatchHasNoReplies(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, body := range []string{`{}`, `{"commands":[]}`, `{"commands":null}`} {
		equal(t, body, s.api("batch", body), `{}`)
	}
}

func TestOneValueOfTheWrongTypeStopsTheWholeBatchBeforeItRuns(t *testing.T) {
	t.Parallel()
	s := start(t)
	for _, poison := range []string{
		`{"publish":{"channel":"conversation:t","data":1,"version":"5"}}`,
		`{"publish":{"channel":"conversation:t","data":1,"version":-1}}`,
		`{"publish":{"channel":"conversation:t","data":1,"version":1.5}}`,
		`{"publish":{"channel":"conversation:t","data":1,"tags":{"a":1}}}`,
		`{"publish":{"channel":"conversation:t","data":1},"history":{"channel":5}}`,
		`"publish"`,
	} {
		body := `{"commands":[{"publish":{"channel":"conversation:t","data":1}},` + poison + `]}`
		if got := s.request("POST", "/api/batch", body, withKey); got != (answer{400, plainText, "Bad Request\n"}) {
			t.Errorf("%s: %+v", poison, got)
		}
	}
	equal(t, "nothing was published", s.api("history", `{"channel":"conversation:t","limit":-1}`),
		`{"result":{"publications":[],"epoch":"E","offset":0}}`)
}

func TestASequentialBatchIsHeardInOrder(t *testing.T) {
	t.Parallel()
	s := start(t)
	listener := s.connect("u")
	listener.subscribe("u", "conversation:order")
	var commands []string
	for range 200 {
		commands = append(commands, `{"publish":{"channel":"conversation:order","data":{}}}`)
	}
	s.api("batch", `{"commands":[`+strings.Join(commands, ",")+`]}`)
	for want := uint64(1); want <= 200; want++ {
		if got := listener.nextPublication().Offset; got != want {
			t.Fatalf("offset %d where %d was due", got, want)
		}
	}
}

func TestAParallelBatchAnswersByPlace(t *testing.T) {
	t.Parallel()
	s := start(t)
	got := s.api("batch", `{"parallel":true,"commands":[{"publish":{"channel":"open:p","data":1}},{"nope":{}},{"presence_stats":{"channel":"conversation:p"}}]}`)
	equal(t, "replies", got, `{"replies":[{"publish":{}},{"error":{"code":104,"message":"not found"}},{"presence_stats":{"num_clients":0,"num_users":0}}]}`)
}
