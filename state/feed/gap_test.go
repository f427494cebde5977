package feed_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"claimdeck/sandbox/lossexpress"
	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

// The feed is gap-proof: whatever the order of the feed, the inclusivity of its bounds, moving pages, duplicates,
// rows of one millisecond, rows committed late, faults and kills at any step, in the end the store holds exactly
// what the service has, each row once. CLAIMDECK_SEEDS sets how many worlds are tried (300 unless set, fewer under the race detector) and
// CLAIMDECK_SEED tries one again.
func TestGapProof(t *testing.T) {
	t.Parallel()
	first, count := 1, worlds
	if n, err := strconv.Atoi(os.Getenv("CLAIMDECK_SEEDS")); err == nil {
		count = n
	}
	if n, err := strconv.Atoi(os.Getenv("CLAIMDECK_SEED")); err == nil {
		first, count = n, 1
	}
	totals := make(chan tally, count)
	t.Run("seeds", func(t *testing.T) {
		const lanes = 4
		for lane := range lanes {
			t.Run(strconv.Itoa(lane), func(t *testing.T) {
				t.Parallel()
				dir := t.TempDir()
				for seed := first + lane; seed < first+count && !t.Failed(); seed += lanes {
					w := newWorld(t, seed, filepath.Join(dir, strconv.Itoa(seed)))
					w.live()
					totals <- w.tally
				}
			})
		}
	})
	close(totals)
	var sum tally
	for each := range totals {
		sum.rows += each.rows
		sum.late += each.late
		sum.kills += each.kills
		sum.polls += each.polls
		sum.failed += each.failed
	}
	t.Logf("%d worlds: %+v", count, sum)
	if count >= 50 && (sum.kills == 0 || sum.late == 0 || sum.failed == 0) {
		t.Errorf("the worlds were too kind to prove anything: %+v", sum)
	}
}

// tally counts what happened in a world.
type tally struct{ rows, late, kills, polls, failed int }

const (
	worldOverlap = 2 * time.Minute
	worldSweep   = time.Minute
)

// killed is the panic of a simulated kill: nothing after it runs.
type killed struct{}

// world is one random history of a service and of a console that is killed now and then.
type world struct {
	tally
	t      *testing.T
	seed   int
	rand   *rand.Rand
	now    time.Time     // the service's clock
	skew   time.Duration // the console's clock minus the service's
	server *lossexpress.Server
	source *sandboxSource
	claims []string
	late   map[string]bool // rows that were committed behind others
	aged   bool            // so were rows that are not in late
	path   string
	store  *store.Store
	syncer *feed.Syncer
	doom   int // steps until the next kill; negative: none
	size   int
	slices int
}

func newWorld(t *testing.T, seed int, dir string) *world {
	t.Helper()
	w := &world{
		t: t, seed: seed, rand: rand.New(rand.NewPCG(uint64(seed), 7)), doom: -1, late: make(map[string]bool),
		now: time.Date(2026, 11, 20, 14, 0, 0, 0, time.UTC), path: filepath.Join(dir, "store.db"),
	}
	w.skew = pick(w.rand, 0, 0, 7*time.Second, -40*time.Minute, 3*time.Hour, -5*time.Hour)
	w.size = 2 + w.rand.IntN(6)
	w.slices = pick(w.rand, 1, 2, 3, 40)
	w.server = lossexpress.New(lossexpress.Options{Seed: int64(seed), Now: func() time.Time { return w.now }})
	w.source = &sandboxSource{server: w.server}
	if w.rand.IntN(4) > 0 || w.skew < 0 { // a console far behind that never hears the time cannot know what is in the future
		w.source.now = func() time.Time { return w.now }
	}
	for range 2 {
		w.claims = append(w.claims, w.server.AddClaim(lossexpress.ClaimSeed{}))
	}
	w.behave()
	w.start()
	return w
}

func pick[T any](r *rand.Rand, list ...T) T { return list[r.IntN(len(list))] }

// Page kills the console before or after a request, now and then.
func (w *world) Page(ctx context.Context, win feed.Window) (feed.Page, error) {
	w.step()
	w.now = w.now.Add(time.Duration(w.rand.IntN(300)) * time.Millisecond)
	p, err := w.source.Page(ctx, win)
	w.step()
	return p, err
}

func (w *world) Cursor(ctx context.Context) (feed.Cursor, bool, error) { return w.store.Cursor(ctx) }

