package main

import (
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"sync"

	"github.com/centrifugal/centrifuge"
)

type batchRequest struct {
	Commands []json.RawMessage `json:"commands"`
	Parallel bool              `json:"parallel"`
}

// batchReply has no replies key at all when the batch was empty.
type batchReply struct {
	Replies []map[string]any `json:"replies,omitempty"`
}

// serveBatch reads every command before it runs the first: one value of the
// wrong type anywhere answers 400 and nothing is done. A command that merely
// fails gets an error at its place and the rest go on.
func (a *api) serveBatch(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var request batchRequest
	if err == nil {
		err = json.Unmarshal(body, &request)
	}
	if err != nil {
		badRequest(w)
		return
	}
	methods := a.methods()
	steps := make([]step, len(request.Commands))
	for i, element := range request.Commands {
		if steps[i], err = readStep(methods, element); err != nil {
			badRequest(w)
			return
		}
	}
	writeJSON(w, http.StatusOK, batchReply{Replies: runSteps(steps, request.Parallel)})
}

// step is one element of a batch: a command, or the fault that it has none.
type step struct {
	name  string
	run   command
	fault *centrifuge.Error
}

// errNoSuchMethod has words of its own here: the library's is "method not found".
var errNoSuchMethod = &centrifuge.Error{Code: centrifuge.ErrorMethodNotFound.Code, Message: "not found"}

// readStep decodes every method an element names and keeps the first by
// precedence. A null element is a bad request, an object without a known
// method is a method not found.
func readStep(methods []method, element json.RawMessage) (step, error) {
	if string(element) == "null" {
		return step{fault: centrifuge.ErrorBadRequest}, nil
	}
	var named map[string]json.RawMessage
	if err := json.Unmarshal(element, &named); err != nil {
		return step{}, err
	}
	chosen := step{fault: errNoSuchMethod}
	for _, m := range methods {
		request, given := requestOf(named, m.name)
		if !given {
			continue
		}
		run, err := m.decode(request)
		if err != nil {
			return step{}, err
		}
		if chosen.run == nil {
			chosen = step{name: m.name, run: run}
		}
	}
	return chosen, nil
}

// requestOf finds a method's request in any spelling of its case; null counts
// as absent.
func requestOf(named map[string]json.RawMessage, method string) (json.RawMessage, bool) {
	request, given := named[method]
	for key, value := range named {
		if !given && strings.EqualFold(key, method) {
			request, given = value, true
		}
	}
	return request, given && string(request) != "null"
}

// runSteps keeps the order of execution unless parallel is asked for, and the
// order of replies always.
func runSteps(steps []step, parallel bool) []map[string]any {
	replies := make([]map[string]any, len(steps))
	if !parallel {
		for i, s := range steps {
			replies[i] = s.reply()
		}
		return replies
	}
	var running sync.WaitGroup
	for i, s := range steps {
		running.Go(func() { replies[i] = s.reply() })
	}
	running.Wait()
	return replies
}

func (s step) reply() map[string]any {
	if s.fault != nil {
		return map[string]any{"error": toAPIError(s.fault)}
	}
	result, fault := s.run()
	if fault != nil {
		return map[string]any{"error": toAPIError(fault)}
	}
	return map[string]any{s.name: result}
}
