// Package window keeps a list on screen in step with the store: it reads pages as the selection nears the edge of
// what is held, re-reads when the store changed, and counts what waits above. Reads run as tasks of the screen that
// owns the window.
package window

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"claimdeck/tui/screen"
	"claimdeck/tui/widget/list"
)

// pageRows is how many rows one read fetches: several screens, in about a millisecond.
const pageRows = 300

// The tasks of a window.
const (
	taskTop    = "rows top"
	taskBottom = "rows bottom"
	taskAfter  = "rows after"
	taskBefore = "rows before"
	taskAgain  = "rows again"
	taskCount  = "rows count"
)

// Source reads the rows of one query. Its functions run in tasks.
type Source[R any] struct {
	// Read returns at most limit rows next to from (exclusive; nil: from the end), in the order of reading: down the
	// list, or up it.
	Read func(ctx context.Context, from *R, up bool, limit int) ([]R, error)
	// From returns at most limit rows down the list from the given one, which is included when it still matches.
	From func(ctx context.Context, first R, limit int) ([]R, error)
	// Above counts the rows above the given one; nil: new rows never wait.
	Above func(ctx context.Context, first R) (int, error)
	// Count counts all rows.
	Count func(ctx context.Context) (int, error)
}

// Window is a list with its reads. It lives on the event loop.
type Window[R any, K comparable] struct {
	*list.Model[R, K]
	tasks *screen.Tasks
	owner screen.ID
	src   Source[R]

	Loaded  bool
	Failed  error
	Total   int // -1: being counted
	Waiting int // rows above those held
}

// page is one read, in display order.
type page[R any] struct {
	rows  []R
	end   bool
	above int
}

type total int

// New returns an empty window of owner.
func New[R any, K comparable](tasks *screen.Tasks, owner screen.ID, key func(R) K, heading func(R) string) *Window[R, K] {
	return &Window[R, K]{Model: list.New(key, heading), tasks: tasks, owner: owner, Total: -1}
}

// SetSource changes the query; Top shows it.
func (w *Window[R, K]) SetSource(src Source[R]) {
	w.src, w.Total, w.Waiting = src, -1, 0
}

// Top shows the first rows there are.
func (w *Window[R, K]) Top() tea.Cmd {
	w.forget()
	read := w.src.Read
	return w.start(taskTop, func(ctx context.Context) (page[R], error) {
		rows, err := read(ctx, nil, false, pageRows)
		return page[R]{rows: rows, end: len(rows) < pageRows}, err
	})
}

// Bottom shows the last rows there are.
func (w *Window[R, K]) Bottom() tea.Cmd {
	w.forget()
	read := w.src.Read
	return w.start(taskBottom, func(ctx context.Context) (page[R], error) {
		rows, err := read(ctx, nil, true, pageRows)
		slices.Reverse(rows)
		return page[R]{rows: rows, end: len(rows) < pageRows}, err
	})
}

// Again re-reads what is held, so that rows which came late stand at their place; show also takes in new rows above.
func (w *Window[R, K]) Again(show bool) tea.Cmd {
	src, n := w.src, max(pageRows, w.Len())
	first, held := w.First()
	if !held || (show && w.HoldsFirst()) {
		return w.start(taskAgain, func(ctx context.Context) (page[R], error) {
			rows, err := src.Read(ctx, nil, false, n)
			return page[R]{rows: rows, end: len(rows) < n}, err
		})
	}
	return w.start(taskAgain, func(ctx context.Context) (page[R], error) {
		rows, err := src.From(ctx, first, n)
		if err != nil || src.Above == nil {
			return page[R]{rows: rows, end: len(rows) < n}, err
		}
		above, err := src.Above(ctx, first)
		return page[R]{rows: rows, end: len(rows) < n, above: above}, err
	})
}

// Want reads more rows when the selection comes near an edge of those held.
func (w *Window[R, K]) Want() tea.Cmd {
	var down, up tea.Cmd
	if last, ok := w.Last(); ok && w.WantsAfter() && !w.tasks.Under(w.owner, taskAfter) {
		down = w.more(taskAfter, last, false)
	}
	if first, ok := w.First(); ok && w.WantsBefore() && !w.tasks.Under(w.owner, taskBefore) {
		up = w.more(taskBefore, first, true)
	}
	return tea.Batch(down, up)
}

// Recount counts the rows in the background.
func (w *Window[R, K]) Recount() tea.Cmd {
	count := w.src.Count
	return screen.Start(w.tasks, w.owner, taskCount, func(ctx context.Context) (total, error) {
		n, err := count(ctx)
		return total(n), err
	})
}

// GoTop moves to the first row there is, reading it when it is not held.
func (w *Window[R, K]) GoTop() tea.Cmd {
	if w.HoldsFirst() && w.Waiting == 0 {
		w.Move(-w.Len())
		return nil
	}
	return w.Top()
}

// GoBottom moves to the last row there is.
func (w *Window[R, K]) GoBottom() tea.Cmd {
	if w.HoldsLast() {
		w.Move(w.Len())
		return nil
	}
	return w.Bottom()
}

// Update takes the results of the window's reads; mine is false for any other message.
func (w *Window[R, K]) Update(msg tea.Msg) (mine bool) {
	switch msg := msg.(type) {
	case screen.Result[page[R]]:
		if errors.Is(msg.Err, context.Canceled) {
			return true
		}
		if w.Failed = msg.Err; msg.Err == nil {
			w.take(msg.Name(), msg.Value)
		}
		return true
	case screen.Result[total]:
		if msg.Err == nil {
			w.Total = int(msg.Value)
		}
		return true
	}
	return false
}

func (w *Window[R, K]) take(name string, p page[R]) {
	switch name {
	case taskTop:
		w.Loaded, w.Waiting = true, 0
		w.Reset(p.rows, true, p.end, false)
	case taskBottom:
		w.Reset(p.rows, p.end, true, true)
	case taskAfter:
		w.Append(p.rows, p.end)
	case taskBefore:
		w.Prepend(p.rows, p.end)
	case taskAgain:
		w.Loaded, w.Waiting = true, p.above
		w.Replace(p.rows, w.HoldsFirst() && p.above == 0, p.end)
	}
}

func (w *Window[R, K]) more(name string, from R, up bool) tea.Cmd {
	read := w.src.Read
	return w.start(name, func(ctx context.Context) (page[R], error) {
		rows, err := read(ctx, &from, up, pageRows)
		if up {
			slices.Reverse(rows)
		}
		return page[R]{rows: rows, end: len(rows) < pageRows}, err
	})
}

// forget drops reads that were meant for the rows held so far.
func (w *Window[R, K]) forget() {
	for _, name := range []string{taskTop, taskBottom, taskAfter, taskBefore, taskAgain} {
		w.tasks.Cancel(w.owner, name)
	}
}

func (w *Window[R, K]) start(name string, work func(context.Context) (page[R], error)) tea.Cmd {
	return screen.Start(w.tasks, w.owner, name, work)
}
