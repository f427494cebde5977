// Package config reads a person's settings: config.toml with its profiles, and the environment above it. Every value
// knows where it came from, every mistake where it stands. It never holds a secret.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"claimdeck/state/config/nearest"
)

// ErrNoProfile is returned when the profile that was asked for does not exist, or none was chosen among several.
var ErrNoProfile = errors.New("no such profile")

// Error is a mistake in the configuration.
type Error struct {
	Where   string // "/home/x/.config/claimdeck/config.toml:12" or "environment CLAIMDECK_HOLD"
	Message string
}

// Error returns "where: message".
func (e *Error) Error() string { return e.Where + ": " + e.Message }

// Config is the configuration with one profile chosen.
type Config struct {
	Paths    Paths
	File     string   // config.toml, whether it exists or not
	Exists   bool     // File exists
	Profiles []string // names in File, sorted
	Profile  Profile
	// Templates are the beginnings of messages below [templates], in the order of the file.
	Templates []Template
	// Chosen says what chose the profile: "flag --profile", "environment CLAIMDECK_PROFILE", "config.toml:3",
	// "the only profile" or "default".
	Chosen Origin
}

// Template is the beginning of a message, with variables such as {claim} in it.
type Template struct{ Name, Text string }

// Configured reports whether there is an account to sign in with. Without one, offer the demo or sign-in.
func (c *Config) Configured() bool { return c.Profile.LossExpress.ClientID != "" }

// Options say what Load is asked for besides what files and environment say.
type Options struct {
	Profile string // of a flag; empty: environment, file, or the only one
	Create  bool   // the profile need not exist yet: someone is about to sign in
}

// Load reads the configuration. The error joins an *Error for every mistake, or wraps ErrNoProfile.
func Load(env Lookup, o Options) (Config, error) {
	paths, err := FindPaths(env)
	if err != nil {
		return Config{}, err
	}
	c := Config{Paths: paths, File: paths.ConfigFile()}
	data, err := os.ReadFile(c.File)
	switch {
	case err == nil:
		c.Exists = true
	case !errors.Is(err, fs.ErrNotExist):
		return Config{}, fmt.Errorf("read the configuration: %w", err)
	}
	return c.read(data, env, o)
}

// read finishes Load with the content of the file.
func (c Config) read(data []byte, env Lookup, o Options) (Config, error) {
	d, err := parse(data, c.File)
	if err != nil {
		return Config{}, err
	}
	c.Profiles, c.Templates = slices.Sorted(maps.Keys(d.profiles)), d.templates
	name, chosen, err := c.choose(d, env, o)
	if err != nil {
		return Config{}, err
	}
	c.Chosen = chosen
	var problems []error
	for _, other := range c.Profiles {
		if other == name {
			continue
		}
		p, bad := build(d, other, func(string) (string, bool) { return "", false })
		problems = append(problems, bad...)
		problems = append(problems, c.validate(&p, d.file)...)
	}
	p, bad := build(d, name, env)
	problems = append(problems, bad...)
	problems = append(problems, c.validate(&p, d.file)...)
	if len(problems) > 0 {
		return Config{}, errors.Join(unique(problems)...)
	}
	c.finish(&p)
	c.Profile = p
	return c, nil
}

// unique drops repetitions: what stands at the top of the file is wrong in every profile.
func unique(problems []error) []error {
	var kept []error
	seen := map[string]bool{}
	for _, p := range problems {
		if !seen[p.Error()] {
			seen[p.Error()] = true
			kept = append(kept, p)
		}
	}
	return kept
}

// choose names the profile to use.
func (c Config) choose(d *document, env Lookup, o Options) (string, Origin, error) {
	name, chosen := o.Profile, Origin("flag --profile")
	if name == "" {
		name, _ = env.get("CLAIMDECK_PROFILE")
		chosen = "environment CLAIMDECK_PROFILE"
	}
	if name == "" && d.defaultProfile != nil {
		name, chosen = d.defaultProfile.value.(string), d.origin(d.defaultProfile.line)
	}
	if name != "" {
		if err := CheckName(name); err != nil {
			return "", "", &Error{string(chosen), err.Error()}
		}
		return name, chosen, c.mustExist(name, chosen, env, o)
	}
	switch {
	case len(c.Profiles) == 1:
		return c.Profiles[0], "the only profile", nil
	case len(c.Profiles) == 0 || slices.Contains(c.Profiles, "default"):
		return "default", "default", nil
	default:
		return "", "", fmt.Errorf("%w chosen: the configuration has %s; write default_profile = %q at the top of %s, or give --profile",
			ErrNoProfile, strings.Join(c.Profiles, ", "), c.Profiles[0], c.File)
	}
}

// mustExist refuses a name that is not in the file, unless it is about to be, or all there is to know about it is
// in the environment.
func (c Config) mustExist(name string, chosen Origin, env Lookup, o Options) error {
	if _, ok := env.get("CLAIMDECK_LOSSEXPRESS_CLIENT_ID"); ok || o.Create || slices.Contains(c.Profiles, name) {
		return nil
	}
	if len(c.Profiles) == 0 {
		return fmt.Errorf("%w: %q (%s); %s has none: run claimdeck login --profile %s", ErrNoProfile, name, chosen,
			c.File, name)
	}
	return fmt.Errorf("%w: %q (%s)%s; the configuration has %s", ErrNoProfile, name, chosen,
		nearest.Hint(name, c.Profiles), strings.Join(c.Profiles, ", "))
}

// build makes a profile: defaults, then the top of the file, then its table, then the environment.
func build(d *document, name string, env Lookup) (Profile, []error) {
	p := Profile{Name: name, origins: map[string]origin{}}
	var problems []error
	for _, f := range fieldsOf(&p) {
		from := Origin("default")
		if f.fallback != "" {
			if err := f.setText(&p, f.fallback); err != nil {
				problems = append(problems, err) // a test holds that defaults are right
			}
		}
		for _, layer := range []map[string]assignment{d.top, d.profiles[name]} {
			a, ok := layer[f.key]
			if !ok {
				continue
			}
			if err := f.set(&p, a.value); err != nil {
				problems = append(problems, &Error{d.where(a.line), err.Error()})
			}
			from = d.origin(a.line)
		}
		if v, ok := env.get(f.env()); ok {
			from = Origin("environment " + f.env())
			if err := f.setText(&p, v); err != nil {
				problems = append(problems, &Error{string(from), err.Error()})
			}
		}
		p.origins[f.key] = origin{Origin: from}
	}
	return p, problems
}

// finish fills in what follows from other settings, makes paths absolute, and remembers every value.
func (c Config) finish(p *Profile) {
	if p.Environment == "" {
		p.Environment = Production
		p.origins["environment"] = origin{Origin: "default"}
		if IsLoopback(p.LossExpress.URL) {
			p.Environment = Sandbox
			p.origins["environment"] = origin{Origin: "default for a loopback address"}
		}
	}
	if p.Keys == "" {
		p.Keys = c.Paths.KeysFile()
	}
	if p.Secret.File == "" {
		p.Secret.File = c.Paths.secretFile(p.Name)
	}
	for _, path := range []*string{&p.Keys, &p.Secret.File, &p.Scalepoint.Certificate, &p.Scalepoint.PrivateKey} {
		if *path != "" {
			*path = c.Paths.expand(*path)
		}
	}
	for _, f := range fieldsOf(p) {
		o := p.origins[f.key]
		o.value = f.get(p)
		p.origins[f.key] = o
	}
}
