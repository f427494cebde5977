package window

import (
	"context"
	"errors"
	"slices"
	"testing"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"claimdeck/tui/screen"
)

// shelf is a store of numbers, shown from the highest down.
type shelf struct {
	rows []int // ascending
	fail error
}

func (s *shelf) source(above bool) Source[int] {
	src := Source[int]{
		Read: func(_ context.Context, from *int, up bool, limit int) ([]int, error) {
			if s.fail != nil {
				return nil, s.fail
			}
			var out []int
			if up {
				for _, r := range s.rows {
					if (from == nil || r > *from) && len(out) < limit {
						out = append(out, r)
					}
				}
				return out, nil
			}
			for _, r := range slices.Backward(s.rows) {
				if (from == nil || r < *from) && len(out) < limit {
					out = append(out, r)
				}
			}
			return out, nil
		},
		From: func(_ context.Context, first, limit int) ([]int, error) {
			var out []int
			for _, r := range slices.Backward(s.rows) {
				if r <= first && len(out) < limit {
					out = append(out, r)
				}
			}
			return out, s.fail
		},
		Count: func(context.Context) (int, error) { return len(s.rows), s.fail },
	}
	if above {
		src.Above = func(_ context.Context, first int) (int, error) {
			n := 0
			for _, r := range s.rows {
				if r > first {
					n++
				}
			}
			return n, nil
		}
	}
	return src
}

func (s *shelf) add(rows ...int) {
	s.rows = append(s.rows, rows...)
	slices.Sort(s.rows)
}

// reader is a window whose reads are done at once.
type reader struct {
	*Window[int, int]
	tasks *screen.Tasks
}

func open(ctx context.Context, s *shelf) *reader {
	tasks := screen.NewTasks(ctx)
	w := New(tasks, screen.Activity, func(i int) int { return i }, nil)
	w.SetSource(s.source(true))
	w.SetHeight(10)
	return &reader{w, tasks}
}

func (r *reader) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, c := range msg {
			r.do(c)
		}
	case screen.Owned:
		if r.tasks.Current(msg) {
			r.Update(msg)
		}
	}
}

func (r *reader) shown() (rows []int, selected int) {
	r.Lines(func(i int, sel bool) {
		rows = append(rows, i)
		if sel {
			selected = i
		}
	}, func(string) {})
	return rows, selected
}

func upTo(n int) []int {
	out := make([]int, n)
	for i := range out {
		out[i] = i + 1
	}
	return out
}

func TestReadsPagesAsTheSelectionMoves(t *testing.T) {
	t.Parallel()
	s := &shelf{rows: upTo(5000)}
	w := open(t.Context(), s)
	w.do(w.Top())
	w.do(w.Recount())
	if w.Total != 5000 || !w.Loaded {
		t.Fatalf("total %d, loaded %v", w.Total, w.Loaded)
	}
	for want := 4999; want > 0; want-- {
		w.Move(1)
		w.do(w.Want())
		if got, _ := w.Selected(); got != want {
			t.Fatalf("row %d is selected, want %d", got, want)
		}
	}
	for want := 2; want <= 5000; want++ {
		w.Move(-1)
		w.do(w.Want())
		if got, _ := w.Selected(); got != want {
			t.Fatalf("on the way back row %d is selected, want %d", got, want)
		}
	}
	if !w.AtFirst() {
		t.Error("the first row is not known to be the first")
	}
}

func TestGoesToBothEnds(t *testing.T) {
	t.Parallel()
	w := open(t.Context(), &shelf{rows: upTo(5000)})
	w.do(w.Top())
	w.do(w.GoBottom())
	if got, _ := w.Selected(); got != 1 {
		t.Errorf("the bottom is %d", got)
	}
	if rows, _ := w.shown(); len(rows) != 10 {
		t.Errorf("%d rows on screen at the bottom", len(rows))
	}
	w.do(w.GoTop())
	if got, _ := w.Selected(); got != 5000 {
		t.Errorf("the top is %d", got)
	}
	if cmd := w.GoTop(); cmd != nil {
		t.Error("the top is read though it is held")
	}
}

