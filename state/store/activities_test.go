package store_test

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

func TestIngestKeepsTheFirstOfAKey(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	list := newGenerator(1).activities(t, 5)
	if got := ingest(t, s, list[0], list[1], list[0]).Added; len(got) != 2 || got[0].ID != list[0].ID || got[1].ID != list[1].ID {
		t.Errorf("added %d", len(got))
	}
	moved := decode(t, bytes.Replace(list[0].Raw, []byte("2026-03-02"), []byte("2026-03-09"), 1))
	if moved.Key != list[0].Key || moved.CreatedAt.Equal(list[0].CreatedAt) {
		t.Fatal("the test is broken")
	}
	if got := ingest(t, s, moved, list[2]).Added; len(got) != 1 || got[0].ID != list[2].ID {
		t.Errorf("a known key at another time was added: %d", len(got))
	}
	a, err := s.ActivityByID(t.Context(), strings.ToUpper(list[0].ID))
	if err != nil || !bytes.Equal(a.Raw, list[0].Raw) || !a.CreatedAt.Equal(list[0].CreatedAt) {
		t.Errorf("stored as %s, %v", a.Raw, err)
	}
	if _, err := s.ActivityByID(t.Context(), "nobody"); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown id: %v", err)
	}
}

func TestAnActivityWithoutTimeOrClaimKeepsItsPlace(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	a := decode(t, json.RawMessage(`{"activityId":"x","type":"never-seen"}`)).Stamped(clock())
	ingest(t, s, a)
	got, err := s.Activity(t.Context(), a.Key)
	if err != nil || !got.CreatedAt.Equal(clock()) {
		t.Errorf("%+v, %v", got, err)
	}
	rows, err := s.Activities(t.Context(), query.Filter{Types: []activity.Type{"never-seen"}}, store.Paging{Limit: 5})
	want := []store.Row{{Key: a.Key, Seq: 1, CreatedAt: clock(), Type: "never-seen", Summary: a.Summary()}}
	if diff := gocmp.Diff(want, rows); diff != "" || err != nil {
		t.Errorf("%v %s", err, diff)
	}
	if n, err := s.CountClaims(t.Context(), query.Filter{}); n != 0 || err != nil {
		t.Errorf("%d claims, %v", n, err)
	}
}

func TestCursorAndGapComeWithTheirRows(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	s := openStore(t, path)
	if _, known, err := s.Cursor(t.Context()); known || err != nil {
		t.Fatalf("a new store has a cursor, or %v", err)
	}
	if _, known, err := s.LastGap(t.Context()); known || err != nil {
		t.Fatalf("a new store has a gap, or %v", err)
	}
	cursor := feed.Cursor{ID: "last", CreatedAt: clock().Add(123 * time.Millisecond)}
	gap := feed.Gap{From: start, To: clock(), FilledAt: clock().Add(time.Second), Added: 7, Why: "asleep"}
	batch := feed.Batch{Activities: newGenerator(1).activities(t, 2), Cursor: &cursor, Gap: &gap}
	if _, err := s.Ingest(t.Context(), batch); err != nil {
		t.Fatal(err)
	}
	ingest(t, s, newGenerator(2).activities(t, 2)...) // moves neither
	again := openStore(t, path)
	if got, known, err := again.Cursor(t.Context()); got != cursor || !known || err != nil {
		t.Errorf("cursor %+v %t %v", got, known, err)
	}
	if got, known, err := again.LastGap(t.Context()); got != gap || !known || err != nil {
		t.Errorf("gap %+v %t %v", got, known, err)
	}
}

// TestTwoProcesses lets two stores on one file write the same feed at once.
func TestTwoProcesses(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "store.db")
	list := newGenerator(3).activities(t, 300)
	added := make(chan int, 2)
	for range 2 {
		s := openStore(t, path)
		go func() {
			n := 0
			for part := range slices.Chunk(list, 20) {
				r, err := s.Ingest(context.WithoutCancel(t.Context()), feed.Batch{Activities: part})
				if err != nil {
					t.Error(err)
				}
				n += len(r.Added)
			}
			added <- n
		}()
	}
	if n := <-added + <-added; n != len(list) {
		t.Errorf("%d added by both together, want %d", n, len(list))
	}
	s := openStore(t, path)
	if n, err := s.CountActivities(t.Context(), query.Filter{}); n != len(list) || err != nil {
		t.Errorf("%d stored, %v", n, err)
	}
	perClaim := map[string]int{}
	for _, a := range list {
		perClaim[a.ClaimID]++
	}
	rows, err := s.Claims(t.Context(), query.Filter{}, store.ClaimPaging{Limit: 1000})
	if err != nil || len(rows) != len(perClaim) {
		t.Fatalf("%d claims, %v, want %d", len(rows), err, len(perClaim))
	}
	for _, r := range rows {
		if r.Activities != perClaim[r.ID] {
			t.Errorf("%s has %d activities, want %d", r.ID, r.Activities, perClaim[r.ID])
		}
		if all, err := s.ClaimActivities(t.Context(), r.ID); len(all) != r.Activities || err != nil {
			t.Errorf("%s: %d activities read, %v", r.ID, len(all), err)
		}
	}
}

