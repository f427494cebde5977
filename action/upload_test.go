package action_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"claimdeck/action"
	sandbox "claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/outbox"
)

// Several documents are several writes: each is journaled, sent and confirmed by itself.
func TestSeveralDocuments(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	one, two, three := b.file("one.pdf", pdf), b.file("two.pdf", pdf+" "), b.file("three.pdf", pdf)
	v := action.Values{"document": {one, two, one, three}, "description": {"Police Report"}}
	p := b.try("document.add", b.subject(id), v)
	if len(p.Problems)+len(p.Warnings) > 0 || len(p.Drafts) != 3 {
		t.Fatalf("%v %q, %d drafts", p.Problems, p.Warnings, len(p.Drafts))
	}
	b.service.Inject(sandbox.Fault{Kind: sandbox.FaultTooManyRequests, Match: posts("/claims/documents/" + id)})
	states := make([]outbox.State, 0, 3)
	for i, d := range p.Drafts {
		if want := "Add " + []string{"one", "two", "three"}[i] + ".pdf as police report"; d.Title != want {
			t.Errorf("%q, want %q", d.Title, want)
		}
		d.Origin = outbox.FromCLI
		states = append(states, b.settle(d).State)
	}
	if states[0] != outbox.Rejected || states[1] != outbox.Accepted || states[2] != outbox.Accepted {
		t.Fatalf("%v", states)
	}
	if _, err := b.syncer.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	confirmed, err := b.store.Entries(t.Context(), 0, outbox.Confirmed)
	if err != nil || len(confirmed) != 2 || confirmed[0].ConfirmedBy[0] == confirmed[1].ConfirmedBy[0] {
		t.Errorf("%v %+v", err, confirmed)
	}
	if n := b.effects(sandbox.WroteDocument, id); n != 2 {
		t.Errorf("%d documents were added", n)
	}
}

func TestDocumentPreviews(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	v := action.Values{"document": {b.file("one.pdf", pdf), b.file("two.pdf", pdf+" ")}, "description": {"police report"}}
	previews, err := b.action("document.add").Previews(b.subject(b.claim()), v)
	if err != nil || len(previews) != 2 || previews[0].Body == previews[1].Body || !strings.Contains(previews[0].Body, `"document": "(`) {
		t.Errorf("%v %+v", err, previews)
	}
	v["document"] = append(v["document"], "/no/such/file.pdf")
	if _, err := b.action("document.add").Previews(b.subject(b.claim()), v); err == nil {
		t.Error("a document that is not there has a preview")
	}
}

func TestDocumentProblems(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	on := b.subject(b.claim())
	heic := b.file("photo.pdf", "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1")
	gone := filepath.Join(t.TempDir(), "gone.pdf")
	p := b.try("document.add", on, action.Values{"document": {heic, gone, b.file("good.pdf", pdf)}, "description": {"other"}})
	words := p.Problems["document"]
	if !strings.Contains(words, "photo.pdf is a HEIC photo: save it as JPEG or PDF first; ") || !strings.Contains(words, "gone.pdf is not there") || len(p.Drafts) > 0 {
		t.Errorf("%q", words)
	}
	p = b.try("document.add", on, nil)
	if p.Problems["document"] != "Documents: pick a document" || p.Problems["description"] != "Type: choose one" {
		t.Errorf("%v", p.Problems)
	}
	large := b.file("large.pdf", pdf+strings.Repeat(" ", 701<<10))
	if p = b.try("document.add", on, action.Values{"document": {large}, "description": {"other"}}); len(p.Warnings) != 1 ||
		!strings.Contains(p.Warnings[0], "large.pdf has 701 KB") || len(p.Drafts) != 1 {
		t.Errorf("%q", p.Warnings)
	}
}

// The file that was picked is sent, or none.
func TestDocumentChangedSince(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	path := b.file("report.pdf", pdf)
	d := b.prepare("document.add", id, action.Values{"document": {path}, "description": {"other"}})
	if err := os.WriteFile(path, []byte(pdf+"more"), 0o600); err != nil {
		t.Fatal(err)
	}
	e := b.settle(d)
	if e.State != outbox.Rejected || !e.Problem.NotSent || !strings.Contains(e.Problem.Fields["document"], "has changed since it was picked") {
		t.Errorf("%s %+v", e.State, e.Problem)
	}
	if n := b.effects(sandbox.WroteDocument, id); n != 0 {
		t.Errorf("%d documents were added", n)
	}
}

