package picker

import (
	"path/filepath"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/state/text"
)

// Enter opens the folder or chooses the file under the cursor; with no match it tries the path as typed.
func (p *Picker) Enter() (tea.Cmd, Event) {
	if e, path, ok := p.current(); ok {
		return p.open(e, path)
	}
	if path := p.Path(); path != "" {
		return p.choose(path)
	}
	return nil, nil
}

func (p *Picker) open(e Entry, path string) (tea.Cmd, Event) {
	if e.Dir {
		p.line.Set(p.short(asDir(path)))
		return p.edited(), nil
	}
	p.line.Set(p.short(path))
	cmd := p.edited()
	more, event := p.choose(path)
	return tea.Batch(cmd, more), event
}

// choose accepts path when Inspect has nothing against it, now or when its answer comes.
func (p *Picker) choose(path string) (tea.Cmd, Event) {
	v, known := p.verdicts[path]
	switch {
	case known && v.err == nil:
		p.chosen, p.wanted, p.refused = path, "", ""
		return nil, Chosen{Path: path, Info: v.info}
	case known:
		// A refusal may be out of date (the file was replaced): ask again, and show the old answer until then.
		p.refused = path
		delete(p.verdicts, path)
	}
	p.wanted = path
	return p.inspect(path), nil
}

// look inspects the file under the cursor, so that its kind stands there before it is chosen.
func (p *Picker) look() tea.Cmd {
	e, path, ok := p.current()
	if !ok || e.Dir {
		return nil
	}
	return p.inspect(path)
}

func (p *Picker) inspect(path string) tea.Cmd {
	if _, known := p.verdicts[path]; known || p.inspecting != "" {
		return nil
	}
	p.inspecting = path
	look := p.src.Inspect
	return func() tea.Msg {
		if look == nil {
			return inspected{owner: p, path: path}
		}
		info, err := look(path)
		return inspected{p, path, verdict{text.Line(info), err}}
	}
}

func (p *Picker) judge(msg inspected) (tea.Cmd, Event) {
	if msg.owner != p {
		return nil, nil
	}
	p.inspecting = ""
	p.verdicts[msg.path] = msg.verdict
	if p.wanted == "" {
		return p.look(), nil
	}
	if p.wanted != msg.path {
		return p.inspect(p.wanted), nil
	}
	p.wanted = ""
	if msg.err != nil {
		p.refused = msg.path
		return nil, nil
	}
	p.chosen, p.refused = msg.path, ""
	return nil, Chosen{Path: msg.path, Info: msg.info}
}

// Choose takes a path as if it had been typed and entered.
func (p *Picker) Choose(path string) (tea.Cmd, Event) {
	p.line.Set(p.short(path))
	cmd := p.edited()
	more, event := p.choose(p.expand(path))
	return tea.Batch(cmd, more), event
}

// Restart makes the picker ready for another file, in the folder of the last one.
func (p *Picker) Restart() tea.Cmd {
	p.line.Set(p.short(asDir(p.dir)))
	return p.edited()
}

// Touched reports whether something was typed behind the folder, or the cursor was moved.
func (p *Picker) Touched() bool {
	_, base := p.split()
	return base != "" || p.moved
}

// Completes reports whether tab would change the entry; otherwise it may move to the next field.
func (p *Picker) Completes() bool {
	if p.chosen != "" || p.wanted != "" || len(p.shown) == 0 {
		return false
	}
	return p.Touched()
}

// Complete extends the entry to what all names that begin with it share, else to the name under the cursor.
func (p *Picker) Complete() (tea.Cmd, Event) {
	e, path, ok := p.current()
	if !ok || !p.Completes() {
		return nil, nil
	}
	dir, base := p.split()
	if shared, several := p.shared(base); !p.moved && several && len(shared) > len(base) {
		p.line.Set(p.short(filepath.Join(dir, shared)))
		return p.edited(), nil
	}
	return p.open(e, path)
}

// shared returns the longest beginning that the names beginning with base have in common, and whether there are
// several of them.
func (p *Picker) shared(base string) (string, bool) {
	shared, n := "", 0
	for _, r := range p.shown {
		name := p.entries[r.Index].Name
		if !strings.HasPrefix(name, base) {
			continue
		}
		if n++; n == 1 {
			shared = name
		}
		shared = common(shared, name)
	}
	return shared, n > 1
}

func common(a, b string) string {
	for i, r := range a {
		if !strings.HasPrefix(b[min(i, len(b)):], string(r)) {
			return a[:i]
		}
	}
	return a
}
