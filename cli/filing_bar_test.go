//go:build !windows

package cli_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"claimdeck/sandbox/inscipher"
)

// What happens to a request of the import on its way.
type mishap int

const (
	cutBefore  mishap = iota + 1 // the connection is cut before anything was filed
	cutAfter                     // everything was filed, and the answer is lost
	killBefore                   // the program is killed instead
	killAfter
	interrupted // the person presses ctrl+c, and the request goes on
)

// road is the way between the program and InsCipher: requests of the import are counted, and some have a mishap.
type road struct {
	service *inscipher.Server

	mu      sync.Mutex // guards everything below
	plan    map[int]mishap
	calls   int
	program *os.Process
}

func (w *road) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.service.ServeHTTP(rw, r)
		return
	}
	w.mu.Lock()
	w.calls++
	what, program := w.plan[w.calls], w.program
	w.mu.Unlock()
	switch what {
	case cutBefore, killBefore:
	case cutAfter, killAfter:
		w.service.ServeHTTP(httptest.NewRecorder(), r)
	case interrupted:
		_ = program.Signal(os.Interrupt) // as above
		w.service.ServeHTTP(rw, r)
		return
	default:
		w.service.ServeHTTP(rw, r)
		return
	}
	if what == killBefore || what == killAfter {
		_ = program.Kill() // SIGKILL; that it died is seen by who waits for it
	}
	panic(http.ErrAbortHandler) // the connection ends here
}

// plant is a person's machine, with a batch to file.
type plant struct {
	t    *testing.T
	dir  string
	env  []string
	road *road
}

func newPlant(t *testing.T, b inscipher.Behaviour, plan map[int]mishap) *plant {
	t.Helper()
	const key = "the-key-of-the-plant"
	w := &road{service: inscipher.New(inscipher.Options{Now: time.Now, APIKey: key, Behaviour: b}), plan: plan}
	web := httptest.NewServer(w)
	t.Cleanup(web.Close)
	dir := t.TempDir()
	env := []string{
		"CLAIMDECK_HOME=" + filepath.Join(dir, "home"), "CLAIMDECK_INSCIPHER_URL=" + web.URL, "CLAIMDECK_INSCIPHER_SECRET=" + key,
		"TEST_KEYRING=none", "TEST_MEMORY=" + filepath.Join(dir, "memory"), "HOME=" + dir, "TZ=UTC", "PATH=" + os.Getenv("PATH"), "GORACE=atexit_sleep_ms=0",
	}
	return &plant{t: t, dir: dir, env: env, road: w}
}

// batchFile is the file of the batch.
const batchFile = "june.csv"

// padding makes a row as long as real ones with their addresses and risk descriptions are.
const padding = 700

// write writes a batch of n rows, of which 3 % are bad: half of them for the checks, half for the service only. It returns
// the bad ones with the code that explains them; empty for the checks.
func (p *plant) write(n int) (bad map[string]string) {
	p.t.Helper()
	f, err := os.Create(filepath.Join(p.dir, batchFile))
	if err != nil {
		p.t.Fatal(err)
	}
	out := bufio.NewWriter(f)
	_, _ = out.WriteString("id,policy_number,policy_effective_date,transaction_effective_date,transaction_type,account_written_as,rpg,premium," +
		"agency_fee,sl_tax,stamping_fee,total,non_admitted_insured_name,invoice_date,ecp,mailing_insured_name,mailing_address,mailing_city," +
		"mailing_zip_code,mailing_state_code,physical_same_as_mailing,transaction_line_of_business,transaction_documents.1.code," +
		"transaction_documents.1.url,note\n") // Flush has the error
	bad = map[string]string{}
	for i := range n {
		id, kind, document := fmt.Sprintf("T-%06d", i), "PN", "POLIC"
		switch i % 67 {
		case 0:
			kind, bad[id] = "nothing", ""
		case 33:
			document, bad[id] = "SSW", "1001"
		}
		_, _ = fmt.Fprintf(out, "%s,P-%d,2017-02-01,2017-02-01,%s,B,0,3900.00,200.00,117.00,7.80,4224.80,1001,2017-02-01,0,\"Westfield, Galleria\","+
			"1151 Galleria Blvd,Roseville,95678,CA,1,1001,%s,https://files.example.com/a.pdf,%s\n", id, i, kind, document, strings.Repeat("x", padding))
	}
	if err := errors.Join(out.Flush(), f.Close()); err != nil {
		p.t.Fatal(err)
	}
	return bad
}