func TestDocumentTypes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	field := b.action("document.add").Fields[1]
	labels := func(documents ...string) map[string]string {
		found := map[string]string{}
		options, err := field.Options(t.Context(), b.subject(b.service.AddClaim(sandbox.ClaimSeed{Documents: documents})))
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range options {
			if _, twice := found[o.Value]; twice {
				t.Errorf("%s is offered twice", o.Value)
			}
			found[o.Value] = strings.TrimPrefix(o.Label, o.Value)
		}
		return found
	}
	const combined = "valuation report & settlement breakdown"
	bare := labels()
	if bare["settlement breakdown"] != " (needed for a payoff)" || bare["valuation report"] != " (needed for a payoff)" ||
		bare[combined] != " (needed for a payoff)" || bare["police report"] != "" {
		t.Errorf("%v", bare)
	}
	if _, twice := bare["settlement breakdown & valuation report"]; twice {
		t.Error("the combined document is offered both ways round")
	}
	if have := labels("Settlement Breakdown & Valuation Report"); have[combined] != " (the claim has one)" || have["valuation report"] != "" {
		t.Errorf("%v", have)
	}
	p := b.try("document.add", b.subject(b.claim()), action.Values{"document": {b.file("a.pdf", pdf)}, "description": {"Proof of love"}})
	if len(p.Drafts) != 1 || len(p.Warnings) != 1 || !strings.HasSuffix(p.Drafts[0].Title, " as Proof of love") {
		t.Errorf("%v %q", p.Problems, p.Warnings)
	}
}

// blind is a sender that the outbox cannot ask what there is at the service.
type blind struct{ outbox.Sender }

// Of a document of an order kind the feed says nothing: the claim itself is asked.
func TestSeenDocument(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.newBox("first", blind{b.actions})
	id := b.claim()
	v := action.Values{"document": {b.file("title.pdf", pdf)}, "description": {"Copy of Title"}}
	e := b.settle(b.prepare("document.add", id, v))
	if _, err := b.syncer.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	e, err := b.store.Entry(t.Context(), e.ID)
	if err != nil || e.State != outbox.Accepted {
		t.Fatalf("%s %v", e.State, err)
	}
	if seen, err := b.actions.Seen(t.Context(), e); !seen || err != nil {
		t.Errorf("with its answer: %v %v", seen, err)
	}
	e.Answer = []byte(`{"documentUrl":"https://xapi.lossexpress.com/documents/another"}`)
	if seen, err := b.actions.Seen(t.Context(), e); seen || err != nil {
		t.Errorf("another document: %v %v", seen, err)
	}
	e.Answer = nil
	if seen, err := b.actions.Seen(t.Context(), e); !seen || err != nil {
		t.Errorf("without an answer: %v %v", seen, err)
	}
	e.SentAt = e.SentAt.Add(3600e9)
	if seen, err := b.actions.Seen(t.Context(), e); seen || err != nil {
		t.Errorf("of an hour before the attempt: %v %v", seen, err)
	}
	b.service.Inject(sandbox.Fault{Kind: sandbox.FaultUnavailable, Times: -1, Match: func(r *http.Request) bool { return r.Method == http.MethodGet }})
	if seen, err := b.actions.Seen(t.Context(), e); seen || err == nil {
		t.Errorf("without the service: %v %v", seen, err)
	}
}

// What the claim itself shows confirms a write that the feed is silent about, in doubt or not.
func TestSilentDocumentConfirmed(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]sandbox.Fault{
		"answered": {}, "in doubt": {Kind: sandbox.FaultReset, After: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			id := b.claim()
			d := b.prepare("document.add", id, action.Values{"document": {b.file("title.pdf", pdf)}, "description": {"Copy of Title"}})
			if fault.Kind != sandbox.FaultNone {
				fault.Match = posts("/claims/documents/" + id)
				b.service.Inject(fault)
			}
			if e := b.settle(d); e.State != outbox.Confirmed || e.Problem != nil || b.effects(sandbox.WroteDocument, id) != 1 {
				t.Errorf("%s %+v", e.State, e.Problem)
			}
		})
	}
}

