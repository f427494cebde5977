package tui_test

import (
	"errors"
	"fmt"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"claimdeck/keymap"
	"claimdeck/sandbox/inscipher"
	"claimdeck/tui/tuitest"
)

var errNotConfigured = errors.New("InsCipher is not configured for this profile: claimdeck login inscipher")

func filingScenes() []scene {
	files := func(change func(*filingsSetup)) setup {
		s := &filingsSetup{files: both()}
		if change != nil {
			change(s)
		}
		return setup{filings: s}
	}
	broken := func(kind inscipher.FaultKind) setup {
		return files(func(s *filingsSetup) {
			s.behaviour.Faults = []inscipher.Fault{{Kind: kind, Times: -1}}
		})
	}
	return []scene{
		{name: "filings", setup: files(nil), on: func(d *desk) { d.to("SL-00002") }},
		{name: "filings-results", setup: files(nil), on: func(d *desk) { d.file(); d.pass(20 * time.Second); d.to("SL-00004") }},
		{name: "filings-filter", setup: files(nil), on: func(d *desk) { d.keys("/"); d.typed("problems"); d.pass(time.Second) }},
		{name: "filings-fix", setup: files(nil), on: func(d *desk) { d.to("SL-00002"); d.keys("e") }, over: true},
		{name: "filings-edit", setup: files(nil), on: func(d *desk) { d.to("SL-00006"); d.keys("E") }, over: true},
		{name: "filings-new", setup: files(nil), on: func(d *desk) { d.to("SL-00002"); d.keys("N"); d.pass(time.Second) }, over: true},
		{name: "filings-new-empty", setup: files(func(s *filingsSetup) { s.files = nil }), on: func(d *desk) { d.keys("N") }, over: true},
		{name: "filings-submit", setup: files(nil), on: func(d *desk) { d.keys("S") }, over: true},
		{name: "filings-detail", setup: files(nil), on: func(d *desk) { d.to("SL-00006"); d.keys("enter") }, over: true},
		{name: "filings-running", setup: files(func(s *filingsSetup) {
			s.chunk = 3
			s.behaviour.Faults = []inscipher.Fault{{Kind: inscipher.FaultSlow, Skip: 1, Delay: 2 * time.Minute}}
		}), on: func(d *desk) { d.file() }},
		{name: "filings-empty", setup: files(func(s *filingsSetup) { s.files = nil }), on: func(*desk) {}},
		{name: "filings-not-configured", setup: files(func(s *filingsSetup) { s.files, s.refusal = nil, errNotConfigured }), on: func(*desk) {}},
		{name: "filings-refused", setup: broken(inscipher.FaultUnauthorized), on: func(d *desk) { d.file(); d.pass(20 * time.Minute) }},
		{name: "filings-down", setup: broken(inscipher.FaultReset), on: func(d *desk) { d.file(); d.pass(20 * time.Minute) }},
		{name: "filings-gone", setup: files(nil), on: func(d *desk) {
			if err := os.RemoveAll(d.filed.folder); err != nil {
				d.tb.Fatal(err)
			}
			d.keys("1", "3")
			d.pass(5 * time.Minute)
		}},
		{name: "filings-ascii", setup: func() setup { s := files(nil); s.theme.Dark, s.theme.ASCII = true, true; return s }(), on: func(d *desk) { d.file(); d.to("SL-00004") }},
	}
}

// TestGoldenFilings compares the screen of filings in every state and size with its picture.
func TestGoldenFilings(t *testing.T) {
	t.Parallel()
	for _, sc := range filingScenes() {
		t.Run(sc.name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := atFilings(t, sc.setup, 120, 40)
				sc.on(d)
				for _, size := range sizes() {
					d.resize(size[0], size[1])
					d.pass(time.Second)
					s := d.screen()
					// The folder of the test has another name each time.
					text := strings.ReplaceAll(s.String(), filepath.Dir(d.filed.folder), "/home/dana")
					tuitest.Golden(t, fmt.Sprintf("%s-%dx%d", sc.name, size[0], size[1]), text)
					if !sc.over && d.env.Filings.Refusal() == nil && s.Contains("rows") {
						framed(t, d, s)
					}
				}
			})
		})
	}
}

// TestGoldenFilingStyles compares the styles of the screen in both themes.
func TestGoldenFilingStyles(t *testing.T) {
	t.Parallel()
	for _, light := range []bool{false, true} {
		name := map[bool]string{false: "dark", true: "light"}[light]
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := atFilings(t, setup{}, 80, 24)
				if light {
					d.send(tea.BackgroundColorMsg{Color: color.White})
				}
				d.file()
				d.to("SL-00004")
				d.pass(20 * time.Second)
				tuitest.Golden(t, "style-filings-"+name, strings.ReplaceAll(d.look(), "\x1b", "␛"))
			})
		})
	}
}

// TestEveryKeyOfFilings presses every key of the screen's scope; a binding without a line here fails.
func TestEveryKeyOfFilings(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{}, 120, 40)
		table := filingKeys()
		for _, b := range d.env.Keys.Bindings() {
			if b.Scope != keymap.ScopeFilings {
				continue
			}
			try := table[b.Action]
			if try == nil {
				t.Errorf("%s has no test", b.Action)
				continue
			}
			for _, key := range b.Keys {
				d.keys("esc", "esc", "esc", "3")
				d.pass(20 * time.Second)
				d.to("SL-00002")
				if wrong := try(d, key); wrong != "" {
					t.Errorf("%s (%s): %s\n%s", key, b.Action, wrong, d.screen())
				}
			}
		}
	})
}

