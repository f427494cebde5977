package filing_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"claimdeck/state/filing"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func clock() time.Time { return time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC) }

// sample is the transaction of the document. Remote document: Request format; its three unterminated URLs are closed.
func sample(tb testing.TB) string {
	tb.Helper()
	raw, err := os.ReadFile("testdata/document.json")
	if err != nil {
		tb.Fatal(err)
	}
	return string(raw)
}

func read(tb testing.TB, name, content string) ([]filing.Row, []error) {
	tb.Helper()
	var rows []filing.Row
	var errs []error
	for r, err := range filing.Read(tb.Context(), strings.NewReader(content), name) {
		if err != nil {
			errs = append(errs, err)
			continue
		}
		rows = append(rows, r)
	}
	return rows, errs
}

func readAll(tb testing.TB, name, content string) []filing.Row {
	tb.Helper()
	rows, errs := read(tb, name, content)
	if len(errs) > 0 {
		tb.Fatal(errs)
	}
	return rows
}

func good(tb testing.TB) filing.Row {
	tb.Helper()
	return readAll(tb, "document.json", sample(tb))[0]
}

// edit sets fields: name, value, name, value.
func edit(tb testing.TB, r filing.Row, pairs ...string) filing.Row {
	tb.Helper()
	for i := 0; i < len(pairs); i += 2 {
		var err error
		if r, err = filing.Edit(r, pairs[i], pairs[i+1]); err != nil {
			tb.Fatal(err)
		}
	}
	return r
}

// numbered is a good row with an id.
func numbered(tb testing.TB, n int) filing.Row {
	tb.Helper()
	r := edit(tb, good(tb), "id", fmt.Sprintf("T-%05d", n))
	r.File, r.Position = "june.json", filing.Position{Row: n + 1, Line: n + 1}
	return r
}

func batch(tb testing.TB, n int) filing.List {
	tb.Helper()
	list := make(filing.List, n)
	for i := range list {
		list[i] = numbered(tb, i)
	}
	return list
}

// memory is a ledger that is a map, with a switch for a full disk.
type memory struct {
	mu      sync.Mutex
	entries map[string]filing.Entry
	full    bool
	updates int
	fail    func(update int) error // before it is done
}

func newMemory() *memory { return &memory{entries: map[string]filing.Entry{}} }

var errFull = errors.New("no space left on device")

func (m *memory) Update(ctx context.Context, ids []string, change filing.Change) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.updates++
	if err := ctx.Err(); err != nil {
		return err
	}
	if m.fail != nil {
		if err := m.fail(m.updates); err != nil {
			return err
		}
	}
	next := maps.Clone(m.entries)
	for _, id := range ids {
		prev, known := next[id]
		switch e, write := change(id, prev, known); {
		case !write:
		case e.State == "":
			delete(next, id)
		default:
			next[id] = e
		}
	}
	if m.full {
		return errFull
	}
	m.entries = next
	return nil
}

func (m *memory) Find(ctx context.Context, ids []string) ([]filing.Entry, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var list []filing.Entry
	for _, id := range ids {
		if e, ok := m.entries[id]; ok {
			list = append(list, e)
		}
	}
	return list, ctx.Err()
}

func (m *memory) Walk(_ context.Context, q filing.Query) iter.Seq2[filing.Entry, error] {
	m.mu.Lock()
	all := slices.SortedFunc(maps.Values(m.entries), func(x, y filing.Entry) int { return strings.Compare(x.ID, y.ID) })
	m.mu.Unlock()
	return func(yield func(filing.Entry, error) bool) {
		for _, e := range all {
			if (q.State == "" || q.State == e.State) && (q.Batch == "" || q.Batch == e.BatchID) && (q.File == "" || q.File == e.File) && !yield(e, nil) {
				return
			}
		}
	}
}

func (m *memory) Counts(ctx context.Context, q filing.Query) (map[filing.State]int, error) {
	counts := map[filing.State]int{}
	for e, err := range m.Walk(ctx, q) {
		if err != nil {
			return nil, err
		}
		counts[e.State]++
	}
	return counts, nil
}

func (m *memory) Batches(ctx context.Context) ([]string, error) {
	var list []string
	for e, err := range m.Walk(ctx, filing.Query{State: filing.Queued}) {
		if err != nil {
			return nil, err
		}
		if !slices.Contains(list, e.BatchID) {
			list = append(list, e.BatchID)
		}
	}
	return list, ctx.Err()
}

func (m *memory) entry(id string) filing.Entry {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.entries[id]
}

// fate is an error that says what it means for the call.
type fate struct{ words, kind string }

