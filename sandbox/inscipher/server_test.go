package inscipher

import (
	"encoding/json"
	"fmt"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"testing"
)

func TestCodes(t *testing.T) {
	t.Parallel()
	tests := []struct {
		id, more string
		status   int
		message  string
	}{
		{"1", "", 0, "Success"},
		{"1", "", 3001, "Error: duplicate transaction is submitted"}, // in the same batch
		{"2", `"transaction_documents":[]`, 1001, "Error: missing required document with code 'POLIC'."},
		{"3", `"transaction_documents":"none"`, 1001, "Error: missing required document with code 'POLIC'."},
		{"4", `"transaction_type":"ZPE"`, 1002, "Error: transaction type not found"},
		{"5", `"transaction_type":null`, 1002, "Error: transaction type not found"},
		{"6", `"transaction_line_of_business":"1000"`, 1003, "Error: transaction line of business is missing or invalid"},
		{"7", `"transaction_line_of_business":1023`, 1003, "Error: transaction line of business is missing or invalid"},
		{"8", `"transaction_line_of_business":{}`, 1003, "Error: transaction line of business is missing or invalid"},
		{"9", `"transaction_line_of_business":1022`, 0, "Success"},
		{"x-NODEPT-1", "", 1004, "Error: department not found"},
		{"10", `"mailing_state_code":"ZZ"`, 1005, "Error: unable to assign tax rule"},
		{"11", `"mailing_state_code":"ZZ","physical_same_as_mailing":0,"physical_state_code":"NV"`, 0, "Success"},
		{"12", `"physical_same_as_mailing":"0","physical_state_code":"ZZ"`, 1005, "Error: unable to assign tax rule"},
		{"13", `"physical_same_as_mailing":1,"physical_state_code":"ZZ"`, 0, "Success"},
		{"14", `"total":4224.80`, 0, "Success"}, // warnings are for queued batches
		{"x-NODEPT-2", `"transaction_type":"XX"`, 1002, "Error: transaction type not found"},
	}
	x := newBench(t, Behaviour{})
	rows := make([]string, len(tests))
	for i, tt := range tests {
		rows[i] = tx(tt.id, tt.more)
	}
	got := x.submit(rows...)
	for i, tt := range tests {
		r := got.Transactions[i]
		if r.ID != tt.id || r.Status != tt.status || r.StatusMessage != tt.message || r.PolicyNumber != "PL 1" || r.Warnings != nil || r.TransactionID != 0 {
			t.Errorf("%s %s: %+v", tt.id, tt.more, r)
		}
	}
	if len(got.Transactions) != len(tests) || len(got.BatchID) != 32 || got.Status != "" {
		t.Errorf("%+v", got)
	}
	if again := x.submit(tx("1", ""), tx("2", "")); again.Transactions[0].Status != 3001 || again.Transactions[1].Status != 0 || again.BatchID == got.BatchID {
		t.Errorf("%+v", again)
	}
	accepted, received := x.Accepted(), x.Received()
	if len(accepted) != 6 || accepted["1"] != 1 || accepted["2"] != 1 || received["1"] != 3 || received["2"] != 2 || x.Batches() != 2 {
		t.Errorf("%v %v", accepted, received)
	}
	accepted["1"] = 9
	if x.Accepted()["1"] != 1 {
		t.Error("the count was handed out")
	}
}

func TestAcceptDuplicates(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{AcceptDuplicates: true})
	if got := x.submit(tx("1", ""), tx("1", "")); got.Transactions[1].Status != 0 || x.Accepted()["1"] != 2 {
		t.Errorf("%+v %v", got, x.Accepted())
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{Async: true, Polls: 2})
	batch := x.submit(tx("1", ""), tx("2", `"total":4224.80,"premium":3108.50,"agency_fee":"200","sl_tax":93.26,"stamping_fee":6.22`), tx("3", `"total":1e3`), tx("4", `"transaction_type":""`))
	if batch.Status != "queued" || batch.Transactions != nil || x.Accepted()["1"] != 1 {
		t.Fatalf("%+v", batch)
	}
	for range 2 {
		if got := x.results(batch.BatchID); got.Status != "queued" || got.BatchID != batch.BatchID || got.Transactions != nil {
			t.Errorf("%+v", got)
		}
	}
	for range 2 { // the results can be read again
		got := x.results(batch.BatchID)
		if got.Status != "processed" || len(got.Transactions) != 4 || got.Transactions[0].Warnings != nil || got.Transactions[0].TransactionID != 34859 {
			t.Fatalf("%+v", got)
		}
		for i, want := range map[int]string{
			1: "Transaction total values don't match. Provided - 4224.80. Calculated - 3407.98",
			2: "Transaction total values don't match. Provided - 0.00. Calculated - 101.10", // an exponent is not read
			3: "",
		} {
			if got := got.Transactions[i]; got.Warnings["total"] != want || (got.TransactionID == 0) != (i == 3) {
				t.Errorf("%d: %+v", i, got)
			}
		}
	}
	x.Change(func(b *Behaviour) { b.BatchFails = true })
	if got := x.results(batch.BatchID); got.Status != "failed" {
		t.Errorf("%+v", got)
	}
}

