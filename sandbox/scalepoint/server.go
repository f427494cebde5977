// Package scalepoint is an in-process fake of Scalepoint's ClaimShop Self-Service: an http.Handler with the token endpoint
// and the submit route of the remote documents, every documented answer by the prefix of a case token, and a switch for
// everything that the documents leave open or that can go wrong on the way.
//
// It shares no code with the client, so that one mistake cannot hide in both.
package scalepoint

import (
	"cmp"
	"context"
	"crypto/x509"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"claimdeck/sandbox/fault"
)

// Options configure a Server.
type Options struct {
	Now  func() time.Time                                 // the service's clock; required: New panics without it
	Wait func(ctx context.Context, d time.Duration) error // how the slow faults wait; nil: a timer

	ClientID, Secret string              // accepted credentials; empty: demo-client, demo-secret
	Certificates     []*x509.Certificate // registered for ClientID; see also Register
	Audience         string              // the token URL that assertions must be for; empty: the one that was called
	Tenants          []string            // the insurance companies, of every country; empty: abcinsurance
	Prefix           string              // of the submit route; empty: /self-service
	Behaviour        Behaviour           // initial switches
}

// Scope is what a token must be asked for.
const Scope = "self-service:submit"

const (
	demoClientID    = "demo-client"
	demoSecret      = "demo-secret"
	demoTenant      = "abcinsurance"
	defaultPrefix   = "/self-service"
	defaultLifetime = time.Hour
	tokenPath       = "/connect/token"
)

// Auth says which ways of signing in are open.
type Auth int

// The ways of signing in.
const (
	AuthEither    Auth = iota
	AuthAssertion      // private_key_jwt only, as the service documents it
	AuthSecret         // client_secret only
)

// Behaviour is every switch of the sandbox. Its zero value is a well-behaved service.
type Behaviour struct {
	Auth             Auth
	TokenLifetime    time.Duration // 0: one hour
	NoExpiry         bool          // the token answer has no expires_in
	Terse            bool          // a refused sign-in is not explained: no error_description, as many such services do
	Leeway           time.Duration // how far exp and nbf may be off; 0: not at all
	BareUnauthorized bool          // a 401 has no body

	// Faults are tried in order; the first that matches strikes. See also Switches.Inject.
	Faults []Fault
}

// Server is the fake service. Its methods may be called at the same time.
type Server struct {
	*fault.Switches[Behaviour] // its lock is taken after mu where both are held

	options Options
	service fault.Service

	mu        sync.Mutex // guards everything below
	certs     []*x509.Certificate
	tokens    map[string]time.Time // token -> end of its life
	used      map[string]time.Time // jti -> when its assertion expires
	issued    int
	refusals  []string
	submitted map[string]int // by case token
}

// New returns a service to which no case was submitted.
func New(o Options) *Server {
	if o.Now == nil {
		panic("sandbox: Options.Now is missing")
	}
	o.ClientID = cmp.Or(o.ClientID, demoClientID)
	o.Secret = cmp.Or(o.Secret, demoSecret)
	o.Prefix = strings.TrimSuffix(cmp.Or(o.Prefix, defaultPrefix), "/")
	if len(o.Tenants) == 0 {
		o.Tenants = []string{demoTenant}
	}
	return &Server{
		Switches: fault.NewSwitches(o.Behaviour, func(b *Behaviour) *[]Fault { return &b.Faults }),
		options:  o, service: fault.Service{Refuse: refuse, Wait: o.Wait}, certs: slices.Clone(o.Certificates),
		tokens: map[string]time.Time{}, used: map[string]time.Time{}, submitted: map[string]int{},
	}
}

// Register adds a certificate to those that the client may sign with: a service knows several while keys are changed.
func (s *Server) Register(c *x509.Certificate) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.certs = append(s.certs, c)
}

// Submitted is how often the case with this token was submitted in effect: once at most, whatever was answered.
func (s *Server) Submitted(token string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.submitted[token]
}

// TokensIssued is the number of tokens handed out so far.
func (s *Server) TokensIssued() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued
}

// Refusals says why the last hundred refused sign-ins were refused, the oldest first, also where the answer did not.
func (s *Server) Refusals() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.refusals)
}

// RevokeTokens ends the life of every token: the next request with one is answered 401.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token := range s.tokens {
		s.tokens[token] = s.options.Now()
	}
}

// ServeHTTP answers one request of the remote API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	raw, refused := fault.ReadBody(w, r, maxBody)
	// The service's clock is its own, and shows in every answer.
	w.Header().Set("Date", s.options.Now().UTC().Format(http.TimeFormat))
	fault.Serve(w, r, s.service, s.Switches, func() reply {
		if refused != 0 {
			return text(refused)
		}
		return s.answer(r, parseForm(raw))
	})
}

// answer does what the request asks and returns the proper answer.
func (s *Server) answer(r *http.Request, form form) reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r.URL.Path == tokenPath {
		if r.Method != http.MethodPost {
			return notAllowed()
		}
		return s.postToken(r, form)
	}
	country, tenant, token, ok := s.caseOf(r.URL.Path)
	switch {
	case !ok:
		return text(http.StatusNotFound)
	case r.Method != http.MethodPost:
		return notAllowed()
	case !s.authorised(r):
		if s.Behaviour().BareUnauthorized {
			return reply{Status: http.StatusUnauthorized}
		}
		return unauthorised()
	}
	return s.submit(country, tenant, token)
}

// authorised checks the bearer token. s.mu is held.
func (s *Server) authorised(r *http.Request) bool {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	end, known := s.tokens[token]
	return found && known && s.options.Now().Before(end)
}
