package scenario

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"time"
)

// Report is what several runs came to.
type Report struct {
	Results []Result
	Service string // the address that was tested
}

// OK reports whether nothing failed and something passed.
func (r Report) OK() bool { return r.Count(Failed) == 0 && r.Count(Passed) > 0 }

// Count returns how many results have a status.
func (r Report) Count(s Status) int {
	n := 0
	for _, res := range r.Results {
		if res.Status == s {
			n++
		}
	}
	return n
}

// Took is the time that all took together.
func (r Report) Took() time.Duration {
	var all time.Duration
	for _, res := range r.Results {
		all += res.Took
	}
	return all
}

// millis is a duration as JSON carries it.
func millis(d time.Duration) int64 { return d.Milliseconds() }

// MarshalJSON writes a step with its times in milliseconds.
func (s StepResult) MarshalJSON() ([]byte, error) {
	out := struct {
		Line     int    `json:"line,omitempty"`
		Title    string `json:"title"`
		Status   Status `json:"status"`
		Words    string `json:"words,omitempty"`
		TookMS   int64  `json:"tookMs"`
		AfterMS  *int64 `json:"afterMs,omitempty"` // from the step that caused it to the arrival
		Activity string `json:"activityId,omitempty"`
	}{Line: s.Line, Title: s.Title, Status: s.Status, Words: s.Words, TookMS: millis(s.Took)}
	if s.Activity != nil {
		after := millis(s.After)
		out.Activity, out.AfterMS = s.Activity.ID, &after
	}
	return json.Marshal(out)
}

// MarshalJSON writes a result with its times in milliseconds.
func (r Result) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Name    string       `json:"name"`
		About   string       `json:"about,omitempty"`
		File    string       `json:"file,omitempty"`
		Status  Status       `json:"status"`
		Words   string       `json:"words,omitempty"`
		Began   time.Time    `json:"began"`
		TookMS  int64        `json:"tookMs"`
		Steps   []StepResult `json:"steps"`
		Created []Created    `json:"created"`
	}{
		r.Name, r.About, r.File, r.Status, r.Words, r.Began.UTC(), millis(r.Took), append([]StepResult{}, r.Steps...),
		append([]Created{}, r.Created...),
	})
}

// MarshalJSON writes the report with its sums.
func (r Report) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Service string   `json:"service"`
		OK      bool     `json:"ok"`
		Passed  int      `json:"passed"`
		Failed  int      `json:"failed"`
		Skipped int      `json:"skipped"`
		TookMS  int64    `json:"tookMs"`
		Results []Result `json:"results"`
	}{r.Service, r.OK(), r.Count(Passed), r.Count(Failed), r.Count(Skipped), millis(r.Took()), append([]Result{}, r.Results...)})
}

type (
	junitSuites struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Skipped  int          `xml:"skipped,attr"`
		Time     string       `xml:"time,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name      string      `xml:"name,attr"`
		Tests     int         `xml:"tests,attr"`
		Failures  int         `xml:"failures,attr"`
		Errors    int         `xml:"errors,attr"`
		Skipped   int         `xml:"skipped,attr"`
		Time      string      `xml:"time,attr"`
		Timestamp string      `xml:"timestamp,attr"`
		Cases     []junitCase `xml:"testcase"`
		Out       string      `xml:"system-out,omitempty"`
	}
	junitCase struct {
		Name    string     `xml:"name,attr"`
		Class   string     `xml:"classname,attr"`
		Time    string     `xml:"time,attr"`
		Failure *junitNote `xml:"failure,omitempty"`
		Skipped *junitNote `xml:"skipped,omitempty"`
	}
	junitNote struct {
		Message string `xml:"message,attr"`
	}
)

// WriteJUnit writes the report as JUnit XML: a suite a scenario, a case a step.
func (r Report) WriteJUnit(w io.Writer) error {
	all := junitSuites{Name: "claimdeck " + r.Service, Time: secs(r.Took())}
	for _, res := range r.Results {
		s := junitSuite{
			Name: res.Name, Tests: len(res.Steps), Time: secs(res.Took), Timestamp: res.Began.UTC().Format("2006-01-02T15:04:05"),
		}
		for i, st := range res.Steps {
			c := junitCase{Name: fmt.Sprintf("%02d %s", i+1, st.Title), Class: "claimdeck." + res.Name, Time: secs(st.Took)}
			switch st.Status {
			case Failed:
				s.Failures++
				c.Failure = &junitNote{st.Words}
			case Skipped:
				s.Skipped++
				c.Skipped = &junitNote{st.Words}
			case Passed:
			}
			s.Cases = append(s.Cases, c)
		}
		for _, c := range res.Created {
			s.Out += fmt.Sprintf("created claim %s (%s, VIN %s)\n", c.Number, c.ClaimID, c.VIN)
		}
		all.Tests += s.Tests
		all.Failures += s.Failures
		all.Skipped += s.Skipped
		all.Suites = append(all.Suites, s)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	e := xml.NewEncoder(w)
	e.Indent("", "  ")
	if err := e.Encode(all); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func secs(d time.Duration) string { return fmt.Sprintf("%.3f", d.Seconds()) }
