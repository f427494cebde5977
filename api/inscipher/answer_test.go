package inscipher

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"claimdeck/api"
	"claimdeck/state/text"
)

func TestRowDecoding(t *testing.T) {
	t.Parallel()
	tests := map[string]Row{
		`{"id":"1","status":0}`:                           {Key: "1", ID: "1", Status: 0, Code: "0"},
		`{"id":1000001,"status":"0"}`:                     {Key: "1000001", ID: "1000001", Status: 0, Code: "0"},
		`{"id":" a  b ","status":" 1001 "}`:               {Key: " a  b ", ID: "a b", Status: 1001, Code: "1001"},
		`{"id":"\u001b[2Jx","status":1005.0}`:             {Key: "\x1b[2Jx", ID: "x", Status: 1005, Code: "1005.0"},
		`{"id":"1","status":"OK"}`:                        {Key: "1", ID: "1", Status: NoStatus, Code: "OK"},
		`{"id":"1","status":""}`:                          {Key: "1", ID: "1", Status: NoStatus},
		`{"id":"1","status":null}`:                        {Key: "1", ID: "1", Status: NoStatus},
		`{"id":"1"}`:                                      {Key: "1", ID: "1", Status: NoStatus},
		`{"id":"1","status":false}`:                       {Key: "1", ID: "1", Status: NoStatus, Code: "false"},
		`{"id":"1","status":{}}`:                          {Key: "1", ID: "1", Status: NoStatus},
		`{"id":"1","status":0.5}`:                         {Key: "1", ID: "1", Status: NoStatus, Code: "0.5"},
		`{"id":"1","status":"."}`:                         {Key: "1", ID: "1", Status: NoStatus, Code: "."},
		`{"id":"1","status":".0"}`:                        {Key: "1", ID: "1", Status: NoStatus, Code: ".0"},
		`{"id":"1","status":1e400}`:                       {Key: "1", ID: "1", Status: NoStatus, Code: "1e400"},
		`{"id":"1","status":99999999999999999999}`:        {Key: "1", ID: "1", Status: NoStatus, Code: "99999999999999999999"},
		`{"id":"1","status":4711}`:                        {Key: "1", ID: "1", Status: 4711, Code: "4711"},
		`{"id":"1","status":[1001,1005]}`:                 {Key: "1", ID: "1", Status: NoStatus, Code: "1001, 1005"},
		`{"status":0,"status_message":["a",null,"b"]}`:    {Status: 0, Code: "0", Message: "a, b"},
		`{"status":0,"message":"m"}`:                      {Status: 0, Code: "0", Message: "m"},
		`{"status":0,"transaction_id":34859}`:             {Status: 0, Code: "0", TransactionID: "34859"},
		`{"status":0,"warnings":[]}`:                      {Status: 0, Code: "0"},
		`{"status":0,"warnings":null}`:                    {Status: 0, Code: "0"},
		`{"status":0,"warnings":"w"}`:                     {Status: 0, Code: "0", Warnings: []Warning{{"", "w"}}},
		`{"status":0,"warnings":["w",["x"],{"f":"v"}]}`:   {Status: 0, Code: "0", Warnings: []Warning{{"", "w"}, {"f", "v"}}},
		`{"status":0,"warnings":{"b":["1","2"],"a":"x"}}`: {Status: 0, Code: "0", Warnings: []Warning{{"a", "x"}, {"b", "1, 2"}}},
		`"only words"`:                                    {Status: NoStatus, Message: "only words"},
		`null`:                                            {Status: NoStatus},
	}
	for raw, want := range tests {
		var got []Row
		if err := json.Unmarshal([]byte("["+raw+"]"), &got); err != nil {
			t.Errorf("%s: %v", raw, err)
			continue
		}
		if d := cmp.Diff(want, got[0]); d != "" {
			t.Errorf("%s:\n%s", raw, d)
		}
	}
}