func (f fate) Error() string   { return f.words }
func (f fate) NotSent() bool   { return f.kind == "not sent" }
func (f fate) Refused() bool   { return f.kind == "refused" }
func (f fate) Uncertain() bool { return f.kind == "uncertain" }

// service is a model of the remote one: an id is filed once, a second time it is a 3001.
type service struct {
	mu      sync.Mutex
	filed   map[string]string // id -> the JSON that was filed
	took    map[string]int    // id -> how often it was accepted
	batches map[string][]filing.RowAnswer
	asked   map[string]int
	sizes   []int
	queue   bool // answer later, at the second question
	shuffle bool
	// intercept may answer in the place of the service; do performs the call.
	intercept func(call int, do func() (filing.Answer, error)) (filing.Answer, error)
}

func newService() *service {
	return &service{filed: map[string]string{}, took: map[string]int{}, batches: map[string][]filing.RowAnswer{}, asked: map[string]int{}}
}

func (s *service) Send(ctx context.Context, rows []json.RawMessage) (filing.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sizes = append(s.sizes, len(rows))
	do := func() (filing.Answer, error) { return s.file(rows), ctx.Err() }
	if s.intercept != nil {
		return s.intercept(len(s.sizes), do)
	}
	return do()
}

func (s *service) file(rows []json.RawMessage) filing.Answer {
	a := filing.Answer{BatchID: fmt.Sprintf("batch-%d", len(s.sizes))}
	for _, raw := range rows {
		var t struct {
			ID     string `json:"id"`
			Policy string `json:"policy_number"`
			Type   string `json:"transaction_type"`
		}
		if err := json.Unmarshal(raw, &t); err != nil {
			panic(err)
		}
		row := filing.RowAnswer{ID: t.ID, PolicyNumber: t.Policy, Code: "0", Message: "Success"}
		switch _, dup := s.filed[t.ID]; {
		case dup:
			row.Code, row.Message = "3001", "Error: duplicate transaction is submitted"
		case t.Type == "ZZZ":
			row.Code, row.Message = "1002", "Error: transaction type not found"
		default:
			s.filed[t.ID] = string(raw)
			s.took[t.ID]++
		}
		a.Rows = append(a.Rows, row)
	}
	if s.shuffle {
		slices.Reverse(a.Rows)
	}
	if s.queue {
		s.batches[a.BatchID] = a.Rows
		return filing.Answer{BatchID: a.BatchID, Queued: true}
	}
	return a
}

func (s *service) Results(ctx context.Context, batchID string) (filing.Answer, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[batchID]++
	rows, ok := s.batches[batchID]
	switch {
	case !ok:
		return filing.Answer{}, &filing.Fault{Err: fate{"no such batch", "refused"}, Unknown: true}
	case s.asked[batchID] < 2:
		return filing.Answer{BatchID: batchID, Queued: true}, ctx.Err()
	}
	return filing.Answer{BatchID: batchID, Rows: rows}, ctx.Err()
}

// bench is an engine on a model service and a ledger in memory. It never waits.
type bench struct {
	*filing.Engine
	ledger  *memory
	service *service
	waits   []time.Duration
	alive   map[string]bool
}

func newBench(tb testing.TB) *bench {
	tb.Helper()
	b := &bench{ledger: newMemory(), service: newService(), alive: map[string]bool{}}
	b.Engine = b.process("us")
	return b
}

// process is another process over the same ledger and service.
func (b *bench) process(name string) *filing.Engine {
	return filing.NewEngine(filing.Options{
		Service: b.service, Ledger: b.ledger, Now: clock, Instance: name,
		Alive: func(instance string) bool { return b.alive[instance] },
		Wait: func(ctx context.Context, d time.Duration) error {
			b.waits = append(b.waits, d)
			return ctx.Err()
		},
	})
}

func (b *bench) submit(t *testing.T, source filing.Source, o filing.SubmitOptions) (filing.Report, error) {
	t.Helper()
	if o.Chunk == 0 {
		o.Chunk = 10
	}
	return b.Submit(t.Context(), source, o)
}

func (b *bench) mustSubmit(t *testing.T, source filing.Source, o filing.SubmitOptions) filing.Report {
	t.Helper()
	report, err := b.submit(t, source, o)
	if err != nil {
		t.Fatal(err)
	}
	return report
}

func wantCounts(tb testing.TB, r filing.Report, want map[filing.Outcome]int) {
	tb.Helper()
	if !maps.Equal(r.Counts, want) {
		tb.Errorf("outcomes are %v, want %v", r.Counts, want)
	}
}
