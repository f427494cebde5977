package keymap

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/config/lines"
	"claimdeck/state/config/nearest"
	"claimdeck/state/text"
)

// Problem is a mistake in a person's key map. The lines it is about are ignored; everything else holds.
type Problem struct {
	File    string
	Line    int // 1-based; 0 when it is about the whole file
	Message string
}

// Error returns "file:line: message".
func (p Problem) Error() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d: %s", p.File, p.Line, p.Message)
}

// entry is one [[binding]] of a file.
type entry struct {
	action   ID
	scope    Scope // "" until resolved: the action's own
	chords   []string
	help     string
	optional bool
	file     string
	line     int
}

func (e *entry) source() string {
	if e.file == "" {
		return "defaults"
	}
	return fmt.Sprintf("%s:%d", e.file, e.line)
}

func (e *entry) problem(format string, args ...any) Problem {
	return Problem{File: e.file, Line: e.line, Message: fmt.Sprintf(format, args...)}
}

// No hand-written key map comes near these; they keep the search for conflicts short.
const (
	maxBindings = 256
	maxKeys     = 16 // of one binding
)

// fields are the keys of a [[binding]].
func fields() []string { return []string{"action", "scope", "keys", "seq", "help", "optional"} }

// read reads the bindings of a file as they stand there. A binding with a mistake is reported and left out; a
// file that is not TOML gives nothing.
func read(data []byte, file string) ([]*entry, []Problem) {
	tables, err := lines.Read(data)
	if err != nil {
		p := Problem{File: file, Message: err.Error()}
		if e, ok := errors.AsType[*lines.Error](err); ok {
			p.Line = e.Line
		}
		p.Message += "; the whole file is ignored until this is mended"
		return nil, []Problem{p}
	}
	var entries []*entry
	var problems []Problem
	for _, t := range tables {
		if t.Path == nil {
			for _, v := range t.Entries {
				problems = append(problems, Problem{
					file, v.Line,
					fmt.Sprintf("%q stands outside of a [[binding]]", v.Path()),
				})
			}
			continue
		}
		if !t.Array || !slices.Equal(t.Path, []string{"binding"}) {
			problems = append(problems, Problem{
				file, t.Line,
				fmt.Sprintf("unknown table %q: a key map has [[binding]] only", strings.Join(t.Path, ".")),
			})
			continue
		}
		if len(entries) == maxBindings {
			problems = append(problems, Problem{
				file, t.Line,
				fmt.Sprintf("more than %d bindings; this one and those after it are ignored", maxBindings),
			})
			break
		}
		e, bad := readBinding(t, file)
		if len(bad) > 0 {
			problems = append(problems, bad...)
			continue
		}
		entries = append(entries, e)
	}
	return entries, problems
}

func readBinding(t lines.Table, file string) (*entry, []Problem) {
	r := bindingReader{entry: &entry{file: file, line: t.Line}}
	for _, v := range t.Entries {
		r.field(v)
	}
	e := r.entry
	if e.action == "" && len(r.problems) == 0 {
		r.fail(t.Line, `a binding needs an action, such as action = "app.help"`)
	}
	switch {
	case r.keysLine > 0 && r.seqLine > 0:
		r.fail(max(r.keysLine, r.seqLine), "a binding has keys or seq, not both: write a second [[binding]]")
	case r.keysLine == 0 && r.seqLine == 0 && len(r.problems) == 0:
		r.fail(t.Line, "binding of %q has no keys: write keys = [\"x\"], or keys = [] to take them away", e.action)
	}
	return e, r.problems
}

type bindingReader struct {
	entry             *entry
	keysLine, seqLine int
	problems          []Problem
}

func (r *bindingReader) fail(line int, format string, args ...any) {
	r.problems = append(r.problems, Problem{r.entry.file, line, fmt.Sprintf(format, args...)})
}

func (r *bindingReader) field(v lines.Entry) {
	switch v.Path() {
	case "action":
		r.entry.action = ID(r.text(v))
	case "scope":
		r.entry.scope = Scope(r.text(v))
	case "help":
		r.entry.help = text.Line(r.text(v))
	case "optional":
		b, ok := v.Value.(bool)
		if !ok {
			r.fail(v.Line, "optional must be true or false, not %s", lines.Describe(v.Value))
		}
		r.entry.optional = b
	case "keys":
		r.keysLine = v.Line
		r.entry.chords = r.keys(v)
	case "seq":
		r.seqLine = v.Line
		r.sequence(v)
	default:
		r.fail(v.Line, "unknown field %q%s", v.Path(), nearest.Hint(v.Path(), fields()))
	}
}

func (r *bindingReader) text(v lines.Entry) string {
	s, ok := v.Value.(string)
	switch {
	case !ok:
		r.fail(v.Line, "%s must be a text in quotes, not %s", v.Path(), lines.Describe(v.Value))
	case s == "":
		r.fail(v.Line, "%s is empty", v.Path())
	}
	return s
}

func (r *bindingReader) sequence(v lines.Entry) {
	keys := r.keys(v)
	switch {
	case keys == nil: // reported
	case len(keys) < 2:
		r.fail(v.Line, "seq needs at least two keys: for one key write keys = [...]")
	case slices.Contains(keys, "esc"):
		r.fail(v.Line, "esc ends a sequence and cannot be part of one")
	default:
		r.entry.chords = []string{strings.Join(keys, " ")}
	}
}

// keys reads a list of keys; nil when it has a mistake.
func (r *bindingReader) keys(v lines.Entry) []string {
	list, ok := v.Value.([]any)
	if !ok {
		r.fail(v.Line, `%s must be a list such as ["j", "down"], not %s`, v.Path(), lines.Describe(v.Value))
		return nil
	}
	if len(list) > maxKeys {
		r.fail(v.Line, "%s has more than %d keys", v.Path(), maxKeys)
		return nil
	}
	keys := []string{}
	before := len(r.problems)
	for _, item := range list {
		s, ok := item.(string)
		if !ok {
			r.fail(v.Line, "a key must be a text in quotes, not %s", lines.Describe(item))
			continue
		}
		k, err := parseKey(s)
		if err != nil {
			r.fail(v.Line, "%v", err)
			continue
		}
		if v.Path() == "seq" || !slices.Contains(keys, k) {
			keys = append(keys, k)
		}
	}
	if len(r.problems) > before {
		return nil
	}
	return keys
}