// naive is the store as a slice, in the feed's order.
type naive struct {
	list   []activity.Activity
	claims map[string]activity.Facts
}

func (n *naive) matches(f query.Filter, a activity.Activity) bool {
	text := strings.ToLower(a.ClaimNumber + " " + a.Summary())
	for _, w := range f.Words {
		if !strings.Contains(text, w) {
			return false
		}
	}
	facts := n.claims[a.ClaimID]
	return (len(f.Types) == 0 || slices.Contains(f.Types, a.Type)) &&
		(f.Claim == "" || strings.Contains(strings.ToLower(facts.Number), f.Claim) || strings.ToLower(a.ClaimID) == f.Claim ||
			strings.ToLower(facts.VIN) == f.Claim) &&
		(f.Lender == "" || strings.Contains(strings.ToLower(facts.Lender), f.Lender)) &&
		(f.Since.IsZero() || !a.CreatedAt.Before(f.Since)) && (f.Until.IsZero() || a.CreatedAt.Before(f.Until))
}

func compare(a, b activity.Activity) int {
	return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), bytes.Compare(a.Key[:], b.Key[:]))
}

func at(a activity.Activity) store.Position {
	return store.Position{CreatedMs: a.CreatedAt.UnixMilli(), Key: a.Key}
}

// page is Activities, without a database.
func (n *naive) page(f query.Filter, p store.Paging) []activity.Key {
	var keys []activity.Key
	list := slices.Clone(n.list)
	if p.Dir == store.Older {
		slices.Reverse(list)
	}
	for _, a := range list {
		if p.From != nil {
			from := activity.Activity{CreatedAt: time.UnixMilli(p.From.CreatedMs), Key: p.From.Key}
			if c := compare(a, from); (p.Dir == store.Newer && c <= 0) || (p.Dir == store.Older && c >= 0) {
				continue
			}
		}
		if n.matches(f, a) && len(keys) < p.Limit {
			keys = append(keys, a.Key)
		}
	}
	return keys
}

// TestListsAndCountsAgreeWithANaiveStore compares every kind of filter, page and count with a slice, on a store
// whose rows arrived out of order and in which one segment is sealed and another one open.
func TestListsAndCountsAgreeWithANaiveStore(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	g := newGenerator(7)
	n := &naive{list: g.activities(t, naiveRows), claims: map[string]activity.Facts{}}
	same := rand.New(rand.NewPCG(1, 1))
	for i := range n.list { // some rows share a millisecond
		if i > 0 && same.IntN(8) == 0 {
			raw := bytes.Replace(n.list[i].Raw, stampOf(n.list[i]), stampOf(n.list[i-1]), 1)
			n.list[i] = decode(t, raw)
		}
	}
	arrival := slices.Clone(n.list)
	for i := range arrival { // a backfill: old rows arrive among new ones
		if same.IntN(20) == 0 {
			j := same.IntN(len(arrival))
			arrival[i], arrival[j] = arrival[j], arrival[i]
		}
	}
	for part := range slices.Chunk(arrival, 1500) {
		ingest(t, s, part...)
	}
	slices.SortFunc(n.list, compare)
	for _, c := range g.claims {
		n.claims[c.id] = activity.Facts{Number: c.number, VIN: c.vin, Lender: c.lender}
	}
	rapid.Check(t, func(rt *rapid.T) { agree(t, rt, s, n, g) })
}

func stampOf(a activity.Activity) []byte {
	return []byte(a.CreatedAt.Format("2006-01-02T15:04:05.000Z"))
}

func agree(t *testing.T, rt *rapid.T, s *store.Store, n *naive, g *generator) {
	t.Helper()
	f := drawFilter(rt, n, g)
	p := store.Paging{Limit: rapid.SampledFrom([]int{1, 7, 50, 20000}).Draw(rt, "limit")}
	p.Dir = rapid.SampledFrom([]store.Direction{store.Older, store.Newer}).Draw(rt, "direction")
	if rapid.Bool().Draw(rt, "from") {
		from := at(rapid.SampledFrom(n.list).Draw(rt, "position"))
		p.From = &from
	}
	rows, err := s.Activities(t.Context(), f, p)
	if err != nil {
		rt.Fatal(err)
	}
	var got []activity.Key
	for _, r := range rows {
		got = append(got, r.Key)
	}
	if diff := gocmp.Diff(n.page(f, p), got); diff != "" {
		rt.Fatalf("page %+v of %+v: %s", p, f, diff)
	}
	all := n.page(f, store.Paging{Limit: len(n.list)})
	if count, err := s.CountActivities(t.Context(), f); count != len(all) || err != nil {
		rt.Fatalf("count of %+v: %d, %v, want %d", f, count, err, len(all))
	}
	above := at(rapid.SampledFrom(n.list).Draw(rt, "above"))
	newer := n.page(f, store.Paging{From: &above, Dir: store.Newer, Limit: len(n.list)})
	if count, err := s.CountNewer(t.Context(), f, above); count != len(newer) || err != nil {
		rt.Fatalf("newer of %+v: %d, %v, want %d", f, count, err, len(newer))
	}
}

