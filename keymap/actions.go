package keymap

// The scopes. An active scope is always one of these.
const (
	ScopeGlobal   Scope = "global"    // everywhere
	ScopeList     Scope = "list"      // every list of rows
	ScopeActivity Scope = "activity"  // the activity stream
	ScopeClaim    Scope = "claim"     // a claim on screen
	ScopeClaimAct Scope = "claim.act" // whenever a claim is selected
	ScopeOutbox   Scope = "outbox"    // the outbox
	ScopeForm     Scope = "form"      // a modal form; text entry
	ScopePrompt   Scope = "prompt"    // filter, palette, search of the help; text entry
)

// Everywhere.
const (
	AppQuit        ID = "app.quit"
	AppHelp        ID = "app.help"
	AppBack        ID = "app.back"
	AppPalette     ID = "app.palette"
	AppFilter      ID = "app.filter"
	AppUndo        ID = "app.undo"
	AppReveal      ID = "app.reveal"
	AppUnlock      ID = "app.unlock"
	AppRetryFeed   ID = "app.retry.feed"
	AppSignIn      ID = "app.signin"
	AppRedraw      ID = "app.redraw"
	AppLayout      ID = "app.layout"
	ScreenActivity ID = "screen.activity"
	ScreenClaims   ID = "screen.claims"
	ScreenOutbox   ID = "screen.outbox"
	ScreenNext     ID = "screen.next"
)

// Every list.
const (
	ListOpen     ID = "list.open"
	ListDown     ID = "list.down"
	ListUp       ID = "list.up"
	ListPageDown ID = "list.pagedown"
	ListPageUp   ID = "list.pageup"
	ListHalfDown ID = "list.halfdown"
	ListHalfUp   ID = "list.halfup"
	ListTop      ID = "list.top"
	ListBottom   ID = "list.bottom"
)

// The activity stream.
const (
	ActivityNew    ID = "activity.new"
	ActivityFollow ID = "activity.follow"
	ActivityFreeze ID = "activity.freeze"
	ActivityJSON   ID = "activity.json"
)

// A claim on screen.
const (
	ClaimTabNext ID = "claim.tab.next"
	ClaimTabPrev ID = "claim.tab.prev"
	ClaimNext    ID = "claim.next"
	ClaimPrev    ID = "claim.prev"
	ClaimRefresh ID = "claim.refresh"
)

// What can be done with the selected claim. Those with an entry in package action have its id.
const (
	CounterAnswer  ID = "counter.answer" // asks: accept or dispute
	CounterAccept  ID = "counter.accept"
	CounterDispute ID = "counter.dispute"
	OrderCreate    ID = "order.create"
	OrderCancel    ID = "order.cancel"
	PayoffRequest  ID = "payoff.request"
	PayoffCancel   ID = "payoff.cancel"
	CopyMenu       ID = "copy.menu"
)

// The outbox.
const (
	OutboxOpen    ID = "outbox.open"
	OutboxUndo    ID = "outbox.undo"
	OutboxRecheck ID = "outbox.recheck"
	OutboxRetry   ID = "outbox.retry"
	OutboxDrop    ID = "outbox.drop"
)

// Forms and prompts.
const (
	FormSubmit   ID = "form.submit"
	FormCancel   ID = "form.cancel"
	FormNext     ID = "form.next"
	FormPrev     ID = "form.prev"
	FormPreview  ID = "form.preview"
	PromptAccept ID = "prompt.accept"
	PromptCancel ID = "prompt.cancel"
	PromptNext   ID = "prompt.next"
	PromptPrev   ID = "prompt.prev"
)

// scopeTitles are the scopes in the order of help and README, with what people call them.
func scopeTitles() []scopeTitle {
	return []scopeTitle{
		{ScopeGlobal, "Everywhere"},
		{ScopeList, "Lists"},
		{ScopeActivity, "Activity"},
		{ScopeClaim, "Claim"},
		{ScopeClaimAct, "Selected claim"},
		{ScopeOutbox, "Outbox"},
		{ScopeForm, "Forms"},
		{ScopePrompt, "Prompts (filter, commands, search)"},
	}
}

type scopeTitle struct {
	scope Scope
	title string
}

// Title returns what people call the scope, such as "Selected claim".
func (s Scope) Title() string {
	for _, t := range scopeTitles() {
		if t.scope == s {
			return t.title
		}
	}
	return string(s)
}

// TextEntry reports whether text is typed in the scope: printable keys belong to the text and match nothing.
func (s Scope) TextEntry() bool { return s == ScopeForm || s == ScopePrompt }

func (s Scope) known() bool {
	for _, t := range scopeTitles() {
		if t.scope == s {
			return true
		}
	}
	return false
}

// protected reports whether an action must keep a key everywhere: without it a person could not get out or find
// out.
func (id ID) protected() bool { return id == AppQuit || id == AppHelp || id == AppBack }

// standsFor returns the protected action that id is the local form of in a scope: it may take that action's key.
func (id ID) standsFor(s Scope) ID {
	if (id == FormCancel && s == ScopeForm) || (id == PromptCancel && s == ScopePrompt) {
		return AppBack
	}
	return ""
}
