// Package lossexpress is an in-process fake of the LossExpress service: an http.Handler with the routes, error
// texts and activities of the remote documents, believable seeded data, a generator that keeps a demonstration
// alive, and a switch for everything that the documents leave open or that can go wrong on the way.
//
// It shares no code with the client, so that one mistake cannot hide in both.
package lossexpress

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

	"github.com/google/uuid"

	"claimdeck/sandbox/fault"
)

// Flavour is the kind of account: which fields POST /claims requires and accepts.
type Flavour int

// The account kinds.
const (
	FlavourCarrier Flavour = iota // remote document: Carrier API, Create Claim
	FlavourVendor                 // remote document: Vendor API, Create Claim
)

// Options configure a Server.
type Options struct {
	Seed int64            // of ids, seeded data and the generator
	Now  func() time.Time // the service's clock; required: New panics without it

	// Wait is how the slow faults wait; nil: a timer. It returns early with an error when ctx ends.
	Wait func(ctx context.Context, d time.Duration) error

	ClientID, Secret string // accepted credentials; empty: demo-client, demo-secret
	PublicURL        string // base of document addresses and requestUrl; empty: https://xapi.lossexpress.com
	Flavour          Flavour
	Behaviour        Behaviour // initial switches
}

const (
	demoClientID = "demo-client"
	demoSecret   = "demo-secret"
	publicURL    = "https://xapi.lossexpress.com"
	devURL       = "https://xapi-dev.lossexpress.com"
)

// Server is the fake service. Its methods may be called at the same time.
type Server struct {
	*fault.Switches[Behaviour] // its lock is taken after mu where both are held

	options Options
	service fault.Service
	routes  []route

	mu       sync.Mutex // guards everything below
	source   *rand.ChaCha8
	rng      *rand.Rand
	tokens   map[string]time.Time // token -> end of its life
	issued   int
	claims   []*claim
	claimIDs map[string]*claim
	lenders  []*lender
	papers   map[string]*document
	log      []*entry // by (createdAt, activityId)
	logIDs   map[string]*entry
	emitted  int
	number   int // of the last invented claim
	writes   []Write
	timers   agenda // what test VINs still cause
	replies  agenda // what the generator still answers to a person's acts
	alive    bool   // the generator runs

	hook webhook
}

// New returns a service without claims.
func New(o Options) *Server {
	if o.Now == nil {
		panic("sandbox: Options.Now is missing")
	}
	if o.Wait == nil {
		o.Wait = fault.Sleep
	}
	o.ClientID = cmp.Or(o.ClientID, demoClientID)
	o.Secret = cmp.Or(o.Secret, demoSecret)
	o.PublicURL = strings.TrimSuffix(cmp.Or(o.PublicURL, publicURL), "/")
	source := rand.NewChaCha8(sha256.Sum256([]byte(strconv.FormatInt(o.Seed, 10))))
	s := &Server{
		Switches: fault.NewSwitches(o.Behaviour, func(b *Behaviour) *[]Fault { return &b.Faults }),
		options:  o,
		service: fault.Service{Refuse: refuse, Wait: o.Wait, Header: http.Header{
			"Content-Type": {"application/json; charset=utf-8"}, "Cache-Control": {"no-cache"},
		}},
		source:   source,
		rng:      rand.New(source), //nolint:gosec // the data of a demonstration has to be reproducible
		tokens:   map[string]time.Time{},
		claimIDs: map[string]*claim{},
		papers:   map[string]*document{},
		logIDs:   map[string]*entry{},
	}
	s.routes = routes()
	s.lenders = s.seedLenders()
	s.hook.start(o.ClientID)
	return s
}

// Close ends webhook deliveries and waits for those on their way.
func (s *Server) Close() { s.hook.stop() }

// now is the service's clock in the precision of its timestamps.
func (s *Server) now() time.Time { return s.options.Now().UTC().Truncate(time.Millisecond) }

// id returns the next identifier of the seeded sequence.
func (s *Server) id() string {
	return uuid.Must(uuid.NewRandomFromReader(s.source)).String()
}

// ServeHTTP answers one request of the remote API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b := s.Behaviour()
	body, refused := readBody(w, r, b)
	fault.Serve(w, r, s.service, s.Switches, func() fault.Reply {
		if refused != nil {
			return refused.Reply
		}
		p := s.answer(r, body, b)
		if p.after != nil {
			p.after()
		}
		return p.Reply
	})
}

// answer does what the request asks and returns the proper answer.
func (s *Server) answer(r *http.Request, body []byte, b Behaviour) reply {
	rt, args, refused := s.find(r)
	if refused != nil {
		return *refused
	}
	if refused = accepts(r, rt, b); refused != nil {
		return *refused
	}
	q := &request{http: r, args: args, b: b, now: s.now()}
	if !rt.open {
		if refused = s.authorise(r); refused != nil {
			return *refused
		}
	}
	if rt.rules != nil {
		if q.body, refused = parseBody(body, rt.rules(s.options.Flavour), b); refused != nil {
			return *refused
		}
	}
	if rt.unlocked {
		return distortReply(rt.handle(s, q), b)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.timers.run(q.now)
	return distortReply(rt.handle(s, q), b)
}

// authorise checks the bearer token.
func (s *Server) authorise(r *http.Request) *reply {
	token, found := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !found || token == "" {
		p := failure(http.StatusUnauthorized, "Missing authentication")
		return &p
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	end, known := s.tokens[token]
	switch {
	case !known:
		p := failure(http.StatusUnauthorized, "Invalid token")
		return &p
	case !s.now().Before(end):
		p := failure(http.StatusUnauthorized, textExpired)
		return &p
	}
	return nil
}
