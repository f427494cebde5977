package lossexpress

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"strconv"
)

// The error texts that the remote documents give word for word.
const (
	textExpired       = "The provided token has expired."
	textTesting       = "This claim is not available during testing."
	textInternal      = "An internal server error occurred"
	textMissingPapers = "Claim is missing one or more required documents: 'settlement breakdown' & 'valuation report'"
	textNoLetter      = "Letter of Guarantee does not exist for this claim."
	textNoPayoff      = "A payoff request does not exist for this claim."
	textNoCounter     = "A settlement counter does not exist for this claim."
)

// object is a JSON object under construction.
type object = map[string]any

// reply is the answer to a request before it is sent, so that a fault can still spoil it.
type reply struct {
	status int
	header http.Header
	body   any    // marshalled unless raw is set
	raw    []byte // the body as it is
	plain  bool   // no switch may distort the body
	after  func() // runs without the lock once the answer is complete, before it is sent
}

// ok is a 200 with a JSON body.
func ok(body any) reply { return reply{status: http.StatusOK, body: body} }

// failure is the error envelope of the remote documents.
func failure(status int, message string) reply {
	return reply{status: status, body: object{
		"statusCode": status,
		"error":      http.StatusText(status),
		"message":    message,
	}}
}

func tooLarge(limit int64) reply {
	return failure(http.StatusRequestEntityTooLarge,
		"Payload content length greater than maximum allowed: "+strconv.FormatInt(limit, 10))
}

func (p *reply) set(key, value string) {
	if p.header == nil {
		p.header = http.Header{}
	}
	p.header.Set(key, value)
}

// bytes is the body as it goes out.
func (p reply) bytes() []byte {
	if p.raw == nil && p.body != nil {
		return encode(p.body)
	}
	return p.raw
}

// head sends status and headers.
func (p reply) head(w http.ResponseWriter) {
	h := w.Header()
	h.Set("Content-Type", "application/json; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	maps.Copy(h, p.header)
	h.Set("Content-Length", strconv.Itoa(len(p.bytes())))
	w.WriteHeader(p.status)
}

func (p reply) write(w http.ResponseWriter) {
	p.raw = p.bytes()
	p.head(w)
	_, _ = w.Write(p.raw)
}

// encode marshals as JSON.stringify does: compact, and without Go's HTML escapes.
func encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// Only values that the sandbox or a test built come here; one that has no JSON form is a mistake in it.
		panic("sandbox: value without JSON form: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}
