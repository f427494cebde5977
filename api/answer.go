package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"claimdeck/state/text"
)

// Meta is what came with a successful answer.
type Meta struct {
	Status     int
	ServerTime time.Time // the Date header, to the second; zero when absent
	RequestID  string    // the service's name for this call, when it gave one
	// Body is the answer as sent when it was JSON, its text as a JSON string when it was not, and nil when it was
	// empty: always fit for a journal.
	Body json.RawMessage

	hide func(string) string // takes the secrets of the call out of a text; nil: there are none
}

// Bad is an answer that came with a success and is none: ErrBadResponse, unless the caller knows a better Kind. What it
// quotes of the answer is made safe to print, and the secrets of the call are taken out.
func (m Meta) Bad(system, op, message string, err error) *Error {
	if m.hide != nil {
		message = m.hide(message)
	}
	return &Error{
		System: system, Op: op, Status: m.Status, RequestID: m.RequestID, Sent: true, Kind: ErrBadResponse,
		Message: text.Line(message), Err: err,
	}
}

const (
	webPage = "answered a web page instead of JSON: a proxy or a sign-in page may stand between"
	// maxNote bounds what is kept of an answer that is only a note: error bodies and texts that are not JSON.
	maxNote = 64 << 10
)

var errTooMuch = errors.New("the answer is too large")

// receive reads a successful answer whole and decodes it.
func (c *Client) receive(rep *reply, out any) (Meta, *Error) {
	defer rep.close()
	m := meta(rep)
	body, err := readAll(rep.Response, c.o.MaxBody)
	switch {
	case errors.Is(err, errTooMuch):
		return m, c.unreadable(rep, fmt.Sprintf("answered more than %s", size(c.o.MaxBody)), nil)
	case err != nil:
		return m, c.cutOff(rep, err)
	}
	body = bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\ufeff")))
	if len(body) == 0 {
		if rep.call.MustAnswer || !rep.call.Writes() && out != nil {
			return m, c.unreadable(rep, "answered nothing where data was expected", nil)
		}
		return m, nil
	}
	if body[0] == '<' {
		return m, c.unreadable(rep, webPage, nil)
	}
	if out == nil {
		m.Body = note(body)
		return m, nil
	}
	if m.Body, err = decode(body, out); err != nil {
		return m, c.unreadable(rep, "unreadable answer: "+words(err), err)
	}
	return m, nil
}

// decode decodes body into out. The remote documents show commas after the last element; should a service send them,
// they are left out.
func decode(body []byte, out any) (json.RawMessage, error) {
	err := json.Unmarshal(body, out)
	if err == nil || json.Valid(body) {
		return body, err
	}
	if mended := withoutTrailingCommas(body); json.Valid(mended) {
		return mended, json.Unmarshal(mended, out)
	}
	return nil, err
}

func withoutTrailingCommas(body []byte) []byte {
	out := make([]byte, 0, len(body))
	quoted, escaped := false, false
	for _, b := range body {
		switch {
		case escaped:
			escaped = false
		case quoted && b == '\\':
			escaped = true
		case b == '"':
			quoted = !quoted
		case !quoted && (b == '}' || b == ']'):
			trimmed := bytes.TrimRight(out, " \t\r\n")
			out = bytes.TrimSuffix(trimmed, []byte(","))
		}
		out = append(out, b)
	}
	return out
}

// words says what is wrong with an answer, for a person.
func words(err error) string {
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		if strings.Contains(syntax.Error(), "unexpected end") {
			return "it ends in the middle"
		}
		return "it is not JSON"
	}
	if shape, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return text.Line(strings.TrimSpace(fmt.Sprintf("%s where %s was expected", shape.Value, shape.Type)))
	}
	return clip(text.Line(err.Error()), maxWords)
}

// note keeps an answer that nobody decodes.
func note(body []byte) json.RawMessage {
	if json.Valid(body) {
		return body
	}
	quoted, err := json.Marshal(string(body[:min(len(body), maxNote)]))
	if err != nil {
		return nil // a string always has a JSON form
	}
	return quoted
}

func readAll(resp *http.Response, limit int64) ([]byte, error) {
	if resp.ContentLength > limit {
		return nil, errTooMuch
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		return nil, errTooMuch
	}
	return body, err
}

func meta(rep *reply) Meta {
	secrets := rep.call.Secrets
	m := Meta{Status: rep.StatusCode, RequestID: rep.requestID(), hide: func(s string) string { return hide(s, secrets) }}
	if t, err := http.ParseTime(rep.Header.Get("Date")); err == nil {
		m.ServerTime = t.UTC()
	}
	return m
}

func (r *reply) requestID() string {
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id", "X-Amzn-Requestid", "X-Amzn-Trace-Id"} {
		if id := r.Header.Get(name); id != "" {
			return Words(id, 128, r.call.Secrets...)
		}
	}
	return ""
}

// size says a number of bytes.
func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.3g MiB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%.3g KiB", float64(n)/(1<<10))
	}
	return fmt.Sprintf("%d bytes", n)
}
