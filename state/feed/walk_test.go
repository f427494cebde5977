package feed_test

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
)

var errLine = &feed.Problem{Kind: feed.Unreachable, Err: errors.New("the line is dead")}

func TestTheFirstWalkGoesBackByTheServicesClock(t *testing.T) {
	t.Parallel()
	for _, skew := range []time.Duration{0, 5 * time.Hour, -5 * time.Hour} {
		f := newFake(t)
		f.skew = skew
		f.emit("yesterday", -23*time.Hour)
		s := feed.New(f.options())
		f.once(s)
		f.holds("yesterday")
		first := f.take()[1].After
		if early := dawn.Add(-24 * time.Hour); first.After(early) {
			t.Errorf("skew %s: the night from %s on was not asked for, only from %s", skew, early, first)
		}
		if got := s.Status().Skew; got != -skew {
			t.Errorf("skew %s was taken for %s", skew, got)
		}
	}
}

func TestACursorIsPreferredAndOverlapped(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	s := feed.New(f.options())
	f.once(s)
	f.take()
	f.pass(5 * time.Second)
	f.once(s)
	asked := f.take()
	want := feed.Window{After: dawn.Add(-2 * time.Minute), FromID: "a", Size: 2}
	if len(asked) != 1 || asked[0] != want {
		t.Errorf("asked %+v, want %+v", asked, want)
	}
	if commits := f.commits; commits != 1 {
		t.Errorf("%d commits: a poll without news must not write", commits)
	}
}

func TestTheCursorWaitsForTheLastPage(t *testing.T) {
	t.Parallel()
	for _, newest := range []bool{false, true} {
		f := newFake(t)
		f.newest = newest
		for i, id := range []string{"a", "b", "c", "d", "e"} {
			f.emit(id, time.Duration(i)*time.Second)
		}
		f.refuse = func(w feed.Window) error {
			if w.Number == 2 {
				return errLine
			}
			return nil
		}
		s := feed.New(f.options())
		if r, err := s.Once(t.Context()); !errors.Is(err, errLine) || r.Added != 4 {
			t.Fatalf("%+v, %v", r, err)
		}
		f.cursorAt("")
		f.refuse = nil
		s = feed.New(f.options()) // as after a kill
		if r := f.once(s); r.Added != 1 || !r.Complete {
			t.Errorf("%+v", r)
		}
		f.cursorAt("e")
		f.holds("a", "b", "c", "d", "e")
	}
}

func TestRowsThatMoveBetweenPagesAreFound(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	for i, id := range []string{"a", "b", "c", "d"} {
		f.emit(id, time.Duration(i)*time.Second)
	}
	walks := 0
	f.answer = func(w feed.Window, p *feed.Page) {
		if w.Size == 1 {
			return
		}
		if w.Number == 0 {
			walks++
		}
		if w.Number == 1 && walks == 1 { // b and c changed places while the client turned the page: it sees b twice
			p.Results = []json.RawMessage{f.rows[1].raw, f.rows[3].raw}
		}
	}
	s := feed.New(f.options())
	if r := f.once(s); !r.Complete || r.Added != 4 || walks != 2 {
		t.Errorf("%+v after %d walks", r, walks)
	}
	f.holds("a", "b", "c", "d")
}

func TestANewRowAtTheFrontIsFoundAtOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.newest = true
	for i, id := range []string{"a", "b", "c", "d"} {
		f.emit(id, time.Duration(i)*time.Second)
	}
	f.answer = func(w feed.Window, p *feed.Page) {
		if w.Size == 2 && w.Number == 1 && len(f.rows) == 4 { // arrives before this page is put together
			raw := json.RawMessage(`{"activityId":"e","createdAt":"2026-11-20T06:00:05Z"}`)
			f.rows = append(f.rows, fakeRow{id: "e", at: dawn.Add(5 * time.Second), raw: raw})
			p.TotalResults, p.TotalPages = 5, 3
			p.Results = []json.RawMessage{f.rows[2].raw, f.rows[1].raw}
		}
	}
	f.now = dawn.Add(time.Minute)
	s := feed.New(f.options())
	f.once(s)
	f.holds("a", "b", "c", "d", "e")
	f.cursorAt("e")
}

func TestACountThatIsTooHighEndsInTheEnd(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.answer = func(_ feed.Window, p *feed.Page) { p.TotalResults += 7 }
	s := feed.New(f.options())
	if r := f.once(s); !r.Complete || r.Pages > 4 {
		t.Errorf("%+v", r)
	}
	f.cursorAt("a")
}

