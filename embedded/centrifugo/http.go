package main

import (
	"crypto/subtle"
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/centrifugal/centrifuge"
)

// command is one decoded call, ready to run.
type command func() (result any, fault *centrifuge.Error)

// method is a command's name and how to read its request. Reading and running
// are apart so that a batch can refuse to run anything when one of its
// commands cannot be read.
type method struct {
	name   string
	decode func(body []byte) (command, error)
}

func methodOf[Request, Result any](name string, run func(Request) (*Result, *centrifuge.Error)) method {
	return method{name, func(body []byte) (command, error) {
		var request Request
		if err := json.Unmarshal(body, &request); err != nil {
			return nil, err
		}
		return func() (any, *centrifuge.Error) { return run(request) }, nil
	}}
}

// methods are in the order of precedence that a batch element with several of
// them is read in.
func (a *api) methods() []method {
	return []method{
		methodOf("publish", a.publish),
		methodOf("broadcast", a.broadcast),
		methodOf("unsubscribe", a.unsubscribe),
		methodOf("disconnect", a.disconnect),
		methodOf("history", a.history),
		methodOf("history_remove", a.historyRemove),
		methodOf("presence", a.presence),
		methodOf("presence_stats", a.presenceStats),
		methodOf("info", a.info),
		methodOf("channels", a.channels),
	}
}

func (a *api) routes(cfg config) []route {
	guard := func(next http.HandlerFunc) http.Handler {
		return onlyPost(authorized(cfg.HTTPAPI.Key, cfg.HTTPAPI.Insecure, next))
	}
	prefix := strings.TrimRight(cfg.HTTPAPI.HandlerPrefix, "/")
	all := []route{{prefix + "/batch", guard(a.serveBatch)}}
	for _, m := range a.methods() {
		all = append(all, route{prefix + "/" + m.name, guard(serveMethod(m, cfg.HTTPAPI.ErrorMode))})
	}
	return all
}

func serveMethod(m method, errorMode string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var run command
		if err == nil {
			run, err = m.decode(body)
		}
		if err != nil {
			badRequest(w)
			return
		}
		result, fault := run()
		transport := errorMode == "transport" || r.Header.Get("X-Centrifugo-Error-Mode") == "transport"
		switch {
		case fault == nil:
			writeJSON(w, http.StatusOK, map[string]any{"result": result})
		case transport:
			writeJSON(w, httpStatus(fault), toAPIError(fault))
		default:
			writeJSON(w, http.StatusOK, map[string]any{"error": toAPIError(fault)})
		}
	}
}

// httpStatus serves the transport error mode, in which a fault is told by the
// status. Faults inside a broadcast or a batch stay in a reply of status 200.
func httpStatus(fault *centrifuge.Error) int {
	switch fault.Code {
	case centrifuge.ErrorUnauthorized.Code:
		return http.StatusUnauthorized
	case centrifuge.ErrorUnknownChannel.Code:
		return http.StatusNotFound
	case centrifuge.ErrorPermissionDenied.Code:
		return http.StatusForbidden
	case centrifuge.ErrorBadRequest.Code, centrifuge.ErrorNotAvailable.Code:
		return http.StatusBadRequest
	case centrifuge.ErrorUnrecoverablePosition.Code:
		return http.StatusRequestedRangeNotSatisfiable
	default:
		return http.StatusInternalServerError
	}
}

// onlyPost comes before authorized: a GET is 405 with or without a key.
func onlyPost(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.WriteHeader(http.StatusMethodNotAllowed)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// authorized takes the key from X-API-Key, from Authorization and from the
// query; one of them being right is enough. Without a configured key nobody gets in, unless the API is declared
// insecure.
func authorized(key string, insecure bool, next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := []string{r.Header.Get("X-API-Key"), r.URL.Query().Get("api_key")}
		if words := strings.Fields(r.Header.Get("Authorization")); len(words) == 2 && strings.EqualFold(words[0], "apikey") {
			given = append(given, words[1])
		}
		known := slices.ContainsFunc(given, func(candidate string) bool {
			return subtle.ConstantTimeCompare([]byte(candidate), []byte(key)) == 1
		})
		if !insecure && (key == "" || !known) {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		next(w, r)
	})
}

func badRequest(w http.ResponseWriter) {
	http.Error(w, "Bad Request", http.StatusBadRequest)
}

func writeJSON(w http.ResponseWriter, status int, reply any) {
	body, err := json.Marshal(reply)
	if err != nil {
		// Only a stored publication that is no JSON can bring us here.
		http.Error(w, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(body)
}
