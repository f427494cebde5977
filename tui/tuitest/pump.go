package tuitest

import (
	"io"
	"sync"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"
)

// queue holds bytes on their way to the program. It has no bound: whoever puts never waits.
type queue struct {
	mu     sync.Mutex
	more   *sync.Cond
	bytes  []byte
	busy   bool // a write is under way
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.more = sync.NewCond(&q.mu)
	return q
}

func (q *queue) put(p []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bytes = append(q.bytes, p...)
	q.more.Signal()
}

func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.closed = true
	q.more.Signal()
}

func (q *queue) empty() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.bytes) == 0 && !q.busy
}

// feed writes the queue to w until the queue is closed or w refuses, and closes w.
func (q *queue) feed(w io.WriteCloser) {
	defer func() { _ = w.Close() }()
	for {
		next, ok := q.take()
		if !ok {
			return
		}
		_, err := w.Write(next)
		q.mu.Lock()
		q.busy = false
		q.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (q *queue) take() ([]byte, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.bytes) == 0 && !q.closed {
		q.more.Wait()
	}
	if len(q.bytes) == 0 {
		return nil, false
	}
	next := q.bytes
	q.bytes, q.busy = nil, true
	return next, true
}

// counts is what has reached the model.
type counts struct{ all, keys, pastes, sizes atomic.Int64 }

// watched counts the messages of a model, after the model has seen them.
type watched struct {
	tea.Model
	seen *counts
}

// ask is answered with what the model draws: outside of its event loop nobody may draw it.
type ask struct{ answer chan string }

func (w watched) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if q, ok := msg.(ask); ok {
		q.answer <- w.Model.View().Content
		return w, nil
	}
	model, cmd := w.Model.Update(msg)
	w.seen.all.Add(1)
	switch msg.(type) {
	case tea.KeyPressMsg:
		w.seen.keys.Add(1)
	case tea.PasteMsg:
		w.seen.pastes.Add(1)
	case tea.WindowSizeMsg:
		w.seen.sizes.Add(1)
	}
	return watched{model, w.seen}, cmd
}
