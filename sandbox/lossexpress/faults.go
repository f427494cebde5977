package lossexpress

import (
	"context"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// FaultKind is what goes wrong with a request.
type FaultKind int

// The kinds of fault. Unless Fault.After is set the request has no effect; Truncated, CutShort, SlowBody and
// HTMLOK are always after the effect, since they are ways to spoil its answer.
const (
	FaultNone             FaultKind = iota
	FaultUnauthorized               // 401 "The provided token has expired."
	FaultForbidden                  // 403 "This claim is not available during testing."
	FaultNotFound                   // 404
	FaultMethodNotAllowed           // 405
	FaultNotAcceptable              // 406
	FaultTooLarge                   // 413
	FaultTooManyRequests            // 429 with Retry-After
	FaultServerError                // 500
	FaultUnavailable                // 503
	FaultReset                      // the connection is reset without an answer
	FaultSlow                       // nothing is sent for a while, then the request goes on
	FaultSlowBody                   // half of the body, a wait, the other half
	FaultTruncated                  // a complete 2xx answer whose JSON ends in the middle
	FaultCutShort                   // the connection ends in the middle of a body of announced length
	FaultHTMLBadGateway             // 502 with an HTML page
	FaultHTMLOK                     // 200 with an HTML page
)

// faultNames are the values of the X-Sandbox-Fault request header, in the order of the kinds.
var faultNames = [...]string{
	"", "401", "403", "404", "405", "406", "413", "429", "500", "503",
	"reset", "slow", "slow-body", "truncated", "cut-short", "html-502", "html-200",
}

// String returns the kind's name in the X-Sandbox-Fault header.
func (k FaultKind) String() string {
	if k < 0 || int(k) >= len(faultNames) {
		return "fault " + strconv.Itoa(int(k))
	}
	return faultNames[k]
}

// Fault makes matching requests fail. A request matches when Method, PathPrefix and Match, each if it is set, fit.
type Fault struct {
	Kind       FaultKind
	Method     string
	PathPrefix string
	Match      func(*http.Request) bool // called with the switches locked: it must not call the Server

	Skip  int  // this many matching requests pass first
	Times int  // this many then fail: 0 means one, a negative number all
	After bool // the effect happens before the fault strikes

	RetryAfter string          // of 429 and 503, seconds or an HTTP date; empty: "1" for 429, none for 503
	Delay      time.Duration   // of the slow kinds; 0: until Release or the end of the request
	Release    <-chan struct{} // ends a slow request early
}

// Inject adds faults behind those that are already waiting.
func (s *Server) Inject(faults ...Fault) {
	s.Change(func(b *Behaviour) { b.Faults = append(b.Faults, faults...) })
}

// ClearFaults removes all faults.
func (s *Server) ClearFaults() {
	s.Change(func(b *Behaviour) { b.Faults = nil })
}

func (f *Fault) matches(r *http.Request) bool {
	return (f.Method == "" || f.Method == r.Method) &&
		strings.HasPrefix(r.URL.Path, f.PathPrefix) &&
		(f.Match == nil || f.Match(r))
}

// late reports whether the effect comes first.
func (f *Fault) late() bool {
	switch f.Kind {
	case FaultTruncated, FaultCutShort, FaultSlowBody, FaultHTMLOK:
		return true
	default:
		return f.After
	}
}

// takeFault returns the fault that strikes r and uses it up. The header X-Sandbox-Fault asks for one too, by the
// name of its kind, with "-after" for one that lets the effect happen: "500-after".
func (s *Server) takeFault(r *http.Request) (Fault, bool) {
	if name := r.Header.Get("X-Sandbox-Fault"); name != "" {
		kind, after := strings.CutSuffix(name, "-after")
		for k, n := range faultNames {
			if n == kind {
				return Fault{Kind: FaultKind(k), After: after, Delay: 2 * time.Second}, true
			}
		}
	}
	s.bmu.Lock()
	defer s.bmu.Unlock()
	for i := range s.behaviour.Faults {
		f := &s.behaviour.Faults[i]
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
			s.behaviour.Faults = append(s.behaviour.Faults[:i:i], s.behaviour.Faults[i+1:]...)
		default:
			f.Times--
		}
		return hit, true
	}
	return Fault{}, false
}

