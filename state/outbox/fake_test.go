package outbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/state/activity"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var errDiskFull = errors.New("database or disk is full")

// memory is a Journal in memory, with the store's activities, and with a disk that can be full.
type memory struct {
	mu      sync.Mutex
	full    bool
	broken  bool // nothing can be read or written
	entries map[string]Entry
	history map[string][]Event
	rows    []activity.Activity // index+1 is the sequence
}

func newMemory() *memory {
	return &memory{entries: map[string]Entry{}, history: map[string][]Event{}}
}

// copied returns e as a store would give it back: nothing shared, times without a monotonic clock.
func copied(e Entry) Entry {
	b, err := json.Marshal(e)
	if err != nil {
		panic(err)
	}
	var c Entry
	if err := json.Unmarshal(b, &c); err != nil {
		panic(err)
	}
	return c
}

func (m *memory) Insert(ctx context.Context, e Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full {
		return errDiskFull
	}
	if _, ok := m.entries[e.ID]; ok {
		return fmt.Errorf("entry %s is there already", e.ID)
	}
	m.entries[e.ID] = copied(e)
	m.history[e.ID] = append(m.history[e.ID], Event{At: e.CreatedAt, To: e.State})
	return ctx.Err()
}

func (m *memory) Move(ctx context.Context, from State, e Entry, note string) (bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.full {
		return false, errDiskFull
	}
	if ctx.Err() != nil {
		return false, ctx.Err()
	}
	if m.entries[e.ID].State != from {
		return false, nil
	}
	m.entries[e.ID] = copied(e)
	m.history[e.ID] = append(m.history[e.ID], Event{From: from, To: e.State, Note: note})
	return true, nil
}

func (m *memory) Entry(_ context.Context, id string) (Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	e, ok := m.entries[id]
	if m.broken {
		return Entry{}, errDiskFull
	}
	if !ok {
		return Entry{}, errors.New("not in the store")
	}
	return copied(e), nil
}

func (m *memory) Entries(_ context.Context, limit int, states ...State) ([]Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.broken {
		return nil, errDiskFull
	}
	var out []Entry
	for _, id := range slices.Backward(slices.Sorted(maps.Keys(m.entries))) {
		if e := m.entries[id]; (len(states) == 0 || slices.Contains(states, e.State)) && (limit == 0 || len(out) < limit) {
			out = append(out, copied(e))
		}
	}
	return out, nil
}

func (m *memory) History(_ context.Context, id string) ([]Event, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.history[id]), nil
}

func (m *memory) Sequence(context.Context) (int64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return int64(len(m.rows)), nil
}

func (m *memory) Candidates(_ context.Context, e Entry, since time.Time) ([]activity.Activity, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	taken := map[activity.Key]bool{}
	for id, other := range m.entries {
		if id == e.ID {
			continue
		}
		for _, k := range other.ConfirmedBy {
			taken[k] = true
		}
	}
	var out []activity.Activity
	for i, a := range m.rows {
		if int64(i) >= e.Baseline && a.ClaimID == e.ClaimID && !a.CreatedAt.Before(since) && !taken[a.Key] {
			out = append(out, a)
		}
	}
	return out, nil
}

func (m *memory) setFull(full bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.full = full
}

func (m *memory) setBroken(broken bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.full, m.broken = broken, broken
}

func (m *memory) isFull() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.full
}

// store appends activities that are not there yet and returns those.
func (m *memory) store(as ...activity.Activity) []activity.Activity {
	m.mu.Lock()
	defer m.mu.Unlock()
	var added []activity.Activity
	for _, a := range as {
		if !slices.ContainsFunc(m.rows, func(o activity.Activity) bool { return o.Key == a.Key }) {
			m.rows = append(m.rows, a)
			added = append(added, a)
		}
	}
	return added
}

// fakeSender is a Sender with scripted answers. Its effects are activities of type "order-created" whose id is the
// entry's title; Match asks for as many as the entry's input says.
type fakeSender struct {
	mu       sync.Mutex
	journal  *memory
	now      func() time.Time
	send     func(ctx context.Context, e Entry) Outcome // nil: accepted with effect
	recheck  error
	sent     map[string]int
	rechecks int
	feed     []activity.Activity // effects at the service
	lane     func(Entry) string
	lanes    map[string]int // attempts under way
}

func newSender(j *memory, now func() time.Time) *fakeSender {
	return &fakeSender{journal: j, now: now, sent: map[string]int{}, lanes: map[string]int{}, lane: func(e Entry) string { return e.ClaimID }}
}

func (s *fakeSender) effect(e Entry) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := byte(len(s.feed) + 1)
	s.feed = append(s.feed, activity.Activity{
		Key: activity.Key{n, byte(len(s.feed) >> 8)}, ID: e.Title, ClaimID: e.ClaimID, CreatedAt: s.now(), Type: activity.OrderCreated,
	})
}

func (s *fakeSender) effects(title string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, a := range s.feed {
		if a.ID == title {
			n++
		}
	}
	return n
}

func (s *fakeSender) Send(ctx context.Context, e Entry) Outcome {
	s.mu.Lock()
	s.sent[e.ID]++
	s.lanes[s.lane(e)]++
	if s.lanes[s.lane(e)] > 1 {
		panic("two writes of one line at a time")
	}
	f := s.send
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		s.lanes[s.lane(e)]--
		s.mu.Unlock()
	}()
	if f == nil {
		s.effect(e)
		return Outcome{State: Accepted, Answer: json.RawMessage(`{"success":true}`)}
	}
	return f(ctx, e)
}

func (s *fakeSender) Recheck(ctx context.Context, e Entry) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rechecks++
	if s.recheck != nil || ctx.Err() != nil {
		return errors.Join(s.recheck, ctx.Err())
	}
	for _, a := range s.feed {
		if a.ClaimID == e.ClaimID {
			s.journal.store(a)
		}
	}
	return nil
}

func (s *fakeSender) Match(e Entry, since []activity.Activity) (keys []activity.Key, whole bool) {
	want := 1
	if e.Input != nil {
		if err := json.Unmarshal(e.Input, &want); err != nil {
			panic(err)
		}
	}
	for _, a := range since {
		if a.ID == e.Title && len(keys) < want {
			keys = append(keys, a.Key)
		}
	}
	return keys, len(keys) == want
}

func (s *fakeSender) count(id string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sent[id]
}

func (s *fakeSender) answer(f func(ctx context.Context, e Entry) Outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.send = f
}

func (s *fakeSender) offline(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.recheck = err
}
