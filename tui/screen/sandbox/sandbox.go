// Package sandbox is the studio: test VINs, triggers and scenarios at one key each, and what came of them.
package sandbox

import (
	"context"
	"errors"
	"fmt"
	"strings"

	tea "charm.land/bubbletea/v2"

	"claimdeck/action/scenario"
	"claimdeck/keymap"
	"claimdeck/tui/screen"
	"claimdeck/tui/widget/list"
)

// kept is how many runs the log shows.
const kept = 100

const (
	taskShipped = "shipped"
	taskRun     = "run " // and its number
)

// group is a part of the menu.
type group int

const (
	testVINs group = iota
	triggers
	scenarios
)

// item is one line of the menu.
type item struct {
	group group
	id    string // unique in the menu, and the id of its action where it has a key
	name  string
	code  string // VIN or activity type
	about string
	sc    scenario.Scenario
}

// Screen is the studio.
type Screen struct {
	env     *screen.Env
	menu    *list.Model[item, string]
	on      scenario.Created // the claim that triggers act on
	log     []*run           // newest first
	number  int              // of the newest run
	missing error            // why the shipped scenarios cannot be shown
}

// New returns the screen; the scenarios come with its first Refresh.
func New(env *screen.Env) *Screen {
	s := &Screen{env: env}
	s.menu = list.New(func(i item) string { return i.id }, s.heading)
	s.menu.Replace(effects(), true, true)
	return s
}

// effects are the test VINs and the triggers as lines of the menu.
func effects() []item {
	var items []item
	for _, e := range scenario.TestVINs() {
		items = append(items, item{
			group: testVINs, id: "sandbox.vin." + e.Name, name: e.Name, code: e.VIN, about: e.About, sc: scenario.OfVIN(e),
		})
	}
	for _, e := range scenario.Triggers() {
		items = append(items, item{
			group: triggers, id: "sandbox.trigger." + e.Name, name: e.Name, code: string(e.Activity), about: e.About, sc: scenario.OfTrigger(e),
		})
	}
	return items
}

func (s *Screen) heading(i item) string {
	switch i.group {
	case testVINs:
		return "test VINs: each creates a claim"
	case triggers:
		if s.on.ClaimID == "" {
			return "triggers: select a claim in Activity or Claims first"
		}
		return "triggers on " + s.on.Number
	default:
		return "scenarios"
	}
}

// Scopes are those of the sandbox and of lists.
func (s *Screen) Scopes() []keymap.Scope {
	return []keymap.Scope{keymap.ScopeSandbox, keymap.ScopeList}
}

// Subject is the claim that triggers act on.
func (s *Screen) Subject() screen.Subject {
	return screen.Subject{ClaimID: s.on.ClaimID, Number: s.on.Number}
}

// Open takes the claim that was selected on another screen; an empty one changes nothing.
func (s *Screen) Open(on screen.Subject) tea.Cmd {
	if on.ClaimID != "" && on.ClaimID != s.on.ClaimID {
		s.on = scenario.Created{ClaimID: on.ClaimID, Number: on.Number}
	}
	return s.Refresh()
}

// Refresh reads the shipped scenarios, once.
func (s *Screen) Refresh() tea.Cmd {
	if s.menu.Len() > len(effects()) || s.env.Tasks.Under(screen.Sandbox, taskShipped) {
		return nil
	}
	return screen.Start(s.env.Tasks, screen.Sandbox, taskShipped, func(context.Context) ([]scenario.Scenario, error) {
		return scenario.Shipped()
	})
}

// Offers are what can be done with the selected line.
func (s *Screen) Offers() []keymap.Offer {
	if why := s.refusal(); why != "" {
		return []keymap.Offer{screen.No(keymap.SandboxFire, why), screen.No(keymap.SandboxClaim, why), screen.No(keymap.SandboxStop, why)}
	}
	offers := []keymap.Offer{screen.Yes(keymap.SandboxFire)}
	if i, ok := s.menu.Selected(); ok && i.group == triggers && s.on.ClaimID == "" {
		offers[0] = screen.No(keymap.SandboxFire, noClaim)
	}
	if s.on.ClaimID != "" {
		offers = append(offers, screen.Yes(keymap.SandboxClaim))
	} else {
		offers = append(offers, screen.No(keymap.SandboxClaim, "no claim is selected and none was created"))
	}
	if s.running() != nil {
		offers = append(offers, screen.Yes(keymap.SandboxStop))
	} else {
		offers = append(offers, screen.No(keymap.SandboxStop, "nothing is under way"))
	}
	return offers
}

