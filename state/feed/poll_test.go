package feed_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strconv"
	"testing"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
)

// added notes the ids of every commit, and a bar after it.
func added(told *[]string) func(context.Context, []activity.Activity) {
	return func(_ context.Context, list []activity.Activity) {
		for _, a := range list {
			*told = append(*told, a.ID)
		}
		*told = append(*told, "|")
	}
}

func TestARefusedCursorFallsBackToTimeOnce(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	s := feed.New(f.options())
	f.once(s)
	f.refuse = func(w feed.Window) error {
		if w.FromID != "" {
			return &feed.Problem{Kind: feed.BadCursor, Err: errors.New("400")}
		}
		return nil
	}
	f.pass(10 * time.Second)
	f.emit("late", -time.Minute)
	f.emit("b", 5*time.Second)
	f.take()
	if r := f.once(s); r.Added != 2 || !r.Complete {
		t.Errorf("%+v", r)
	}
	f.holds("a", "late", "b")
	f.cursorAt("b")
	if len(f.gaps) != 1 || f.gaps[0].Added != 2 || !f.gaps[0].From.Equal(dawn) || f.gaps[0].Why == "" {
		t.Errorf("gaps %+v", f.gaps)
	}
	if st := s.Status(); st.Gap == nil || st.Gap.Added != 2 || st.Phase != feed.Live {
		t.Errorf("%+v", st)
	}
	f.sendsNoRefusedCursor(s)
}

// sendsNoRefusedCursor polls on: the newest row is the cursor now, and it is refused as well; after that nothing is
// sent that is known to be refused.
func (f *fake) sendsNoRefusedCursor(s *feed.Syncer) {
	f.t.Helper()
	for range 5 {
		f.pass(5 * time.Second)
		f.once(s)
	}
	refused := 0
	for _, w := range f.take() {
		if w.FromID != "" {
			refused++
		}
	}
	if refused != 2 || len(f.gaps) != 2 {
		f.t.Errorf("%d cursors sent, %d gaps told", refused, len(f.gaps))
	}
}

func TestAnAbsenceIsOneGap(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.once(feed.New(f.options()))
	f.pass(9 * time.Hour)
	for i := range 5 {
		f.emit("n"+strconv.Itoa(i), time.Duration(i+1)*time.Hour)
	}
	s := feed.New(f.options())
	var phases []feed.Phase
	defer s.Subscribe(func() {
		if p := s.Status().Phase; len(phases) == 0 || phases[len(phases)-1] != p {
			phases = append(phases, p)
		}
	})()
	f.once(s)
	if len(f.gaps) != 1 {
		t.Fatalf("gaps %+v", f.gaps)
	}
	g := f.gaps[0]
	if !g.From.Equal(dawn) || !g.To.Equal(dawn.Add(9*time.Hour)) || g.Added != 5 {
		t.Errorf("gap %+v", g)
	}
	if !slices.Equal(phases, []feed.Phase{feed.CatchingUp, feed.Live}) {
		t.Errorf("phases %v", phases)
	}

	f.pass(9 * time.Hour) // nothing happened meanwhile: nothing to tell
	s = feed.New(f.options())
	f.once(s)
	f.pass(9 * time.Minute) // too short
	f.emit("z", 18*time.Hour+5*time.Minute)
	f.once(s)
	if len(f.gaps) != 1 {
		t.Errorf("gaps %+v", f.gaps)
	}
}

func TestAnOutageIsAGapWithItsReason(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	s := feed.New(f.options())
	f.once(s)
	f.refuse = func(feed.Window) error { return errLine }
	f.pass(time.Minute)
	if _, err := s.Once(t.Context()); err == nil {
		t.Fatal("the line was not dead")
	}
	f.pass(30 * time.Minute)
	f.emit("b", 20*time.Minute)
	f.refuse = nil
	f.once(s)
	if len(f.gaps) != 1 || f.gaps[0].Why != "the line is dead" || !f.gaps[0].From.Equal(dawn) {
		t.Errorf("gaps %+v", f.gaps)
	}
}

func TestSweepsFindWhatWasCommittedLate(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.pass(time.Second)
	s := feed.New(f.options())
	f.once(s)
	f.emit("late", -119*time.Second) // committed now, a second after dawn
	for range 8 {                    // the cursor runs ahead
		f.pass(7 * time.Second)
		f.emit(f.now.Format("150405"), f.now.Sub(dawn))
		f.once(s)
	}
	if _, missing := f.stored[activity.KeyOf("late")]; missing {
		t.Fatal("found without a sweep: the test proves nothing")
	}
	f.pass(7 * time.Second)
	f.once(s)
	if _, found := f.stored[activity.KeyOf("late")]; !found {
		t.Error("the sweep of the minute missed it")
	}
	// a deep sweep finds what is later still
	f.emit("later", -100*time.Minute)
	f.pass(30 * time.Minute)
	f.once(s)
	if _, found := f.stored[activity.KeyOf("later")]; !found {
		t.Error("the deep sweep missed it")
	}
}

func TestAClockSetBackDoesNotStopTheSweeps(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	s := feed.New(f.options())
	f.once(s)
	f.skew = -10 * time.Hour
	f.emit("late", -time.Minute)
	f.once(s)
	f.holds("a", "late")
}

