// Package claimcenter is an in-process fake of the Guidewire ClaimCenter Cloud API as far as reserves need it: an
// http.Handler with the claims, reserve sets and reserves of the remote documents' sample, a token endpoint, believable
// reserves for any other claim, and a switch for everything that the documents leave open or that can go wrong on the
// way.
//
// It shares no code with the client, so that one mistake cannot hide in both.
package claimcenter

import (
	"cmp"
	"context"
	"crypto/sha256"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"claimdeck/sandbox/fault"
)

// Options configure a Server.
type Options struct {
	Seed int64            // of the invented reserves
	Now  func() time.Time // the service's clock; required: New panics without it

	// Wait is how the slow fault waits; nil: a timer. It returns early with an error when ctx ends.
	Wait func(ctx context.Context, d time.Duration) error

	Prefix           string // path of the application before /rest, such as "/cc"; empty: none
	User, Password   string // of Basic; empty: aapplegate, gw (remote document: the developer sample)
	ClientID, Secret string // of the token endpoint; empty: demo-client, demo-secret
	Scope            string // that a token request must ask for; empty: any
	// Bearer accepts tokens that another server gave out; nil: only those of this one's token endpoint.
	Bearer    func(token string) bool
	Behaviour Behaviour // initial switches
}

// The credentials that the sandbox takes unless told otherwise.
const (
	demoUser     = "aapplegate"
	demoPassword = "gw"
	demoClientID = "demo-client"
	demoSecret   = "demo-secret"
)

// TokenPath is where the Server gives out tokens: a form of RFC 6749 with grant_type=client_credentials, and the
// credentials in the form or in a Basic header. Real token endpoints are elsewhere, one for each region.
const TokenPath = "/oauth2/v1/token" //nolint:gosec // an address, no secret

// root is where the claim API is below the prefix.
const root = "/rest/claim/v1"

// Server is the fake service. Its methods may be called at the same time.
type Server struct {
	*fault.Switches[Behaviour] // its lock is taken after mu where both are held

	options Options
	service fault.Service

	mu     sync.Mutex // guards everything below
	rng    *rand.Rand
	tokens map[string]time.Time // token -> end of its life
	issued int
	claims []*claim
	last   int // of the last number given out as an id
	calls  []Call
}

// Call is a request that the Server got; one that gave up on a slow answer is not noted.
type Call struct {
	Method, Path, Query string
	Status              int // of the answer; 0 when the connection was cut
}

// New returns a service with the sample claims.
func New(o Options) *Server {
	if o.Now == nil {
		panic("sandbox: Options.Now is missing")
	}
	o.User, o.Password = cmp.Or(o.User, demoUser), cmp.Or(o.Password, demoPassword)
	o.ClientID, o.Secret = cmp.Or(o.ClientID, demoClientID), cmp.Or(o.Secret, demoSecret)
	if o.Prefix = strings.Trim(o.Prefix, "/"); o.Prefix != "" {
		o.Prefix = "/" + o.Prefix
	}
	source := rand.NewChaCha8(sha256.Sum256([]byte("claimcenter " + strconv.FormatInt(o.Seed, 10))))
	s := &Server{
		Switches: fault.NewSwitches(o.Behaviour, func(b *Behaviour) *[]Fault { return &b.Faults }),
		options:  o, tokens: map[string]time.Time{}, claims: sampleClaims(), last: firstID,
		rng: rand.New(source), //nolint:gosec // the data of a demonstration has to be reproducible
	}
	s.service = fault.Service{Refuse: refuse, Wait: o.Wait, Note: s.note, Header: http.Header{
		"Content-Type": {"application/json"}, "Cache-Control": {"no-store"},
	}}
	return s
}

// maxCalls bounds what a sandbox that runs all day remembers.
const maxCalls = 4096

// Calls returns the latest requests, oldest first, token calls included: at least 2,048 of them.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// request is one request with what was read of it.
type request struct {
	http *http.Request
	path string // below root
	body []byte
	b    Behaviour
}

// maxBody bounds what is read of a request: nothing that is sent here is large.
const maxBody = 1 << 20

// ServeHTTP answers one request of the remote API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, _ := fault.ReadBody(w, r, maxBody) // one that cannot be read is none that is understood
	fault.Serve(w, r, s.service, s.Switches, func() reply { return s.answer(r, body) })
}

func (s *Server) note(r *http.Request, status int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.calls) == maxCalls {
		s.calls = append([]Call(nil), s.calls[maxCalls/2:]...)
	}
	s.calls = append(s.calls, Call{r.Method, r.URL.Path, r.URL.RawQuery, status})
}

// answer does what the request asks and returns the proper answer.
func (s *Server) answer(r *http.Request, body []byte) reply {
	q := &request{http: r, body: body, b: s.Behaviour()}
	if r.URL.Path == TokenPath {
		return s.postToken(q)
	}
	path, inside := strings.CutPrefix(r.URL.Path, s.options.Prefix+root+"/")
	if !inside {
		return notFound(r.URL.Path)
	}
	q.path = path
	if refused := s.authorise(q); refused != nil {
		return *refused
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return distort(s.route(q), q.b)
}
