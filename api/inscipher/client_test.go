package inscipher_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"claimdeck/api"
	"claimdeck/api/inscipher"
	sandbox "claimdeck/sandbox/inscipher"
	"claimdeck/state/text"
)

func TestSamples(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		want inscipher.Batch
	}{
		{"success", inscipher.Batch{ID: "79b9aa668b9468d1197c57d10a41f0f4", Rows: []inscipher.Row{
			{Key: "0000001", ID: "0000001", PolicyNumber: "PL 899292", Status: 0, Code: "0", Message: "Success"},
			{Key: "0000002", ID: "0000002", PolicyNumber: "PL 7272727", Status: 0, Code: "0", Message: "Success"},
		}}},
		{"error", inscipher.Batch{ID: "f6272344cc2b5dccdaf24c9120ab77de", Rows: []inscipher.Row{
			{
				Key: "00001", ID: "00001", PolicyNumber: "ABC 0099", Status: 1001, Code: "1001",
				Message: "Error: missing required document with code 'POLIC'.",
			},
		}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			x := handle(t, say(200, sample(t, tt.name)))
			got, err := x.Submit(t.Context(), rows(2))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got, cmpopts.IgnoreTypes(api.Meta{})); d != "" {
				t.Error(d)
			}
			if string(got.Body) != strings.TrimSpace(sample(t, tt.name)) {
				t.Errorf("the answer was not kept as sent: %s", got.Body)
			}
		})
	}
}

// The request of the document arrives token by token, and is accepted; its documents may repeat a code.
func TestSampleRequest(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{Async: true})
	var list []json.RawMessage
	if err := json.Unmarshal([]byte(sample(t, "request")), &list); err != nil {
		t.Fatal(err)
	}
	queued, err := x.Submit(t.Context(), list)
	if err != nil || !queued.Queued {
		t.Fatalf("%+v %v", queued, err)
	}
	got, err := x.Results(t.Context(), queued.ID)
	if err != nil || len(got.Rows) != 1 || !got.Rows[0].Accepted() || got.Rows[0].Key != "201702028950" || got.Rows[0].Warnings != nil {
		t.Fatalf("%+v %v", got, err) // no warning: 4224.80 is the sum
	}
	var want bytes.Buffer
	if err := json.Compact(&want, []byte(sample(t, "request"))); err != nil {
		t.Fatal(err)
	}
	call := x.seen()[0]
	if call.Body != want.String() || call.Method != http.MethodPost || call.URI != "/api/transactions" || call.Header.Get("Content-Type") != "application/json" {
		t.Errorf("%+v", call)
	}

	var part map[string]json.RawMessage
	if err := json.Unmarshal([]byte(sample(t, "request-documents")), &part); err != nil {
		t.Fatal(err)
	}
	documents := string(part["transaction_documents"])
	refused, err := x.Submit(t.Context(), []json.RawMessage{row("SSW", "transaction_documents", documents)})
	if err != nil {
		t.Fatal(err)
	}
	if got, err = x.Results(t.Context(), refused.ID); err != nil || got.Rows[0].Status != inscipher.StatusMissingDocuments {
		t.Errorf("%+v %v", got, err)
	}
}

// What a row says leaves as it was given: digits, escapes, order, repeated keys, letters that other encoders escape.
func TestRowsTravelByteForByte(t *testing.T) {
	t.Parallel()
	list := []string{
		`{"id":"1","premium":3900.00,"total":4224.80}`,
		`{"total":1E2,"id":"2","big":12345678901234567890.1234567890,"id":"2"}`,
		`{"id":"3","risk_description":"<b>R&D</b> \u00e9é \/ \"x\" ` + "\u2028" + `"}`,
		`{"id":4,"transaction_documents":[{"code":"POLIC","url":"https://files.test/?a=1&b=2"},null,[]]}`,
		`{}`,
	}
	x := handle(t, say(200, `{"batch_id":"b","transactions":[]}`))
	raw := make([]json.RawMessage, len(list))
	for i, s := range list {
		raw[i] = json.RawMessage(s)
	}
	if _, err := x.Submit(t.Context(), raw); err != nil {
		t.Fatal(err)
	}
	if got, want := x.seen()[0].Body, "["+strings.Join(list, ",")+"]"; got != want {
		t.Errorf("sent\n%s\nwant\n%s", got, want)
	}
	spaced := json.RawMessage(" {\n\t\"id\" : \"a  b\" } ")
	if _, err := x.Submit(t.Context(), []json.RawMessage{spaced}); err != nil {
		t.Fatal(err)
	}
	if got := x.seen()[1].Body; got != `[{"id":"a  b"}]` {
		t.Errorf("sent %s", got)
	}
}

