package api

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

// Request is one call, ready to be shown or sent.
type Request struct {
	Op     string   // what it does, in words: "create orders"
	Method string   // GET reads; everything else is a write
	Path   []string // segments below the base URL, not escaped; an empty one is refused
	Query  url.Values
	Body   any    // sent as JSON; nil: no body
	Accept string // empty: application/json

	Repeatable bool          // not a GET and yet harmless to repeat, such as a token call
	MustAnswer bool          // a success without a body is of no use
	Timeout    time.Duration // of one attempt; 0: the client's
	Secrets    []string      // values that must not appear in errors and previews
	Invalid    string        // why it must not be sent, in a specialist's words; empty: it may
}

// Writes reports whether sending r twice could do something twice.
func (r Request) Writes() bool { return r.Method != http.MethodGet && !r.Repeatable }

// call is a Request made ready.
type call struct {
	Request
	url      *url.URL
	body     []byte
	replayed bool // after a 401; never twice
}

// hide takes the secrets of the call, as they are known so far, out of a text.
func (p *call) hide(s string) string { return hide(s, p.Secrets) }

func (c *Client) prepare(r Request) (*call, *Error) {
	if r.Invalid != "" {
		return nil, c.refuse(r.Op, r.Invalid)
	}
	path, err := r.path()
	if err != nil {
		return nil, c.refuse(r.Op, err.Error())
	}
	body, err := r.encode()
	if err != nil {
		return nil, c.refuse(r.Op, err.Error())
	}
	u, err := url.Parse(strings.TrimSuffix(c.base.String(), "/") + path)
	if err != nil {
		return nil, c.refuse(r.Op, "the address cannot be built")
	}
	r.Timeout = cmp.Or(r.Timeout, c.o.Timeout)
	r.Accept = cmp.Or(r.Accept, "application/json")
	return &call{Request: r, url: u, body: body}, nil
}

// path returns the escaped path with the query. Segments that would change the path are refused: an id is data.
func (r Request) path() (string, error) {
	var b strings.Builder
	for _, segment := range r.Path {
		switch strings.TrimSpace(segment) {
		case "":
			return "", errors.New("an id is missing")
		case ".", "..":
			return "", fmt.Errorf("%q is not an id", segment)
		}
		b.WriteByte('/')
		b.WriteString(url.PathEscape(segment))
	}
	if len(r.Query) > 0 {
		b.WriteByte('?')
		b.WriteString(r.Query.Encode())
	}
	return b.String(), nil
}

// encode returns the body as compact JSON; nil when there is none.
func (r Request) encode() ([]byte, error) {
	if r.Body == nil {
		return nil, nil
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(r.Body); err != nil {
		return nil, fmt.Errorf("what was typed cannot be sent: %w", err)
	}
	return bytes.TrimSpace(b.Bytes()), nil
}

// longBase64 finds file contents in encoded JSON: long, and without the spaces that prose has.
var longBase64 = regexp.MustCompile(`"([A-Za-z0-9+/]{24})[A-Za-z0-9+/]{232,}={0,2}"`)

// Preview returns r as it will be sent: the method, the path below the base URL with its query, and the indented JSON
// body (empty when there is none). File contents are shortened; secrets are hidden. The error is why r would be
// refused before it is sent.
func Preview(r Request) (method, path, body string, err error) {
	if r.Invalid != "" {
		return "", "", "", errors.New(r.Invalid)
	}
	if path, err = r.path(); err != nil {
		return "", "", "", err
	}
	raw, err := r.encode()
	if err != nil {
		return "", "", "", err
	}
	raw = longBase64.ReplaceAllFunc(raw, func(quoted []byte) []byte {
		return fmt.Appendf(nil, `"%s... (%d bytes)"`, quoted[1:25], (len(quoted)-2)*3/4)
	})
	var b bytes.Buffer
	if len(raw) > 0 {
		if err := json.Indent(&b, raw, "", "  "); err != nil {
			return "", "", "", err
		}
	}
	return r.Method, hide(path, r.Secrets), hide(b.String(), r.Secrets), nil
}

// Values builds a query from pairs, leaving out empty values.
func Values(pairs map[string]string) url.Values {
	v := url.Values{}
	for key, value := range pairs {
		if value != "" {
			v.Set(key, value)
		}
	}
	return v
}
