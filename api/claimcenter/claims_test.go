package claimcenter_test

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	sandbox "claimdeck/sandbox/claimcenter"
)

func TestFindClaim(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		b      sandbox.Behaviour
		number string
		way    claimcenter.Way
		want   string // ids
	}{
		"by filter":                 {sandbox.Behaviour{}, sandbox.SampleNumber, claimcenter.ByFilter, "demo_sample:1"},
		"with spaces around":        {sandbox.Behaviour{}, " " + sandbox.SampleNumber + "\n", claimcenter.ByFilter, "demo_sample:1"},
		"with colons":               {sandbox.Behaviour{}, sandbox.ColonNumber, claimcenter.ByFilter, "demo_sample:6"},
		"in another case":           {sandbox.Behaviour{}, "tx:2026:0007", claimcenter.BySearch, "demo_sample:6"},
		"several":                   {sandbox.Behaviour{}, sandbox.DoubleNumber, claimcenter.ByFilter, "demo_sample:7 demo_sample:8"},
		"hidden":                    {sandbox.Behaviour{}, sandbox.UnreadableNumber, claimcenter.BySearch, "demo_sample:2"},
		"archived":                  {sandbox.Behaviour{}, sandbox.ArchivedNumber, claimcenter.BySearch, "demo_sample:4"},
		"nowhere":                   {sandbox.Behaviour{}, "999", "", ""},
		"no filter by number":       {sandbox.Behaviour{RefuseFilter: true}, sandbox.SampleNumber, claimcenter.BySearch, "demo_sample:1"},
		"the filter is ignored":     {sandbox.Behaviour{IgnoreFilter: true}, sandbox.EmptyNumber, claimcenter.ByFilter, "demo_sample:5"},
		"ignored, and nowhere":      {sandbox.Behaviour{IgnoreFilter: true}, "999", "", ""},
		"no search, and nowhere":    {sandbox.Behaviour{NoSearch: true}, "999", "", ""},
		"search forbidden, nowhere": {sandbox.Behaviour{Unfindable: true}, "999", "", ""},
		"no search, but the filter": {sandbox.Behaviour{NoSearch: true}, sandbox.SampleNumber, claimcenter.ByFilter, "demo_sample:1"},
		"everything a little strange": {
			sandbox.Behaviour{UnknownKeys: true, HostileStrings: true, NullValues: true}, sandbox.SampleNumber, claimcenter.ByFilter, "demo_sample:1",
		},
	} {
		found, err := start(t, tt.b).FindClaim(t.Context(), tt.number)
		var got []string
		for _, c := range found.Claims {
			got = append(got, c.ID)
		}
		if err != nil || found.Way != tt.way || strings.Join(got, " ") != tt.want {
			t.Errorf("%s: %q by %q, %v", name, got, found.Way, err)
		}
	}
}

func TestFindClaimSends(t *testing.T) {
	t.Parallel()
	var got []string
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		got = append(got, r.Method+" "+r.URL.Path+" "+r.URL.Query().Get("filter")+" "+r.URL.Query().Get("fields")+" "+string(body))
		_, _ = io.WriteString(w, `{"count":0,"data":[]}`)
	})
	if _, err := c.FindClaim(t.Context(), "A:1&x=%2F"); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"GET /cc/rest/claim/v1/claims claimNumber:eq:A::1&x=%2F id,claimNumber ",
		`POST /cc/rest/claim/v1/search/claims-v2   {"data":{"attributes":{"claimNumber":"A:1&x=%2F"}}}`,
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("sent\n%s", strings.Join(got, "\n"))
	}
}