// A document of an order kind whose upload ended in doubt is never there twice, although the feed says nothing of it.
func TestSilentDocumentNotDoubled(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.newBox("first", blind{b.actions})
	id := b.claim()
	d := b.prepare("document.add", id, action.Values{"document": {b.file("title.pdf", pdf)}, "description": {"Copy of Title"}})
	b.service.Inject(sandbox.Fault{Kind: sandbox.FaultReset, After: true, Match: posts("/claims/documents/" + id)})
	e := b.settle(d)
	if e.State != outbox.Unknown {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	away := sandbox.Fault{Kind: sandbox.FaultUnavailable, Times: -1, Match: func(r *http.Request) bool { return r.URL.Path == "/claims/"+id }}
	b.service.Inject(away)
	if _, err := b.box.Retry(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	if e = b.finish(e); e.State != outbox.Unknown || !strings.Contains(e.Problem.Message, "cannot be seen now") {
		t.Fatalf("while the claim cannot be read: %s %+v", e.State, e.Problem)
	}
	b.service.ClearFaults()
	if _, err := b.box.Retry(t.Context(), e.ID); err != nil {
		t.Fatal(err)
	}
	if e = b.finish(e); e.State != outbox.Accepted {
		t.Fatalf("%s %+v", e.State, e.Problem)
	}
	if n := b.effects(sandbox.WroteDocument, id); n != 1 {
		t.Errorf("%d documents were added", n)
	}
}

// One whose upload did not reach the service is sent again when a person says so.
func TestSilentDocumentSentAgain(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.newBox("first", blind{b.actions})
	id := b.claim()
	d := b.prepare("document.add", id, action.Values{"document": {b.file("title.pdf", pdf)}, "description": {"Copy of Title"}})
	b.service.Inject(sandbox.Fault{Kind: sandbox.FaultReset, Match: posts("/claims/documents/" + id)})
	e := b.settle(d)
	if _, err := b.box.Retry(t.Context(), e.ID); e.State != outbox.Unknown || err != nil {
		t.Fatalf("%s %v", e.State, err)
	}
	if e = b.finish(e); e.State != outbox.Accepted || b.effects(sandbox.WroteDocument, id) != 1 {
		t.Errorf("%s %+v, %d documents", e.State, e.Problem, b.effects(sandbox.WroteDocument, id))
	}
}

// An order kind that does fulfil an order shows in the order.
func TestDocumentFulfilsOrder(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	id := b.claim()
	if _, err := b.account.Client().CreateOrders(t.Context(), id, []string{"Copy of Title"}); err != nil {
		t.Fatal(err)
	}
	e := b.settle(b.prepare("document.add", id, action.Values{"document": {b.file("t.pdf", pdf)}, "description": {"copy of title"}}))
	if _, err := b.syncer.Once(t.Context()); err != nil {
		t.Fatal(err)
	}
	if e, err := b.store.Entry(t.Context(), e.ID); err != nil || e.State != outbox.Confirmed {
		t.Errorf("%s %v", e.State, err)
	}
}

func TestMatchDocument(t *testing.T) {
	t.Parallel()
	a, _ := action.New(action.Deps{}).Get("document.add")
	v := action.Values{"description": {"Settlement Breakdown & valuation report"}}
	answer := []byte(`{"documentUrl":"https://xapi.lossexpress.com/documents/d1"}`)
	for _, c := range []struct {
		typ, data           string
		answered, inTheDark bool
	}{
		{"document-added", `{"type":"valuation report & settlement breakdown","documentUrl":"https://xapi-dev.lossexpress.com/documents/d1","sentByLossExpress":false}`, true, true},
		{"document-added", `{"type":"valuation report & settlement breakdown","documentUrl":"https://x/documents/d2","sentByLossExpress":false}`, false, true},
		{"document-added", `{"type":"valuation report & settlement breakdown","documentUrl":"https://x/documents/d2","sentByLossExpress":true}`, false, false},
		{"document-added", `{"type":"police report","documentUrl":"https://x/documents/d2"}`, false, false},
		{"order-fulfilled", `{"orderId":"o","orderType":"Copy of Title","documentUrl":"https://x/documents/d1"}`, true, false},
	} {
		since := []activity.Activity{decode(t, c.typ, c.data)}
		if _, whole := a.Match(outbox.Entry{Answer: answer}, v, since); whole != c.answered {
			t.Errorf("%s with an answer: %v", c.data, whole)
		}
		if _, whole := a.Match(outbox.Entry{}, v, since); whole != c.inTheDark {
			t.Errorf("%s without: %v", c.data, whole)
		}
	}
}
