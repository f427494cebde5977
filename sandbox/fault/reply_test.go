package fault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

func TestReadJSON(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for i, c := range []struct {
		body, kind string
		want       int
	}{
		{"{}", "application/json", 201},
		{"{}", "application/json; charset=utf-8", 201},
		{"{}", "", 201},
		{"", "text/plain", 201},
		{"a=b", "application/x-www-form-urlencoded", 415},
		{strings.Repeat(" ", 100), "", 201},
		{strings.Repeat(" ", 101), "", 413},
	} {
		a, err := b.ask(t.Context(), http.MethodPost, "/x", c.body, "Content-Type", c.kind)
		if err != nil || a.status != c.want || c.want == 201 && a.header.Get("X-Length") != fmt.Sprint(len(c.body)) {
			t.Errorf("%d: %+v %v, want %d", i, a, err, c.want)
		}
	}
	w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", io.MultiReader(strings.NewReader("{"), broken{}))
	if body, status := ReadBody(w, r, 100); status != 400 || body != nil {
		t.Errorf("a body that breaks off: %q %d", body, status)
	}
	r.Body = nil
	if body, status := ReadBody(w, r, 100); status != 0 || body != nil {
		t.Errorf("no body: %q %d", body, status)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestReply(t *testing.T) {
	t.Parallel()
	p := JSON(200, map[string]any{"html": "<&>"})
	if string(p.Body) != `{"html":"<&>"}` {
		t.Errorf("%s", p.Body)
	}
	q := p.With("Allow", "GET")
	r := q.With("Allow", "POST")
	if p.Header != nil || q.Header.Get("Allow") != "GET" || r.Header.Get("Allow") != "POST" {
		t.Error("With changes the reply that it is asked of")
	}
	defer func() {
		if recover() == nil {
			t.Error("a value without a JSON form was encoded")
		}
	}()
	Encode(func() {})
}

func TestSleep(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := Sleep(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := Sleep(t.Context(), time.Nanosecond); err != nil {
		t.Error(err)
	}
}