// Ingest kills the console before a transaction, or between its commit and its return.
func (w *world) Ingest(ctx context.Context, b feed.Batch) (feed.Result, error) {
	w.step()
	r, err := w.store.Ingest(ctx, b)
	w.step()
	return r, err
}

func (w *world) step() {
	if w.doom == 0 {
		w.doom = -1
		panic(killed{})
	}
	if w.doom > 0 {
		w.doom--
	}
}

func (w *world) start() {
	w.t.Helper()
	var err error
	w.store, err = store.Open(w.t.Context(), w.path, store.Options{Now: func() time.Time { return w.now }, NoSync: true})
	w.check(err)
	w.syncer = feed.New(feed.Options{
		Source: w, Journal: w, PageSize: w.size, SlicePages: w.slices,
		Now:     func() time.Time { return w.now.Add(w.skew) },
		Wait:    func(context.Context, time.Duration) error { return nil },
		Overlap: worldOverlap, SweepEvery: worldSweep,
		Deep: time.Nanosecond, // deep sweeps would hide what the short ones miss
	})
}

// restart is a kill and a new start from what is on the disk.
func (w *world) restart() {
	w.t.Helper()
	w.kills++
	w.check(w.store.Close())
	w.start()
	w.noHole()
}

func (w *world) check(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatalf("seed %d: %v", w.seed, err)
	}
}

// live runs the history and compares at its end.
func (w *world) live() {
	w.t.Helper()
	for range 10 + w.rand.IntN(16) {
		w.event()
		if w.rand.IntN(3) > 0 {
			w.poll(w.syncer.Once)
		}
	}
	w.server.ClearFaults()
	w.server.Change(func(b *lossexpress.Behaviour) { b.PageDrift = 0 })
	w.doom = -1
	last := w.syncer.Sweep
	switch w.rand.IntN(4) {
	case 0: // a sweep that comes by itself
		w.now = w.now.Add(worldSweep)
		last = w.syncer.Once
	case 1, 2: // the one that a start makes
		w.restart()
		last = w.syncer.Once
	}
	for tries := 0; !w.poll(last); tries++ { // the token may have to be renewed
		if tries == 3 {
			w.t.Fatalf("seed %d: no complete walk: %+v", w.seed, w.syncer.Status())
		}
	}
	w.compare()
	w.check(w.store.Close())
	w.check(os.RemoveAll(filepath.Dir(w.path)))
}

// event is one thing that happens to the service, the network or the console.
func (w *world) event() {
	w.now = w.now.Add(time.Duration(w.rand.IntN(30_000)) * time.Millisecond)
	switch w.rand.IntN(12) {
	case 0:
		w.behave()
	case 1:
		w.now = w.now.Add(time.Duration(w.rand.IntN(40)) * time.Minute)
	case 2:
		w.fault()
	case 3, 4:
		w.doom = w.rand.IntN(12)
	case 5, 6:
		w.emitLate()
	case 7:
		w.restart()
	case 8:
		w.drift(1+w.rand.IntN(3), pick(w.rand, 0, 0, 3*time.Second, worldOverlap*9/10))
	default:
		for range w.rand.IntN(16) {
			w.emit(w.now)
			w.now = w.now.Add(time.Duration(w.rand.IntN(3)) * time.Millisecond)
		}
	}
}

// drift makes rows arrive between the next pages, as old as age.
func (w *world) drift(times int, age time.Duration) {
	w.aged = w.aged || age > 0
	w.server.Change(func(b *lossexpress.Behaviour) { b.PageDrift, b.DriftAge = times, age })
}

func (w *world) emit(at time.Time) json.RawMessage {
	claim := w.claims[w.rand.IntN(len(w.claims))]
	return w.server.EmitAt(at, claim, "call-made", map[string]int{"callLength": 1 + w.rand.IntN(50)})
}

// emitLate commits rows behind others, some of them in the very millisecond of another row.
func (w *world) emitLate() {
	for range 1 + w.rand.IntN(4) {
		age := time.Duration(w.rand.Int64N(int64(worldOverlap)))
		if w.rand.IntN(2) == 0 { // as late as may be
			age = worldOverlap - time.Duration(w.rand.Int64N(int64(worldOverlap/10)))
		}
		at := w.now.Add(-age)
		if truth := w.server.Truth(); w.rand.IntN(2) == 0 {
			if same := w.decode(truth[len(truth)-1]).CreatedAt; w.now.Sub(same) < worldOverlap {
				at = same
			}
		}
		w.late[w.decode(w.emit(at)).ID] = true
		w.tally.late++
	}
}

