package inscipher_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/api/inscipher"
	sandbox "claimdeck/sandbox/inscipher"
)

// Whatever happens to an import, it is sent once, and its fate is told truly.
func TestFaultsOfAnImport(t *testing.T) {
	t.Parallel()
	tests := []struct {
		fault  sandbox.Fault
		kind   error // nil: it goes through
		fate   string
		effect int // how often the row was accepted
		calls  int
	}{
		{sandbox.Fault{Kind: sandbox.FaultUnauthorized}, nil, "", 1, 2}, // the only second try: nothing was processed
		{sandbox.Fault{Kind: sandbox.FaultUnauthorized, Times: 2}, api.ErrUnauthorized, "refused", 0, 2},
		{sandbox.Fault{Kind: sandbox.FaultForbidden}, api.ErrForbidden, "refused", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultNotFound}, api.ErrNotFound, "refused", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultTooLarge}, api.ErrTooLarge, "refused", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultTooManyRequests, RetryAfter: "7"}, api.ErrRateLimited, "refused", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultServerError}, api.ErrUnavailable, "uncertain", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultServerError, After: true}, api.ErrUnavailable, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultUnavailable, RetryAfter: "9"}, api.ErrUnavailable, "uncertain", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultUnavailable, After: true}, api.ErrUnavailable, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultReset}, api.ErrInterrupted, "uncertain", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultReset, After: true}, api.ErrInterrupted, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultEmpty}, api.ErrBadResponse, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultTruncated}, api.ErrBadResponse, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultCutShort}, api.ErrInterrupted, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultHTMLBadGateway}, api.ErrUnavailable, "uncertain", 0, 1},
		{sandbox.Fault{Kind: sandbox.FaultHTMLOK}, api.ErrBadResponse, "uncertain", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultSlow, Delay: time.Millisecond}, nil, "", 1, 1},
		{sandbox.Fault{Kind: sandbox.FaultSlowBody, Delay: time.Millisecond}, nil, "", 1, 1},
	}
	for _, tt := range tests {
		t.Run(fmt.Sprintf("%s %t %d", tt.fault.Kind, tt.fault.After, tt.fault.Times), func(t *testing.T) {
			t.Parallel()
			x := newBench(t, sandbox.Behaviour{Faults: []sandbox.Fault{tt.fault}})
			got, err := x.Submit(t.Context(), rows(1))
			if n := x.server.Accepted()["T00000"]; n != tt.effect || len(x.seen()) != tt.calls {
				t.Errorf("accepted %d times in %d calls", n, len(x.seen()))
			}
			if tt.kind == nil {
				if err != nil || !got.Rows[0].Accepted() {
					t.Errorf("%+v %v", got, err)
				}
				return
			}
			e := mustFail(t, err)
			if !errors.Is(err, tt.kind) || fate(e) != tt.fate || len(got.Rows) != 0 {
				t.Errorf("%+v (%s)", e, fate(e))
			}
			if tt.fault.Kind == sandbox.FaultEmpty && e.Message != "answered nothing where data was expected" {
				t.Error(e.Message)
			}
			if want := map[string]time.Duration{"7": 7 * time.Second, "9": 9 * time.Second}[tt.fault.RetryAfter]; e.After != want {
				t.Errorf("wait %v", e.After)
			}
			// The unknown outcome can be settled: what was accepted is refused as a duplicate.
			if got, err = x.Submit(t.Context(), rows(1)); err != nil {
				t.Fatal(err)
			}
			if want := map[int]int{0: inscipher.StatusOK, 1: inscipher.StatusDuplicate}[tt.effect]; got.Rows[0].Status != want {
				t.Errorf("then %+v", got.Rows[0])
			}
		})
	}
}