// The total is made of all of the eight.
func TestTotal(t *testing.T) {
	t.Parallel()
	names := []string{"premium", "agency_fee", "inspection_fee", "sl_tax", "stamping_fee", "sl_service_charge", "municipal_fee", "fm_tax"}
	x := newBench(t, Behaviour{Async: true})
	amounts := func(changed int) string {
		var b strings.Builder
		for i, name := range names {
			amount := 1 << i
			if i == changed {
				amount += 1000
			}
			_, _ = fmt.Fprintf(&b, `"%s":%d.005,`, name, amount)
		}
		return b.String() + `"total":255.040`
	}
	rows := []string{tx("right", amounts(-1))}
	for i, name := range names {
		rows = append(rows, tx(name, amounts(i)))
	}
	got := x.results(x.submit(rows...).BatchID)
	for i, r := range got.Transactions {
		want := "Transaction total values don't match. Provided - 255.04. Calculated - 1255.04"
		if i == 0 {
			want = ""
		}
		if r.Warnings["total"] != want {
			t.Errorf("%s: %q", r.ID, r.Warnings)
		}
	}
}

func TestQueuedForms(t *testing.T) {
	t.Parallel()
	wants := []string{
		`200 {"batch_id":"ID","status":"queued"}`, `200 {"batch_id":"ID","status":"Valid and queued"}`,
		`200 {"batch_id":"ID","message":"Batch is valid and queued for processing."}`, `202 {"batchId":"ID"}`,
		`200 {"batch_id":"ID","status":"pending","transactions":[]}`,
		`200 {"batch_id":"ID","status":0,"status_message":"Queued","success":true}`,
	}
	for form, want := range wants {
		x := newBench(t, Behaviour{Async: true, QueuedForm: QueuedForm(form)})
		got := x.do(http.MethodPost, defaultPath, "["+tx("1", "")+"]")
		if s := fmt.Sprintf("%d %s", got.status, strings.Replace(got.body, x.order[0], "ID", 1)); s != want {
			t.Errorf("%d: %s", form, s)
		}
	}
}

func TestUnknownBatch(t *testing.T) {
	t.Parallel()
	for status, want := range map[int]string{
		0: `404 {"code":404,"message":"Batch not found"}`, 400: `400 {"code":400,"message":"Batch not found"}`,
		200: `200 {"message":"Batch not found","status":"error"}`,
	} {
		x := newBench(t, Behaviour{UnknownBatch: status})
		if got := x.do(http.MethodGet, defaultResults+"?batch_id=none", ""); fmt.Sprint(got.status, " ", got.body) != want {
			t.Errorf("%d: %+v", status, got)
		}
	}
}

func TestRefusedWholesale(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{MaxRows: 2, MaxBody: 2000})
	tests := []struct {
		method, path, body string
		status             int
		message            string
	}{
		{"POST", defaultPath, ``, 400, "Invalid JSON"},
		{"POST", defaultPath, `[{"id":`, 400, "Invalid JSON"},
		{"POST", defaultPath, `{}`, 400, "A list of transactions was expected"},
		{"POST", defaultPath, `null`, 400, "A list of transactions was expected"},
		{"POST", defaultPath, `[1]`, 400, "A list of transactions was expected"},
		{"POST", defaultPath, `[]`, 400, "No transactions"},
		{"POST", defaultPath, `[` + tx("1", "") + `,null]`, 400, "Transaction 2 has no id"},
		{"POST", defaultPath, `[{"id":[1]}]`, 400, "Transaction 1 has no id"},
		{"POST", defaultPath, `[{},{},{}]`, 413, "At most 2 transactions are allowed in a batch"},
		{"POST", defaultPath, `["` + strings.Repeat("x", 2000) + `"]`, 413, "Request Entity Too Large"},
		{"GET", defaultPath, ``, 405, "Method Not Allowed"},
		{"POST", defaultResults, ``, 405, "Method Not Allowed"},
		{"GET", "/nowhere", ``, 404, `No route found for "GET /nowhere"`},
	}
	for _, tt := range tests {
		got := x.do(tt.method, tt.path, tt.body)
		var e struct {
			Code    int
			Message string
		}
		if err := json.Unmarshal([]byte(got.body), &e); err != nil || got.status != tt.status || e.Code != tt.status || e.Message != tt.message {
			t.Errorf("%s %s %.40s: %d %s", tt.method, tt.path, tt.body, got.status, got.body)
		}
	}
	if got := x.raw("POST", defaultPath, "[]", map[string]string{"apiKey": "demo-key", "Content-Type": "text/csv"}); got.status != 415 {
		t.Error(got)
	}
	if got := x.raw("POST", defaultPath, "[]", map[string]string{"apiKey": "demo-key", "Accept": "text/html"}); got.status != 406 {
		t.Error(got)
	}
	if x.Batches() != 0 || len(x.Received()) != 0 {
		t.Error("something had an effect")
	}
}

