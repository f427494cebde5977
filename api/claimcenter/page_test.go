package claimcenter_test

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"claimdeck/api"
	"claimdeck/api/claimcenter"
	sandbox "claimdeck/sandbox/claimcenter"
)

func small(o *claimcenter.Options) { o.PageSize = 2 }

// ids of a list, in its order.
func ids(reserves []claimcenter.Reserve) string {
	var b strings.Builder
	for _, r := range reserves {
		b.WriteString(r.ID + " ")
	}
	return b.String()
}

const nine = "cc:22 cc:36 cc:40 cc:41 cc:42 cc:43 cc:44 cc:45 cc:46 "

func TestEveryFormOfTheNextPage(t *testing.T) {
	t.Parallel()
	for name, form := range map[string]sandbox.LinkForm{
		"path": sandbox.LinkPath, "prefixed": sandbox.LinkPrefixed, "absolute": sandbox.LinkAbsolute,
		"query": sandbox.LinkQuery, "forgetful": sandbox.LinkForgetful,
	} {
		c := start(t, sandbox.Behaviour{Links: form}, small)
		reserves, err := c.Reserves(t.Context(), sandbox.SampleID)
		if err != nil || ids(reserves) != nine {
			t.Errorf("%s: %q, %v", name, ids(reserves), err)
			continue
		}
		for i, r := range reserves {
			if len(r.LineItems) == 0 {
				t.Errorf("%s: row %d lost the fields that were asked for", name, i)
			}
		}
		if calls := c.service.Calls(); len(calls) != 5 || !strings.Contains(calls[4].Query, "pageOffset=8") {
			t.Errorf("%s: calls: %+v", name, calls)
		}
	}
}

func TestPagesAreNeverLeft(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		form  sandbox.LinkForm
		words string
		calls int
	}{
		"another host": {sandbox.LinkOtherHost, "elsewhere, at http://elsewhere.example, which is not followed", 1},
		"another port": {sandbox.LinkOtherPort, "elsewhere, at http://127.0.0.1:1, which is not followed", 1},
		"another list": {sandbox.LinkOtherList, "another list, which is not followed", 1},
		"a circle":     {sandbox.LinkLoop, "round in a circle", 1},
		"no end":       {sandbox.LinkEndless, "does not end after 7 pages", 7},
		"broken":       {sandbox.LinkBroken, "next page cannot be read", 1},
		"no address":   {sandbox.LinkMissing, "its next page has no address", 1},
	} {
		c := start(t, sandbox.Behaviour{Links: tt.form}, small, func(o *claimcenter.Options) { o.MaxPages = 7 })
		rows, err := c.Reserves(t.Context(), sandbox.SampleID)
		if !errors.Is(err, api.ErrBadResponse) || !strings.Contains(fmt.Sprint(err), tt.words) || rows != nil {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
		if calls := c.service.Calls(); tt.form != sandbox.LinkLoop && len(calls) != tt.calls || len(calls) > 7 {
			t.Errorf("%s: %d calls", name, len(calls))
		}
	}
}

func TestRowsThatComeTwiceCountOnce(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{AddsBetween: true}, small)
	if reserves, err := c.Reserves(t.Context(), sandbox.SampleID); err != nil || ids(reserves) != nine {
		t.Errorf("%q, %v", ids(reserves), err)
	}
}

func TestPageSize(t *testing.T) {
	t.Parallel()
	for size, want := range map[int]string{0: "100", 30: "30", 100: "100", 101: "100", 5000: "100", -1: "100"} {
		c := start(t, sandbox.Behaviour{}, func(o *claimcenter.Options) { o.PageSize = size })
		if _, err := c.Reserves(t.Context(), sandbox.SampleID); err != nil {
			t.Fatal(err)
		}
		if q := c.service.Calls()[0].Query; !strings.Contains(q, "pageSize="+want) || len(q) == 0 {
			t.Errorf("%d: asked %q", size, q)
		}
	}
}

// A service whose own limit is lower says so in an error that names it.
func TestPageSizeTooLarge(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{MaxPageSize: 50})
	_, err := c.ReserveSets(t.Context(), sandbox.SampleID)
	e := mustFail(t, err)
	if e.Status != 400 || e.Code != "gw.api.rest.exceptions.BadInputException" ||
		!strings.Contains(e.Message, "pageSize") || !strings.Contains(e.Message, "50") {
		t.Errorf("got %+v", e)
	}
}

func TestManyPages(t *testing.T) {
	t.Parallel()
	const rows = 1_050
	page := func(w http.ResponseWriter, r *http.Request) {
		from, _ := strconv.Atoi(r.URL.Query().Get("pageOffset"))
		_, _ = fmt.Fprint(w, `{"data":[`)
		for i := from; i < min(from+100, rows); i++ {
			if i > from {
				_, _ = fmt.Fprint(w, ",")
			}
			_, _ = fmt.Fprintf(w, `{"attributes":{"id":"cc:%d"}}`, i)
		}
		next := ""
		if from+100 < rows {
			next = fmt.Sprintf(`"next":{"href":"/claim/v1/claims/a%%3Ab/reserves?pageSize=100&pageOffset=%d"}`, from+100)
		}
		_, _ = fmt.Fprintf(w, `],"links":{%s}}`, next)
	}
	reserves, err := serve(t, page).Reserves(t.Context(), "a:b")
	if err != nil || len(reserves) != rows || reserves[rows-1].ID != "cc:1049" {
		t.Errorf("%d rows, %v", len(reserves), err)
	}
}

func TestAFailureOfALaterPageIsAFailure(t *testing.T) {
	t.Parallel()
	c := start(t, sandbox.Behaviour{}, small)
	c.service.Inject(sandbox.Fault{Kind: sandbox.FaultNotFound, Skip: 2})
	if rows, err := c.Reserves(t.Context(), sandbox.SampleID); !errors.Is(err, api.ErrNotFound) || rows != nil {
		t.Errorf("%v, %v", rows, err)
	}
}
