package store_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"claimdeck/state/activity"
	"claimdeck/state/feed"
	"claimdeck/state/query"
	"claimdeck/state/store"
)

// BenchmarkStore measures a store of CLAIMDECK_BENCH_ROWS activities (1,000,000 unless set), built once a run.
func BenchmarkStore(b *testing.B) {
	rows := 1_000_000
	if v := os.Getenv("CLAIMDECK_BENCH_ROWS"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < 1000 {
			b.Fatalf("CLAIMDECK_BENCH_ROWS=%s: want a number of at least 1000", v)
		}
		rows = n
	}
	path := filepath.Join(b.TempDir(), "store.db")
	g := newGenerator(1)
	benchBuild(b, path, g, rows)

	b.Run("open+first-screen", func(b *testing.B) { benchOpen(b, path) })
	s := openStore(b, path)
	benchPages(b, s)
	benchFilters(b, s, g)
	benchCounts(b, s)
	benchClaims(b, s, g)
	b.Run("ingest-500-raw", func(b *testing.B) { benchIngest(b, s, g) })
}

func benchBuild(b *testing.B, path string, g *generator, rows int) {
	b.Helper()
	s := openStore(b, path)
	began := time.Now()
	var spent time.Duration
	for left := rows; left > 0; left -= 500 {
		list := g.activities(b, min(left, 500))
		at := time.Now()
		ingest(b, s, list...)
		spent += time.Since(at)
	}
	if err := s.Close(); err != nil {
		b.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		b.Fatal(err)
	}
	b.Logf("%d rows built in %s, of which ingest %s (%.0f rows/s); file %d MB", rows, time.Since(began).Round(time.Millisecond),
		spent.Round(time.Millisecond), float64(rows)/spent.Seconds(), info.Size()>>20)
}

func benchOpen(b *testing.B, path string) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		s, err := store.Open(b.Context(), path, store.Options{Now: clock})
		if err != nil {
			b.Fatal(err)
		}
		if rows, err := s.Activities(b.Context(), query.Filter{}, store.Paging{Limit: 50}); err != nil || len(rows) != 50 {
			b.Fatal(len(rows), err)
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	}
}

func benchPages(b *testing.B, s *store.Store) {
	b.Helper()
	page := func(p store.Paging) []store.Row {
		rows, err := s.Activities(b.Context(), query.Filter{}, p)
		if err != nil || len(rows) == 0 {
			b.Fatal(len(rows), err)
		}
		return rows
	}
	b.Run("first-page", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			page(store.Paging{Limit: 50})
		}
	})
	b.Run("next-page", func(b *testing.B) {
		b.ReportAllocs()
		rows := page(store.Paging{Limit: 50})
		for b.Loop() {
			at := rows[len(rows)-1].Position()
			rows = page(store.Paging{From: &at, Limit: 50})
		}
	})
	b.Run("jump-to-end", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			page(store.Paging{Dir: store.Newer, Limit: 50})
		}
	})
}

func benchFilters(b *testing.B, s *store.Store, g *generator) {
	b.Helper()
	old := g.claims[len(g.claims)/3]
	filters := []struct {
		name   string
		filter query.Filter
	}{
		{"common-word", query.Filter{Words: []string{"title"}}},
		{"first-letter", query.Filter{Words: []string{"t"}}},
		{"two-words", query.Filter{Words: []string{"payment", "history"}}},
		{"rare-word", query.Filter{Words: []string{"garnishment"}}},
		{"no-hit", query.Filter{Words: []string{"zyzzyva"}}},
		{"no-hit-2-letters", query.Filter{Words: []string{"qz"}}},
		{"number-as-word", query.Filter{Words: []string{"ex-" + old.number[3:]}}},
		{"claim:number", query.Filter{Claim: "ex-" + old.number[3:]}},
		{"claim:part", query.Filter{Claim: "12"}},
		{"type:common", query.Filter{Types: []activity.Type{activity.CallMade}}},
		{"type:and-rare-word", query.Filter{Types: []activity.Type{activity.DirectMessageAdded}, Words: []string{"garnishment"}}},
		{"lender:ally", query.Filter{Lender: "ally"}},
		{"lender:and-word", query.Filter{Lender: "truist bank", Words: []string{"counter"}}},
		{"since", query.Filter{Since: g.now.Add(-2 * time.Hour)}},
	}
	for _, f := range filters {
		b.Run("filter/"+f.name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				rows, err := s.Activities(b.Context(), f.filter, store.Paging{Limit: 50})
				if err != nil {
					b.Fatal(err)
				}
				n = len(rows)
			}
			b.ReportMetric(float64(n), "hits")
		})
	}
}

func benchCounts(b *testing.B, s *store.Store) {
	b.Helper()
	for name, f := range map[string]query.Filter{
		"all": {}, "type": {Types: []activity.Type{activity.CallMade}}, "lender": {Lender: "ally"},
		"common-word": {Words: []string{"title"}}, "rare-word": {Words: []string{"garnishment"}}, "since": {Since: start.Add(time.Hour)},
	} {
		b.Run("count/"+name, func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				var err error
				if n, err = s.CountActivities(b.Context(), f); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(n), "hits")
		})
	}
}

func benchClaims(b *testing.B, s *store.Store, g *generator) {
	b.Helper()
	c := g.claims[len(g.claims)/2]
	b.Run("claim-page", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if list, err := s.ClaimActivities(b.Context(), c.id); err != nil || len(list) == 0 {
				b.Fatal(len(list), err)
			}
		}
	})
	b.Run("claim-find", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if list, err := s.FindClaims(b.Context(), c.number); err != nil || len(list) != 1 {
				b.Fatal(len(list), err)
			}
		}
	})
	b.Run("claims-first-page", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if list, err := s.Claims(b.Context(), query.Filter{}, store.ClaimPaging{Limit: 50}); err != nil || len(list) != 50 {
				b.Fatal(len(list), err)
			}
		}
	})
}

// benchIngest goes from pages of raw JSON to committed rows.
func benchIngest(b *testing.B, s *store.Store, g *generator) {
	b.Helper()
	b.ReportAllocs()
	var pages [][]json.RawMessage
	for range 64 {
		page := make([]json.RawMessage, 500)
		for i := range page {
			page[i] = g.raw()
		}
		pages = append(pages, page)
	}
	n := 0
	for b.Loop() {
		if n == len(pages) {
			b.StopTimer()
			n = 0
			for _, page := range pages {
				for i := range page {
					page[i] = g.raw()
				}
			}
			b.StartTimer()
		}
		list := make([]activity.Activity, len(pages[n]))
		for i, raw := range pages[n] {
			list[i] = decode(b, raw)
		}
		n++
		result, err := s.Ingest(b.Context(), feed.Batch{Activities: list})
		if err != nil || len(result.Added) != len(list) {
			b.Fatal(len(result.Added), err)
		}
	}
	b.ReportMetric(float64(b.N*500)/b.Elapsed().Seconds(), "rows/s")
}