func TestJudge(t *testing.T) {
	t.Parallel()
	const queued, done = "queued", "done"
	tests := []struct {
		raw             string
		status          int
		submit, results string // queued, done, or a part of the error
	}{
		{`{"batch_id":"b","status":"queued"}`, 200, queued, queued},
		{`{"batch_id":"b","status":"QUEUED"}`, 202, queued, queued},
		{`{"batch_id":"b","status":"valid and queued"}`, 200, queued, queued},
		{`{"batch_id":"b","status":"success","message":"Valid and queued"}`, 200, queued, queued},
		{`{"batchId":"b","status":"Processing"}`, 200, queued, queued},
		{`{"batch_id":"b","status":"in progress","message":"0 errors"}`, 200, queued, queued},
		{`{"batch_id":"b"}`, 200, queued, queued},
		{`{"batch_id":"b"}`, 202, queued, queued},
		{`{"batch_id":"b","status":"a new word"}`, 200, queued, queued},
		{`{"batch_id":"b","transactions":null}`, 200, queued, queued},
		{`{"batch_id":"b","status":"pending","transactions":[]}`, 200, queued, queued},
		{`{"batch_id":"b","status":"queued","transactions":[{"id":"1","status":0}]}`, 200, queued, queued},
		{`{"batch_id":"b","transactions":[{"id":"1","status":"queued"}]}`, 200, queued, queued},
		{`{"batch_id":"b","status":"processed"}`, 200, queued, done},
		{`{"batch_id":"b","status":"processed","message":"1 error","transactions":[]}`, 200, done, done},
		{`{"batch_id":"b","status":"failed","transactions":[{"id":"1","status":1001}]}`, 200, done, done},
		{`{"batch_id":"b","transactions":[{"id":"1","status":0}]}`, 202, done, done},
		{`{"batch_id":"b","transactions":{}}`, 200, done, done},
		{`{"BATCH_ID":"b","Transactions":[]}`, 200, done, done},
		{`[{"id":"1","status":0}]`, 200, done, done},
		{`[]`, 200, done, done},
		{`{}`, 200, "neither transactions nor a batch id", queued},
		{`{"status":"queued"}`, 200, "neither transactions nor a batch id", queued},
		{`{"status":"processed"}`, 200, "neither transactions nor a batch id", done},
		{`{"batch_id":"b","status":"failed"}`, 200, "the import failed: failed", "could not process the batch: failed"},
		{`{"batch_id":"b","status":"invalid, not queued"}`, 200, "the import failed", "could not process"},
		{`{"batch_id":"b","message":"Batch rejected"}`, 200, "the import failed: Batch rejected", "could not process the batch: Batch rejected"},
		{`{"batch_id":"b","success":false,"message":"no"}`, 200, "the import failed: no", "could not process the batch: no"},
		{`{"batch_id":"b","error":{"message":"boom"}}`, 200, "the import failed: boom", "could not process the batch: boom"},
		{`{"batch_id":"b","error":"boom"}`, 200, "the import failed: boom", "could not process the batch: boom"},
		{`{"batch_id":"b","status":"queued","error":null}`, 200, queued, queued},
		{`{"batch_id":"b","status":"queued","error":false}`, 200, queued, queued},
		{`{"status":"error","message":"Batch does not exist"}`, 200, "the import failed: Batch does not exist", "does not know the batch"},
		{`{"status":"error","message":"Unauthorized"}`, 200, "Unauthorized", "Unauthorized"},
		{`{"batch_id":"other","status":"queued"}`, 200, queued, "is about batch other, not b"},
	}
	for _, tt := range tests {
		for asked, want := range map[string]string{"": tt.submit, "b": tt.results} {
			var a answer
			if err := json.Unmarshal([]byte(tt.raw), &a); err != nil {
				t.Errorf("%s: %v", tt.raw, err)
				continue
			}
			b, failure := a.judge(api.Meta{Status: tt.status}, asked)
			got := done
			switch {
			case failure != nil:
				got = failure.message
			case b.Queued:
				got = queued
			}
			if got != want && (failure == nil || !strings.Contains(got, want)) {
				t.Errorf("%s about %q: %s, want %s", tt.raw, asked, got, want)
			}
			if failure == nil && b.Queued && b.ID == "" {
				t.Errorf("%s: queued under no name", tt.raw)
			}
		}
	}
}

func TestNoBatchAtAll(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{`"queued"`, `7`, `true`, `{"transactions":"none"}`, `{"transactions":7}`} {
		var a answer
		if err := json.Unmarshal([]byte(raw), &a); err == nil {
			t.Errorf("%s was taken for a batch: %+v", raw, a)
		}
	}
}

func TestRowsOfAnObjectKeepTheirOrder(t *testing.T) {
	t.Parallel()
	var a answer
	if err := json.Unmarshal([]byte(`{"transactions":{"10":{"id":"c"},"9":{"id":"b"},"0":{"id":"a"},"11":null}}`), &a); err != nil {
		t.Fatal(err)
	}
	if got := a.rows[0].Key + a.rows[1].Key + a.rows[2].Key; got != "abc" || len(a.rows) != 4 || a.rows[3].Status != NoStatus {
		t.Errorf("%+v", a.rows)
	}
}

func FuzzAnswer(f *testing.F) {
	for _, name := range []string{"success", "error", "request", "request-documents"} {
		raw, err := os.ReadFile(filepath.Join("testdata", name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw, 200, "")
		f.Add(raw, 202, "79b9aa668b9468d1197c57d10a41f0f4")
	}
	for _, seed := range []string{
		`{"batch_id":[[[1]]],"status":{"a":1},"transactions":[null,1,"x",[],{"id":{},"status":[],"warnings":[[[]],{"a":[{}]}]}]}`,
		`{"transactions":{"":null,"9":{"id":"\u202e\u001b]0;x\u0007","status":"\u0000"}}}`,
		`{"batch_id":"` + strings.Repeat(`\u001b[`, 50) + `","success":0,"error":[]}`,
		`{"status":"error"`, ``, `[`, `null`, "\xff", `{"a":` + strings.Repeat(`[`, 500) + strings.Repeat(`]`, 500) + `}`,
	} {
		f.Add([]byte(seed), 200, "b")
	}
	f.Fuzz(func(t *testing.T, raw []byte, status int, asked string) {
		var a answer
		if json.Unmarshal(raw, &a) != nil {
			return
		}
		b, failure := a.judge(api.Meta{Status: status}, asked)
		if failure != nil {
			if failure.kind == nil || failure.message == "" {
				t.Errorf("%q: %+v", raw, failure)
			}
			return
		}
		if b.Queued && b.ID == "" {
			t.Errorf("%q: queued under no name", raw)
		}
		printable := []string{b.State, b.Message}
		if asked == "" {
			printable = append(printable, b.ID)
		}
		for _, r := range b.Rows {
			printable = append(printable, r.ID, r.PolicyNumber, r.TransactionID, r.Code, r.Message)
			for _, w := range r.Warnings {
				printable = append(printable, w.Field, w.Text)
			}
			if r.Accepted() && strings.Trim(strings.TrimSpace(r.Code), "+-0.") != "" {
				t.Errorf("%q: %q counts as accepted", raw, r.Code)
			}
		}
		for _, s := range printable {
			if s != text.Line(s) {
				t.Errorf("%q: %q is not safe to print", raw, s)
			}
		}
	})
}
