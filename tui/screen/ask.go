package screen

import (
	tea "charm.land/bubbletea/v2"

	"claimdeck/tui/widget/form"
	"claimdeck/tui/widget/picker"
)

// Ask opens a form of the screen over it. The keys of the form are those of the console.
type Ask struct {
	Spec form.Spec
	// Browse changes how the disk looks to the form's pickers; nil: as it is.
	Browse func(picker.Source) picker.Source
	// Writes: submitting it changes something at a service, so it does not open while production is locked.
	Writes bool
	// Done is called once the form was submitted and is in order. The form waits, busy, until the screen asks for Close,
	// Refuse or another Ask, now or later.
	Done func(v form.Values) (tea.Cmd, Request)
	// Cancelled is called when the person closed the form instead; nil: nothing else happens.
	Cancelled func(v form.Values) (tea.Cmd, Request)
}

// Close closes the form of an Ask.
type Close struct{}

// Refuse gives the form of an Ask back to the person: Message is about the whole of it, Fields by field name. With Warn
// alone, submitting it again is the answer. Where the form was closed meanwhile, the message is said in the footer.
type Refuse struct {
	Message string
	Fields  map[string]string
	Warn    []string
}

// Copy puts a text on the clipboard; What is the name it is spoken of by, such as "Transaction id".
type Copy struct{ What, Text string }

// Several are requests, done one after the other.
type Several []Request

func (Ask) isRequest()     {}
func (Close) isRequest()   {}
func (Refuse) isRequest()  {}
func (Copy) isRequest()    {}
func (Several) isRequest() {}

// Closer screens have something to leave, or to stop, before the person goes back. Back returns false when there is nothing.
type Closer interface {
	Back() (cmd tea.Cmd, req Request, done bool)
}

// Hinted screens say what can be typed into their filter.
type Hinted interface{ FilterHint() string }
