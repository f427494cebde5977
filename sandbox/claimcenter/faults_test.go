package claimcenter

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestStatusFaults(t *testing.T) {
	t.Parallel()
	for kind, want := range map[FaultKind]int{
		FaultUnauthorized: 401, FaultForbidden: 403, FaultNotFound: 404, FaultTooManyRequests: 429, FaultServerError: 500,
		FaultUnavailable: 503, FaultHTMLBadGateway: 502, FaultHTMLOK: 200,
	} {
		b := newBench(t, Behaviour{Faults: []Fault{{Kind: kind, RetryAfter: "3"}}})
		a := b.get("/claims")
		html := strings.HasPrefix(a.header.Get("Content-Type"), "text/html")
		if a.status != want || html != (kind == FaultHTMLBadGateway || kind == FaultHTMLOK) {
			t.Errorf("fault %d: %d %s", kind, a.status, a.body)
		}
		if (kind == FaultTooManyRequests || kind == FaultUnavailable) && a.header.Get("Retry-After") != "3" {
			t.Errorf("fault %d: no Retry-After", kind)
		}
		if again := b.get("/claims"); again.status != 200 || strings.Contains(again.body, "<html") || b.Calls()[0].Status != want {
			t.Errorf("fault %d: strikes twice, or is not noted: %+v", kind, b.Calls())
		}
	}
}

func TestWhichRequestsFail(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	b.Inject(Fault{Kind: FaultServerError, Method: "GET", Contains: "/reserves", Skip: 1, Times: 2})
	var got []int
	for range 4 {
		got = append(got, b.get("/claims").status, b.get("/claims/demo_sample:1/reserves").status)
	}
	for i, want := range []int{200, 200, 200, 500, 200, 500, 200, 200} {
		if got[i] != want {
			t.Fatalf("statuses: %v", got)
		}
	}
	b.Inject(Fault{Kind: FaultServerError, Times: -1})
	b.get("/claims")
	b.ClearFaults()
	if len(b.Behaviour().Faults) != 0 || b.get("/claims").status != 200 {
		t.Error("faults cannot be cleared")
	}
}

func TestBrokenAnswers(t *testing.T) {
	t.Parallel()
	b := newBench(t, Behaviour{})
	web := httptest.NewServer(b)
	defer web.Close()
	ask := func() (string, error) {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, web.URL+root+"/claims", http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		r.SetBasicAuth("aapplegate", "gw")
		resp, err := web.Client().Do(r)
		if err != nil {
			return "", err
		}
		defer func() { _ = resp.Body.Close() }()
		body, err := io.ReadAll(resp.Body)
		return string(body), err
	}
	// A fresh connection for every fault: net/http repeats a GET whose kept connection was reset.
	b.Inject(Fault{Kind: FaultReset})
	if _, err := ask(); err == nil {
		t.Error("reset: an answer came")
	}
	b.Inject(Fault{Kind: FaultTruncated})
	if body, err := ask(); err != nil || json.Valid([]byte(body)) || body == "" {
		t.Errorf("truncated: %q, %v", body, err)
	}
	b.Inject(Fault{Kind: FaultCutShort})
	if _, err := ask(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("cut short: %v", err)
	}
	released := make(chan struct{})
	b.Inject(Fault{Kind: FaultSlow, Release: released})
	go close(released)
	if body, err := ask(); err != nil || !strings.Contains(body, SampleNumber) {
		t.Errorf("slow: %v", err)
	}
}

func TestDistortions(t *testing.T) {
	t.Parallel()
	path := "/claims/demo_sample:1/reserves/cc:22"
	for name, tt := range map[string]struct {
		b    Behaviour
		want string
		json bool
	}{
		"keys":    {Behaviour{UnknownKeys: true}, `"x_unknown"`, true},
		"codes":   {Behaviour{UnknownCodes: true}, `"code":"ext_costType"`, true},
		"hostile": {Behaviour{HostileStrings: true}, `\u001b`, true},
		"nulls":   {Behaviour{NullValues: true}, `"coverage":null`, true},
		"commas":  {Behaviour{TrailingCommas: true}, `,}`, false},
	} {
		a := newBench(t, tt.b).get(path)
		if !strings.Contains(a.body, tt.want) || json.Valid([]byte(a.body)) != tt.json || !strings.Contains(a.body, `"500.00"`) {
			t.Errorf("%s: %s", name, a.body)
		}
		if plain := newBench(t, Behaviour{}).get(path); strings.Contains(plain.body, tt.want) {
			t.Errorf("%s: without the switch too", name)
		}
	}
}
