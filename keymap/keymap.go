// Package keymap maps keys to actions. Actions have stable ids and live in scopes; the embedded defaults are the
// same TOML that people write to override them. It knows nothing of terminals: keys are their names ("j",
// "shift+tab", "enter"), as the console reports them.
package keymap

// ID is the stable name of an action, such as "claim.open". It is never renamed: people's overrides use it.
type ID string

// Scope is where a binding holds, such as "global", "list", "activity", "claim", "outbox", "form".
type Scope string

// Binding is one line of the key map.
type Binding struct {
	Action ID
	Scope  Scope
	Keys   []string // alternatives; a sequence is its keys separated by a space: "g g"
	Help   string   // a few words: "open claim"
	Source string   // "defaults" or file:line of the override
}

// Offer is an action a screen can take here and now, or the reason why it cannot.
type Offer struct {
	Action  ID
	Enabled bool
	Why     string // when not Enabled
}