func TestNotWorthSending(t *testing.T) {
	t.Parallel()
	x := handle(t, func(http.ResponseWriter, *http.Request) { t.Error("something was sent") })
	for _, tt := range []struct {
		name string
		call func() error
		want string
	}{
		{"none", func() error { _, err := x.Submit(t.Context(), nil); return err }, "InsCipher: import transactions: there is no transaction to send"},
		{"no object", func() error {
			_, err := x.Submit(t.Context(), []json.RawMessage{row("1"), json.RawMessage(`[]`)})
			return err
		}, "InsCipher: import transactions: transaction 2 of 2 is not a JSON object"},
		{"half", func() error {
			_, err := x.Submit(t.Context(), []json.RawMessage{json.RawMessage(`{"id":`)})
			return err
		}, "InsCipher: import transactions: transaction 1 of 1 is not a JSON object"},
		{"nil", func() error { _, err := x.Submit(t.Context(), make([]json.RawMessage, 1)); return err }, "InsCipher: import transactions: transaction 1 of 1 is not a JSON object"},
		{"no batch", func() error { _, err := x.Results(t.Context(), " "); return err }, "InsCipher: read import results: the batch id is missing"},
	} {
		e := mustFail(t, tt.call())
		if e.Error() != tt.want || !errors.Is(e, api.ErrInvalid) || fate(e) != "not sent" {
			t.Errorf("%s: %v (%s)", tt.name, e, fate(e))
		}
	}
	if x.timesAsked() != 0 {
		t.Error("the key was asked for nothing")
	}
}

// Every documented code, at once and by way of the queue, in whatever form the sandbox gives it.
func TestCodes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		row     json.RawMessage
		status  int
		message string
	}{
		"good":     {row("good"), inscipher.StatusOK, "Success"},
		"777":      {row("777"), inscipher.StatusOK, "Success"},
		"papers":   {row("papers", "transaction_documents", `[{"code":"D1DISC"}]`), inscipher.StatusMissingDocuments, "Error: missing required document with code 'POLIC'."},
		"type":     {row("type", "transaction_type", `"XX"`), inscipher.StatusTransactionType, "Error: transaction type not found"},
		"line":     {row("line", "transaction_line_of_business", `"1023"`), inscipher.StatusLineOfBusiness, "Error: transaction line of business is missing or invalid"},
		"NODEPT-1": {row("NODEPT-1"), inscipher.StatusDepartment, "Error: department not found"},
		"state":    {row("state", "mailing_state_code", `"ZZ"`), inscipher.StatusTaxRule, "Error: unable to assign tax rule"},
		"again":    {row("again"), inscipher.StatusDuplicate, "Error: duplicate transaction is submitted"},
	}
	forms := map[string]sandbox.Behaviour{
		"plain": {}, "async": {Async: true}, "shuffled": {Shuffle: true}, "strings": {StringStatus: true},
		"numbers": {NumberIDs: true}, "object": {RowsAsObject: true}, "lists": {Async: true, WarningList: true},
		"all": {Async: true, Shuffle: true, StringStatus: true, NumberIDs: true, RowsAsObject: true, WarningList: true},
	}
	for name, b := range forms {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			x := newBench(t, b)
			if _, err := x.Submit(t.Context(), []json.RawMessage{cases["again"].row}); err != nil {
				t.Fatal(err)
			}
			var list []json.RawMessage
			for _, c := range cases {
				list = append(list, c.row)
			}
			got, err := x.Submit(t.Context(), list)
			if err == nil && b.Async {
				got, err = x.Results(t.Context(), got.ID)
			}
			if err != nil || got.Queued {
				t.Fatalf("%+v %v", got, err)
			}
			found := byKey(t, got)
			for key, c := range cases {
				r, ok := found[key]
				if !ok || r.Status != c.status || r.Message != c.message || r.PolicyNumber != "PL "+key || r.Accepted() != (c.status == 0) {
					t.Errorf("%s: %+v", key, r)
				}
				if (r.TransactionID != "") != (b.Async && r.Accepted()) {
					t.Errorf("%s: transaction id %q", key, r.TransactionID)
				}
			}
			if len(found) != len(cases) || x.server.Accepted()["good"] != 1 || x.server.Accepted()["again"] != 1 || len(x.server.Accepted()) != 3 {
				t.Errorf("%d rows, accepted %v", len(found), x.server.Accepted())
			}
		})
	}
}

func TestMeaning(t *testing.T) {
	t.Parallel()
	want := map[int]string{
		0: "accepted", 1001: "missing required documents", 1002: "transaction type not found",
		1003: "line of business is missing or invalid", 1004: "department not found", 1005: "no tax rule could be assigned",
		3001: "duplicate: this id was submitted before", 4711: "status 4711, which is not documented",
		-7: "status -7, which is not documented", inscipher.NoStatus: "answered without a status",
	}
	for status, words := range want {
		if got := inscipher.Meaning(status); got != words {
			t.Errorf("%d: %q", status, got)
		}
	}
}

