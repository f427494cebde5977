package systems_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"time"

	"claimdeck/api"
	"claimdeck/sandbox/inscipher"
	"claimdeck/state/filing"
)

// transaction is one that the sandbox files; more replaces fields of it.
func transaction(id, more string) json.RawMessage {
	if more != "" {
		more = "," + more
	}
	return json.RawMessage(fmt.Sprintf(`{"id":%q,"policy_number":"P-1","transaction_type":"PN","transaction_line_of_business":"1001",`+
		`"mailing_state_code":"CA","premium":1,"total":1,"transaction_documents":[{"code":"POLIC","url":"https://files.example.com/a"}]%s}`, id, more))
}

func TestSendGivesTheAnswerOfEachRow(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	a, err := o.Filings.Send(t.Context(), []json.RawMessage{transaction("1", ""), transaction("2", `"transaction_type":"XX"`)})
	if err != nil || a.BatchID == "" || a.Queued || len(a.Rows) != 2 {
		t.Fatalf("%+v %v", a, err)
	}
	if one, two := a.Rows[0], a.Rows[1]; one.ID != "1" || one.Code != "0" || one.PolicyNumber != "P-1" || one.Queued || two.ID != "2" || two.Code != "1002" || two.Message == "" {
		t.Errorf("%+v", a.Rows)
	}
	if o.Filings.Chunk() != 25 || o.Filings.Base() != o.profile.InsCipher.URL {
		t.Errorf("%d %s", o.Filings.Chunk(), o.Filings.Base())
	}
}

func TestQueuedBatch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.filings.Change(func(b *inscipher.Behaviour) { b.Async, b.Polls = true, 1 })
	a, err := o.Filings.Send(t.Context(), []json.RawMessage{transaction("1", `"total":9`), transaction("2", `"mailing_state_code":"ZZ"`)})
	if err != nil || !a.Queued || a.BatchID == "" {
		t.Fatalf("%+v %v", a, err)
	}
	waiting, err := o.Filings.Results(t.Context(), a.BatchID)
	if err != nil || !waiting.Queued {
		t.Errorf("%+v %v", waiting, err)
	}
	done, err := o.Filings.Results(t.Context(), a.BatchID)
	if err != nil || done.Queued || len(done.Rows) != 2 {
		t.Fatalf("%+v %v", done, err)
	}
	if one := done.Rows[0]; one.Code != "0" || one.TransactionID == "" || len(one.Warnings) != 1 || one.Warnings[0].Text == "" || one.Queued {
		t.Errorf("%+v", one)
	}
	if two := done.Rows[1]; two.Code != "1005" || two.Queued {
		t.Errorf("%+v", two)
	}
}

// What the engine can do about each failure, as the sandbox makes it fail.
func TestFaults(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		fault inscipher.Fault
		want  filing.Fault // without its error
		fate  string
	}{
		{"401", inscipher.Fault{Kind: inscipher.FaultUnauthorized}, filing.Fault{SignIn: true}, "refused"},
		{"403", inscipher.Fault{Kind: inscipher.FaultForbidden}, filing.Fault{Fatal: true}, "refused"},
		{"404", inscipher.Fault{Kind: inscipher.FaultNotFound}, filing.Fault{Fatal: true}, "refused"},
		{"413", inscipher.Fault{Kind: inscipher.FaultTooLarge}, filing.Fault{TooLarge: true}, "refused"},
		{"429", inscipher.Fault{Kind: inscipher.FaultTooManyRequests, RetryAfter: "90"}, filing.Fault{Busy: true, After: 90 * time.Second}, "refused"},
		{"500", inscipher.Fault{Kind: inscipher.FaultServerError}, filing.Fault{}, "uncertain"},
		{"503", inscipher.Fault{Kind: inscipher.FaultUnavailable}, filing.Fault{}, "uncertain"},
		{"cut", inscipher.Fault{Kind: inscipher.FaultReset}, filing.Fault{}, "uncertain"},
		{"empty", inscipher.Fault{Kind: inscipher.FaultEmpty}, filing.Fault{}, "uncertain"},
		{"truncated", inscipher.Fault{Kind: inscipher.FaultTruncated}, filing.Fault{}, "uncertain"},
		{"a web page", inscipher.Fault{Kind: inscipher.FaultHTMLOK}, filing.Fault{}, "uncertain"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			o := newOffice(t)
			tt.fault.Times = -1
			o.filings.Inject(tt.fault)
			_, err := o.Filings.Send(t.Context(), []json.RawMessage{transaction("1", "")})
			wantFault(t, err, tt.want, tt.fate)
			if got := len(o.filings.Accepted()); tt.fate == "refused" && got != 0 {
				t.Errorf("%d were filed", got)
			}
		})
	}
	t.Run("a body that is refused", func(t *testing.T) {
		t.Parallel()
		_, err := newOffice(t).Filings.Send(t.Context(), []json.RawMessage{json.RawMessage(`{"policy_number":"P-1"}`)})
		wantFault(t, err, filing.Fault{}, "refused") // it concerns a row, which the engine looks for
	})
	t.Run("nobody there", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t, func(o *office) { o.profile.InsCipher.URL = "http://127.0.0.1:1" })
		_, err := o.Filings.Send(t.Context(), []json.RawMessage{transaction("1", "")})
		wantFault(t, err, filing.Fault{}, "not sent")
	})
	t.Run("a wrong key", func(t *testing.T) {
		t.Parallel()
		o := newOffice(t)
		o.key = "guessed"
		_, err := o.Filings.Send(t.Context(), []json.RawMessage{transaction("1", "")})
		wantFault(t, err, filing.Fault{SignIn: true}, "refused")
	})
}

func wantFault(t *testing.T, err error, want filing.Fault, fate string) {
	t.Helper()
	fault, ok := errors.AsType[*filing.Fault](err)
	if !ok {
		t.Fatalf("%v is no fault", err)
	}
	got := *fault
	got.Err = nil
	if got != want {
		t.Errorf("%+v, want %+v (%v)", got, want, err)
	}
	of, ok := errors.AsType[filing.Fate](err)
	if !ok {
		t.Fatalf("%v says nothing of the call", err)
	}
	if is := map[string]bool{"not sent": of.NotSent(), "refused": of.Refused(), "uncertain": of.Uncertain()}; !is[fate] {
		t.Errorf("%v: %v, want %s", err, is, fate)
	}
	if err.Error() == "" {
		t.Error("it has no words")
	}
}

func TestResultsOfALostBatch(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	_, err := o.Filings.Results(t.Context(), "no-such-batch")
	wantFault(t, err, filing.Fault{Unknown: true}, "refused")
	o.filings.Change(func(b *inscipher.Behaviour) { b.Async, b.BatchFails = true, true })
	a, err := o.Filings.Send(t.Context(), []json.RawMessage{transaction("1", "")})
	must(t, err)
	_, err = o.Filings.Results(t.Context(), a.BatchID)
	if fault, ok := errors.AsType[*filing.Fault](err); !ok || !fault.Unknown || fault.Fatal {
		t.Errorf("a batch that failed: %+v %v", fault, err)
	}
	o.filings.Change(func(b *inscipher.Behaviour) { b.BatchFails = false })
	o.filings.Inject(inscipher.Fault{Kind: inscipher.FaultForbidden, Method: http.MethodGet, Times: -1})
	_, err = o.Filings.Results(t.Context(), a.BatchID)
	if fault, ok := errors.AsType[*filing.Fault](err); !ok || fault.Unknown || !fault.Fatal || !errors.Is(err, api.ErrForbidden) {
		t.Errorf("results that are not allowed: %+v %v", fault, err)
	}
}