func TestAnswerSwitches(t *testing.T) {
	t.Parallel()
	six := func() []string {
		var rows []string
		for i := range 6 {
			rows = append(rows, tx(fmt.Sprint(100+i), ""))
		}
		return rows
	}
	ids := func(l list) (out []string) {
		for _, r := range l.Transactions {
			out = append(out, r.ID)
		}
		return out
	}
	inOrder := []string{"100", "101", "102", "103", "104", "105"}
	if got := ids(newBench(t, Behaviour{}).submit(six()...)); !slices.Equal(got, inOrder) {
		t.Error(got)
	}
	got := ids(newBench(t, Behaviour{Shuffle: true}).submit(six()...))
	if again := ids(newBench(t, Behaviour{Shuffle: true}).submit(six()...)); slices.Equal(got, inOrder) || !slices.Equal(got, again) {
		t.Error(got, again)
	}
	if slices.Sort(got); !slices.Equal(got, inOrder) {
		t.Error(got)
	}
	missing := newBench(t, Behaviour{MissingRows: true})
	if got := ids(missing.submit(six()...)); !slices.Equal(got, []string{"100", "102", "103", "105"}) || len(missing.Accepted()) != 6 {
		t.Error(got)
	}
	extra := newBench(t, Behaviour{ExtraRows: true, RepeatRows: true})
	if got := ids(extra.submit(six()...)); len(got) != 8 || got[6] != "100" || !strings.HasPrefix(got[7], "NOT-YOURS-") || len(extra.Accepted()) != 6 {
		t.Error(got)
	}
	codes := newBench(t, Behaviour{UnknownCodes: true})
	if got := codes.submit(six()...); got.Transactions[3].Status != 4711 || got.Transactions[4].Status != 0 || len(codes.Accepted()) != 4 {
		t.Error(got)
	}
	body := newBench(t, Behaviour{StringStatus: true, NumberIDs: true, RowsAsObject: true}).do("POST", defaultPath, "["+tx("7", "")+","+tx("007", "")+"]").body
	if !strings.Contains(body, `"0":{"id":7,`) || !strings.Contains(body, `"1":{"id":"007",`) || !strings.Contains(body, `"status":"0"`) {
		t.Error(body)
	}
	hostile := newBench(t, Behaviour{HostileText: true}).submit(six()...)
	if all := fmt.Sprint(hostile); !strings.Contains(all, "\x1b]52") || !strings.Contains(all, "\u202e") || hostile.Transactions[0].ID != "100" {
		t.Errorf("%q", all)
	}
	lists := newBench(t, Behaviour{Async: true, WarningList: true})
	batch := lists.submit(tx("1", ""), tx("2", `"total":1`))
	if body := lists.do("GET", defaultResults+"?batch_id="+batch.BatchID, "").body; !strings.Contains(body, `"warnings":[]`) || !strings.Contains(body, `"warnings":["Transaction total`) {
		t.Error(body)
	}
}

func TestForgetsTheOldestBatches(t *testing.T) {
	t.Parallel()
	x := newBench(t, Behaviour{Async: true, AcceptDuplicates: true})
	x.keep = 3
	first := x.submit(tx("1", ""))
	for range x.keep {
		x.submit(tx("1", ""))
	}
	if got := x.do("GET", defaultResults+"?batch_id="+first.BatchID, ""); got.status != 404 || len(x.batches) != x.keep || len(x.order) != x.keep {
		t.Errorf("%d, %d batches", got.status, len(x.batches))
	}
	if got := x.results(x.order[0]); got.Status != "processed" {
		t.Errorf("%+v", got)
	}
}

// Ten times the rows cost ten times the memory, not a hundred times.
func TestBigBatchesCostTheirRows(t *testing.T) { //nolint:paralleltest // it counts allocations
	cost := func(n int) uint64 {
		x := newBench(t, Behaviour{Async: true, Shuffle: true, HostileText: true})
		rows := make([]string, n)
		for i := range rows {
			rows[i] = tx(fmt.Sprintf("T%05d", i), `"total":1`)
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		batch := x.submit(rows...)
		if got := x.results(batch.BatchID); len(got.Transactions) != n {
			t.Fatal(len(got.Transactions))
		}
		runtime.ReadMemStats(&after)
		return after.TotalAlloc - before.TotalAlloc
	}
	small, big := cost(500), cost(5000)
	if big > 20*small {
		t.Errorf("500 rows: %d bytes, 5,000 rows: %d bytes", small, big)
	}
}

func BenchmarkImport(b *testing.B) {
	for _, n := range []int{1000, 10000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rows := make([]string, n)
			for i := range rows {
				rows[i] = tx(fmt.Sprintf("T%05d", i), "")
			}
			b.ReportAllocs()
			for b.Loop() {
				x := newBench(b, Behaviour{})
				if got := x.submit(rows...); len(got.Transactions) != n {
					b.Fatal(len(got.Transactions))
				}
			}
		})
	}
}

func TestNewNeedsAClock(t *testing.T) {
	t.Parallel()
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	New(Options{})
}