func TestQueue(t *testing.T) {
	t.Parallel()
	for form := sandbox.QueuedStatus; form <= sandbox.QueuedSuccess; form++ {
		t.Run(fmt.Sprint(form), func(t *testing.T) {
			t.Parallel()
			x := newBench(t, sandbox.Behaviour{Async: true, Polls: 2, QueuedForm: form})
			got, err := x.Submit(t.Context(), []json.RawMessage{row("1"), row("2", "total", "4224.80")})
			if err != nil || !got.Queued || len(got.ID) != 32 || len(got.Rows) != 0 {
				t.Fatalf("%+v %v", got, err)
			}
			for range 2 {
				if again, err := x.Results(t.Context(), got.ID); err != nil || !again.Queued || again.ID != got.ID || again.State != "queued" {
					t.Fatalf("%+v %v", again, err)
				}
			}
			done, err := x.Results(t.Context(), got.ID)
			if err != nil || done.Queued || done.State != "processed" {
				t.Fatalf("%+v %v", done, err)
			}
			want := []inscipher.Warning{{Field: "total", Text: "Transaction total values don't match. Provided - 4224.80. Calculated - 3407.98"}}
			found := byKey(t, done)
			if d := cmp.Diff(want, found["2"].Warnings); d != "" || !found["2"].Accepted() || found["1"].Warnings != nil {
				t.Errorf("%+v\n%s", done.Rows, d)
			}
			call := x.seen()[1]
			if call.Method != http.MethodGet || call.URI != "/api/v4/transaction-import-results.json?batch_id="+got.ID {
				t.Errorf("%+v", call)
			}
		})
	}
}

func TestOddRows(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{MissingRows: true, ExtraRows: true, RepeatRows: true, UnknownCodes: true, HostileText: true})
	got, err := x.Submit(t.Context(), rows(6))
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	for _, r := range got.Rows {
		keys = append(keys, r.Key)
		for _, s := range []string{r.PolicyNumber, r.Message, r.ID, r.Code} {
			if s != text.Line(s) || strings.ContainsAny(s, "\x1b\u202e\n") {
				t.Errorf("hostile: %q", s)
			}
		}
		if i := slices.Index([]string{"T00000", "T00003"}, r.Key); (i >= 0) != (r.Status == 4711) {
			t.Errorf("%+v", r)
		}
	}
	if len(keys) != 6 || !slices.Equal(keys[:5], []string{"T00000", "T00002", "T00003", "T00005", "T00000"}) || !strings.HasPrefix(keys[5], "NOT-YOURS-") {
		t.Errorf("%q", keys) // all of it is kept: whoever knows what was sent can tell
	}
}

func TestUnknownBatch(t *testing.T) {
	t.Parallel()
	for _, status := range []int{0, 200, 410} {
		x := newBench(t, sandbox.Behaviour{UnknownBatch: status})
		_, err := x.Results(t.Context(), "no-such-batch")
		if e := mustFail(t, err); !errors.Is(err, api.ErrNotFound) || !strings.Contains(e.Message, "Batch not found") {
			t.Errorf("%d: %v", status, err)
		}
	}
}

func TestFailedBatch(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{Async: true, BatchFails: true})
	got, err := x.Submit(t.Context(), rows(1))
	if err != nil {
		t.Fatal(err)
	}
	_, err = x.Results(t.Context(), got.ID)
	if !errors.Is(err, inscipher.ErrBatchFailed) || err.Error() != "InsCipher: read import results: the service could not process the batch: failed" {
		t.Error(err)
	}
}

// A big batch in one call, whose results are larger than the transport's own limit.
func TestBigBatch(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{Async: true, HostileText: true})
	list := rows(6000)
	got, err := x.Submit(t.Context(), list)
	if err != nil {
		t.Fatal(err)
	}
	if got, err = x.Results(t.Context(), got.ID); err != nil {
		t.Fatal(err)
	}
	if found := byKey(t, got); len(found) != 6000 || !found["T05999"].Accepted() {
		t.Errorf("%d rows", len(found))
	}
	if len(got.Body) < 8<<20 {
		t.Errorf("an answer of %d bytes does not need a limit of its own", len(got.Body))
	}
}

func TestRowLimit(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{MaxRows: 3})
	_, err := x.Submit(t.Context(), rows(4))
	if e := mustFail(t, err); !errors.Is(err, api.ErrTooLarge) || fate(e) != "refused" || e.Message != "At most 3 transactions are allowed in a batch" {
		t.Errorf("%+v", e)
	}
	if _, err := x.Submit(t.Context(), rows(3)); err != nil || len(x.server.Accepted()) != 3 {
		t.Error(err)
	}
}

func TestGivenUp(t *testing.T) {
	t.Parallel()
	x := newBench(t, sandbox.Behaviour{Faults: []sandbox.Fault{{Kind: sandbox.FaultSlow}}})
	ctx, giveUp := context.WithCancel(t.Context())
	entered := make(chan struct{})
	x.server.Change(func(b *sandbox.Behaviour) {
		b.Faults[0].Match = func(*http.Request) bool { close(entered); return true }
	})
	go func() { <-entered; giveUp() }()
	_, err := x.Submit(ctx, rows(1))
	if e := mustFail(t, err); !errors.Is(err, context.Canceled) || fate(e) != "uncertain" || len(x.seen()) != 1 {
		t.Errorf("%+v", e)
	}
}