func TestFindClaimFails(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{RefuseFilter: true, NoSearch: true})
	if _, err := c.FindClaim(t.Context(), sandbox.SampleNumber); !errors.Is(err, api.ErrNotFound) {
		t.Errorf("neither way: %v", err)
	}
	c = start(t, sandbox.Behaviour{RefuseFilter: true, Unfindable: true})
	if _, err := c.FindClaim(t.Context(), sandbox.SampleNumber); !errors.Is(err, api.ErrForbidden) {
		t.Errorf("search forbidden: %v", err)
	}
	c = start(t, sandbox.Behaviour{Faults: []sandbox.Fault{{Kind: sandbox.FaultUnavailable, Method: "GET", Times: -1}}})
	if _, err := c.FindClaim(t.Context(), sandbox.SampleNumber); !errors.Is(err, api.ErrUnavailable) {
		t.Errorf("down: %v", err)
	}
	for _, call := range c.service.Calls() {
		if call.Method == http.MethodPost {
			t.Error("a service that is down was searched too")
		}
	}
	if _, err := c.FindClaim(t.Context(), "  "); !errors.Is(err, api.ErrInvalid) || !mustFail(t, err).NotSent() {
		t.Errorf("no number: %v", err)
	}
}

// The search is a read: it is repeated after passing trouble, as a GET is.
func TestSearchIsRepeated(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{RefuseFilter: true, Faults: []sandbox.Fault{{Kind: sandbox.FaultUnavailable, Method: "POST", Times: 2}}})
	found, err := c.FindClaim(t.Context(), sandbox.SampleNumber)
	if err != nil || found.Way != claimcenter.BySearch {
		t.Errorf("%+v, %v", found, err)
	}
}

func TestClaimByID(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{})
	got, err := c.Claim(t.Context(), sandbox.SampleID)
	if err != nil || got.ID != sandbox.SampleID || got.Number != sandbox.SampleNumber {
		t.Errorf("%+v, %v", got, err)
	}
	for _, id := range []string{"demo_sample:2", "demo_sample:4", "nonsense"} {
		_, err := c.Claim(t.Context(), id)
		e := mustFail(t, err)
		if !errors.Is(err, api.ErrNotFound) || !strings.Contains(e.Message, id) || !strings.Contains(e.Message, "no permission") ||
			!strings.Contains(e.Message, "archived") {
			t.Errorf("%s: %v", id, err)
		}
	}
	found, err := c.FindClaim(t.Context(), sandbox.ArchivedNumber)
	if err != nil || len(found.Claims) != 1 || found.Claims[0].State.Code != "archived" || found.Claims[0].Insured != "Old Mill LLC" {
		t.Errorf("%+v, %v", found, err)
	}
}

// The client must never write, whatever it is asked: GETs and the search are all it knows.
func TestOnlyReads(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{}, small)
	_, _ = c.ReserveSets(t.Context(), sandbox.SampleID)
	_, _ = c.Reserves(t.Context(), sandbox.SampleID)
	_, _ = c.FindClaim(t.Context(), "999")
	_, _ = c.Check(t.Context())
	for _, call := range c.service.Calls() {
		if call.Method != http.MethodGet && !strings.HasSuffix(call.Path, "/search/claims-v2") {
			t.Errorf("%s %s", call.Method, call.Path)
		}
	}
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		`{"data":[{"attributes":{"id":"cc:1","lineItems":[{"reservingAmount":{"amount":"5","currency":"usd"}}]}}],"links":{"next":null}}`,
		`{"data":[null,{"attributes":null}],"links":{"next":{"href":"//x/claim/v1/claims/c/reserves"}}}`,
		`{"count":0}`, `[]`, `{"data":[{"attributes":{"reserveLine":{"exposure":[]},"lineItems":{"a":1}}}]}`, "{\"data\":[{\"attributes\":{\"id\":\"\x1b[2J\"}}]}",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, body string) {
		var r claimcenter.Reserve
		if err := r.UnmarshalJSON([]byte(body)); err != nil {
			t.Errorf("a tolerant reader failed: %v", err)
		}
		var s claimcenter.ReserveSet
		if err := json.Unmarshal([]byte(body), &s); err != nil && json.Valid([]byte(body)) {
			t.Errorf("a tolerant reader failed: %v", err)
		}
		for _, i := range r.LineItems {
			a := i.ReservingAmount
			if again, ok := claimcenter.ParseDecimal(string(a.Value)); a.Value != "" && (!ok || again != a.Value) {
				t.Errorf("%q is no plain decimal", a.Value)
			}
		}
	})
}
