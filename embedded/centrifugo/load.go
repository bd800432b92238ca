package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	envPrefix          = "CENTRIFUGO_"
	namespaceEnvPrefix = envPrefix + "CHANNEL_NAMESPACES_"
)

// loadNotes is what start-up should mention although it is no fault.
type loadNotes struct {
	missingFile string
	unknownKeys []string
	unknownEnv  []string
}

// report names keys and variables, never their values: they may be secrets.
func (n loadNotes) report(log *slog.Logger) {
	if n.missingFile != "" {
		log.Warn("config file not found, going on with defaults and environment", "path", n.missingFile)
	}
	for _, key := range n.unknownKeys {
		log.Warn("option is unknown to the stand-in", "key", key)
	}
	for _, name := range n.unknownEnv {
		log.Warn("variable is unknown to the stand-in", "name", name)
	}
}

// loadConfig layers defaults, file, environment and flags, each over the one
// before, and validates the result. The error lists every fault found.
func loadConfig(path string, environ []string, overrides map[string]string) (config, loadNotes, error) {
	cfg := defaultConfig()
	l := loader{root: reflect.ValueOf(&cfg).Elem()}
	l.applyFile(path)
	restoreDefaults(l.root)
	l.applyEnv(environ)
	for _, opt := range optionsOf(l.root, "") {
		if value, given := overrides[opt.path]; given {
			l.set(opt, value)
		}
	}
	faults := append(l.faults, validate(cfg)...)
	return cfg, l.notes, errors.Join(faults...)
}

// restoreDefaults undoes zeros and empty texts in the file where the default
// is another value: to Centrifugo they mean that nothing was said.
func restoreDefaults(root reflect.Value) {
	defaults := defaultConfig()
	said := optionsOf(root, "")
	for i, opt := range optionsOf(reflect.ValueOf(&defaults).Elem(), "") {
		if said[i].value.IsZero() {
			said[i].value.Set(opt.value)
		}
	}
}

// option is one leaf of the configuration: its path and the place it is kept.
type option struct {
	path  string
	value reflect.Value
}

func optionsOf(v reflect.Value, prefix string) []option {
	var found []option
	for i := range v.NumField() {
		field, value := v.Type().Field(i), v.Field(i)
		switch {
		case field.Anonymous:
			found = append(found, optionsOf(value, prefix)...)
		case value.Kind() == reflect.Struct:
			found = append(found, optionsOf(value, prefix+field.Tag.Get("key")+".")...)
		default:
			found = append(found, option{prefix + field.Tag.Get("key"), value})
		}
	}
	return found
}

type loader struct {
	root   reflect.Value
	notes  loadNotes
	faults []error
}

func (l *loader) applyFile(path string) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		l.notes.missingFile = path
		return
	}
	var document map[string]any
	if err == nil {
		err = decodeNumbers(text, &document)
	}
	if err != nil {
		l.faults = append(l.faults, fmt.Errorf("config file %s: %w", path, err))
		return
	}
	l.applyTree(optionsOf(l.root, ""), document, "")
}

// decodeNumbers keeps numbers as written: large integers must not pass through
// a float. Anything after the first document is a fault.
func decodeNumbers(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	if err := decoder.Decode(into); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("trailing characters after the document")
	}
	return nil
}

// applyTree walks a decoded document along the options. Keys are matched
// without regard to case, as Centrifugo does.
func (l *loader) applyTree(options []option, tree map[string]any, prefix string) {
	for key, raw := range tree {
		path := prefix + strings.ToLower(key)
		at := slices.IndexFunc(options, func(o option) bool { return o.path == path })
		section := slices.ContainsFunc(options, func(o option) bool { return strings.HasPrefix(o.path, path+".") })
		subtree, isTree := raw.(map[string]any)
		switch {
		case at >= 0:
			l.set(options[at], raw)
		case section && isTree:
			l.applyTree(options, subtree, path+".")
		case section && raw != nil:
			l.faults = append(l.faults, fmt.Errorf("%s: expected an object", path))
		case !section:
			l.notes.unknownKeys = append(l.notes.unknownKeys, path)
		}
	}
	slices.Sort(l.notes.unknownKeys)
}

