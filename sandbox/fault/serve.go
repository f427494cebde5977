package fault

import (
	"cmp"
	"context"
	"maps"
	"net"
	"net/http"
	"time"
)

// Service is what is special to the answers of one service.
type Service struct {
	// Refuse is the service's own form of an error with this status.
	Refuse func(r *http.Request, status int) Reply
	Header http.Header // of every answer that does not say otherwise; nil: none
	// Wait is how the slow faults wait; nil: Sleep. It returns early with an error when ctx ends.
	Wait func(ctx context.Context, d time.Duration) error
	// Note is told the status of every answer before it is sent, 0 for one that was reset; nil: nobody is told. A request
	// whose sender gave up on a slow answer is not noted.
	Note func(r *http.Request, status int)
}

// Serve answers r: with what answer returns, which is what happens when all goes well, or with the fault that strikes r,
// before or after answer was called. The body of r has to be read before; see ReadBody.
func Serve[B any](w http.ResponseWriter, r *http.Request, s Service, switches *Switches[B], answer func() Reply) {
	maps.Copy(w.Header(), s.Header)
	f, struck := switches.strikes(r)
	if struck && !f.late() {
		// Noted first: once the answer is out, whoever asked may look at the notes.
		if goesOn := f.Kind == None || f.Kind == Slow; !goesOn {
			s.note(r, f.seen(0))
		}
		if s.strike(w, r, f, Reply{}) {
			return
		}
		struck = false
	}
	p := answer()
	if !struck {
		s.note(r, p.Status)
		p.write(w)
		return
	}
	s.note(r, f.seen(p.Status))
	if !s.strike(w, r, f, p) {
		p.write(w)
	}
}

func (s Service) note(r *http.Request, status int) {
	if s.Note != nil {
		s.Note(r, status)
	}
}

// strike answers r with the fault. normal is the proper answer, whose effect has happened, or the zero Reply. It returns
// false when the request should go on as if nothing had been.
func (s Service) strike(w http.ResponseWriter, r *http.Request, f Fault, normal Reply) bool {
	switch f.Kind {
	case None:
		return false
	case Reset:
		reset(w)
	case Slow:
		return s.hold(r.Context(), f) != nil
	case SlowBody:
		normal.half(w)
		if s.hold(r.Context(), f) == nil {
			_, _ = w.Write(normal.Body[len(normal.Body)/2:])
		}
	case Truncated:
		normal.Body = normal.Body[:len(normal.Body)/2]
		normal.write(w)
	case CutShort:
		normal.half(w)
		panic(http.ErrAbortHandler)
	default:
		s.instead(r, f).write(w)
	}
	return true
}

// instead is the answer of a fault that replaces the proper one.
func (s Service) instead(r *http.Request, f Fault) Reply {
	switch f.Kind {
	case HTMLBadGateway:
		return page(http.StatusBadGateway, "502 Bad Gateway")
	case HTMLOK:
		return page(http.StatusOK, "We'll be right back")
	case BareUnauthorized, Empty:
		return Reply{Status: f.Kind.status()}
	case Answer:
		return Reply{Status: f.seen(0), Body: []byte(f.Body)}.With("Content-Type", "application/json")
	case TooManyRequests:
		return s.Refuse(r, http.StatusTooManyRequests).With("Retry-After", cmp.Or(f.RetryAfter, "1"))
	case Unavailable:
		p := s.Refuse(r, http.StatusServiceUnavailable)
		if f.RetryAfter != "" {
			p.Set("Retry-After", f.RetryAfter)
		}
		return p
	default:
		return s.Refuse(r, cmp.Or(f.Kind.status(), http.StatusInternalServerError))
	}
}

// hold waits until the delay is over, the fault is released or the request ends; only then it returns an error.
func (s Service) hold(ctx context.Context, f Fault) error {
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
	switch {
	case f.Delay <= 0:
		<-waiting.Done()
	case s.Wait == nil:
		_ = Sleep(waiting, f.Delay)
	default:
		_ = s.Wait(waiting, f.Delay)
	}
	return ctx.Err()
}

// Sleep waits for d or the end of ctx.
func Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
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