func drawFilter(rt *rapid.T, n *naive, g *generator) query.Filter {
	var f query.Filter
	claim := rapid.SampledFrom(g.claims).Draw(rt, "claim")
	words := []string{
		"title", "e", "payoff", "payment history", "zyzzyva", "qz", "garnishment", claim.number[3:], strings.ToLower(claim.number),
		"lender counters with 1", "ex-1000", "call",
	}
	f.Words = rapid.SliceOfN(rapid.SampledFrom(words), 0, 2).Draw(rt, "words")
	types := []activity.Type{activity.CallMade, activity.ClaimCreated, activity.OrderAttempted, "unheard-of"}
	f.Types = rapid.SliceOfN(rapid.SampledFrom(types), 0, 2).Draw(rt, "types")
	f.Claim = rapid.SampledFrom([]string{"", "", "", strings.ToLower(claim.number), claim.id, strings.ToLower(claim.vin), "ex-1001", "none"}).Draw(rt, "claimed")
	f.Lender = rapid.SampledFrom([]string{"", "", "", "ally", "truist bank", "nobody"}).Draw(rt, "lender")
	when := rapid.SampledFrom(n.list)
	if rapid.IntRange(0, 3).Draw(rt, "bounds") == 0 {
		f.Since = when.Draw(rt, "since").CreatedAt
		f.Until = when.Draw(rt, "until").CreatedAt.Add(time.Microsecond)
	}
	return f
}

func TestALongCountEndsWithItsContext(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	ingest(t, s, newGenerator(1).activities(t, 2000)...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.CountActivities(ctx, query.Filter{Words: []string{"e"}}); !errors.Is(err, context.Canceled) {
		t.Errorf("a cancelled count: %v", err)
	}
	if n, err := s.CountActivities(t.Context(), query.Filter{}); n != 2000 || err != nil {
		t.Errorf("afterwards: %d, %v", n, err)
	}
	if _, err := s.Activities(t.Context(), query.Filter{}, store.Paging{}); err == nil {
		t.Error("a page of no rows was given")
	}
}

func TestClaimActivitiesAreOldestFirst(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	list := newGenerator(5).activities(t, 400)
	want := map[string][]activity.Activity{}
	for _, a := range list {
		want[a.ClaimID] = append(want[a.ClaimID], a)
	}
	slices.Reverse(list)
	ingest(t, s, list...)
	for id, activities := range want {
		slices.SortFunc(activities, compare)
		got, err := s.ClaimActivities(t.Context(), id)
		if err != nil || len(got) != len(activities) {
			t.Fatalf("%s: %d activities, %v, want %d", id, len(got), err, len(activities))
		}
		for i := range got {
			if got[i].ID != activities[i].ID || !bytes.Equal(got[i].Raw, activities[i].Raw) {
				t.Fatalf("%s: %s at %d, want %s", id, got[i].ID, i, activities[i].ID)
			}
		}
	}
	if got, err := s.ClaimActivities(t.Context(), "nobody"); len(got) != 0 || err != nil {
		t.Error(fmt.Sprint(got), err)
	}
}

func TestArrivedIsInTheOrderOfArrival(t *testing.T) {
	t.Parallel()
	s := newStore(t)
	list := newGenerator(4).activities(t, 30)
	slices.Reverse(list)
	ingest(t, s, list...)
	rows, err := s.Arrived(t.Context(), query.Filter{}, 4, 10)
	if err != nil || len(rows) != 10 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, r := range rows {
		if r.Seq != int64(5+i) || r.Key != list[4+i].Key {
			t.Errorf("row %d is arrival %d, %x", i, r.Seq, r.Key)
		}
	}
	calls := 0
	for _, a := range list {
		if a.Type == activity.CallMade {
			calls++
		}
	}
	rows, err = s.Arrived(t.Context(), query.Filter{Types: []activity.Type{activity.CallMade}}, 0, 100)
	if err != nil || len(rows) != calls {
		t.Errorf("%d calls, %v, want %d", len(rows), err, calls)
	}
}