// filedRow is a row of the report of filing submit.
type filedRow struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	ID      string `json:"id"`
	Outcome string `json:"outcome"`
	Code    string `json:"code"`
	Meaning string `json:"meaning"`
	Reason  string `json:"reason"`
	Fix     string `json:"fix"`
}

type filedReport struct {
	Rows    int            `json:"rows"`
	Counts  map[string]int `json:"counts"`
	Results []filedRow     `json:"results"`
}

// exited is how a program ended.
type exited struct {
	code      int   // -1: it was killed
	killed    bool  // by SIGKILL
	memory    int64 // bytes that it took from the system
	narration string
}

// submit runs filing submit as a process of its own, and returns what it printed.
func (p *plant) submit(chunk int) (report filedReport, end exited) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "claimdeck", "filing", "submit", batchFile, "--json", "--chunk", strconv.Itoa(chunk))
	cmd.Dir, cmd.Env = p.dir, p.env
	var out, narration strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &narration
	p.road.mu.Lock()
	err := cmd.Start()
	p.road.program = cmd.Process
	p.road.mu.Unlock()
	if err != nil {
		p.t.Fatal(err)
	}
	_ = cmd.Wait() // how it ended is looked at
	status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	end = exited{code: cmd.ProcessState.ExitCode(), killed: status.Signaled() && status.Signal() == syscall.SIGKILL, narration: narration.String()}
	if end.killed {
		return report, end
	}
	if err := json.Unmarshal([]byte(out.String()), &report); err != nil {
		p.t.Fatalf("it ended with %d: %v\n%.2000s", end.code, err, end.narration)
	}
	told, err := os.ReadFile(filepath.Join(p.dir, "memory"))
	if err != nil {
		p.t.Fatal(err)
	}
	if end.memory, err = strconv.ParseInt(string(told), 10, 64); err != nil {
		p.t.Fatal(err)
	}
	return report, end
}

// A batch of 10,000 filings with 3 % bad rows, whose connection is cut twice and whose program is killed once, ends with
// each good row accepted exactly once and each bad row explained, and takes no more memory than a small one. What is cut
// off before its effect is sent again, so that a service that takes duplicates shows every row that was sent once too often;
// what is cut off after it is sent again too, and there it is the service that knows its ids.
func TestBatchOfTenThousand(t *testing.T) {
	t.Parallel()
	before := map[int]mishap{5: cutBefore, 12: cutBefore, 20: killBefore}
	after := map[int]mishap{5: cutAfter, 12: cutBefore, 20: killAfter}
	tests := []struct {
		name      string
		rows      int
		behaviour inscipher.Behaviour
		plan      map[int]mishap
	}{
		{"at once", 10_000, inscipher.Behaviour{AcceptDuplicates: true, Shuffle: true}, before},
		{"at once, answers lost", 6_000, inscipher.Behaviour{}, after},
		{"queued", 10_000, inscipher.Behaviour{AcceptDuplicates: true, Async: true, Polls: 1}, before},
		{"queued, answers lost", 6_000, inscipher.Behaviour{Async: true, Polls: 1}, after},
	}
	small := smallBatch(t)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			rows, chunk := tt.rows, 250 // calls are few so: the client makes ten a second at most
			if underRace {              // it makes everything ten times as slow
				rows, chunk = 800, 25
			}
			p := newPlant(t, tt.behaviour, tt.plan)
			bad := p.write(rows)
			if _, end := p.submit(chunk); !end.killed {
				t.Fatal("the program was not killed")
			}
			report, end := p.submit(chunk)
			if end.code != 1 {
				t.Fatalf("it ended with %d: %s", end.code, end.narration)
			}
			p.onceEach(rows, chunk, bad)
			p.explained(report, rows, bad)
			flat(t, small, end.memory)
		})
	}
}