func TestNewRowsWaitOrAppear(t *testing.T) {
	t.Parallel()
	s := &shelf{rows: upTo(1000)}
	w := open(t.Context(), s)
	w.do(w.Top())
	w.Move(3)
	s.add(1001, 1002)
	w.do(w.Again(false))
	if rows, selected := w.shown(); w.Waiting != 2 || rows[0] != 1000 || selected != 997 {
		t.Errorf("%d wait, the first row is %d, selected %d", w.Waiting, rows[0], selected)
	}
	w.do(w.GoTop())
	if rows, selected := w.shown(); w.Waiting != 0 || rows[0] != 1002 || selected != 1002 {
		t.Errorf("%d wait, the first row is %d, selected %d", w.Waiting, rows[0], selected)
	}
	s.add(1003)
	w.do(w.Again(true))
	if first, _ := w.First(); first != 1003 || w.Waiting != 0 {
		t.Errorf("shown at once: first %d, %d wait", first, w.Waiting)
	}
}

func TestFailuresKeepTheRows(t *testing.T) {
	t.Parallel()
	s := &shelf{rows: upTo(100)}
	w := open(t.Context(), s)
	w.do(w.Top())
	s.fail = errors.New("the disk is on fire")
	w.do(w.Again(true))
	if !errors.Is(w.Failed, s.fail) || w.Len() != 100 {
		t.Errorf("failed %v, %d rows", w.Failed, w.Len())
	}
	s.fail = nil
	w.do(w.Again(true))
	if w.Failed != nil {
		t.Errorf("still failed: %v", w.Failed)
	}
	s.fail = context.Canceled
	w.do(w.Again(true))
	if w.Failed != nil {
		t.Errorf("a read that was given up counts as failed: %v", w.Failed)
	}
}

func TestIgnoresWhatIsNotItsOwn(t *testing.T) {
	t.Parallel()
	w := open(t.Context(), &shelf{})
	if w.Update("a message") {
		t.Error("takes a foreign message")
	}
}

// An answer to a question that was asked before the filter changed is dropped.
func TestOldAnswersAreDropped(t *testing.T) {
	t.Parallel()
	old, fresh := &shelf{rows: upTo(50)}, &shelf{rows: []int{7}}
	w := open(t.Context(), old)
	slow := w.Top()
	w.SetSource(fresh.source(true))
	quick := w.Top()
	w.do(quick)
	w.do(slow)
	if rows, _ := w.shown(); !slices.Equal(rows, []int{7}) {
		t.Errorf("shown are %v", rows)
	}
}

// Whatever arrives, wherever, in whatever order things are done: the selected row stays selected, on its line as long
// as nothing above it came or went, and the rows shown are those of the store next to each other.
func TestSelectionHoldsThroughArrivals(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := &shelf{rows: nil}
		for i := range rapid.IntRange(20, 1500).Draw(t, "rows") {
			s.rows = append(s.rows, 10*(i+1))
		}
		w := open(context.Background(), s)
		w.do(w.Top())
		w.Move(rapid.IntRange(1, 400).Draw(t, "down"))
		w.do(w.Want())
		for range rapid.IntRange(1, 12).Draw(t, "arrivals") {
			before, selected := w.shown()
			top := s.rows[len(s.rows)-1]
			at := rapid.IntRange(1, top+30).Draw(t, "new")
			if slices.Contains(s.rows, at) {
				continue
			}
			s.add(at)
			w.do(w.Again(false))
			after, now := w.shown()
			if now != selected {
				t.Fatalf("selected %d, was %d", now, selected)
			}
			if at > before[0] && !slices.Equal(before, after) {
				t.Fatalf("%d arrived above the screen: %v became %v", at, before, after)
			}
			for i := 1; i < len(after); i++ {
				a, b := slices.Index(s.rows, after[i-1]), slices.Index(s.rows, after[i])
				if a != b+1 {
					t.Fatalf("%v are not neighbours in the store", after)
				}
			}
		}
	})
}
