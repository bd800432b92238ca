// Command centrifugo is a stand-in for Centrifugo 6.9 on machines that cannot
// run the real server. It is built on Centrifugo's own engine library, reads
// the same centrifugo.json and CENTRIFUGO_* variables, and serves the same
// WebSocket and the part of the HTTP API that this product uses. README.md
// lists what it leaves out.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

// version is what info and the connect reply carry, so that nobody mistakes a
// transcript of the stand-in for one of the real server.
const version = "0.0.0 STANDIN"

const (
	exitOK    = 0
	exitFault = 1
)

func main() {
	stop, release := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer release()
	os.Exit(run(stop, os.Args[1:], os.Environ(), os.Stdout, os.Stderr))
}

// run serves until stop is done and returns the exit code: 0 after an orderly
// shutdown, 1 for a fault in flags, configuration, engine or listener.
func run(stop context.Context, args, environ []string, stdout, stderr io.Writer) int {
	if len(args) > 0 && args[0] == "version" {
		fmt.Fprintf(stdout, "Centrifugo stand-in %s (Go version: %s)\n", version, runtime.Version())
		return exitOK
	}
	flags, err := parseFlags(args, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitOK
	}
	if err != nil {
		return exitFault
	}
	log := newLogger(stderr, "info")
	cfg, notes, err := loadConfig(flags.configFile, environ, flags.overrides)
	if err != nil {
		log.Error("configuration is not usable", "error", err.Error())
		return exitFault
	}
	log = newLogger(stderr, cfg.Log.Level)
	log.Warn("this is a stand-in for Centrifugo built on its engine library, not Centrifugo itself: for development and tests only",
		"version", version, "engine", cfg.Engine.Type)
	notes.report(log)

	srv, err := startServer(cfg, log)
	if err != nil {
		log.Error("cannot start", "error", err.Error())
		return exitFault
	}
	return serveUntil(stop, srv, log)
}

func serveUntil(stop context.Context, srv *server, log *slog.Logger) int {
	code := exitOK
	select {
	case <-stop.Done():
		log.Info("shutting down")
	case err := <-srv.failed:
		log.Error("listener failed", "error", err.Error())
		code = exitFault
	}
	if err := srv.shutdown(); err != nil {
		log.Error("shutdown was not orderly", "error", err.Error())
		return exitFault
	}
	return code
}

type commandLine struct {
	configFile string
	overrides  map[string]string
}

// parseFlags keeps the names Centrifugo uses, long and short. Overrides holds
// only the flags that were given, by the path of the option they set.
func parseFlags(args []string, stderr io.Writer) (commandLine, error) {
	parsed := commandLine{configFile: "config.json", overrides: map[string]string{}}
	set := flag.NewFlagSet("centrifugo", flag.ContinueOnError)
	set.SetOutput(stderr)
	for _, name := range []string{"config", "c"} {
		set.StringVar(&parsed.configFile, name, parsed.configFile, "path to the JSON config file")
	}
	override := func(path string, names ...string) {
		for _, name := range names {
			set.Func(name, "overrides "+path, func(value string) error {
				parsed.overrides[path] = value
				return nil
			})
		}
	}
	override("http_server.address", "http_server.address", "a")
	override("http_server.port", "http_server.port", "p")
	override("engine.type", "engine.type")
	override("log.level", "log.level")
	if err := set.Parse(args); err != nil {
		return parsed, err
	}
	if set.NArg() > 0 {
		err := fmt.Errorf("unknown command %q", set.Arg(0))
		fmt.Fprintln(stderr, err)
		return parsed, err
	}
	return parsed, nil
}