func (w *world) decode(raw json.RawMessage) activity.Activity {
	w.t.Helper()
	a, err := activity.Decode(raw)
	w.check(err)
	return a
}

// behave picks another kind of service.
func (w *world) behave() {
	flip := func() bool { return w.rand.IntN(2) == 0 }
	w.server.Change(func(b *lossexpress.Behaviour) {
		b.FeedOrder = lossexpress.FeedOrder(w.rand.IntN(3))
		b.CursorExclusive, b.CursorKeepsDefaultAge = flip(), flip()
		b.CreatedAfterInclusive, b.CreatedBeforeInclusive = flip(), flip()
		b.DefaultAgeFromBefore = flip()
		b.DuplicateRows, b.DuplicateAcrossPages = flip(), flip()
		b.MaxPageSize, b.ClampPageSize = 3+w.rand.IntN(5), true
		b.RefuseCursor = pick(w.rand, 0, 0, 0, 400, 404)
		if b.ClockGranularity = 0; w.rand.IntN(5) == 0 {
			b.ClockGranularity = time.Second // rows of one second come in any order
			w.aged = true
		}
	})
}

func (w *world) fault() {
	kinds := []lossexpress.FaultKind{
		lossexpress.FaultUnauthorized, lossexpress.FaultForbidden, lossexpress.FaultNotFound, lossexpress.FaultTooManyRequests,
		lossexpress.FaultServerError, lossexpress.FaultUnavailable, lossexpress.FaultTruncated, lossexpress.FaultHTMLBadGateway,
		lossexpress.FaultHTMLOK,
	}
	w.server.Inject(lossexpress.Fault{
		Kind: kinds[w.rand.IntN(len(kinds))], PathPrefix: "/activities", Skip: w.rand.IntN(4), Times: 1 + w.rand.IntN(3),
	})
}

// poll runs one poll. If the console is killed in it, it starts again from what is on the disk.
func (w *world) poll(walk func(context.Context) (feed.Report, error)) (complete bool) {
	w.t.Helper()
	w.polls++
	defer func() {
		w.t.Helper()
		switch r := recover(); r {
		case nil:
		case killed{}:
			w.restart()
		default:
			panic(r)
		}
	}()
	r, err := walk(w.t.Context())
	if err != nil {
		w.failed++
	}
	return err == nil && r.Complete
}

// noHole holds at every moment: what was committed in order and lies behind the cursor is stored.
func (w *world) noHole() {
	w.t.Helper()
	cursor, known, err := w.store.Cursor(w.t.Context())
	w.check(err)
	if !known || w.aged { // which rows were late is not known here then
		return
	}
	stored := w.stored()
	for _, raw := range w.server.Truth() {
		a := w.decode(raw)
		if a.CreatedAt.Truncate(time.Second).Before(cursor.CreatedAt.Truncate(time.Second)) && !w.late[a.ID] && stored[a.Key] == nil {
			w.t.Fatalf("seed %d: the cursor is at %s, but %s of %s is not stored", w.seed, cursor.CreatedAt, a.ID, a.CreatedAt)
		}
	}
}

func (w *world) stored() map[activity.Key]json.RawMessage {
	w.t.Helper()
	rows, err := w.store.Activities(w.t.Context(), query.Filter{}, store.Paging{Limit: 1 << 20})
	w.check(err)
	all := make(map[activity.Key]json.RawMessage, len(rows))
	for _, r := range rows {
		a, err := w.store.Activity(w.t.Context(), r.Key)
		w.check(err)
		if all[r.Key] != nil {
			w.t.Fatalf("seed %d: %x is stored twice", w.seed, r.Key)
		}
		all[r.Key] = a.Raw
	}
	return all
}

func (w *world) compare() {
	w.t.Helper()
	stored, truth := w.stored(), w.server.Truth()
	w.rows = len(truth)
	for _, raw := range truth {
		a := w.decode(raw)
		if string(stored[a.Key]) != string(raw) {
			w.t.Fatalf("seed %d: %s of %s (late: %t) is stored as %q", w.seed, a.ID, a.CreatedAt, w.late[a.ID], stored[a.Key])
		}
		delete(stored, a.Key)
	}
	if len(stored) > 0 {
		w.t.Fatalf("seed %d: the store holds %d rows that the service does not have: %s", w.seed, len(stored), fmt.Sprint(stored))
	}
}
