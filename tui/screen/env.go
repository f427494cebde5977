package screen

import (
	"context"
	"encoding/json"
	"log/slog"
	"time"

	"claimdeck/action"
	"claimdeck/action/filings"
	"claimdeck/action/scenario"
	"claimdeck/action/systems"
	"claimdeck/keymap"
	"claimdeck/state/activity"
	"claimdeck/state/claim"
	"claimdeck/state/feed"
	"claimdeck/state/filing"
	"claimdeck/state/outbox"
	"claimdeck/state/query"
	"claimdeck/state/store"
	"claimdeck/tui/theme"
	"claimdeck/tui/widget/clip"
)

// Store is what the screens read. Every method is called from tasks only.
type Store interface {
	Activities(ctx context.Context, f query.Filter, p store.Paging) ([]store.Row, error)
	CountActivities(ctx context.Context, f query.Filter) (int, error)
	CountNewer(ctx context.Context, f query.Filter, p store.Position) (int, error)
	Activity(ctx context.Context, key activity.Key) (activity.Activity, error)
	Claims(ctx context.Context, f query.Filter, p store.ClaimPaging) ([]store.ClaimRow, error)
	CountClaims(ctx context.Context, f query.Filter) (int, error)
	Entries(ctx context.Context, limit int, states ...outbox.State) ([]outbox.Entry, error)
	Entry(ctx context.Context, id string) (outbox.Entry, error)
	History(ctx context.Context, id string) ([]outbox.Event, error)
	SaveDraft(ctx context.Context, action, claimID string, values json.RawMessage) error
	Draft(ctx context.Context, action, claimID string) (json.RawMessage, bool, error)
	DropDraft(ctx context.Context, action, claimID string) error
	Setting(ctx context.Context, name string) (string, bool, error)
	SetSetting(ctx context.Context, name, value string) error
}

// Feed is the syncer as the console sees it. Its methods return at once.
type Feed interface {
	Status() feed.Status
	Poke()
	Hurry(d time.Duration)
	SetIdle(idle bool)
}

// Actions is the registry of what a person can do.
type Actions interface {
	All() []action.Action
	Get(id string) (action.Action, bool)
	Load(ctx context.Context, claimID string) (claim.Claim, error)
	Prepare(ctx context.Context, a action.Action, s action.Subject, v action.Values) (action.Prepared, error)
}

// Box is the outbox.
type Box interface {
	Submit(ctx context.Context, d outbox.Draft) (outbox.Entry, error)
	Undo(ctx context.Context, id string) (outbox.Entry, error)
	Retry(ctx context.Context, id string) (outbox.Entry, error)
	Drop(ctx context.Context, id string) (outbox.Entry, error)
	Recheck(ctx context.Context, id string) (outbox.Entry, error)
	// Observe looks in what arrived for the effects of writes; nil: look at what is known.
	Observe(ctx context.Context, added []activity.Activity)
}

// Reserves are the reserves of claims at ClaimCenter; *systems.Reserves implements it. Its methods are called from tasks.
type Reserves interface {
	// Stored returns what is remembered of a claim. It asks nobody.
	Stored(ctx context.Context, claimID string) (systems.View, error)
	// Refresh reads the reserves of a claim, which is looked for by its number unless it is linked. With an error it
	// returns what was known before.
	Refresh(ctx context.Context, claimID, number string) (systems.View, error)
}

// Template is the beginning of a message, with variables such as {claim}.
type Template struct{ Name, Text string }

// Studio runs test VINs, triggers and scenarios; *scenario.Studio implements it.
type Studio interface {
	Begin(sc scenario.Scenario, on scenario.Created) (*scenario.Run, error)
	Within() time.Duration
}

// Desk is the work on files of surplus-lines transactions; *filings.Desk implements it. Every method but Refusal is
// called from tasks only.
type Desk interface {
	// Refusal is why nothing can be sent, such as that InsCipher is not configured; nil when it can. It returns at once.
	Refusal() error
	Open(ctx context.Context, paths []string, told func(rows int)) (*filings.Book, error)
	Changed(ctx context.Context, b *filings.Book) (bool, error)
	Look(ctx context.Context, b *filings.Book, index int) (filings.Sight, error)
	Standing(ctx context.Context, b *filings.Book, indexes []int) (map[int]filings.Row, error)
	Save(ctx context.Context, b *filings.Book, index int, edits []filings.Edit, o filing.SaveOptions) (written string, paths []string, err error)
	Add(ctx context.Context, b *filings.Book, r filing.Row) (filings.Added, error)
	Submit(ctx context.Context, b *filings.Book, o filing.SubmitOptions) (filing.Report, error)
	Retry(ctx context.Context, b *filings.Book, o filing.SubmitOptions) (filing.Report, error)
	Poll(ctx context.Context) (filing.PollReport, error)
	Export(ctx context.Context, b *filings.Book) (path string, rows int, err error)
	Inspect(path string) (string, error)
}

// Profile is the account the console works on.
type Profile struct {
	Name       string
	Label      string // "sandbox", "production" or the profile's name: what the header says
	Production bool
	Host       string
}

// Env is everything a screen may use. One is made when the program starts; Theme changes with the terminal.
type Env struct {
	Tasks   *Tasks
	Store   Store
	Feed    Feed
	Actions Actions
	Box     Box
	// Open reads a claim's snapshot and history from the service into the store.
	Open func(ctx context.Context, claimID string) error
	// Find asks the service for claims by number or VIN and stores what it finds.
	Find   func(ctx context.Context, ref string) ([]store.ClaimRow, error)
	Studio Studio // nil: the account has no sandbox studio
	// Filings is the desk of surplus-lines transactions; nil: there is none.
	Filings Desk
	// Reserves are nil when the profile has no account of ClaimCenter, or one that cannot be used: NoReserves says why.
	Reserves   Reserves
	NoReserves error
	// Case returns the case of a claim at Scalepoint as it is remembered; false when there is none. Nil: none ever is.
	Case func(ctx context.Context, claimID string) (systems.Case, bool, error)
	// Download fetches a document into the person's download folder, under a name that begins with name, and returns
	// where it is. It asks the configured host only.
	Download func(ctx context.Context, documentID, name string) (path string, err error)
	// OpenFile shows a file with the desktop's own program; nil where there is no desktop.
	OpenFile func(ctx context.Context, path string) error
	// Templates are the beginnings of messages that the person has written down, in their order.
	Templates []Template
	Keys      *keymap.Map
	Clip      *clip.Clipboard // nil: the terminal is asked to copy
	Theme     *Look
	Profile   Profile
	Now       func() time.Time
	Log       *slog.Logger
	At        time.Time // the moment of the message being handled, in the person's zone
	Revealed  bool      // account and phone numbers are shown
	Layout    Layout    // where the claim stands beside a list
}

// Layout is where the claim stands beside a list on a wide terminal.
type Layout string

// The layouts. Auto is below up to sideWidth, so that the list can scroll by a few bytes, and beside from there.
const (
	Auto   Layout = ""
	Beside Layout = "beside"
	Below  Layout = "below"
)

// Look is the theme with the pens that rows are drawn with.
type Look struct {
	theme.Theme
	Pens Pens
}
