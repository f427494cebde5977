package action_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"claimdeck/action"
	"claimdeck/api"
	"claimdeck/api/lossexpress"
	sandbox "claimdeck/sandbox/lossexpress"
)

// asksLenders matches what the lender directory is asked.
func asksLenders(r *http.Request) bool { return r.URL.Path == "/lenders" }

// A lender that is not in the directory is warned about, with the closest one that is. Known names, short ones, and those
// that were not changed are not.
func TestUnknownLenderIsAWarning(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	for name, want := range map[string]string{
		"Ally Financial":  "",
		"ally  financial": "",
		"Ally Bank":       "", // an alias
		"Wels Fargo":      "verifies it first; is it Wells Fargo Auto?",
		"Ally Finacial":   "verifies it first; is it Ally Financial?",
		"Chrylser Capitl": "verifies it first; is it Chrysler Capital?",
		"Bank of Nowhere": "verifies it first; it knows Bank of America",
		"Zebra Lending":   "LossExpress does not know Zebra Lending yet, and verifies it first",
		"GM":              "",
	} {
		p := b.try("claim.create", b.fresh(), with(newClaim("EX-"+name), "lenderName", name))
		said := ""
		for _, w := range p.Warnings {
			if strings.HasPrefix(w, "Lender: ") {
				said += w
			}
		}
		if len(p.Problems) > 0 || (want == "") != (said == "") || !strings.HasSuffix(said, want) {
			t.Errorf("%s: %q, want %q", name, said, want)
		}
	}
	id := b.claim()
	if p := b.try("claim.update", b.subject(id), action.Values{"lenderName": {"Wels Fargo"}}); len(p.Warnings) != 1 || !strings.HasSuffix(p.Warnings[0], "Wells Fargo Auto?") {
		t.Errorf("a changed lender: %q", p.Warnings)
	}
}

// Whatever the directory answers, nothing but its word is said: no account, no answer, no directory.
func TestLenderDirectoryNeverBlocks(t *testing.T) {
	t.Parallel()
	for name, kind := range map[string]sandbox.FaultKind{
		"no such route": sandbox.FaultNotFound, "not allowed": sandbox.FaultForbidden, "another method": sandbox.FaultMethodNotAllowed,
		"a failure": sandbox.FaultServerError, "a web page": sandbox.FaultHTMLOK, "no sign-in": sandbox.FaultUnauthorized,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			b.service.Inject(sandbox.Fault{Kind: kind, Times: -1, Match: asksLenders})
			p := b.try("claim.create", b.fresh(), with(newClaim("EX-1"), "lenderName", "Zebra Lending"))
			if len(p.Problems)+len(p.Warnings) > 0 || p.Draft.Action != "claim.create" {
				t.Errorf("%v %q", p.Problems, p.Warnings)
			}
		})
	}
}

// directory counts what it is asked, and answers when the question has ended.
type directory struct {
	action.Client
	asked  []string
	err    error
	silent bool
}

func (d *directory) Lenders(ctx context.Context, q lossexpress.LenderQuery) ([]lossexpress.Lender, error) {
	d.asked = append(d.asked, q.Name)
	if d.silent {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return []lossexpress.Lender{{LenderName: "Ally Financial"}}, d.err
}

func (d *directory) SearchClaims(context.Context, lossexpress.ClaimSearch) ([]lossexpress.Claim, api.Meta, error) {
	return nil, api.Meta{}, nil
}

// The directory is asked once for a form that is checked again, and not at all where there is none.
func TestLendersAreAskedOnce(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{"a directory": nil, "none": &api.Error{Sent: true, Status: 404, Kind: api.ErrNotFound}} {
		d, at := &directory{err: err}, clock{at: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}
		r := action.New(action.Deps{Client: d, Now: at.Now})
		a := mustGet(t, r, "claim.create")
		for range 3 {
			p, err := r.Prepare(t.Context(), a, action.Subject{Now: at.Now()}, with(newClaim("EX-1"), "lenderName", "Aly Lending"))
			if err != nil || (len(p.Warnings) == 0) != (d.err != nil) {
				t.Errorf("%s: %q %v", name, p.Warnings, err)
			}
		}
		if len(d.asked) != 1 || d.asked[0] != "Aly" {
			t.Errorf("%s: asked %q", name, d.asked)
		}
		if err := at.Wait(t.Context(), time.Hour); err != nil {
			t.Fatal(err)
		}
		if _, err := r.Prepare(t.Context(), a, action.Subject{Now: at.Now()}, with(newClaim("EX-1"), "lenderName", "U S Bank")); err != nil {
			t.Fatal(err)
		}
		if len(d.asked) != 2 || d.asked[1] != "U S" {
			t.Errorf("%s: asked %q", name, d.asked)
		}
	}
}

// A directory that is silent costs two seconds, not the form.
func TestSilentLenderDirectory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		r := action.New(action.Deps{Client: &directory{silent: true}, Now: time.Now})
		began := time.Now()
		p, err := r.Prepare(t.Context(), mustGet(t, r, "claim.create"), action.Subject{Now: began.AddDate(50, 0, 0)}, newClaim("EX-1"))
		if took := time.Since(began); err != nil || len(p.Problems)+len(p.Warnings) > 0 || took != 2*time.Second {
			t.Errorf("%v %q %v after %s", p.Problems, p.Warnings, err, took)
		}
	})
}
