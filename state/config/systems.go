package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode"
)

// ClaimCenterAccount is an account with Guidewire ClaimCenter. Addresses, scope and sign-in differ from customer to customer.
type ClaimCenterAccount struct {
	URL      string `toml:"url" help:"base address of ClaimCenter, such as https://HOST/cc; plain http is for loopback only"`
	ClientID string `toml:"client_id" help:"client id of the service, or the user with auth = \"basic\"; the secret is never kept in this file"`
	Auth     string `toml:"auth" default:"oauth" enum:"oauth,basic" help:"how to sign in: with a token of Guidewire Hub, or with user and password (development only)"`
	TokenURL string `toml:"token_url" help:"where Guidewire Hub gives out tokens, such as https://HUB/oauth2/ID/v1/token"`
	Scope    string `toml:"scope" help:"scopes to ask a token for, separated by spaces; they differ by deployment"`
}

// Configured reports whether there is a ClaimCenter to ask.
func (c ClaimCenterAccount) Configured() bool { return c.URL != "" }

// InsCipherAccount is an account with InsCipher's import of surplus lines transactions. Its documents name no addresses.
type InsCipherAccount struct {
	URL         string `toml:"url" help:"base address, such as https://sandbox.inscipher.com; plain http is for loopback only"`
	ClientID    string `toml:"client_id" help:"user name, with auth = \"oauth\" only; the key or password is never kept in this file"`
	Auth        string `toml:"auth" default:"header" enum:"header,query,oauth" help:"where the API key goes: a header, the query (it may end up in logs), or a sign-in with user name and password"`
	Key         string `toml:"key" help:"name of the header or query parameter; default: apiKey or apikey"`
	Path        string `toml:"path" default:"/api/transactions" help:"path of the import"`
	ResultsPath string `toml:"results_path" default:"/api/v4/transaction-import-results.json" help:"path of the results of a batch that was queued"`
	Chunk       int    `toml:"chunk" default:"50" help:"transactions sent at once, 1 to 1000; the service's own limit is not documented"`
}

// Configured reports whether there is an InsCipher to file with.
func (i InsCipherAccount) Configured() bool { return i.URL != "" }

// ScalepointAccount is an account with Scalepoint's ClaimShop Self-Service.
type ScalepointAccount struct {
	URL         string `toml:"url" default:"https://www.scalepoint.com/self-service" help:"base address of Self-Service; test servers are assigned"`
	ClientID    string `toml:"client_id" help:"client id; the secret, or the private key, is never kept in this file"`
	Auth        string `toml:"auth" default:"private_key_jwt" enum:"private_key_jwt,secret" help:"how to sign in: with a signed assertion, or with a client secret"`
	Certificate string `toml:"certificate" help:"file with the certificate that is registered with Scalepoint (PEM), for private_key_jwt"`
	PrivateKey  string `toml:"private_key" help:"file with its private key (PEM); when empty, the secret of the account is the key"`
	TokenURL    string `toml:"token_url" help:"where tokens are given out; default: Scalepoint's, of production or of everything else"`
	Scope       string `toml:"scope" default:"self-service:submit" help:"scope to ask a token for"`
	Country     string `toml:"country" help:"country of the tenant, such as dk"`
	Tenant      string `toml:"tenant" help:"name of the insurance company at Scalepoint"`
}

// Configured reports whether there is a Scalepoint to submit cases to.
func (s ScalepointAccount) Configured() bool { return s.ClientID != "" }

// Systems returns the remote systems that the profile has an account of, in the order of the documentation.
func (p *Profile) Systems() []string {
	var found []string
	for _, s := range []struct {
		name string
		has  bool
	}{
		{LossExpress, p.LossExpress.ClientID != ""},
		{ClaimCenter, p.ClaimCenter.Configured()},
		{InsCipher, p.InsCipher.Configured()},
		{Scalepoint, p.Scalepoint.Configured()},
	} {
		if s.has {
			found = append(found, s.name)
		}
	}
	return found
}

// maxChunk bounds how many filings are sent at once.
const maxChunk = 1000

// systemMistakes checks addresses, which it normalises, and what must not stand in a header or a path.
func (p *Profile) systemMistakes() []mistake {
	all := append(p.addressMistakes(), p.nameMistakes()...)
	fail := func(key, format string, args ...any) {
		all = append(all, mistake{key, fmt.Errorf(format, args...)})
	}
	for _, s := range []struct{ key, path string }{
		{"inscipher.path", p.InsCipher.Path}, {"inscipher.results_path", p.InsCipher.ResultsPath},
	} {
		if s.path != "" && (!strings.HasPrefix(s.path, "/") || strings.ContainsAny(s.path, "?# ") || strings.Contains(s.path, "..")) {
			fail(s.key, "must be a path such as /api/transactions, not %q", s.path)
		}
	}
	loaded := p.origins != nil
	if chunk := p.InsCipher.Chunk; (loaded || chunk != 0) && (chunk < 1 || chunk > maxChunk) {
		fail("inscipher.chunk", "must be between 1 and %d", maxChunk)
	}
	if country := p.Scalepoint.Country; country != "" && (len(country) != 2 || strings.Trim(country, lowerLetters) != "") {
		fail("scalepoint.country", "must be two lower-case letters such as dk, not %q", country)
	}
	if name := p.InsCipher.Key; strings.ContainsAny(name, ":=&?/") {
		fail("inscipher.key", "must be the name of a header or parameter, not %q", name)
	}
	return all
}

const lowerLetters = "abcdefghijklmnopqrstuvwxyz"

func (p *Profile) addressMistakes() []mistake {
	var all []mistake
	for _, s := range []struct {
		key string
		url *string
	}{
		{"lossexpress.url", &p.LossExpress.URL},
		{"claimcenter.url", &p.ClaimCenter.URL},
		{"claimcenter.token_url", &p.ClaimCenter.TokenURL},
		{"inscipher.url", &p.InsCipher.URL},
		{"scalepoint.url", &p.Scalepoint.URL},
		{"scalepoint.token_url", &p.Scalepoint.TokenURL},
	} {
		if *s.url == "" {
			continue
		}
		clean, err := CheckURL(*s.url)
		if err != nil {
			all = append(all, mistake{s.key, err})
			continue
		}
		*s.url = clean
	}
	return all
}

func (p *Profile) nameMistakes() []mistake {
	var all []mistake
	for _, s := range []struct{ key, name, what string }{
		{"lossexpress.client_id", p.LossExpress.ClientID, "client id"},
		{"claimcenter.client_id", p.ClaimCenter.ClientID, "client id"},
		{"inscipher.client_id", p.InsCipher.ClientID, "user name"},
		{"scalepoint.client_id", p.Scalepoint.ClientID, "client id"},
		{"scalepoint.tenant", p.Scalepoint.Tenant, "tenant"},
		{"inscipher.key", p.InsCipher.Key, "header or parameter name"},
	} {
		if strings.ContainsFunc(s.name, func(r rune) bool { return unicode.IsSpace(r) || !unicode.IsPrint(r) }) {
			all = append(all, mistake{s.key, errors.New("a " + s.what + " has no spaces and no control characters")})
		}
	}
	return all
}
