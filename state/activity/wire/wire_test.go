package wire

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func parse(t *testing.T, raw string) Value {
	t.Helper()
	v, err := Parse([]byte(raw))
	if err != nil {
		t.Fatalf("%q: %v", raw, err)
	}
	return v
}

func read(t *testing.T, raw string) Reader {
	t.Helper()
	return Read(parse(t, raw), nil)
}

func TestParseRefusesWhatIsNoJSON(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", " ", "{", `{"a":1,}`, `{"a":1 // no`, "nul", `"a`, "[1 2]", "{}{}", strings.Repeat("[", 20000)} {
		if _, err := Parse([]byte(raw)); err == nil || !strings.Contains(err.Error(), "not readable as JSON") {
			t.Errorf("%.20q: %v", raw, err)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]Kind{
		"null": Null, "true\n": Bool, "false": Bool, "-1.5e3": Number, "0": Number, `"x"`: String, "[]": Array, "\n{}\t": Object,
	} {
		if got := parse(t, raw).Kind(); got != want {
			t.Errorf("%q is %v, want %v", raw, got, want)
		}
	}
	if (Value{}).Kind() != Absent {
		t.Error("the zero value is not absent")
	}
}

func TestGet(t *testing.T) {
	t.Parallel()
	r := read(t, `{"a":1,"A":2,"a":3,"sentByLossexpress":true}`)
	for name, want := range map[string]string{"a": "3", "A": "2", "sentByLossExpress": "true", "b": ""} {
		if got := r.Fields.Get(name).Raw(); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

func TestReaderTolerates(t *testing.T) {
	t.Parallel()
	r := read(t, `{"s":" a\u001b[1m b\nc ","n":12.50,"null":null,"t":"TRUE","f":false,"e":"","m":"$1,234.5","i":"3","d":"2021-01-18T00:00:00.000Z"}`)
	for what, got := range map[string][2]string{
		"line":             {r.Line("s"), "a b c"},
		"block":            {r.Block("s"), " a b\nc"},
		"number as text":   {r.Line("n"), "12.50"},
		"amount":           {fmt.Sprint(r.Amount("n")), "12.5"},
		"amount as text":   {fmt.Sprint(r.Amount("m")), "1234.5"},
		"flags":            {fmt.Sprint(*r.Flag("t"), *r.Flag("f")), "true false"},
		"count as text":    {fmt.Sprint(r.Count("i")), "3"},
		"day of a instant": {r.Day("d"), "2021-01-18"},
	} {
		if got[0] != got[1] {
			t.Errorf("%s: %q, want %q", what, got[0], got[1])
		}
	}
	if r.Odd() {
		t.Error("nothing of this is odd")
	}
}

func TestReaderTakesNothingAsNothing(t *testing.T) {
	t.Parallel()
	r := read(t, `{"null":null,"e":""}`)
	for _, name := range []string{"null", "absent", "e"} {
		if r.Line(name) != "" || r.Amount(name) != nil || r.Flag(name) != nil || r.Count(name) != 0 || r.Day(name) != "" ||
			!r.Moment(name).IsZero() {
			t.Errorf("%s is not empty", name)
		}
	}
	if r.Items("absent") != nil || r.Items("null") != nil {
		t.Error("items of nothing")
	}
	if !r.Has("null") || r.Has("absent") {
		t.Error("null and absent are not told apart")
	}
	if r.Odd() {
		t.Error("nothing of this is odd")
	}
}

func TestReaderNotesWhatIsOdd(t *testing.T) {
	t.Parallel()
	for name, ask := range map[string]func(*Reader){
		"text is object":     func(r *Reader) { r.Line("object") },
		"text is bool":       func(r *Reader) { r.Line("bool") },
		"text is array":      func(r *Reader) { r.Block("array") },
		"flag is word":       func(r *Reader) { r.Flag("word") },
		"flag is number":     func(r *Reader) { r.Flag("number") },
		"flag is object":     func(r *Reader) { r.Flag("object") },
		"amount is word":     func(r *Reader) { r.Amount("word") },
		"amount is object":   func(r *Reader) { r.Amount("object") },
		"amount is endless":  func(r *Reader) { r.Amount("endless") },
		"count is a part":    func(r *Reader) { r.Count("part") },
		"count is huge":      func(r *Reader) { r.Count("huge") },
		"day is word":        func(r *Reader) { r.Day("word") },
		"day is not one":     func(r *Reader) { r.Day("feb30") },
		"moment is word":     func(r *Reader) { r.Moment("word") },
		"moment is too late": func(r *Reader) { r.Moment("endless") },
		"items are object":   func(r *Reader) { r.Items("object") },
		"part is array":      func(r *Reader) { p := r.Object("array", nil); r.Also(&p) },
	} {
		r := read(t, `{"object":{},"array":[],"bool":true,"word":"soon","number":7,"endless":1e400,"part":1.5,"huge":99999999,"feb30":"2021-02-30T00:00:00Z"}`)
		if r.Odd() {
			t.Fatal("odd before anything was read")
		}
		ask(&r)
		if !r.Odd() {
			t.Errorf("%s: not noted", name)
		}
	}
	if r := read(t, `[]`); !r.Odd() {
		t.Error("an array is no object")
	}
	if r := read(t, `null`); r.Odd() {
		t.Error("null is nothing, not odd")
	}
}

func TestMoment(t *testing.T) {
	t.Parallel()
	want := time.Date(2021, 1, 8, 22, 3, 9, 0, time.UTC)
	for _, raw := range []string{
		`"2021-01-08T22:03:09Z"`, `"2021-01-08T22:03:09.0009Z"`, `"2021-01-08T16:03:09-06:00"`, `"2021-01-08T22:03:09"`,
		`"2021-01-08 22:03:09"`, `"2021-01-08 22:03:09Z"`, `1610143389`, `1610143389000`, `"1610143389000"`,
	} {
		r := read(t, `{"at":`+raw+`}`)
		if got := r.Moment("at"); !got.Equal(want) || got.Location() != time.UTC || r.Odd() {
			t.Errorf("%s is %v, odd %v", raw, got, r.Odd())
		}
	}
}

// FuzzParse compares the reading of documents with that of encoding/json.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		`{"a":[1,{"b":"\"}]"},null,true],"":"\\","\u0061b":-1.5e+3}`, ` [ ] `, `{ }`, `"\ud800"`, `[[[]],{}]`, `{"a" : "x" , "b" :[ ]}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		v, err := Parse(raw)
		if (err == nil) != json.Valid(raw) {
			t.Fatalf("%q: %v", raw, err)
		}
		if err == nil {
			compare(t, v)
		}
	})
}

