package api

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// refused turns an answer that is not a success into an error, and closes it.
func (c *Client) refused(rep *reply) *Error {
	defer rep.close()
	e := &Error{
		System: c.o.System, Op: rep.call.Op, Status: rep.StatusCode, Kind: KindOf(rep.StatusCode), Sent: true,
		RequestID: rep.requestID(), After: RetryAfter(rep.Header, c.o.Now()),
	}
	if rep.StatusCode < 400 {
		e.Message = redirected(rep.Response)
		return e
	}
	// Whatever can be read of an error's body is a help; the status alone decides.
	body, _ := io.ReadAll(io.LimitReader(rep.Body, maxNote))
	if isWebPage(rep.Header, body) {
		e.Message = sayStatus(rep.StatusCode) + ", with a web page: a proxy or a sign-in page may stand between"
		return e
	}
	if json.Valid(body) {
		e.Body = hideInJSON(body, rep.call.hide)
	}
	v := parseEnvelope(body)
	safe := func(s string) string { return Words(s, maxWords, rep.call.Secrets...) }
	e.Code, e.Message, e.Fields = safe(v.code), safe(v.message), v.fields
	for i := range e.Fields {
		f := &e.Fields[i]
		f.Path, f.Message, f.Type, f.Constraint = safe(f.Path), safe(f.Message), safe(f.Type), safe(f.Constraint)
	}
	if e.Message == "" || e.Message == e.Code && http.StatusText(e.Status) == e.Code {
		e.Message = sayStatus(rep.StatusCode)
	}
	return e
}

func redirected(resp *http.Response) string {
	to, err := url.Parse(resp.Header.Get("Location"))
	if err != nil || to.Hostname() == "" {
		return sayStatus(resp.StatusCode) + ", which is not followed: check the address"
	}
	return fmt.Sprintf("sent elsewhere, to %s, which is not followed: check the address", Words(to.Host, 100))
}

// broken is a call that ended without an answer.
func (c *Client) broken(parent context.Context, p *call, err error, sent bool) *Error {
	return NoAnswer(parent, c.o.System, p.Op, c.base.Host, err, sent)
}

// NoAnswer is a call of host that ended in err, without an answer: ErrUnreachable, or ErrInterrupted when bytes of it were
// sent. ctx is the caller's: its end counts more than what it caused.
func NoAnswer(ctx context.Context, system, op, host string, err error, sent bool) *Error {
	e := &Error{System: system, Op: op, Sent: sent, Kind: ErrUnreachable, Err: bare(err)}
	if sent {
		e.Kind = ErrInterrupted
	}
	switch stopped := ctx.Err(); {
	case stopped != nil:
		e.Err = stopped
		e.Message = "stopped before anything was sent"
		if sent {
			e.Message = "stopped before an answer came"
		}
	case !sent:
		e.Message = fmt.Sprintf("no connection to %s: %s", host, cause(e.Err))
	default:
		e.Message = fmt.Sprintf("no answer from %s: %s", host, cause(e.Err))
	}
	return e
}

// cutOff is an answer whose body broke.
func (c *Client) cutOff(rep *reply, err error) *Error {
	if errors.Is(context.Cause(rep.ctx), errSlow) {
		err = errSlow
	}
	e := c.broken(rep.parent, rep.call, err, true)
	e.Status, e.RequestID = rep.StatusCode, rep.requestID()
	if rep.parent.Err() == nil {
		e.Message = fmt.Sprintf("the answer of %s was cut off: %s", c.base.Host, cause(e.Err))
	}
	return e
}

// unreadable is a success that is not what it should be.
func (c *Client) unreadable(rep *reply, message string, err error) *Error {
	return &Error{
		System: c.o.System, Op: rep.call.Op, Status: rep.StatusCode, Message: redact(message, rep.call.Secrets...),
		RequestID: rep.requestID(), Sent: true, Kind: ErrBadResponse, Err: err,
	}
}

// bare takes off the layer of net/http that repeats the URL.
func bare(err error) error {
	if outer, ok := errors.AsType[*url.Error](err); ok {
		return outer.Err
	}
	return err
}

// cause says in a few words why a connection failed.
func cause(err error) string {
	if name, ok := errors.AsType[*net.DNSError](err); ok && !name.IsTimeout {
		return "the name cannot be found: check the address and the network"
	}
	if s := certificate(err); s != "" {
		return s
	}
	switch {
	case slow(err):
		return "it took too long"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "connection refused"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE):
		return "the connection was reset"
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return "the connection was closed"
	case errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.EHOSTUNREACH):
		return "the network cannot be reached"
	}
	return Words(err.Error(), 160)
}

// slow reports whether err is an answer that took too long.
func slow(err error) bool {
	timeout, isNet := errors.AsType[net.Error](err)
	return errors.Is(err, errSlow) || isNet && timeout.Timeout()
}

// certificate says what is wrong with the other side's proof of identity; "" when it is something else.
func certificate(err error) string {
	if _, ok := errors.AsType[x509.UnknownAuthorityError](err); ok {
		return "its certificate is not trusted on this machine"
	}
	if _, ok := errors.AsType[x509.HostnameError](err); ok {
		return "its certificate is for another name"
	}
	if invalid, ok := errors.AsType[x509.CertificateInvalidError](err); ok && invalid.Reason == x509.Expired {
		return "its certificate has expired (or the clock of this machine is wrong)"
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return "its certificate cannot be verified"
	}
	if _, ok := errors.AsType[tls.RecordHeaderError](err); ok {
		return "it does not speak TLS there: check the address"
	}
	return ""
}

// longestWait bounds a Retry-After that is out of its mind.
const longestWait = 24 * time.Hour

// RetryAfter reads the header in both of its forms; 0: it does not say. A date is compared with the server's own clock when
// it says it, otherwise with now.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		return time.Duration(min(max(seconds, 0), int64(longestWait/time.Second))) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	if date, err := http.ParseTime(h.Get("Date")); err == nil {
		now = date
	}
	return min(max(at.Sub(now), 0), longestWait)
}
