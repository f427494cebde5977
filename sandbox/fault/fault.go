// Package fault is what all the sandboxes do alike: the faults that can strike a request, the switches that say when, and
// the sending of an answer, whole or spoilt. What a service says in an error is its own: see Service.
package fault

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Kind is what goes wrong with a request.
type Kind int

// The kinds of fault. Unless Fault.After is set the request has no effect; SlowBody and all from Empty on are always
// after the effect, since they are ways to spoil its answer.
const (
	None             Kind = iota
	Unauthorized          // 401
	Forbidden             // 403
	NotFound              // 404
	MethodNotAllowed      // 405
	NotAcceptable         // 406
	TooLarge              // 413
	TooManyRequests       // 429 with Retry-After
	ServerError           // 500
	Unavailable           // 503
	BareUnauthorized      // 401 without a body
	HTMLBadGateway        // 502 with an HTML page
	Reset                 // the connection is reset without an answer
	Slow                  // nothing is sent for a while, then the request goes on
	SlowBody              // half of the body, a wait, the other half
	Empty                 // 200 without a body
	Truncated             // a complete answer whose JSON ends in the middle
	CutShort              // the connection ends in the middle of a body of announced length
	Answer                // the answer of Fault.Status and Fault.Body
	HTMLOK                // 200 with an HTML page
)

// names are the values of the X-Sandbox-Fault request header, in the order of the kinds.
var names = [...]string{
	"", "401", "403", "404", "405", "406", "413", "429", "500", "503", "401-bare", "html-502", "reset", "slow", "slow-body",
	"empty", "truncated", "cut-short", "answer", "html-200",
}

// String returns the kind's name in the X-Sandbox-Fault header.
func (k Kind) String() string {
	if k < 0 || int(k) >= len(names) {
		return "fault " + strconv.Itoa(int(k))
	}
	return names[k]
}

// status is the HTTP status that a fault of kind k answers with; 0: none of its own.
func (k Kind) status() int {
	switch k {
	case Unauthorized, BareUnauthorized:
		return http.StatusUnauthorized
	case Forbidden:
		return http.StatusForbidden
	case NotFound:
		return http.StatusNotFound
	case MethodNotAllowed:
		return http.StatusMethodNotAllowed
	case NotAcceptable:
		return http.StatusNotAcceptable
	case TooLarge:
		return http.StatusRequestEntityTooLarge
	case TooManyRequests:
		return http.StatusTooManyRequests
	case ServerError:
		return http.StatusInternalServerError
	case HTMLBadGateway:
		return http.StatusBadGateway
	case Unavailable:
		return http.StatusServiceUnavailable
	case Empty, HTMLOK:
		return http.StatusOK
	default:
		return 0
	}
}

// Fault makes matching requests fail. A request matches when it fits everything that is set.
type Fault struct {
	Kind Kind

	Method     string
	PathPrefix string
	Path       string                   // the same as PathPrefix, for a service whose routes have names
	Contains   string                   // a part of the path
	Match      func(*http.Request) bool // called with the switches locked: it must not call the Server

	Skip  int  // this many matching requests pass first
	Times int  // this many then fail: 0 means one, a negative number all
	After bool // the effect happens before the fault strikes

	RetryAfter string          // of 429 and 503, seconds or an HTTP date; empty: "1" for 429, none for 503
	Delay      time.Duration   // of the slow kinds; 0: until Release or the end of the request
	Release    <-chan struct{} // ends a slow request early
	Status     int             // of Answer; 0: 200
	Body       string          // of Answer: `{"success":true,"code":"NEW_CODE"}`
}

func (f *Fault) matches(r *http.Request) bool {
	return (f.Method == "" || f.Method == r.Method) &&
		strings.HasPrefix(r.URL.Path, f.PathPrefix) && strings.HasPrefix(r.URL.Path, f.Path) &&
		strings.Contains(r.URL.Path, f.Contains) &&
		(f.Match == nil || f.Match(r))
}

// late reports whether the effect comes first.
func (f *Fault) late() bool {
	switch f.Kind {
	case SlowBody, Empty, Truncated, CutShort, Answer, HTMLOK:
		return true
	default:
		return f.After
	}
}

// seen is the status that the sender of a request sees when f strikes it and normal is the proper answer; 0: none.
func (f *Fault) seen(normal int) int {
	switch f.Kind {
	case Reset:
		return 0
	case Answer:
		return cmp.Or(f.Status, http.StatusOK)
	default:
		return cmp.Or(f.Kind.status(), normal)
	}
}

// headerDelay is how long a slow request waits that asked for it in its header.
const headerDelay = 2 * time.Second

// asked returns the fault that a request asks for in its header X-Sandbox-Fault, by the name of its kind, with "-after"
// for one that lets the effect happen: "500-after".
func asked(r *http.Request) (Fault, bool) {
	name, after := strings.CutSuffix(r.Header.Get("X-Sandbox-Fault"), "-after")
	k := slices.Index(names[:], name)
	return Fault{Kind: Kind(k), After: after, Delay: headerDelay}, k > 0
}

// take returns the first fault of the list that strikes r, and uses it up.
func take(list *[]Fault, r *http.Request) (Fault, bool) {
	for i := range *list {
		f := &(*list)[i]
		if !f.matches(r) {
			continue
		}
		if f.Skip > 0 {
			f.Skip--
			continue
		}
		hit := *f
		switch {
		case f.Times < 0:
		case f.Times <= 1:
			*list = slices.Delete(*list, i, i+1)
		default:
			f.Times--
		}
		return hit, true
	}
	return Fault{}, false
}