// Results are read again after passing trouble.
func TestFaultsOfResults(t *testing.T) {
	t.Parallel()
	for kind, calls := range map[sandbox.FaultKind]int{
		sandbox.FaultTooManyRequests: 2, sandbox.FaultServerError: 2, sandbox.FaultUnavailable: 2, sandbox.FaultReset: 2,
		sandbox.FaultCutShort: 2, sandbox.FaultHTMLBadGateway: 2, sandbox.FaultUnauthorized: 2,
		sandbox.FaultForbidden: -1, sandbox.FaultNotFound: -1, sandbox.FaultTruncated: -1, sandbox.FaultHTMLOK: -1, sandbox.FaultEmpty: -1,
	} {
		t.Run(kind.String(), func(t *testing.T) {
			t.Parallel()
			x := newBench(t, sandbox.Behaviour{Async: true})
			b, err := x.Submit(t.Context(), rows(1))
			if err != nil {
				t.Fatal(err)
			}
			x.server.Inject(sandbox.Fault{Kind: kind})
			got, err := x.Results(t.Context(), b.ID)
			if calls < 0 {
				if e := mustFail(t, err); len(x.seen()) != 2 || e.Op != "read import results" {
					t.Errorf("%+v after %d calls", e, len(x.seen()))
				}
				return
			}
			if err != nil || len(x.seen()) != 1+calls || !got.Rows[0].Accepted() {
				t.Errorf("%+v %v after %d calls", got, err, len(x.seen()))
			}
		})
	}
}

func TestTooLongAnAnswer(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{}, func(o *inscipher.Options) { o.API.MaxBody = 1 << 10 })
	_, err := x.Submit(t.Context(), rows(100))
	if e := mustFail(t, err); !errors.Is(err, api.ErrBadResponse) || fate(e) != "uncertain" || !strings.Contains(e.Message, "more than 1 KiB") {
		t.Errorf("%+v", e)
	}
}

// Ten thousand rows in chunks, over connections that break before and after the effect: whoever sends what has no answer
// again gets every row accepted exactly once, or its refusal.
func TestExactlyOnceOverBrokenConnections(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{Shuffle: true, MissingRows: true, Faults: []sandbox.Fault{
		{Kind: sandbox.FaultReset, Skip: 3}, {Kind: sandbox.FaultReset, Skip: 5, After: true}, {Kind: sandbox.FaultCutShort, Skip: 8},
	}})
	const total = 10000
	left := make(map[string]json.RawMessage, total)
	bad := 0
	for i := range total {
		id := fmt.Sprintf("T%05d", i)
		left[id] = row(id)
		if i%33 == 0 {
			left[id] = row(id, "transaction_type", `"XX"`)
			bad++
		}
	}
	refused, trouble := 0, 0
	for round := 0; len(left) > 0 && round < 12; round++ {
		for chunk := range slices.Chunk(keys(left), 500) {
			var list []json.RawMessage
			for _, id := range chunk {
				list = append(list, left[id])
			}
			got, err := x.Submit(t.Context(), list)
			if err != nil {
				trouble++
				if e := mustFail(t, err); !e.Uncertain() {
					t.Fatal(err)
				}
				continue
			}
			for _, r := range got.Rows {
				if r.Status == inscipher.StatusTransactionType {
					refused++
				} else if !r.Accepted() && r.Status != inscipher.StatusDuplicate {
					t.Fatalf("%+v", r)
				}
				delete(left, r.Key)
			}
		}
	}
	accepted := x.server.Accepted()
	for id, n := range accepted {
		if n != 1 {
			t.Errorf("%s accepted %d times", id, n)
		}
	}
	if len(left) > 1 || len(accepted) != total-bad || refused < bad-1 || trouble != 3 {
		t.Errorf("%d left, %d accepted, %d of %d refused, %d broken", len(left), len(accepted), refused, bad, trouble)
	}
}

func keys(m map[string]json.RawMessage) []string {
	list := make([]string, 0, len(m))
	for k := range m {
		list = append(list, k)
	}
	slices.Sort(list)
	return list
}