// applyEnv takes an empty variable for one that is not set, so that compose
// files may pass on what they do not have.
func (l *loader) applyEnv(environ []string) {
	pending := map[string]string{}
	for _, entry := range environ {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, envPrefix) {
			pending[name] = value
		}
	}
	take := func(prefix string, options []option) {
		for _, opt := range options {
			name := prefix + envName(opt.path)
			value, given := pending[name]
			delete(pending, name)
			if given && value != "" {
				l.set(opt, value)
			}
		}
	}
	take(envPrefix, optionsOf(l.root, ""))
	// The list of namespaces may itself have come from the environment, hence
	// the second pass over whatever it is now.
	spaces := l.root.Addr().Interface().(*config).Channel.Namespaces
	for i := range spaces {
		take(namespaceEnvPrefix+envName(spaces[i].Name)+"_", optionsOf(reflect.ValueOf(&spaces[i]).Elem(), ""))
	}
	for name := range pending {
		l.notes.unknownEnv = append(l.notes.unknownEnv, name)
	}
	slices.Sort(l.notes.unknownEnv)
}

func envName(path string) string {
	return strings.ToUpper(strings.NewReplacer(".", "_", "-", "_").Replace(path))
}

func (l *loader) set(opt option, raw any) {
	if raw == nil {
		return
	}
	if spaces, ok := opt.value.Addr().Interface().(*[]channelSpace); ok {
		l.setNamespaces(spaces, opt.path, raw)
		return
	}
	if err := setLeaf(opt.value.Addr().Interface(), raw); err != nil {
		l.faults = append(l.faults, fmt.Errorf("%s: %w", opt.path, err))
	}
}

func (l *loader) setNamespaces(spaces *[]channelSpace, path string, raw any) {
	if text, isText := raw.(string); isText {
		if err := decodeNumbers([]byte(text), &raw); err != nil {
			l.faults = append(l.faults, fmt.Errorf("%s: %w", path, err))
			return
		}
	}
	list, isList := raw.([]any)
	if !isList {
		l.faults = append(l.faults, fmt.Errorf("%s: expected a list", path))
		return
	}
	// Centrifugo reads the variable into the list that the file left, so what an
	// element does not name is what the file says at its place, for all that the
	// names differ.
	given := make([]channelSpace, len(list))
	copy(given, *spaces)
	*spaces = given
	for i, element := range list {
		tree, isTree := element.(map[string]any)
		if !isTree {
			l.faults = append(l.faults, fmt.Errorf("%s[%d]: expected an object", path, i))
			continue
		}
		// A loader of its own puts the element's place in front of whatever it
		// has to say.
		space := loader{}
		space.applyTree(optionsOf(reflect.ValueOf(&(*spaces)[i]).Elem(), ""), tree, "")
		for _, fault := range space.faults {
			l.faults = append(l.faults, fmt.Errorf("%s[%d].%w", path, i, fault))
		}
		for _, key := range space.notes.unknownKeys {
			l.notes.unknownKeys = append(l.notes.unknownKeys, fmt.Sprintf("%s[%d].%s", path, i, key))
		}
	}
}

// setLeaf converts as loosely as Centrifugo does: a number, a truth value or a
// list may also come as text, which is how the environment gives all of them.
func setLeaf(target, raw any) (err error) {
	text, isText := raw.(string)
	if number, isNumber := raw.(json.Number); isNumber {
		text, isText = number.String(), true
	}
	switch leaf := target.(type) {
	case *string:
		if isText {
			*leaf = text
			return nil
		}
	case *bool:
		if given, isBool := raw.(bool); isBool {
			*leaf = given
			return nil
		}
		if isText {
			*leaf, err = strconv.ParseBool(text)
			return err
		}
	case *int:
		if isText {
			*leaf, err = strconv.Atoi(text)
			return err
		}
	case *int64:
		if isText {
			*leaf, err = strconv.ParseInt(text, 10, 64)
			return err
		}
	case *time.Duration:
		return setDuration(leaf, raw)
	case *[]string:
		return setStrings(leaf, raw)
	}
	return fmt.Errorf("unexpected %T", raw)
}

// setDuration reads text as Go durations ("1h30m") and bare JSON numbers as
// nanoseconds.
func setDuration(leaf *time.Duration, raw any) (err error) {
	switch given := raw.(type) {
	case string:
		*leaf, err = time.ParseDuration(given)
		return err
	case json.Number:
		nanoseconds, err := given.Int64()
		*leaf = time.Duration(nanoseconds)
		return err
	}
	return fmt.Errorf("unexpected %T", raw)
}

func setStrings(leaf *[]string, raw any) error {
	switch given := raw.(type) {
	case string:
		*leaf = strings.Fields(given)
		return nil
	case []any:
		list := make([]string, len(given))
		for i, element := range given {
			text, isText := element.(string)
			if !isText {
				return fmt.Errorf("element %d: unexpected %T", i, element)
			}
			list[i] = text
		}
		*leaf = list
		return nil
	}
	return fmt.Errorf("unexpected %T", raw)
}
