// Package inscipher is an in-process fake of InsCipher's import of surplus lines transactions: an http.Handler with the
// answers and codes of the remote documents, at once or queued, and a switch for everything that the documents leave
// open or that can go wrong on the way.
//
// What becomes of a transaction is decided by what stands in it, in this order: an id that was accepted before is 3001, an
// unknown type 1002, a line of business outside 1001..1022 is 1003, an id with NODEPT in it 1004, the filing state ZZ 1005,
// no document with the code POLIC 1001; everything else is accepted. A total that is not the sum is a warning, and only
// queued batches have warnings.
//
// It shares no code with the client, so that one mistake cannot hide in both.
package inscipher

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"strings"
	"sync"
	"time"

	"claimdeck/sandbox/fault"
)

// Options configure a Server.
type Options struct {
	Seed uint64           // of batch ids and of shuffled rows
	Now  func() time.Time // the service's clock; required: New panics without it

	// Wait is how the slow faults wait; nil: a timer. It returns early with an error when ctx ends.
	Wait func(ctx context.Context, d time.Duration) error

	APIKey             string // empty: demo-key
	Username, Password string // empty: demo-user, demo-password
	HeaderName         string // of the API key; empty: apiKey
	QueryName          string // of the API key; empty: apikey
	Path               string // of the import; empty: /api/transactions
	ResultsPath        string // empty: /api/v4/transaction-import-results.json
	TokenPath          string // empty: /api/oauth2/token
	Behaviour          Behaviour
}

const (
	demoKey         = "demo-key"
	demoUser        = "demo-user"
	demoPassword    = "demo-password"
	defaultHeader   = "apiKey"
	defaultQuery    = "apikey"
	defaultPath     = "/api/transactions"
	defaultResults  = "/api/v4/transaction-import-results.json"
	defaultSignIn   = "/api/oauth2/token"
	defaultLifetime = time.Hour
)

// Server is the fake service. Its methods may be called at the same time.
type Server struct {
	*fault.Switches[Behaviour] // its lock is taken after mu where both are held

	options Options
	service fault.Service

	mu       sync.Mutex // guards everything below
	key      string
	tokens   map[string]time.Time // access token -> end of its life
	refresh  map[string]bool
	issued   int
	received map[string]int // by id
	accepted map[string]int // by id
	batches  map[string]*batch
	order    []string // of batches, oldest first
	keep     int      // this many batches are remembered; the oldest is forgotten first
	number   int      // of batches so far
	lastID   int      // transaction_id of the last accepted row
}

// New returns a service that has seen nothing.
func New(o Options) *Server {
	if o.Now == nil {
		panic("sandbox: Options.Now is missing")
	}
	o.APIKey = cmp.Or(o.APIKey, demoKey)
	o.Username = cmp.Or(o.Username, demoUser)
	o.Password = cmp.Or(o.Password, demoPassword)
	o.HeaderName = cmp.Or(o.HeaderName, defaultHeader)
	o.QueryName = cmp.Or(o.QueryName, defaultQuery)
	o.Path = cmp.Or(o.Path, defaultPath)
	o.ResultsPath = cmp.Or(o.ResultsPath, defaultResults)
	o.TokenPath = cmp.Or(o.TokenPath, defaultSignIn)
	return &Server{
		Switches: fault.NewSwitches(o.Behaviour, func(b *Behaviour) *[]Fault { return &b.Faults }),
		options:  o, key: o.APIKey,
		tokens: map[string]time.Time{}, refresh: map[string]bool{},
		received: map[string]int{}, accepted: map[string]int{}, batches: map[string]*batch{},
		keep: 10000, lastID: 34858,
		service: fault.Service{Refuse: refuse, Wait: o.Wait, Header: http.Header{
			"Content-Type": {"application/json"}, "Cache-Control": {"no-cache, private"},
		}},
	}
}

// Accepted returns how often the transaction of each id was really taken. More than once can only be with
// Behaviour.AcceptDuplicates.
func (s *Server) Accepted() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.accepted)
}

// Received returns how often each id came in a batch that was looked at, whatever became of it.
func (s *Server) Received() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.received)
}

// Batches is the number of batches that were looked at so far.
func (s *Server) Batches() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.number
}

// ServeHTTP answers one request of the remote API.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b := s.Behaviour()
	body, refused := fault.ReadJSON(w, r, cmp.Or(b.MaxBody, defaultMaxBody))
	fault.Serve(w, r, s.service, s.Switches, func() reply {
		if refused != 0 {
			return refuse(r, refused)
		}
		return s.answer(r, body, b)
	})
}

// answer does what the request asks and returns the proper answer.
func (s *Server) answer(r *http.Request, body []byte, b Behaviour) reply {
	method, open := http.MethodPost, false
	var handle func(*http.Request, []byte, Behaviour) reply
	switch r.URL.Path {
	case s.options.Path:
		handle = s.postTransactions
	case s.options.ResultsPath:
		method, handle = http.MethodGet, s.getResults
	case s.options.TokenPath:
		open, handle = true, s.postToken
	default:
		return failure(http.StatusNotFound, `No route found for "`+r.Method+" "+r.URL.Path+`"`)
	}
	if r.Method != method {
		return refuse(r, http.StatusMethodNotAllowed).With("Allow", method)
	}
	if accept := r.Header.Get("Accept"); accept != "" && !strings.Contains(accept, "json") && !strings.Contains(accept, "*/*") {
		return refuse(r, http.StatusNotAcceptable)
	}
	if !open {
		if refused := s.authorise(r, b); refused != nil {
			return *refused
		}
	}
	return handle(r, body, b)
}