func TestAFeedThatNeverStandsStillKeepsTheCursor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	n := 0
	f.answer = func(_ feed.Window, p *feed.Page) {
		n++
		f.rows = append(f.rows, fakeRow{at: dawn, raw: json.RawMessage(`{"activityId":"x` + strconv.Itoa(n) + `","createdAt":"2026-11-20T06:00:00Z"}`)})
		p.Results = []json.RawMessage{f.rows[len(f.rows)-1].raw}
		p.TotalPages, p.TotalResults = 1, len(f.rows)+1
	}
	s := feed.New(f.options())
	if r := f.once(s); r.Complete || r.Added == 0 || n > 20 {
		t.Errorf("%+v after %d pages", r, n)
	}
	f.cursorAt("")
}

func TestAServiceWithoutTotalsOrPageNumbers(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.emit("b", time.Second)
	f.emit("c", 2*time.Second)
	f.answer = func(_ feed.Window, p *feed.Page) { p.TotalPages, p.TotalResults = 0, 0 }
	f.once(feed.New(f.options()))
	f.holds("a", "b", "c")
	f.cursorAt("c")

	g := newFake(t)
	g.emit("a", 0)
	g.answer = func(_ feed.Window, p *feed.Page) {
		*p = feed.Page{Results: []json.RawMessage{g.rows[0].raw}} // always the same page
	}
	if r := g.once(feed.New(g.options())); r.Pages != 2 || !r.Complete {
		t.Errorf("%+v", r)
	}
	g.cursorAt("a")
}

func TestARowWithoutIDIsToldOnceAndBlocksNothing(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.rows = append(f.rows, fakeRow{at: dawn.Add(time.Second), raw: json.RawMessage(`{"message":"secret"}`)},
		fakeRow{at: dawn.Add(time.Second), raw: json.RawMessage(`[1]`)})
	f.emit("b", 2*time.Second)
	s := feed.New(f.options())
	if r := f.once(s); r.Undecodable != 2 || r.Added != 2 || !r.Complete {
		t.Errorf("%+v", r)
	}
	f.cursorAt("b")
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if st := s.Status(); st.Undecodable != 2 {
		t.Errorf("%d undecodable", st.Undecodable)
	}
	if log := f.log.String(); strings.Count(log, "left out") != 2 || strings.Contains(log, "secret") {
		t.Errorf("log: %s", log)
	}
}

func TestOnlyATrustworthyTimeMovesTheCursor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.skew = -3 * time.Hour
	f.emit("a", 0)
	f.emit("future", 26*time.Hour)
	f.rows = append(f.rows, fakeRow{at: dawn.Add(time.Second), raw: json.RawMessage(`{"activityId":"timeless","type":"call-made"}`)})
	s := feed.New(f.options())
	f.once(s)
	f.cursorAt("a")
	f.holds("a", "future", "timeless")
	if at := f.stored[activity.KeyOf("timeless")].CreatedAt; !at.Equal(dawn.Add(f.skew)) {
		t.Errorf("a row without a time was given %s", at)
	}
}

func TestOnAdded(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.emit("b", 0)
	f.emit("c", 0)
	o := f.options()
	var told []string
	o.OnAdded = added(&told)
	s := feed.New(o)
	f.once(s)
	f.once(s)
	if got := strings.Join(told, " "); got != "a b | c |" {
		t.Errorf("told of %q", got)
	}
}

func TestBackfillReadsOneClaimAndLeavesTheCursor(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("old", -900*time.Hour)
	f.emit("a", 0)
	s := feed.New(f.options())
	r, err := s.Backfill(t.Context(), "c", time.Time{})
	if err != nil || r.Added != 2 || !r.Complete {
		t.Errorf("%+v, %v", r, err)
	}
	f.cursorAt("")
	if w := f.take()[0]; w.ClaimID != "c" || !w.After.Equal(time.Unix(0, 0)) || w.FromID != "" {
		t.Errorf("asked %+v", w)
	}
	if _, err := s.Backfill(t.Context(), "", time.Time{}); err == nil {
		t.Error("the history of no claim was read")
	}
}

func TestAStoreThatFailsIsNotTheServicesFault(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.full = errors.New("the disk is full")
	s := feed.New(f.options())
	if _, err := s.Once(t.Context()); !errors.Is(err, f.full) {
		t.Errorf("%v", err)
	}
	if st := s.Status(); st.Phase != feed.Retrying || st.Why != "the disk is full" {
		t.Errorf("%+v", st)
	}
	f.full = nil
	f.once(s)
	f.cursorAt("a")
}
