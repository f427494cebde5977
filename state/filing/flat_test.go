package filing_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"claimdeck/state/filing"
)

// writeMany writes a CSV file of n rows, of which every 33rd is bad; each has about pad bytes that nobody needs.
func writeMany(tb testing.TB, n, pad int) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "many.csv")
	f, err := os.Create(path)
	if err != nil {
		tb.Fatal(err)
	}
	const row = `T-%06d,P-1,2017-02-01,2017-02-01,%s,B,0,3900.00,200.00,117.00,7.80,4224.80,1001,2017-02-01,0,"Westfield, Galleria",1151 Galleria Blvd,Roseville,95678,CA,1,1001,POLIC,https://files.example.com/a.pdf,` + "%s\n"
	write := func(format string, args ...any) {
		if _, err := fmt.Fprintf(f, format, args...); err != nil {
			tb.Fatal(err)
		}
	}
	write("id,policy_number,policy_effective_date,transaction_effective_date,transaction_type,account_written_as,rpg,premium,agency_fee,sl_tax,stamping_fee,total,non_admitted_insured_name,invoice_date,ecp,mailing_insured_name,mailing_address,mailing_city,mailing_zip_code,mailing_state_code,physical_same_as_mailing,transaction_line_of_business,transaction_documents.1.code,transaction_documents.1.url,note\n")
	for i := range n {
		kind := "PN"
		if i%33 == 0 {
			kind = "nothing"
		}
		write(row, i, kind, strings.Repeat("x", pad))
	}
	if err := f.Close(); err != nil {
		tb.Fatal(err)
	}
	return path
}

// yes accepts everything and remembers nothing.
type yes struct{ rows int }

func (y *yes) Send(_ context.Context, rows []json.RawMessage) (filing.Answer, error) {
	a := filing.Answer{BatchID: "b"}
	for _, raw := range rows {
		var t struct{ ID string }
		if err := json.Unmarshal(raw, &t); err != nil {
			return a, err
		}
		a.Rows = append(a.Rows, filing.RowAnswer{ID: t.ID, Code: "0"})
	}
	y.rows += len(rows)
	return a, nil
}

func (*yes) Results(context.Context, string) (filing.Answer, error) { return filing.Answer{}, nil }

// forgetful is a ledger that holds the rows of the latest chunk only: what it costs is the engine's.
type forgetful struct{ entries map[string]filing.Entry }

func (f *forgetful) Update(_ context.Context, ids []string, change filing.Change) error {
	next := make(map[string]filing.Entry, len(ids))
	for _, id := range ids {
		prev, known := f.entries[id]
		if e, write := change(id, prev, known); write {
			next[id] = e
		}
	}
	f.entries = next
	return nil
}

func (*forgetful) Find(context.Context, []string) ([]filing.Entry, error) { return nil, nil }
func (*forgetful) Walk(context.Context, filing.Query) iter.Seq2[filing.Entry, error] {
	return func(func(filing.Entry, error) bool) {}
}

func (*forgetful) Counts(context.Context, filing.Query) (map[filing.State]int, error) {
	return nil, nil
}
func (*forgetful) Batches(context.Context) ([]string, error) { return nil, nil }

// 10,000 rows of 15 MB together cost no more than a few chunks. Not parallel: it measures the heap.
func TestMemoryStaysFlat(t *testing.T) { //nolint:paralleltest // see above
	const rows, most = 10_000, 3 << 20
	files, err := filing.Find(filing.OS{}, writeMany(t, rows, 1200))
	if err != nil {
		t.Fatal(err)
	}
	service := &yes{}
	e := filing.NewEngine(filing.Options{Service: service, Ledger: &forgetful{}, Now: clock})
	heap := func() uint64 {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before, peak, steps := heap(), uint64(0), 0
	report, err := e.Submit(t.Context(), files, filing.SubmitOptions{Progress: func(filing.Progress) {
		if steps++; steps%80 == 0 {
			peak = max(peak, heap())
		}
	}})
	bad := (rows + 32) / 33
	if err != nil || service.rows != rows-bad || report.Counts[filing.Blocked] != bad {
		t.Fatalf("%d rows, %+v, %v", service.rows, report.Counts, err)
	}
	if growth := int64(peak) - int64(before); growth > most {
		t.Errorf("the heap grew by %d KiB", growth>>10)
	} else {
		t.Logf("the heap grew by %d KiB at most", growth>>10)
	}
}

func BenchmarkSubmit(b *testing.B) {
	const rows = 10_000
	files, err := filing.Find(filing.OS{}, writeMany(b, rows, 0))
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		e := filing.NewEngine(filing.Options{Service: &yes{}, Ledger: &forgetful{}, Now: clock})
		if _, err := e.Submit(b.Context(), files, filing.SubmitOptions{}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*rows/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkCheck(b *testing.B) {
	r := good(b)
	b.ReportAllocs()
	for b.Loop() {
		filing.Check(r)
	}
}