func TestALongCatchUpIsKeptSliceBySlice(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.newest = true
	var all []string
	for i := range 200 { // one each second, and a dense second
		id := "s" + strconv.Itoa(i)
		f.emit(id, time.Duration(i)*time.Second)
		all = append(all, id)
	}
	for i := range 30 {
		id := "dense" + strconv.Itoa(i)
		f.emit(id, 100*time.Second+time.Duration(i)*time.Millisecond)
		all = append(all, id)
	}
	f.now = dawn.Add(time.Hour)
	o := f.options()
	o.SlicePages = 3
	failing := 0
	f.refuse = func(feed.Window) error {
		if failing++; failing == 60 {
			return errLine
		}
		return nil
	}
	s := feed.New(o)
	if _, err := s.Once(t.Context()); !errors.Is(err, errLine) {
		t.Fatal(err)
	}
	half := f.at()
	if half == "" || len(f.stored) == len(all) {
		t.Fatalf("interrupted at %q with %d rows: the test proves nothing", half, len(f.stored))
	}
	for id, a := range f.stored { // newest first: all before the cursor is there
		if a.CreatedAt.After(f.cursor.CreatedAt.Add(time.Minute)) {
			t.Errorf("%x was stored long before its turn", id)
		}
	}
	f.take()
	r := f.once(feed.New(o))
	f.holds(all...)
	f.cursorAt("s199")
	asked := f.take()
	if from := asked[0].After; from.Before(f.stored[activity.KeyOf(half)].CreatedAt.Add(-3 * time.Hour)) {
		t.Errorf("it began again at %s", from)
	}
	if last := asked[len(asked)-1]; !last.Before.IsZero() {
		t.Errorf("the last slice ends at %s: newer rows were cut off", last.Before)
	}
	if r.Pages > 400 {
		t.Errorf("%d pages", r.Pages)
	}
}

// Bounds may be exclusive: a row in the very millisecond where two slices meet belongs to both of them.
func TestSlicesLeaveNoSeam(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	var all []string
	times := make(map[time.Time]bool)
	for i := range 400 {
		id := "s" + strconv.Itoa(i)
		f.emit(id, time.Duration(i)*time.Second)
		all = append(all, id)
		times[dawn.Add(time.Duration(i)*time.Second)] = true
	}
	f.now = dawn.Add(2 * time.Hour)
	o := f.options()
	o.SlicePages = 10
	o.Lookback = 1 << 17 * time.Second // every cut is a whole second
	f.once(feed.New(o))
	f.holds(all...)
	cuts := 0
	for _, w := range f.take() {
		if times[w.Before] {
			cuts++
		}
	}
	if cuts == 0 {
		t.Error("no slice ended on a row: the test proves nothing")
	}
}

func TestASweepIsDoneWhenItIsComplete(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	s := feed.New(f.options())
	f.once(s)
	f.pass(time.Minute) // a sweep is due
	n := 0
	f.answer = func(_ feed.Window, p *feed.Page) { // and always one more row than the client has seen
		n++
		p.Results = []json.RawMessage{json.RawMessage(`{"activityId":"x` + strconv.Itoa(n) + `","createdAt":"2026-11-20T05:59:00Z"}`)}
		p.TotalPages, p.TotalResults = 1, n+1
	}
	if r := f.once(s); r.Complete {
		t.Fatalf("%+v", r)
	}
	f.answer = nil
	f.pass(time.Second)
	f.take()
	f.once(s)
	if asked := f.take(); asked[0].FromID != "" {
		t.Error("the sweep that was not complete was not made again")
	}
	f.pass(time.Second)
	f.once(s)
	if asked := f.take(); asked[0].FromID == "" {
		t.Error("it swept again and again")
	}
	if _, err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	if asked := f.take(); asked[0].FromID != "" {
		t.Error("Sweep did not sweep")
	}
}

func TestARefusedPageSizeIsMadeSmaller(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	f.emit("a", 0)
	f.refuse = func(w feed.Window) error {
		if w.Size > 100 {
			return &feed.Problem{Kind: feed.BadCursor, Err: errors.New("pageSize must be less than or equal to 100")}
		}
		return nil
	}
	o := f.options()
	o.PageSize = 500
	s := feed.New(o)
	if _, err := s.Once(t.Context()); err == nil {
		t.Fatal("it was not refused")
	}
	f.once(s)
	f.holds("a")
}

func TestOneWalkAtATime(t *testing.T) {
	t.Parallel()
	f := newFake(t)
	inside := make(chan struct{})
	leave := make(chan struct{})
	f.refuse = func(feed.Window) error {
		f.refuse = nil
		close(inside)
		f.mu.Unlock()
		<-leave
		f.mu.Lock()
		return nil
	}
	s := feed.New(f.options())
	done := make(chan error, 1)
	go func() {
		_, err := s.Once(context.WithoutCancel(t.Context()))
		done <- err
	}()
	<-inside
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Once(ctx); !errors.Is(err, context.Canceled) {
		t.Errorf("a second walk: %v", err)
	}
	close(leave)
	if err := <-done; err != nil {
		t.Error(err)
	}
}