// smallBatch is the memory that a program takes for a batch of a few rows.
func smallBatch(t *testing.T) int64 {
	t.Helper()
	p := newPlant(t, inscipher.Behaviour{}, nil)
	bad := p.write(200)
	report, end := p.submit(250)
	p.explained(report, 200, bad)
	return end.memory
}

// flat demands that a large batch takes no more memory than a small one and a few of its chunks; all of it is 10 MB as it is
// written, and several times that once it is read.
func flat(t *testing.T, small, large int64) {
	t.Helper()
	if underRace {
		return // it takes memory of its own
	}
	const most = 24 << 20
	t.Logf("%d MB for a small batch, %d MB for this one", small>>20, large>>20)
	if large-small > most {
		t.Errorf("it took %d MB more than a small batch", (large-small)>>20)
	}
}

// onceEach demands that each good row was accepted exactly once, and no bad one; and that no more was sent twice than what
// was on its way at the mishaps.
func (p *plant) onceEach(rows, chunk int, bad map[string]string) {
	p.t.Helper()
	accepted := p.road.service.Accepted()
	if want := rows - len(bad); len(accepted) != want {
		p.t.Errorf("%d rows were accepted, want %d", len(accepted), want)
	}
	for id, times := range accepted {
		if _, isBad := bad[id]; isBad || times != 1 {
			p.t.Fatalf("%s was accepted %d times, bad: %t", id, times, isBad)
		}
	}
	again := 0
	for id, times := range p.road.service.Received() {
		if times > 1 && bad[id] == "" {
			again++
		}
	}
	if most := len(p.road.plan) * chunk; again > most {
		p.t.Errorf("%d good rows were sent more than once, want %d at most", again, most)
	}
}

// explained demands that the report says of each bad row where it is, why it is not filed and what to do, and nothing of
// the others.
func (p *plant) explained(report filedReport, rows int, bad map[string]string) {
	p.t.Helper()
	if report.Rows != rows || report.Counts["accepted"] != rows-len(bad) || len(report.Results) != len(bad) {
		p.t.Errorf("%d rows, %v, %d told of, want %d", report.Rows, report.Counts, len(report.Results), len(bad))
	}
	left := maps.Clone(bad)
	for _, r := range report.Results {
		code, isBad := left[r.ID]
		delete(left, r.ID)
		want := "blocked"
		if code != "" {
			want = "rejected"
		}
		if !isBad || r.Outcome != want || r.Code != code || r.File != batchFile || r.Line < 2 || r.Reason == "" || r.Fix == "" || (code != "") != (r.Meaning != "") {
			p.t.Fatalf("%+v, want it %s with %q", r, want, code)
		}
	}
}

// ctrl+c ends a submission between two chunks: nothing is in doubt, what stands where is said, and the next run goes on.
func TestSubmissionThatIsInterrupted(t *testing.T) {
	t.Parallel()
	p := newPlant(t, inscipher.Behaviour{AcceptDuplicates: true}, map[int]mishap{3: interrupted})
	bad := p.write(400)
	report, end := p.submit(20)
	filed := report.Counts["accepted"]
	if end.code != 130 || report.Counts["unknown"] != 0 || report.Counts["sending"] != 0 || filed < 55 || report.Counts["new"] == 0 || !strings.Contains(end.narration, "run it again to go on") {
		t.Errorf("it ended with %d: %v\n%s", end.code, report.Counts, end.narration)
	}
	report, end = p.submit(20)
	if end.code != 1 {
		t.Errorf("it ended with %d: %s", end.code, end.narration)
	}
	p.onceEach(400, 20, bad)
	p.explained(report, 400, bad)
}
