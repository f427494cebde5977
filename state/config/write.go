package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"claimdeck/state/config/atomicfile"
	"claimdeck/state/config/lines"
)

// ErrByHand is returned when the file is written in a way that cannot be changed without touching the rest of it.
var ErrByHand = errors.New("please edit the configuration by hand")

const newFile = "# claimdeck: settings. The secret of an account is not kept here, but in the keyring.\n\n"

// WriteProfile writes the settings of p into the profile of that name in the file at path, and makes both where they
// are missing. Every other byte of the file stays as it is, comments included. Of a profile made by hand the
// settings that are not empty are written; of a loaded one those that were changed since.
// The file is replaced as a whole. It never holds a secret, because a Profile has none.
func WriteProfile(path, name string, p Profile) error {
	p.Name = name
	if err := p.Validate(); err != nil {
		return err
	}
	data, err := os.ReadFile(path) //nolint:gosec // the configuration of the person who runs this
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("read the configuration: %w", err)
	}
	if _, err := parse(data, path); err != nil {
		return err
	}
	before := data
	if len(data) == 0 {
		data = []byte(newFile)
	}
	for _, f := range fieldsOf(&p) {
		if !p.changed(f) {
			continue
		}
		if data, err = assign(data, append([]string{"profile", name}, strings.Split(f.key, ".")...), f.literal(&p)); err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
	}
	if string(data) == string(before) || (len(before) == 0 && string(data) == newFile) {
		return nil
	}
	if _, err := parse(data, path); err != nil {
		return err
	}
	return atomicfile.Write(path, data)
}

// changed reports whether a setting is to be written.
func (p *Profile) changed(f field) bool {
	if o, loaded := p.origins[f.key]; loaded {
		return f.get(p) != o.value
	}
	return !f.value(p).IsZero()
}

// literal writes a value as TOML.
func (f field) literal(p *Profile) string {
	if k := f.typ.Kind(); k == reflect.Bool || k == reflect.Int {
		return f.get(p)
	}
	return quote(f.get(p))
}

// quote writes a TOML basic string.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < 0x20 || r == 0x7f:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// assign gives one setting a value: in its place when it has one, otherwise in the table where it fits best. It tries
// the places one after the other until the file reads as before plus this value.
func assign(data []byte, path []string, literal string) ([]byte, error) {
	tables, err := lines.Read(data)
	if err != nil {
		return nil, err
	}
	want := valuesOf(tables)
	parsed, err := lines.Read([]byte("v = " + literal))
	if err != nil {
		return nil, err
	}
	want[strings.Join(path, "\x00")] = fmt.Sprint(parsed[0].Entries[0].Value)
	for _, candidate := range places(data, tables, path, literal) {
		after, err := lines.Read(candidate)
		if err != nil {
			continue
		}
		if got := valuesOf(after); len(got) == len(want) && same(got, want) {
			return candidate, nil
		}
	}
	return nil, fmt.Errorf("%w: %s = %s has no place that can be found", ErrByHand, strings.Join(path[2:], "."), literal)
}

func same(a, b map[string]string) bool {
	for k, v := range a {
		if w, ok := b[k]; !ok || v != w {
			return false
		}
	}
	return true
}

// valuesOf is all that a file says, by full key.
func valuesOf(tables []lines.Table) map[string]string {
	all := map[string]string{}
	for i, t := range tables {
		for _, e := range t.Entries {
			key := slices.Concat(t.Path, e.Key)
			if t.Array {
				key = append([]string{strconv.Itoa(i)}, key...)
			}
			all[strings.Join(key, "\x00")] = fmt.Sprint(e.Value)
		}
	}
	return all
}

// places returns the file with the setting in each place where it might go, best first.
func places(data []byte, tables []lines.Table, path []string, literal string) [][]byte {
	if e, ok := valueAt(tables, path); ok {
		return [][]byte{splice(data, e.Start, e.End, literal)}
	}
	eol := lineBreak(data)
	found := inTables(data, tables, path, literal)
	found = append(found, inBraces(data, tables, path, literal)...)
	gap := ended(data, eol)
	if len(data) > 0 && !strings.HasSuffix(string(data)+gap, eol+eol) {
		gap += eol
	}
	header := "[" + dotted(path[:2]) + "]" + eol + dotted(path[2:]) + " = " + literal + eol
	found = append(found, splice(data, len(data), len(data), gap+header))
	// A profile that is spelled out with dots at the top of the file cannot be opened as a table.
	head := tables[0].End
	return append(found, splice(data, head, head, ended(data[:head], eol)+dotted(path)+" = "+literal+eol))
}

func splice(data []byte, start, end int, insert string) []byte {
	return slices.Concat(data[:start], []byte(insert), data[end:])
}

// valueAt finds the value that stands in the file for a setting.
func valueAt(tables []lines.Table, path []string) (lines.Entry, bool) {
	for _, t := range tables {
		for _, e := range t.Entries {
			if e.End > 0 && slices.Equal(slices.Concat(t.Path, e.Key), path) {
				return e, true
			}
		}
	}
	return lines.Entry{}, false
}

// inTables puts a new line behind the last one of each table that could hold it, the closest table first.
func inTables(data []byte, tables []lines.Table, path []string, literal string) [][]byte {
	var found [][]byte
	eol := lineBreak(data)
	for n := len(path) - 1; n >= 2; n-- {
		for _, t := range tables {
			if slices.Equal(t.Path, path[:n]) {
				line := ended(data[:t.End], eol) + indent(data, t) + dotted(path[n:]) + " = " + literal + eol
				found = append(found, splice(data, t.End, t.End, line))
			}
		}
	}
	return found
}

// inBraces puts the setting behind each value of the profile that stands in an inline table, the last one first.
func inBraces(data []byte, tables []lines.Table, path []string, literal string) [][]byte {
	var found [][]byte
	for _, t := range slices.Backward(tables) {
		for _, e := range slices.Backward(t.Entries) {
			full := slices.Concat(t.Path, e.Key)
			if !e.Inline || e.End == 0 || len(full) < 2 || !slices.Equal(full[:2], path[:2]) {
				continue
			}
			for n := range slices.Backward(path) {
				found = append(found, splice(data, e.End, e.End, ", "+dotted(path[n:])+" = "+literal))
			}
		}
	}
	return found
}

func dotted(path []string) string { return strings.Join(path, ".") }

func lineBreak(data []byte) string {
	if strings.Contains(string(data), "\r\n") {
		return "\r\n"
	}
	return "\n"
}

// ended returns what is missing for data to end with a line break.
func ended(data []byte, eol string) string {
	if len(data) == 0 || data[len(data)-1] == '\n' {
		return ""
	}
	return eol
}

// indent returns the white space before the last value of a table, or before its header.
func indent(data []byte, t lines.Table) string {
	at := t.Start
	if n := len(t.Entries); n > 0 && t.Entries[n-1].Start > 0 {
		at = strings.LastIndexByte(string(data[:t.Entries[n-1].Start]), '\n') + 1
	}
	line := string(data[at:])
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}