func compare(t *testing.T, v Value) {
	t.Helper()
	switch v.Kind() {
	case Object:
		var want map[string]json.RawMessage
		must(t, v, &want)
		got := map[string]bool{}
		for _, f := range v.AppendFields(nil) {
			got[f.Name] = true
			compare(t, f.Value)
		}
		if utf8.ValidString(v.Raw()) && len(got) != len(want) { // names of invalid UTF-8 become equal there
			t.Errorf("%q has %d names, want %d", v.Raw(), len(got), len(want))
		}
	case Array:
		var want []json.RawMessage
		must(t, v, &want)
		got := v.AppendItems(nil)
		if len(got) != len(want) {
			t.Fatalf("%q has %d items, want %d", v.Raw(), len(got), len(want))
		}
		for i := range got {
			if got[i].Raw() != string(want[i]) {
				t.Errorf("item %q, want %q", got[i].Raw(), want[i])
			}
			compare(t, got[i])
		}
	case String:
		var want string
		must(t, v, &want)
		if got := v.Text(); utf8.ValidString(v.Raw()) && got != want {
			t.Errorf("%q reads %q, want %q", v.Raw(), got, want)
		}
	default:
		if !json.Valid([]byte(v.Raw())) {
			t.Errorf("%q is cut wrongly", v.Raw())
		}
	}
}

func must(t *testing.T, v Value, into any) {
	t.Helper()
	if err := json.Unmarshal([]byte(v.Raw()), into); err != nil {
		t.Fatalf("%q: %v", v.Raw(), err)
	}
}
