package fault

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"net/http"
	"strconv"
)

// Reply is the answer to a request before it is sent, so that a fault can still spoil it.
type Reply struct {
	Status int
	Header http.Header // besides, and instead of, those of the service
	Body   []byte
}

// JSON is an answer with a JSON body; see Encode.
func JSON(status int, body any) Reply { return Reply{Status: status, Body: Encode(body)} }

// Set sets a header.
func (p *Reply) Set(key, value string) {
	if p.Header == nil {
		p.Header = http.Header{}
	}
	p.Header.Set(key, value)
}

// With returns the reply with one more header.
func (p Reply) With(key, value string) Reply {
	p.Header = p.Header.Clone()
	p.Set(key, value)
	return p
}

// head sends status and headers.
func (p Reply) head(w http.ResponseWriter) {
	h := w.Header()
	maps.Copy(h, p.Header)
	h.Set("Content-Length", strconv.Itoa(len(p.Body)))
	w.WriteHeader(p.Status)
}

func (p Reply) write(w http.ResponseWriter) {
	p.head(w)
	_, _ = w.Write(p.Body)
}

// half announces the whole body and sends the first half of it.
func (p Reply) half(w http.ResponseWriter) {
	p.head(w)
	_, _ = w.Write(p.Body[:len(p.Body)/2])
	_ = http.NewResponseController(w).Flush()
}

// page is an HTML page, as something in front of the service sends it.
func page(status int, title string) Reply {
	p := Reply{Status: status, Body: []byte("<!DOCTYPE html>\n<html><head><title>" + title + "</title></head><body><h1>" + title +
		"</h1><hr><center>nginx</center></body></html>\n")}
	p.Set("Content-Type", "text/html; charset=utf-8")
	return p
}

// Encode marshals as JSON.stringify does: compact, and without Go's HTML escapes.
func Encode(v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		// Only values that a sandbox or a test built come here; one that has no JSON form is a mistake in it.
		panic("sandbox: value without JSON form: " + err.Error())
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n"))
}

// ReadBody reads the whole body, up to a limit in bytes. It must come before anything else: only then does net/http notice
// that a client has gone. status is what to refuse with: 413 for a body over the limit, 400 for one that breaks off; 0 when
// it is good.
func ReadBody(w http.ResponseWriter, r *http.Request, limit int64) (body []byte, status int) {
	if r.Body == nil {
		return nil, 0
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, limit))
	if _, over := errors.AsType[*http.MaxBytesError](err); over {
		return nil, http.StatusRequestEntityTooLarge
	}
	if err != nil {
		return nil, http.StatusBadRequest
	}
	return body, 0
}

// ReadJSON is ReadBody for a service that takes JSON alone: what says that it is something else is refused with 415.
func ReadJSON(w http.ResponseWriter, r *http.Request, limit int64) (body []byte, status int) {
	body, status = ReadBody(w, r, limit)
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if len(body) > 0 && kind != "" && kind != "application/json" {
		return nil, http.StatusUnsupportedMediaType
	}
	return body, status
}
