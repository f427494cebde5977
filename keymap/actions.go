package keymap

// The scopes. An active scope is always one of these.
const (
	ScopeGlobal   Scope = "global"    // everywhere
	ScopeList     Scope = "list"      // every list of rows
	ScopeActivity Scope = "activity"  // the activity stream
	ScopeClaim    Scope = "claim"     // a claim on screen
	ScopeClaimAct Scope = "claim.act" // whenever a claim is selected
	ScopeFilings  Scope = "filings"   // files of surplus-lines transactions
	ScopeOutbox   Scope = "outbox"    // the outbox
	ScopeSandbox  Scope = "sandbox"   // test VINs, triggers and scenarios
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
	ScreenFilings  ID = "screen.filings"
	ScreenOutbox   ID = "screen.outbox"
	ScreenSandbox  ID = "screen.sandbox"
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
	ActivityDetail ID = "activity.detail"
)

// A claim on screen.
const (
	ClaimTabNext ID = "claim.tab.next"
	ClaimTabPrev ID = "claim.tab.prev"
	ClaimNext    ID = "claim.next"
	ClaimPrev    ID = "claim.prev"
	ClaimRefresh ID = "claim.refresh"
	ClaimDetail  ID = "claim.detail"  // of the selected row of a tab
	ClaimJSON    ID = "claim.json"    // of the selected row of a tab
	ClaimLater   ID = "claim.later"   // the payoff check arrives a day later
	ClaimEarlier ID = "claim.earlier" // or a day earlier
	ReserveLink  ID = "reserve.link"  // which claim at ClaimCenter it is; of package action
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
	MessageSend    ID = "message.send"
	DocumentAdd    ID = "document.add"
	ClaimDocuments ID = "claim.documents" // shows the documents; there it opens the selected one
	LetterRequest  ID = "guarantee.request"
	LetterCancel   ID = "guarantee.cancel"
	OrderRefresh   ID = "order.refresh"
	PayoffRefresh  ID = "payoff.refresh"
	LetterRefresh  ID = "guarantee.refresh"
	PaymentSent    ID = "payoff.sent"
	ClaimCreate    ID = "claim.create" // acts on no claim, so it holds everywhere, like those of the webhook
	WebhookOn      ID = "webhook.register"
	WebhookOff     ID = "webhook.off"
	ClaimUpdate    ID = "claim.update"
	CaseSubmit     ID = "case.submit"
	CopyMenu       ID = "copy.menu"
)

// The files of surplus-lines transactions.
const (
	FilingsOpen   ID = "filings.open"
	FilingsDetail ID = "filings.detail"
	FilingsFix    ID = "filings.fix"    // what is wrong with the row; everything where nothing is known to be
	FilingsEdit   ID = "filings.edit"   // every field of the row
	FilingsNew    ID = "filings.new"    // a transaction that is typed
	FilingsNext   ID = "filings.next"   // the next row with something to look at
	FilingsCheck  ID = "filings.check"  // reads and checks the files again
	FilingsSubmit ID = "filings.submit" // what is fit and not done
	FilingsRetry  ID = "filings.retry"  // what was rejected or had no answer
	FilingsPoll   ID = "filings.poll"
	FilingsStop   ID = "filings.stop"
	FilingsExport ID = "filings.export"
	FilingsCopy   ID = "filings.copy"
)

// The outbox.
const (
	OutboxOpen    ID = "outbox.open"
	OutboxUndo    ID = "outbox.undo"
	OutboxRecheck ID = "outbox.recheck"
	OutboxRetry   ID = "outbox.retry"
	OutboxDrop    ID = "outbox.drop"
)

// The sandbox: a claim with a test VIN, and a trigger on the selected claim. The last part is the name of the effect in
// package action/scenario.
const (
	SandboxVINMessage          ID = "sandbox.vin.message"
	SandboxVINPayoff           ID = "sandbox.vin.payoff"
	SandboxVINUpdate           ID = "sandbox.vin.update"
	SandboxVINCall             ID = "sandbox.vin.call"
	SandboxVINDocument         ID = "sandbox.vin.document"
	SandboxVINSent             ID = "sandbox.vin.sent"
	SandboxVINGuarantee        ID = "sandbox.vin.guarantee"
	SandboxVINCounter          ID = "sandbox.vin.counter"
	SandboxTriggerMessage      ID = "sandbox.trigger.message"
	SandboxTriggerPayoff       ID = "sandbox.trigger.payoff"
	SandboxTriggerUpdate       ID = "sandbox.trigger.update"
	SandboxTriggerCall         ID = "sandbox.trigger.call"
	SandboxTriggerDocument     ID = "sandbox.trigger.document"
	SandboxTriggerSent         ID = "sandbox.trigger.sent"
	SandboxTriggerGuarantee    ID = "sandbox.trigger.guarantee"
	SandboxTriggerCounter      ID = "sandbox.trigger.counter"
	SandboxTriggerPayoffCancel ID = "sandbox.trigger.payoff-cancel"
	SandboxFire                ID = "sandbox.fire"
	SandboxClaim               ID = "sandbox.claim"
	SandboxStop                ID = "sandbox.stop"
)

// Forms and prompts.
const (
	FormSubmit   ID = "form.submit"
	FormCancel   ID = "form.cancel"
	FormNext     ID = "form.next"
	FormPrev     ID = "form.prev"
	FormPreview  ID = "form.preview"
	FormNextPage ID = "form.section.next"
	FormPrevPage ID = "form.section.prev"
	FormEditor   ID = "form.editor"
	FormNewline  ID = "form.newline"
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
		{ScopeFilings, "Filings"},
		{ScopeOutbox, "Outbox"},
		{ScopeSandbox, "Sandbox"},
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
