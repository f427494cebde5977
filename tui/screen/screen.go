// Package screen is what the screens of the console and its frame agree on. A screen lives on the event loop: no
// locks, no goroutines, no IO in Update or View. Work that waits runs as a task (see Start).
package screen

import (
	tea "charm.land/bubbletea/v2"

	"claimdeck/keymap"
)

// ID names a screen.
type ID string

// The screens.
const (
	Activity ID = "activity"
	Claims   ID = "claims"
	Claim    ID = "claim"
	Filings  ID = "filings"
	Outbox   ID = "outbox"
	Sandbox  ID = "sandbox"
)

// Screen is one screen of the console.
type Screen interface {
	// Update takes facts: results of its tasks, ticks it asked for.
	Update(msg tea.Msg) (tea.Cmd, Request)
	// Do performs an action of the key map; done is false when the screen does not know it.
	Do(id keymap.ID) (cmd tea.Cmd, req Request, done bool)
	// Refresh re-reads what is on screen, because the store changed or the screen came up.
	Refresh() tea.Cmd
	// View draws exactly h lines of at most w cells. It must accept 0 by 0.
	View(w, h int) string
	// Scopes are the key map's scopes that hold here, innermost first, without the global one.
	Scopes() []keymap.Scope
	// Offers are the actions that do something here and now, in the order of the footer.
	Offers() []keymap.Offer
	// Subject is the claim that actions act on; empty: none.
	Subject() Subject
}

// Subject names a claim the way lists know it.
type Subject struct{ ClaimID, Number string }

// Filterable screens can be narrowed by a query.
type Filterable interface {
	Filter() string
	SetFilter(text string) tea.Cmd
	// FilterNote says what the filter found, or why it cannot be read.
	FilterNote() string
}

// Opener screens show one thing, named when they are opened.
type Opener interface {
	Open(target Subject) tea.Cmd
}

// Request is what a screen asks of the frame.
type Request interface{ isRequest() }

// Navigate shows another screen, with a claim to show there when one is given.
type Navigate struct {
	To    ID
	Claim Subject
}

// Back returns to the screen before.
type Back struct{}

// Toast says something in the footer for a while.
type Toast struct {
	Tone Tone
	Text string
}

// Act opens the form of an action on a claim. Entry is the outbox entry whose input fills the form; empty: none. Values
// go before what the form would open with.
type Act struct {
	Action string
	On     Subject
	Entry  string
	Values map[string][]string
}

// Step moves the selection of the list behind the claim screen, by n.
type Step struct{ N int }

// Show opens a scrollable text over the screen, such as raw JSON.
type Show struct{ Title, Text string }

// Tone says how good or bad a message is.
type Tone int

// The tones.
const (
	Info Tone = iota
	Good
	Warn
	Bad
)

func (Navigate) isRequest() {}
func (Back) isRequest()     {}
func (Toast) isRequest()    {}
func (Act) isRequest()      {}
func (Step) isRequest()     {}
func (Show) isRequest()     {}

// Yes offers an action.
func Yes(id keymap.ID) keymap.Offer { return keymap.Offer{Action: id, Enabled: true} }

// No names an action that cannot act now, and why.
func No(id keymap.ID, why string) keymap.Offer { return keymap.Offer{Action: id, Why: why} }

// Tick is a moment a screen asked for. Only the newest of a name counts: its Gen tells.
type Tick struct {
	To   ID
	Name string
	Gen  uint64
}
