package inscipher

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is a server with a clock that only tests move.
type bench struct {
	*Server
	t testing.TB

	cmu sync.Mutex
	at  time.Time
}

func newBench(tb testing.TB, b Behaviour, change ...func(*Options)) *bench {
	tb.Helper()
	x := &bench{t: tb, at: time.Date(2026, 11, 20, 15, 0, 0, 0, time.UTC)}
	o := Options{Seed: 7, Now: x.clock, Behaviour: b}
	for _, fn := range change {
		fn(&o)
	}
	x.Server = New(o)
	return x
}

func (x *bench) clock() time.Time {
	x.cmu.Lock()
	defer x.cmu.Unlock()
	return x.at
}

func (x *bench) forward(d time.Duration) {
	x.cmu.Lock()
	defer x.cmu.Unlock()
	x.at = x.at.Add(d)
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// raw sends a request with the given headers alone.
func (x *bench) raw(method, path, body string, header map[string]string) answer {
	x.t.Helper()
	r := httptest.NewRequestWithContext(x.t.Context(), method, path, strings.NewReader(body))
	for k, v := range header {
		r.Header.Set(k, v)
	}
	w := httptest.NewRecorder()
	x.ServeHTTP(w, r)
	out, err := io.ReadAll(w.Result().Body)
	if err != nil {
		x.t.Fatal(err)
	}
	return answer{w.Code, w.Result().Header, string(out)}
}

// do sends a request with the key.
func (x *bench) do(method, path, body string) answer {
	x.t.Helper()
	return x.raw(method, path, body, map[string]string{"apiKey": "demo-key", "Accept": "application/json", "Content-Type": "application/json"})
}

// list is an answer with rows.
type list struct {
	BatchID      string `json:"batch_id"`
	Status       string
	Transactions []struct {
		ID            string
		PolicyNumber  string `json:"policy_number"`
		TransactionID int    `json:"transaction_id"`
		Status        int
		StatusMessage string `json:"status_message"`
		Warnings      map[string]string
	}
}

// submit imports rows, which must succeed.
func (x *bench) submit(rows ...string) list {
	x.t.Helper()
	return x.list(x.do(http.MethodPost, defaultPath, "["+strings.Join(rows, ",")+"]"))
}

func (x *bench) results(batchID string) list {
	x.t.Helper()
	return x.list(x.do(http.MethodGet, defaultResults+"?batch_id="+batchID, ""))
}

func (x *bench) list(a answer) list {
	x.t.Helper()
	var l list
	if err := json.Unmarshal([]byte(a.body), &l); err != nil || a.status != http.StatusOK {
		x.t.Fatalf("%d %s: %v", a.status, a.body, err)
	}
	return l
}

// tx is a transaction that is accepted, with one key replaced (the last of two equal keys counts).
func tx(id, more string) string {
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"id":%q,"policy_number":"PL 1","transaction_type":"PN","transaction_line_of_business":"1001",`+
		`"mailing_state_code":"CA","physical_same_as_mailing":1,"premium":100.10,"agency_fee":1,"total":101.1,`+
		`"transaction_documents":[{"code":"D1DISC"},{"code":"POLIC","url":"x"}]%s}`, id, more)
}