func filingKeys() map[keymap.ID]effect {
	return map[keymap.ID]effect{
		keymap.FilingsOpen:   goes("Open filings"),
		keymap.FilingsDetail: goes("Transaction SL-00002"),
		keymap.FilingsFix:    goes("Fix SL-00002"),
		keymap.FilingsEdit:   goes("Fix SL-00002"),
		keymap.FilingsNew:    goes("New filing"),
		keymap.FilingsSubmit: goes("Submit to InsCipher"),
		keymap.FilingsNext: func(d *desk, key string) string {
			if d.keys(key); !strings.Contains(d.marked(), "SL-00003") {
				return "selects " + d.marked()
			}
			return ""
		},
		keymap.FilingsCheck: func(d *desk, key string) string {
			d.keys(key)
			d.pass(time.Second)
			return tells("Checked 10 rows: 2 with errors, 2 with warnings")(d, "f12")
		},
		keymap.FilingsRetry:  tells("No row was rejected or is without an answer"),
		keymap.FilingsPoll:   tells("No row waits for a result"),
		keymap.FilingsStop:   tells("Nothing is under way"),
		keymap.FilingsExport: tells("rows written to"),
		keymap.FilingsCopy:   tells("Transaction id"),
	}
}

// TestFilingsSayWhyAKeyCannotAct goes through the states in which a key does nothing.
func TestFilingsSayWhyAKeyCannotAct(t *testing.T) {
	t.Parallel()
	slow := inscipher.Behaviour{Faults: []inscipher.Fault{{Kind: inscipher.FaultSlow, Delay: 10 * time.Minute}}}
	for name, c := range map[string]struct {
		setup filingsSetup
		first []string
		keys  map[string]string
	}{
		"nothing open": {filingsSetup{}, nil, map[string]string{
			"e": "No file is open yet: o opens one", "S": "No file is open yet", "enter": "No file is open yet", "y": "No file is open yet", "w": "No file is open yet",
		}},
		"no account": {filingsSetup{files: both(), refusal: errNotConfigured}, nil, map[string]string{
			"S": "claimdeck login inscipher", "r": "claimdeck login inscipher", "p": "claimdeck login inscipher",
		}},
		"under way": {filingsSetup{files: both(), behaviour: slow}, []string{"S", "enter"}, map[string]string{
			"S": "it can be stopped with x", "r": "it can be stopped with x", "e": "it can be stopped with x", "o": "it can be stopped with x", "c": "it can be stopped with x", "N": "it can be stopped with x",
		}},
		"no rows": {filingsSetup{files: map[string]string{"a.csv": filingTable()}}, nil, map[string]string{"e": "No row is selected", "S": "There is no transaction in these files"}},
	} {
		t.Run(name, func(t *testing.T) {
			bubble(t, func(t *testing.T) {
				d := atFilings(t, setup{filings: &c.setup}, 120, 40)
				d.keys(c.first...)
				for key, words := range c.keys {
					d.pass(9 * time.Second)
					d.keys(key)
					if got := d.screen().Row(d.h - 2); !strings.Contains(got, words) {
						t.Errorf("%s: the rule says %q, want %q", key, got, words)
					}
				}
			})
		})
	}
}

// TestFilingsWithoutADesk: an account that has none still has the screen.
func TestFilingsWithoutADesk(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := sit(t, setup{}, 80, 24)
		d.keys("3")
		d.shows("Filings", "There is no desk for filings here")
		d.keys("o")
		d.says("There is no desk")
	})
}

// TestFilingsAreReadOnlyWhileProductionIsLocked: files can be checked and mended, and nothing is sent.
func TestFilingsAreReadOnlyWhileProductionIsLocked(t *testing.T) {
	bubble(t, func(t *testing.T) {
		d := atFilings(t, setup{production: true, filings: &filingsSetup{files: both()}}, 120, 40)
		d.keys("S")
		d.says("Production is read-only")
		d.to("SL-00002")
		d.keys("e")
		d.shows("Fix SL-00002")
		if n := d.filed.cipher.Batches(); n != 0 {
			t.Errorf("%d batches were sent", n)
		}
	})
}

// TestHostileFilings: what stands in a file, and what a service says of it, cannot reach the terminal as anything but text.
func TestHostileFilings(t *testing.T) {
	bubble(t, func(t *testing.T) {
		evil := "\x1b]52;c;ZXZpbA==\x07\x1b[2J\u202egnihton\u0000\r"
		row := filingRow(1, "id", evil+"id", "policy_number", evil, "mailing_insured_name", evil+strings.Repeat("漢字", 300), "mailing_state_code", evil, "total", evil)
		d := atFilings(t, setup{filings: &filingsSetup{
			files:     map[string]string{"a.csv": filingTable(row, filingRow(2)), "b.json": `[{"` + `\u001b[2Jname": "\u001b]0;owned\u0007"}]`},
			behaviour: inscipher.Behaviour{HostileText: true},
		}}, 120, 40)
		clean := func() {
			t.Helper()
			if view := d.look(); strings.ContainsAny(ansi.Strip(view), "\x1b\x07\r\u202e\x00") || strings.Contains(view, "\x1b]") || strings.Contains(view, "\x1b[2J") {
				t.Errorf("the screen has %q", view)
			}
		}
		d.keys("S", "space", "enter")
		d.pass(5 * time.Second)
		for _, size := range sizes() {
			d.resize(size[0], size[1])
			d.keys("g")
			for range 3 {
				d.pass(time.Second)
				clean()
				d.keys("enter")
				clean()
				d.keys("J")
				clean()
				d.keys("esc", "esc", "E")
				clean()
				d.keys("ctrl+r")
				clean()
				d.keys("esc", "esc", "j")
			}
		}
	})
}
