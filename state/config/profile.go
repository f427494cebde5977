package config

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"claimdeck/state/config/nearest"
)

// DefaultURL is where LossExpress serves its API (remote document: Authentication).
const DefaultURL = "https://xapi.lossexpress.com"

// Environment says whether what is done has consequences.
type Environment string

// The environments.
const (
	Sandbox    Environment = "sandbox"
	Production Environment = "production"
)

// Flavour is the kind of LossExpress account: carriers and vendors see different fields.
type Flavour string

// The flavours.
const (
	Carrier Flavour = "carrier"
	Vendor  Flavour = "vendor"
)

// Theme is how the console is coloured.
type Theme string

// The themes.
const (
	AutoTheme  Theme = "auto" // asks the terminal for its background
	DarkTheme  Theme = "dark"
	LightTheme Theme = "light"
)

// The remote systems, by the names used in settings, environment variables and the keyring.
const (
	LossExpress = "lossexpress"
	ClaimCenter = "claimcenter"
	InsCipher   = "inscipher"
	Scalepoint  = "scalepoint"
)

// Profile is one account with its settings. The tags say everything about a setting: its key in the file (toml),
// its default, its choices (enum), its meaning (help), and whether it may stand at the top of the file, for all
// profiles (top).
type Profile struct {
	Name string

	LossExpress Account            `toml:"lossexpress" help:"the LossExpress account"`
	ClaimCenter ClaimCenterAccount `toml:"claimcenter" help:"Guidewire ClaimCenter"`
	InsCipher   InsCipherAccount   `toml:"inscipher" help:"InsCipher surplus lines filing"`
	Scalepoint  ScalepointAccount  `toml:"scalepoint" help:"Scalepoint case submission"`
	Secret      Secret             `toml:"secret" help:"where secrets come from when the machine has no keyring"`

	Environment Environment `toml:"environment" enum:"sandbox,production" help:"production is marked on every screen and read-only until unlocked; default: sandbox for loopback addresses, production for all others"`

	Hold     time.Duration `toml:"hold" default:"5s" top:"yes" help:"how long a write waits in the console before it is sent, so that it can be undone; 0 turns it off"`
	Lookback time.Duration `toml:"lookback" default:"24h" top:"yes" help:"how far back the first read of the feed goes"`
	Theme    Theme         `toml:"theme" default:"auto" enum:"auto,dark,light" top:"yes" help:"colours"`
	ASCII    bool          `toml:"ascii" default:"false" top:"yes" help:"draw borders and marks in ASCII only"`
	Keys     string        `toml:"keys" top:"yes" help:"file with your own key bindings; default: keys.toml beside the configuration"`

	origins map[string]origin // by key
}

// Account is an account with LossExpress.
type Account struct {
	URL      string  `toml:"url" default:"https://xapi.lossexpress.com" help:"base address of the API; plain http is for loopback only"`
	ClientID string  `toml:"client_id" help:"client id; the secret is never kept in this file"`
	Flavour  Flavour `toml:"flavour" default:"carrier" enum:"carrier,vendor" help:"kind of account"`
}

// Secret says where secrets come from when they are neither in the environment nor in the keyring. In both
// settings {system} stands for the name of the system, such as lossexpress.
type Secret struct {
	Command string `toml:"command" help:"command line that prints the secret as its first line; {system} is the name of the system"`
	File    string `toml:"file" help:"file encrypted with age and a passphrase; {system} is the name of the system"`
}

// For returns the command for one system; empty when there is none.
func (s Secret) For(system string) (command, file string) {
	return strings.ReplaceAll(s.Command, "{system}", system), strings.ReplaceAll(s.File, "{system}", system)
}

// Origin says where a value comes from: "config.toml:12", "environment CLAIMDECK_HOLD" or "default".
type Origin string

// origin is where a value came from and what it was then, so that a later change of it can be seen.
type origin struct {
	Origin
	value string
}

// Setting is one value of a profile for people to read.
type Setting struct {
	Key    string `json:"key"` // "lossexpress.url"
	Value  string `json:"value"`
	Origin Origin `json:"origin"`
}

// Settings returns every setting that has a value, in the order of the documentation.
func (p *Profile) Settings() []Setting {
	var all []Setting
	systems := p.Systems()
	for _, f := range fieldsOf(p) {
		if p.Origin(f.key) == "default" && f.sideSystem() && !slices.Contains(systems, f.system()) {
			continue // the defaults of a system that nobody uses are of no interest
		}
		if v := f.get(p); v != "" {
			all = append(all, Setting{Key: f.key, Value: v, Origin: p.Origin(f.key)})
		}
	}
	return all
}

// Only returns a profile with the settings of one system that differ from their defaults, wherever they came from: what
// WriteProfile needs so that the account works without the environment.
func (p *Profile) Only(system string) Profile {
	only := Profile{Name: p.Name}
	for _, f := range fieldsOf(p) {
		if v := f.get(p); f.system() == system && v != "" && v != f.fallback {
			f.value(&only).Set(f.value(p))
		}
	}
	return only
}

// Set gives one setting a value as text, such as "scalepoint.tenant" "abcinsurance". Unknown settings and values of the
// wrong kind are refused in words.
func (p *Profile) Set(key, value string) error {
	var known []string
	for _, f := range fieldsOf(p) {
		if f.key == key {
			return f.setText(p, value)
		}
		known = append(known, f.key)
	}
	return fmt.Errorf("there is no setting %q%s", key, nearest.Hint(key, known))
}

// Origin returns where the value of a setting comes from; "default" when nothing said anything else.
func (p *Profile) Origin(key string) Origin {
	if o, ok := p.origins[key]; ok {
		return o.Origin
	}
	return "default"
}
