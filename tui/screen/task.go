package screen

import (
	"context"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
)

// maxRunning bounds the tasks that run at once: the store has few readers and the service few connections.
const maxRunning = 8

// Tasks runs work off the event loop. One task of a name runs per owner: starting it again cancels the one before,
// and results of older ones are dropped. All methods but Running are for the event loop.
type Tasks struct {
	ctx     context.Context //nolint:containedctx // the lifetime of the console, parent of every task
	slots   chan struct{}
	current map[taskID]*running
	gen     uint64
	busy    atomic.Int64
}

type taskID struct {
	owner ID
	name  string
}

type running struct {
	gen    uint64
	cancel context.CancelFunc
}

// NewTasks returns tasks that end with ctx.
func NewTasks(ctx context.Context) *Tasks {
	return &Tasks{ctx: ctx, slots: make(chan struct{}, maxRunning), current: map[taskID]*running{}}
}

// Running returns how many tasks are under way: zero means idle.
func (t *Tasks) Running() int64 { return t.busy.Load() }

// Result carries a finished task back to its owner.
type Result[T any] struct {
	Value T
	Err   error
	task  taskID
	gen   uint64
}

// Owned is a Result of any type.
type Owned interface {
	Owner() ID
	generation() (taskID, uint64)
}

// Owner is the screen that started the task.
func (r Result[T]) Owner() ID { return r.task.owner }

// Name is the name the task was started under.
func (r Result[T]) Name() string { return r.task.name }

func (r Result[T]) generation() (taskID, uint64) { return r.task, r.gen }

// Current reports whether o is the newest result of its task, and forgets the task.
func (t *Tasks) Current(o Owned) bool {
	id, gen := o.generation()
	now, ok := t.current[id]
	if !ok || now.gen != gen {
		return false
	}
	now.cancel()
	delete(t.current, id)
	return true
}

// Under reports whether a task of this name is under way.
func (t *Tasks) Under(owner ID, name string) bool {
	_, ok := t.current[taskID{owner, name}]
	return ok
}

// Cancel ends a task; its result is dropped.
func (t *Tasks) Cancel(owner ID, name string) {
	id := taskID{owner, name}
	if now, ok := t.current[id]; ok {
		now.cancel()
		delete(t.current, id)
	}
}

// Start runs work in the background for owner under a name; its Result comes to the owner's Update.
func Start[T any](t *Tasks, owner ID, name string, work func(ctx context.Context) (T, error)) tea.Cmd {
	t.Cancel(owner, name)
	t.gen++
	id, gen := taskID{owner, name}, t.gen
	ctx, cancel := context.WithCancel(t.ctx)
	t.current[id] = &running{gen: gen, cancel: cancel}
	t.busy.Add(1)
	return func() tea.Msg {
		defer t.busy.Add(-1)
		r := Result[T]{task: id, gen: gen}
		select {
		case t.slots <- struct{}{}:
			defer func() { <-t.slots }()
			r.Value, r.Err = work(ctx)
		case <-ctx.Done():
			r.Err = ctx.Err()
		}
		return r
	}
}
