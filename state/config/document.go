package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"claimdeck/state/config/lines"
	"claimdeck/state/config/nearest"
	"claimdeck/state/text"
)

// document is config.toml, taken apart but not judged value by value.
type document struct {
	file           string
	defaultProfile *assignment
	top            map[string]assignment            // by key
	profiles       map[string]map[string]assignment // by name and key
	templates      []Template
}

type assignment struct {
	value any
	line  int
}

func (d *document) where(line int) string { return fmt.Sprintf("%s:%d", d.file, line) }

func (d *document) origin(line int) Origin { return Origin(fmt.Sprintf("config.toml:%d", line)) }

// parse reads the file and refuses keys that mean nothing.
func parse(data []byte, file string) (*document, error) {
	d := &document{file: file, top: map[string]assignment{}, profiles: map[string]map[string]assignment{}}
	tables, err := lines.Read(data)
	if err != nil {
		where := file
		if e, ok := errors.AsType[*lines.Error](err); ok && e.Line > 0 {
			where = d.where(e.Line)
		}
		return nil, &Error{where, err.Error()}
	}
	var problems []error
	fail := func(line int, format string, args ...any) {
		problems = append(problems, &Error{d.where(line), fmt.Sprintf(format, args...)})
	}
	for _, t := range tables {
		switch {
		case t.Array:
			fail(t.Line, "unknown list of tables %q", strings.Join(t.Path, "."))
			continue
		case t.Path != nil:
			d.table(t, fail)
		}
		for _, e := range t.Entries {
			d.entry(slices.Concat(t.Path, e.Key), e, fail)
		}
	}
	return d, errors.Join(unique(problems)...)
}

// table checks a header, so that [profil.x] is refused even when it is empty.
func (d *document) table(t lines.Table, fail func(int, string, ...any)) {
	name := strings.Join(t.Path, ".")
	switch {
	case t.Path[0] == templatesTable && len(t.Path) == 1:
		return
	case t.Path[0] != "profile":
		fail(t.Line, "unknown table %q%s", name, nearest.Hint(t.Path[0], []string{"profile", templatesTable}))
		return
	}
	if len(t.Path) == 1 {
		return
	}
	d.profile(t.Path[1], t.Line, fail)
	if len(t.Path) == 2 {
		return
	}
	under := strings.Join(t.Path[2:], ".")
	if !slices.Contains(tableKeys(), under) {
		fail(t.Line, "unknown table %q%s", name, nearest.Hint(under, tableKeys()))
	}
}

func (d *document) profile(name string, line int, fail func(int, string, ...any)) map[string]assignment {
	if values, ok := d.profiles[name]; ok {
		return values
	}
	if err := CheckName(name); err != nil {
		fail(line, "%v", err)
	}
	d.profiles[name] = map[string]assignment{}
	return d.profiles[name]
}

func (d *document) entry(path []string, e lines.Entry, fail func(int, string, ...any)) {
	switch {
	case path[0] == templatesTable:
		d.template(path[1:], e, fail)
	case path[0] != "profile":
		d.topEntry(strings.Join(path, "."), e, fail)
	case len(path) == 1:
		fail(e.Line, "profile must be a table: [profile.NAME]")
	default:
		d.profileEntry(path[1], strings.Join(path[2:], "."), e, fail)
	}
}

// templatesTable holds the beginnings of messages by name.
const templatesTable = "templates"

// template takes one beginning of a message: name = "text".
func (d *document) template(name []string, e lines.Entry, fail func(int, string, ...any)) {
	words, isText := e.Value.(string)
	_, empty := e.Value.(lines.Empty)
	switch {
	case empty && len(name) == 0: // a table with nothing in it says nothing
	case len(name) == 0:
		fail(e.Line, "templates must be a table: [templates] with lines such as greeting = \"Hello, about {claim}: \"")
	case len(name) > 1:
		fail(e.Line, "template %q: write its name in quotes, as it has dots in it", strings.Join(name, "."))
	case text.Line(name[0]) == "":
		fail(e.Line, "a template needs a name")
	case !isText || strings.TrimSpace(words) == "":
		fail(e.Line, "template %q must be a text in quotes", text.Line(name[0]))
	default:
		d.templates = append(d.templates, Template{Name: text.Line(name[0]), Text: text.Block(words)})
	}
}

func (d *document) topEntry(key string, e lines.Entry, fail func(int, string, ...any)) {
	a := assignment{e.Value, e.Line}
	switch {
	case key == "default_profile":
		if name, ok := e.Value.(string); !ok || name == "" {
			fail(e.Line, "default_profile must be the name of a profile in quotes")
			return
		}
		d.defaultProfile = &a
	case slices.Contains(topKeys(), key):
		d.top[key] = a
	case slices.Contains(profileKeys(), key):
		fail(e.Line, "%s belongs in a profile, below [profile.NAME]", key)
	default:
		fail(e.Line, "unknown setting %q%s", key, nearest.Hint(key, append(topKeys(), "default_profile")))
	}
}

func (d *document) profileEntry(name, key string, e lines.Entry, fail func(int, string, ...any)) {
	values := d.profile(name, e.Line, fail)
	_, empty := e.Value.(lines.Empty)
	switch {
	case slices.Contains(profileKeys(), key):
		values[key] = assignment{e.Value, e.Line}
	case empty && (key == "" || slices.Contains(tableKeys(), key)): // a table with nothing in it says nothing
	case key == "":
		fail(e.Line, "profile %q must be a table: [profile.%s]", name, name)
	default:
		hint := nearest.Hint(key, profileKeys())
		if strings.HasSuffix(key, "secret") || strings.HasSuffix(key, "password") {
			hint = " (secrets are never kept in this file: run claimdeck login)"
		}
		fail(e.Line, "unknown setting %q%s", key, hint)
	}
}

// profileKeys are the settings of a profile, topKeys those that may stand at the top, tableKeys their tables.
func profileKeys() []string {
	var keys []string
	for _, f := range fieldsOf(&Profile{}) {
		keys = append(keys, f.key)
	}
	return keys
}

func topKeys() []string {
	var keys []string
	for _, f := range fieldsOf(&Profile{}) {
		if f.top {
			keys = append(keys, f.key)
		}
	}
	return keys
}

func tableKeys() []string {
	var keys []string
	for _, k := range profileKeys() {
		if table, _, ok := strings.Cut(k, "."); ok && !slices.Contains(keys, table) {
			keys = append(keys, table)
		}
	}
	return keys
}
