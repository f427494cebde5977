package config

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
)

// CheckName refuses a profile name that could not be a file name everywhere: lower-case letters, digits, - and _,
// at most 32, starting with a letter or digit.
func CheckName(name string) error {
	const start = "abcdefghijklmnopqrstuvwxyz0123456789"
	if name == "" || len(name) > 32 || !strings.Contains(start, name[:1]) || strings.Trim(name, start+"-_") != "" {
		return fmt.Errorf("profile name %q: use up to 32 lower-case letters, digits, - and _", name)
	}
	if reservedOnWindows(name) {
		return fmt.Errorf("profile name %q is reserved by Windows: choose another", name)
	}
	return nil
}

// reservedOnWindows reports whether a name means a device there: con, prn, aux, nul, com0 to com9, lpt0 to lpt9.
func reservedOnWindows(name string) bool {
	if len(name) == 4 && name[3] >= '0' && name[3] <= '9' {
		name = name[:3] + "#"
	}
	return slices.Contains([]string{"con", "prn", "aux", "nul", "com#", "lpt#"}, name)
}

// CheckURL returns the base address of an API without a trailing slash. Plain http is for loopback only: anything
// else would send the secret and the claims readable by everyone on the way.
func CheckURL(raw string) (string, error) {
	u, err := url.Parse(raw)
	switch {
	case err != nil || u.Opaque != "" || u.Hostname() == "":
		return "", fmt.Errorf("address %q cannot be read: write it like %s", raw, DefaultURL)
	case u.User != nil:
		return "", errors.New("an address must not hold a user name or password")
	case u.RawQuery != "" || u.Fragment != "" || u.ForceQuery:
		return "", fmt.Errorf("address %q must end before ? and #", raw)
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", fmt.Errorf("address %q: plain http is for this machine only; write https://%s", raw, u.Host)
	case u.Scheme != "http" && u.Scheme != "https":
		return "", fmt.Errorf("address %q must start with https://", raw)
	}
	return strings.TrimRight(u.String(), "/"), nil
}

// IsLoopback reports whether an address is on this machine.
func IsLoopback(raw string) bool {
	u, err := url.Parse(raw)
	return err == nil && loopback(u.Hostname())
}

func loopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

// Validate checks the values of a profile against each other and the world, for example before it is written. The
// error joins all mistakes. It normalises addresses.
func (p *Profile) Validate() error {
	var problems []error
	if err := CheckName(p.Name); err != nil {
		problems = append(problems, err)
	}
	for _, m := range p.mistakes() {
		problems = append(problems, fmt.Errorf("%s: %w", m.key, m.err))
	}
	return errors.Join(problems...)
}

// mistake is what is wrong with one setting.
type mistake struct {
	key string
	err error
}

// maxLookback is more than the feed can be expected to keep.
const maxLookback = 366 * 24 * time.Hour

func (p *Profile) mistakes() []mistake {
	all := p.systemMistakes()
	fail := func(key, format string, args ...any) {
		all = append(all, mistake{key, fmt.Errorf(format, args...)})
	}
	if p.Hold < 0 || p.Hold > 5*time.Minute {
		fail("hold", `must be between "0s" and "5m"`)
	}
	// A profile that is being made leaves out what it does not set; one that was loaded has every value.
	loaded := p.origins != nil
	if (loaded || p.Lookback != 0) && (p.Lookback < time.Minute || p.Lookback > maxLookback) {
		fail("lookback", `must be between "1m" and "8784h" (a year)`)
	}
	systems := p.Systems()
	for _, s := range []struct{ key, value string }{
		{"secret.command", p.Secret.Command}, {"secret.file", p.Secret.File},
	} {
		if s.value != "" && len(systems) > 1 && !strings.Contains(s.value, "{system}") {
			fail(s.key, "must contain {system}: this profile has %s, and each needs its own secret",
				strings.Join(systems, " and "))
		}
	}
	return all
}

// validate returns the mistakes of a profile where they stand.
func (c Config) validate(p *Profile, file string) []error {
	var problems []error
	for _, m := range p.mistakes() {
		where := string(p.Origin(m.key))
		if line, ok := strings.CutPrefix(where, "config.toml:"); ok {
			where = file + ":" + line
		}
		problems = append(problems, &Error{where, m.key + ": " + m.err.Error()})
	}
	return problems
}
