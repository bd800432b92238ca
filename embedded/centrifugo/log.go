package main

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"github.com/centrifugal/centrifuge"
)

// newLogger writes one JSON object a line. The library logs whole protocol
// frames, tokens and message bodies included, at its trace level; "trace" is
// therefore read as "debug" here, where no frame is ever logged.
func newLogger(to io.Writer, level string) *slog.Logger {
	return slog.New(slog.NewJSONHandler(to, &slog.HandlerOptions{
		Level: slogLevel(level),
		ReplaceAttr: func(groups []string, attr slog.Attr) slog.Attr {
			switch attr.Key {
			case slog.LevelKey:
				attr.Value = slog.StringValue(strings.ToLower(attr.Value.String()))
			case slog.MessageKey:
				attr.Key = "message"
			}
			return attr
		},
	}))
}

// levelOff lies above every level that is logged.
const levelOff = slog.LevelError + 4

func slogLevel(level string) slog.Level {
	switch level {
	case "trace", "debug":
		return slog.LevelDebug
	case "warn":
		return slog.LevelWarn
	case "error", "fatal":
		return slog.LevelError
	case "none":
		return levelOff
	default:
		return slog.LevelInfo
	}
}

// libraryLog hands what the engine library logs to our logger, without the
// refused commands that it attaches: a publish among them carries its body.
func libraryLog(log *slog.Logger) (centrifuge.LogLevel, centrifuge.LogHandler) {
	levels := map[centrifuge.LogLevel]slog.Level{
		centrifuge.LogLevelDebug: slog.LevelDebug,
		centrifuge.LogLevelInfo:  slog.LevelInfo,
		centrifuge.LogLevelWarn:  slog.LevelWarn,
		centrifuge.LogLevelError: slog.LevelError,
	}
	lowest := centrifuge.LogLevelNone
	for _, level := range []centrifuge.LogLevel{
		centrifuge.LogLevelError, centrifuge.LogLevelWarn, centrifuge.LogLevelInfo, centrifuge.LogLevelDebug,
	} {
		if log.Enabled(context.Background(), levels[level]) {
			lowest = level
		}
	}
	return lowest, func(entry centrifuge.LogEntry) {
		fields := make([]any, 0, len(entry.Fields)*2)
		for key, value := range entry.Fields {
			if key != "command" && key != "reply" {
				fields = append(fields, key, value)
			}
		}
		log.Log(context.Background(), levels[entry.Level], entry.Message, fields...)
	}
}