// strike answers r with the fault. normal is the proper answer, whose effect has happened, or the zero reply. It
// returns false when the request should go on as if nothing had been.
func (s *Server) strike(w http.ResponseWriter, r *http.Request, f Fault, normal reply) bool {
	switch f.Kind {
	case FaultNone:
		return false
	case FaultReset:
		reset(w)
	case FaultSlow:
		return s.hold(r.Context(), f) != nil
	case FaultSlowBody:
		s.dribble(w, r, f, normal)
	case FaultTruncated:
		normal.raw = normal.bytes()[:len(normal.bytes())/2]
		normal.write(w)
	case FaultCutShort:
		cutShort(w, normal)
	case FaultHTMLBadGateway:
		htmlPage(http.StatusBadGateway, "502 Bad Gateway").write(w)
	case FaultHTMLOK:
		htmlPage(http.StatusOK, "We'll be right back").write(w)
	default:
		statusFault(f).write(w)
	}
	return true
}

func statusFault(f Fault) reply {
	switch f.Kind {
	case FaultUnauthorized:
		return failure(http.StatusUnauthorized, textExpired)
	case FaultForbidden:
		return failure(http.StatusForbidden, textTesting)
	case FaultNotFound:
		return failure(http.StatusNotFound, "Not Found")
	case FaultMethodNotAllowed:
		return failure(http.StatusMethodNotAllowed, "Method Not Allowed")
	case FaultNotAcceptable:
		return failure(http.StatusNotAcceptable, "Not Acceptable")
	case FaultTooLarge:
		return tooLarge(1 << 20)
	case FaultTooManyRequests:
		p := failure(http.StatusTooManyRequests, "Too Many Requests")
		p.set("Retry-After", withDefault(f.RetryAfter, "1"))
		return p
	case FaultUnavailable:
		p := failure(http.StatusServiceUnavailable, "We're temporarily offline for maintenance. Please try again later.")
		if f.RetryAfter != "" {
			p.set("Retry-After", f.RetryAfter)
		}
		return p
	default:
		return failure(http.StatusInternalServerError, textInternal)
	}
}

// hold waits until the delay is over, the fault is released or the request ends; only then it returns an error.
func (s *Server) hold(ctx context.Context, f Fault) error {
	waiting, stop := context.WithCancel(ctx)
	defer stop()
	if f.Release != nil {
		go func() {
			select {
			case <-f.Release:
				stop()
			case <-waiting.Done():
			}
		}()
	}
	if f.Delay > 0 {
		_ = s.wait(waiting, f.Delay)
	} else {
		<-waiting.Done()
	}
	return ctx.Err()
}

// dribble sends half of the answer, holds, and sends the rest.
func (s *Server) dribble(w http.ResponseWriter, r *http.Request, f Fault, normal reply) {
	body := normal.bytes()
	normal.head(w)
	_, _ = w.Write(body[:len(body)/2])
	_ = http.NewResponseController(w).Flush()
	if s.hold(r.Context(), f) == nil {
		_, _ = w.Write(body[len(body)/2:])
	}
}

// cutShort announces the whole body and ends the connection in the middle of it.
func cutShort(w http.ResponseWriter, normal reply) {
	body := normal.bytes()
	normal.head(w)
	_, _ = w.Write(body[:len(body)/2])
	_ = http.NewResponseController(w).Flush()
	panic(http.ErrAbortHandler)
}

// reset ends the connection with RST, or as roughly as the writer allows.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}

func htmlPage(status int, title string) reply {
	page := "<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title +
		"</h1><hr><center>nginx</center></body></html>\n"
	p := reply{status: status, raw: []byte(page)}
	p.set("Content-Type", "text/html; charset=utf-8")
	return p
}

func withDefault(s, fallback string) string {
	if s == "" {
		return fallback
	}
	return s
}