const noClaim = "triggers act on a claim: select one in Activity or Claims, or create one with a test VIN"

// refusal says why nothing can be fired here; empty: it can.
func (s *Screen) refusal() string {
	switch {
	case s.env.Profile.Production:
		return "this profile is production: test VINs, triggers and scenarios are for a sandbox profile, chosen with claimdeck --profile NAME"
	case s.env.Studio == nil:
		return "the sandbox is not available here"
	}
	return ""
}

// Do performs an action.
func (s *Screen) Do(id keymap.ID) (tea.Cmd, screen.Request, bool) {
	if screen.MoveList(s.menu, id) {
		return nil, nil, true
	}
	switch id {
	case keymap.ListTop:
		s.menu.Move(-s.menu.Len())
		return nil, nil, true
	case keymap.ListBottom:
		s.menu.Move(s.menu.Len())
		return nil, nil, true
	case keymap.ListOpen, keymap.SandboxFire:
		i, ok := s.menu.Selected()
		if !ok {
			return nil, nil, true
		}
		cmd, req := s.fire(i)
		return cmd, req, true
	case keymap.SandboxClaim:
		return nil, screen.Navigate{To: screen.Claim, Claim: s.Subject()}, true
	case keymap.SandboxStop:
		return nil, s.stop(), true
	default:
	}
	if !strings.HasPrefix(string(id), "sandbox.") {
		return nil, nil, false
	}
	for _, i := range s.menu.Rows() {
		if i.id == string(id) {
			s.menu.Select(i.id)
			cmd, req := s.fire(i)
			return cmd, req, true
		}
	}
	return nil, nil, false
}

// Update takes the scenarios, and the steps of runs.
func (s *Screen) Update(msg tea.Msg) (tea.Cmd, screen.Request) {
	switch msg := msg.(type) {
	case screen.Result[[]scenario.Scenario]:
		if s.missing = msg.Err; msg.Err != nil {
			return nil, screen.Toast{Tone: screen.Bad, Text: msg.Err.Error()}
		}
		items := effects()
		for _, sc := range msg.Value {
			items = append(items, item{
				group: scenarios, id: "scenario " + sc.Name, name: sc.Name, code: fmt.Sprintf("%d steps", len(sc.Steps)),
				about: sc.About, sc: sc,
			})
		}
		s.menu.Replace(items, true, true)
	case screen.Result[stepped]:
		return s.stepped(msg.Value, msg.Err)
	}
	return nil, nil
}

// fire begins a run of a line of the menu.
func (s *Screen) fire(i item) (tea.Cmd, screen.Request) {
	if why := s.refusal(); why != "" {
		return nil, screen.Toast{Tone: screen.Warn, Text: sentence(why)}
	}
	var on scenario.Created
	if i.group == triggers {
		if on = s.on; on.ClaimID == "" {
			return nil, screen.Toast{Tone: screen.Warn, Text: sentence(noClaim)}
		}
	}
	began, err := s.env.Studio.Begin(i.sc, on)
	if err != nil {
		return nil, screen.Toast{Tone: screen.Bad, Text: sentence(err.Error())}
	}
	s.number++
	r := &run{number: s.number, item: i, on: on, began: s.env.At, run: began}
	r.stopped, r.stop = context.WithCancel(context.Background())
	s.log = append([]*run{r}, s.log...)
	if len(s.log) > kept {
		s.log = s.log[:kept]
	}
	return s.step(r), nil
}

// stop ends the newest run that is under way.
func (s *Screen) stop() screen.Request {
	r := s.running()
	if r == nil {
		return screen.Toast{Text: "Nothing is under way"}
	}
	r.stop()
	return screen.Toast{Text: "Stopping: " + r.title()}
}

// running is the newest run under way that was not stopped.
func (s *Screen) running() *run {
	for _, r := range s.log {
		if !r.done && r.stopped.Err() == nil {
			return r
		}
	}
	return nil
}

// latest is the newest run of a line of the menu.
func (s *Screen) latest(id string) *run {
	for _, r := range s.log {
		if r.item.id == id {
			return r
		}
	}
	return nil
}

func (s *Screen) byNumber(n int) *run {
	for _, r := range s.log {
		if r.number == n {
			return r
		}
	}
	return nil
}

// sentence starts with a capital.
func sentence(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

var errStopped = errors.New("stopped by you")
