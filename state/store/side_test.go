package store_test

import (
	"encoding/json"
	"path/filepath"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"

	"claimdeck/state/side"
)

func TestLinks(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := openStore(t, path)
	found := side.Link{ClaimID: "c1", System: side.ClaimCenter, Ref: "cc:1", How: side.ByNumber, At: clock()}
	must(t, s.SaveLink(t.Context(), found))
	must(t, s.SaveCached(t.Context(), side.Cached{ClaimID: "c1", System: side.ClaimCenter, At: clock(), Raw: json.RawMessage(`1`)}))
	given := found
	given.Ref, given.How, given.At = "cc:2", side.ByPerson, clock().Add(time.Hour)
	must(t, s.SaveLink(t.Context(), given))
	if _, known, err := s.Cached(t.Context(), "c1", side.ClaimCenter); known || err != nil {
		t.Errorf("the answer about another claim stays: %v", err)
	}
	found.At = clock().Add(2 * time.Hour)
	must(t, s.SaveLink(t.Context(), found))
	got, known, err := openStore(t, path).Link(t.Context(), "c1", side.ClaimCenter)
	if diff := gocmp.Diff(given, got); diff != "" || !known || err != nil {
		t.Errorf("a search replaced what a person gave: %v %s", err, diff)
	}
	if got, known, err := s.Linked(t.Context(), side.ClaimCenter, "cc:2"); got.ClaimID != "c1" || !known || err != nil {
		t.Errorf("%+v %v", got, err)
	}
	if _, known, err := s.Link(t.Context(), "c1", side.Scalepoint); known || err != nil {
		t.Errorf("of another system: %v", err)
	}
	must(t, s.SaveCached(t.Context(), side.Cached{ClaimID: "c1", System: side.ClaimCenter, At: clock(), Raw: json.RawMessage(`1`)}))
	for range 2 {
		must(t, s.DropLink(t.Context(), "c1", side.ClaimCenter))
	}
	_, known, err = s.Link(t.Context(), "c1", side.ClaimCenter)
	if _, cached, cachedErr := s.Cached(t.Context(), "c1", side.ClaimCenter); known || cached || err != nil || cachedErr != nil {
		t.Errorf("after it was dropped: %t %t %v %v", known, cached, err, cachedErr)
	}
	if s.SaveLink(t.Context(), side.Link{ClaimID: "c1", System: side.ClaimCenter}) == nil {
		t.Error("a link to nothing was kept")
	}
}

func TestCached(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	at := func(minutes int) time.Time { return clock().Add(time.Duration(minutes) * time.Minute) }
	key := side.Cached{ClaimID: "c1", System: side.Scalepoint}
	step := func(name string, save, want side.Cached) {
		t.Helper()
		save.ClaimID, save.System = key.ClaimID, key.System
		must(t, s.SaveCached(t.Context(), save))
		want.ClaimID, want.System = key.ClaimID, key.System
		got, known, err := s.Cached(t.Context(), key.ClaimID, key.System)
		if diff := gocmp.Diff(want, got); diff != "" || !known || err != nil {
			t.Errorf("%s: %v %s", name, err, diff)
		}
	}
	if _, known, err := s.Cached(t.Context(), "c1", side.Scalepoint); known || err != nil {
		t.Errorf("before anything: %v", err)
	}
	one, two := json.RawMessage(`{"n":1}`), json.RawMessage(`{"n":2}`)
	step("a failure first", side.Cached{Problem: "down", ProblemAt: at(1)}, side.Cached{Problem: "down", ProblemAt: at(1)})
	step("an answer ends it", side.Cached{At: at(2), Raw: one}, side.Cached{At: at(2), Raw: one})
	step("a failure keeps the answer", side.Cached{Problem: "down", ProblemAt: at(3)}, side.Cached{At: at(2), Raw: one, Problem: "down", ProblemAt: at(3)})
	step("an older answer changes nothing", side.Cached{At: at(1), Raw: two}, side.Cached{At: at(2), Raw: one, Problem: "down", ProblemAt: at(3)})
	step("an older failure changes nothing", side.Cached{Problem: "older", ProblemAt: at(1)}, side.Cached{At: at(2), Raw: one, Problem: "down", ProblemAt: at(3)})
	step("a newer answer", side.Cached{At: at(4), Raw: two}, side.Cached{At: at(4), Raw: two})
	step("a late failure", side.Cached{Problem: "older", ProblemAt: at(3)}, side.Cached{At: at(4), Raw: two})
	if s.SaveCached(t.Context(), side.Cached{System: side.Scalepoint}) == nil {
		t.Error("an answer about no claim was kept")
	}
}
