package oauth

import (
	"bufio"
	"errors"
	"io"
	"net/http"

	"claimdeck/api"
)

// witness carries one request and remembers what the OAuth library leaves out of its errors: whether anything was sent,
// what answered, and whether the answer broke off.
type witness struct {
	next  http.RoundTripper
	agent string

	api.Trace
	answer  *http.Response // its body is not to be read
	webPage bool
	broken  error // of reading the body
}

// RoundTrip implements http.RoundTripper.
func (w *witness) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.GetBody = nil // net/http sends again what it can rewind, and an assertion is good for one call
	r.Header.Set("Accept", "application/json")
	r.Header.Set("User-Agent", w.agent)
	resp, err := w.next.RoundTrip(r)
	if err != nil {
		return nil, err
	}
	body := bufio.NewReader(resp.Body)
	if start, _ := body.Peek(1); len(start) == 1 && start[0] == '<' {
		w.webPage = true
	}
	w.answer = resp
	resp.Body = &watchedBody{Reader: body, Closer: resp.Body, witness: w}
	return resp, nil
}

type watchedBody struct {
	io.Reader
	io.Closer
	witness *witness
}

func (b *watchedBody) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.witness.broken = err
	}
	return n, err
}
