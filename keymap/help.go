package keymap

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"text/tabwriter"
)

// Help returns what the key map offers in the active scopes, innermost first, with the keys that really reach it
// there: a key that an inner scope takes, or that is typed as text, is left out. An action without such a key has
// empty Keys: the palette reaches it.
func (m *Map) Help(scopes []Scope) []Binding {
	typing := slices.ContainsFunc(scopes, Scope.TextEntry)
	var found []Binding
	var taken []string
	for _, s := range scopes {
		var here []string
		for _, b := range m.bindings {
			if b.Scope != s {
				continue
			}
			keys := []string{}
			for _, chord := range b.Keys {
				if !reachable(chord, taken, typing) {
					continue
				}
				keys = append(keys, chord)
				here = append(here, chord)
			}
			b.Keys = keys
			found = append(found, b)
		}
		taken = append(taken, here...)
	}
	return found
}

// reachable reports whether a chord gets through the chords that inner scopes take. A longer inner sequence that
// begins with it waits for more keys, so it takes it as well.
func reachable(chord string, taken []string, typing bool) bool {
	if first, _, _ := strings.Cut(chord, " "); typing && typedAsText(first) {
		return false
	}
	return !slices.ContainsFunc(taken, func(t string) bool {
		return t == chord || strings.HasPrefix(t, chord+" ") || strings.HasPrefix(chord, t+" ")
	})
}

// Table returns the whole key map as Markdown tables, one a scope, for the README. It is the same for the same
// key map.
func (m *Map) Table() string {
	var b strings.Builder
	for i, t := range scopeTitles() {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "**%s** (`%s`)\n\n| Key | Does | Action |\n|---|---|---|\n", t.title, t.scope)
		for _, bd := range m.bindings {
			if bd.Scope == t.scope {
				fmt.Fprintf(&b, "| %s | %s | `%s` |\n", markdownKeys(bd.Keys), escape(bd.Help), bd.Action)
			}
		}
	}
	return b.String()
}

func markdownKeys(keys []string) string {
	if len(keys) == 0 {
		return "palette"
	}
	cells := make([]string, len(keys))
	for i, k := range keys {
		k = Display(k)
		if strings.Contains(k, "`") {
			cells[i] = "`` " + escape(k) + " ``"
			continue
		}
		cells[i] = "`" + escape(k) + "`"
	}
	return strings.Join(cells, " ")
}

// escape keeps a text from ending its table cell.
func escape(s string) string { return strings.ReplaceAll(s, "|", `\|`) }

// Cheatsheet returns the whole key map as plain text in columns, for a terminal of any kind. Bindings that do not
// come from the defaults say where they come from.
func (m *Map) Cheatsheet() string {
	var b strings.Builder
	for i, t := range scopeTitles() {
		if i > 0 {
			b.WriteByte('\n')
		}
		fmt.Fprintf(&b, "%s (%s)\n", t.title, t.scope)
		w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
		for _, bd := range m.bindings {
			if bd.Scope != t.scope {
				continue
			}
			keys := make([]string, len(bd.Keys))
			for j, k := range bd.Keys {
				keys[j] = Display(k)
			}
			shown := strings.Join(keys, "  ")
			if shown == "" {
				shown = "-"
			}
			from := ""
			if bd.Source != "defaults" {
				from = "\t" + bd.Source
			}
			_, _ = fmt.Fprintf(w, "  %s\t%s\t%s%s\n", shown, bd.Help, bd.Action, from)
		}
		_ = w.Flush() // a strings.Builder takes everything
	}
	return b.String()
}

// JSON returns the whole key map as an indented JSON array of bindings, with a line break at its end.
func (m *Map) JSON() ([]byte, error) {
	data, err := json.MarshalIndent(m.bindings, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("write the key map as JSON: %w", err)
	}
	return append(data, '\n'), nil
}
